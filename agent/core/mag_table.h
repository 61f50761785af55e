// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "core/binding.h"
#include "core/config.h"
#include "core/rate_limit.h"
#include "core/time.h"
#include "core/transaction.h"

namespace anchor6::core {

/// What the anchor knows of one MAG.
struct MagState {
    /// Its sessions, those in the making included.
    std::size_t bindings = 0;
    /// How far its clock was ahead of ours when its last timestamp came, its way here included.
    std::optional<std::chrono::nanoseconds> offset;
    /// When its last message came.
    std::optional<BootTime> heard;
};

/// The state of each MAG, by its name, and the bounds that keep one of them from starving the
/// others. Memory: an entry a MAG of the configuration or of a session.
class MagTable {
public:
    MagState state(std::string_view mag) const;

    /// A message came: false when it is one too many of this second.
    bool admit(const Mag& mag, BootTime now);
    void note_offset(const Mag& mag, wire::Timestamp timestamp, RealTime received);

    /// A change of a session begins, and ends with what the cache then holds.
    void begin(const Change<ProxyBinding>& change);
    void finish(const Change<ProxyBinding>& change, bool committed);
    void restore(const ProxyBinding& binding) { ++entries_[binding.mag].state.bindings; }

    /// A message of that address has to wait: false when too many do.
    bool enqueue(const wire::Address& source, std::uint32_t most);
    void dequeue(const wire::Address& source);

private:
    struct Entry {
        MagState state;
        RateLimit messages;
    };

    void release(const ProxyBinding& binding);

    std::map<std::string, Entry, std::less<>> entries_;
    std::map<wire::Address, std::size_t> queued_;
};

} // namespace anchor6::core
