// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <algorithm>
#include <chrono>
#include <optional>

#include "core/config.h"
#include "core/time.h"

namespace anchor6::core {

/// What is left of a duration that ends at the given moment at the latest; never negative.
inline std::chrono::seconds lifetime_left(std::chrono::seconds duration,
                                          const std::optional<RealTime>& until, RealTime now) {
    if (!until)
        return duration;
    const auto left = std::chrono::floor<std::chrono::seconds>(*until - now);
    return std::clamp(left, std::chrono::seconds{0}, duration);
}

/// Valid lifetime of a prefix at this moment.
inline std::chrono::seconds valid_left(const PrefixLifetimes& lifetimes, RealTime now) {
    return lifetime_left(lifetimes.valid, lifetimes.valid_until, now);
}

/// Preferred lifetime; it ends with the valid one at the latest.
inline std::chrono::seconds preferred_left(const PrefixLifetimes& lifetimes, RealTime now) {
    return std::min(lifetime_left(lifetimes.preferred, lifetimes.preferred_until, now),
                    valid_left(lifetimes, now));
}

} // namespace anchor6::core
