// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

#include "core/time.h"

namespace anchor6::core {

/// A token bucket: `per_second` answers a second, and as many in one burst.
class RateLimit {
public:
    /// Takes one token, if there is one.
    bool take(std::uint32_t per_second, BootTime now) {
        refill(per_second, now);
        if (credit_ < token)
            return false;
        credit_ -= token;
        return true;
    }

private:
    // Credit is counted in nanoseconds times tokens a second, so that nothing is rounded.
    static constexpr std::uint64_t token = 1'000'000'000;

    void refill(std::uint32_t per_second, BootTime now) {
        const std::uint64_t full = token * per_second;
        const auto elapsed = std::clamp(now - last_, BootClock::duration::zero(),
                                        BootClock::duration{std::chrono::seconds{1}});
        credit_ = fresh_ ? full
                         : std::min(full, credit_ + static_cast<std::uint64_t>(elapsed.count()) *
                                                        per_second);
        fresh_ = false;
        last_ = now;
    }

    std::uint64_t credit_ = 0;
    BootTime last_{};
    bool fresh_ = true;
};

} // namespace anchor6::core
