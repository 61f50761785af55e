// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <initializer_list>
#include <optional>

namespace anchor6::core {

/// Boot time: lifetimes run on it. No change of the wall clock moves it.
struct BootClock {
    using rep = std::chrono::nanoseconds::rep;
    using period = std::chrono::nanoseconds::period;
    using duration = std::chrono::nanoseconds;
    using time_point = std::chrono::time_point<BootClock>;
    static constexpr bool is_steady = true;
};

/// Real time since 1970: timestamps of Proxy Binding Updates are in it.
struct RealClock {
    using rep = std::chrono::nanoseconds::rep;
    using period = std::chrono::nanoseconds::period;
    using duration = std::chrono::nanoseconds;
    using time_point = std::chrono::time_point<RealClock>;
    static constexpr bool is_steady = false;
};

using BootTime = BootClock::time_point;
using RealTime = RealClock::time_point;

/// Both clocks, read together by whoever calls step(). The core never reads a clock.
struct Now {
    BootTime boot;
    RealTime real;
};

/// Of those that there are.
inline std::optional<BootTime> earliest(std::initializer_list<std::optional<BootTime>> times) {
    std::optional<BootTime> first;
    for (const auto& time : times)
        if (time && (!first || *time < *first))
            first = time;
    return first;
}

} // namespace anchor6::core
