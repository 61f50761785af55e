// SPDX-License-Identifier: GPL-2.0-or-later
#include "io/store_clock.h"

#include <cstring>

#include <systemd/sd-id128.h>

#include "io/system_error.h"

namespace anchor6::io {

// A step while nobody watched shows within a boot, since the two clocks differ by more than before.
StoreClock::StoreClock(const std::optional<Record>& record, std::int64_t boot, core::Now now)
    : record_(record.value_or(Record{})) {
    const auto real_ahead_of_boot = now.real.time_since_epoch() - now.boot.time_since_epoch();
    if (record && record->boot == boot)
        record_.steps = real_ahead_of_boot - record_.ahead_of_boot;
    else
        record_.ahead_of_boot = real_ahead_of_boot - record_.steps;
    record_.boot = boot;
}

std::int64_t StoreClock::to_stored(core::BootTime time) const {
    return (time.time_since_epoch() + record_.ahead_of_boot).count();
}

core::BootTime StoreClock::from_stored(std::int64_t time) const {
    return core::BootTime{std::chrono::nanoseconds{time} - record_.ahead_of_boot};
}

std::int64_t boot_identity() {
    sd_id128_t id{};
    if (const int failure = sd_id128_get_boot(&id); failure < 0)
        throw system_error("boot identity", -failure);
    std::int64_t number = 0;
    std::memcpy(&number, id.bytes, sizeof(number));
    return number;
}

} // namespace anchor6::io
