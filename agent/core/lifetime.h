// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

#include "core/time.h"

namespace anchor6::core {

/// The unit of lifetimes in Binding Updates and Acknowledgements (RFC 6275 section 6.1.7).
using LifetimeUnits = std::chrono::duration<std::uint32_t, std::ratio<4>>;

/// What is granted of a lifetime: whole units, at least one.
constexpr std::chrono::seconds granted_lifetime(std::uint16_t requested,
                                                std::chrono::seconds most) {
    const auto units = std::min<std::int64_t>(requested, most.count() / LifetimeUnits::period::num);
    return std::chrono::seconds{std::max<std::int64_t>(units, 1) * LifetimeUnits::period::num};
}

/// A granted lifetime as an answer carries it.
constexpr std::uint16_t lifetime_field(std::chrono::seconds granted) {
    return static_cast<std::uint16_t>(granted.count() / LifetimeUnits::period::num);
}

/// Sets how long a binding stays as it is.
template <class Binding>
void expire_in(Binding& binding, BootClock::duration lifetime, Now now) {
    binding.expires = now.boot + lifetime;
}

} // namespace anchor6::core
