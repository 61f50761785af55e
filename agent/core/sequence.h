// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>

namespace anchor6::core {

/// The sequence number of a Binding Update: a counter modulo 2^16 (RFC 6275 section 9.5.1).
class Sequence {
public:
    constexpr explicit Sequence(std::uint16_t value) : value_(value) {}

    constexpr std::uint16_t value() const { return value_; }

    /// The 32768 numbers up to and including `last` are old, the 32767 after it are new.
    constexpr bool newer_than(Sequence last) const {
        const auto distance = static_cast<std::uint16_t>(value_ - last.value_);
        return distance != 0 && distance < 0x8000;
    }

private:
    std::uint16_t value_;
};

} // namespace anchor6::core
