// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <map>
#include <string>
#include <utility>

#include "core/binding.h"
#include "core/counter.h"
#include "core/time.h"
#include "io/event_loop.h"
#include "io/neighbour_socket.h"

namespace anchor6::io {

/// Tells home links that addresses are here now: three unsolicited neighbour advertisements, a
/// second apart (RFC 6275 section 10.4.1).
class AddressAnnouncements {
public:
    AddressAnnouncements(EventLoop& loop, core::Counters& counters);

    void begin(const core::DefendedAddress& address);
    void stop(const core::DefendedAddress& address);

private:
    using Key = std::pair<std::string, wire::Address>;
    struct Announcement {
        bool router = false;
        int left = 0;
        core::BootTime due;
    };
    /// The links of one round; nothing for one that is missing or down.
    using Sockets = std::map<std::string, std::optional<NeighbourSocket>>;

    void announce_due();
    void announce(const Key& key, bool router, Sockets& sockets);

    EventLoop* loop_;
    core::Counters* counters_;
    std::map<Key, Announcement> announcements_;
    std::multimap<core::BootTime, Key> deadlines_;
    EventSource timer_;
};

} // namespace anchor6::io
