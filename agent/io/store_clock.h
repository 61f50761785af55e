// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "core/time.h"

namespace anchor6::io {

/// The clock of the deadlines in a store: real time as it would be, had nobody set the clock since
/// the store was made. It runs with boot time, so that no step changes what is left of a lifetime;
/// only over a reboot real time says how much has passed.
class StoreClock {
public:
    /// What a store remembers of it.
    struct Record {
        /// Names the boot that `ahead_of_boot` belongs to.
        std::int64_t boot = 0;
        std::chrono::nanoseconds ahead_of_boot{0};
        /// How far real time has been set forward in all.
        std::chrono::nanoseconds steps{0};
    };

    /// `record`: of the last run, nothing for a new store or one of an earlier release.
    StoreClock(const std::optional<Record>& record, std::int64_t boot, core::Now now);

    /// Real time was set forward; a negative value: back.
    void note_step(std::chrono::nanoseconds step) { record_.steps += step; }

    /// Nanoseconds, about since 1970.
    std::int64_t to_stored(core::BootTime time) const;
    /// Before the boot for what is long over.
    core::BootTime from_stored(std::int64_t time) const;

    const Record& record() const { return record_; }

private:
    Record record_;
};

/// Another number for each boot of the machine. Throws std::system_error.
std::int64_t boot_identity();

} // namespace anchor6::io
