// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace anchor6::wire {

/// The Timestamp option of Proxy Mobile IPv6 (RFC 5213 section 8.8): 48 bits of seconds since
/// 1970-01-01 00:00 UTC, then 16 bits of 1/65536 s. One tick is 15.26 microseconds.
using Timestamp = std::uint64_t;

/// Rounds down to a tick; a time before 1970 is 0.
constexpr Timestamp to_timestamp(std::chrono::nanoseconds since_1970) {
    constexpr std::int64_t second = 1'000'000'000;
    if (since_1970.count() < 0) {
        return 0;
    }
    const auto seconds = static_cast<std::uint64_t>(since_1970.count() / second);
    const auto nanoseconds = static_cast<std::uint64_t>(since_1970.count() % second);
    return seconds << 16 | (nanoseconds << 16) / second;
}

/// Rounds up to a nanosecond, so that to_timestamp() gives the same tick again; what nanoseconds
/// cannot hold (the year 2262) is their maximum.
constexpr std::chrono::nanoseconds from_timestamp(Timestamp timestamp) {
    constexpr std::uint64_t second = 1'000'000'000;
    const std::uint64_t seconds = timestamp >> 16;
    const std::uint64_t fraction = timestamp & 0xffff;
    if (seconds >= static_cast<std::uint64_t>(std::chrono::nanoseconds::max().count()) / second) {
        return std::chrono::nanoseconds::max();
    }
    return std::chrono::nanoseconds(seconds * second + (fraction * second + 0xffff) / 0x10000);
}

/// The MESG-ID option of Mobile IPv6 authentication (RFC 4285 section 6), as NTP writes a time: 32
/// bits of seconds since 1900-01-01 00:00 UTC, then 32 bits of fraction. It wraps in 2036.
using MessageId = std::uint64_t;

/// Rounds down to a tick, which is shorter than a nanosecond; a time before 1970 is 1970.
constexpr MessageId to_message_id(std::chrono::nanoseconds since_1970) {
    constexpr std::uint64_t second = 1'000'000'000;
    constexpr std::uint64_t from_1900_to_1970 = 2'208'988'800;
    const auto time = static_cast<std::uint64_t>(std::max(since_1970.count(), std::int64_t{0}));
    return (time / second + from_1900_to_1970) << 32 | ((time % second) << 32) / second;
}

} // namespace anchor6::wire
