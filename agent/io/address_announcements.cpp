// SPDX-License-Identifier: GPL-2.0-or-later
#include "io/address_announcements.h"

#include <system_error>

#include "io/clock.h"
#include "io/log.h"

namespace anchor6::io {

namespace {

/// MAX_NEIGHBOR_ADVERTISEMENT and RetransTimer of RFC 4861.
constexpr int repetitions = 3;
constexpr std::chrono::seconds interval{1};

std::optional<NeighbourSocket> open(const std::string& link) {
    try {
        return NeighbourSocket{link, NeighbourSocket::Use::speak};
    } catch (const std::system_error& error) {
        log::warn("no announcement: {}", error.what());
        return {};
    }
}

} // namespace

AddressAnnouncements::AddressAnnouncements(EventLoop& loop, core::Counters& counters)
    : loop_(&loop), counters_(&counters) {
    loop.watch_time(timer_, [this] { announce_due(); });
}

void AddressAnnouncements::begin(const core::DefendedAddress& address) {
    Key key{address.link, address.address};
    core::BootTime due = now().boot;
    announcements_[key] = {address.router, repetitions, due};
    deadlines_.emplace(due, key);
    loop_->arm(timer_, deadlines_.begin()->first);
}

void AddressAnnouncements::stop(const core::DefendedAddress& address) {
    announcements_.erase({address.link, address.address});
}

// A deadline counts while it is the announcement's own: one that was stopped or begun again since
// has left its deadlines behind.
void AddressAnnouncements::announce_due() {
    core::BootTime time = now().boot;
    Sockets sockets;
    while (!deadlines_.empty() && deadlines_.begin()->first <= time) {
        auto [due, key] = *deadlines_.begin();
        deadlines_.erase(deadlines_.begin());
        auto found = announcements_.find(key);
        if (found == announcements_.end() || found->second.due != due)
            continue;
        Announcement& announcement = found->second;
        announce(key, announcement.router, sockets);
        if (--announcement.left == 0) {
            announcements_.erase(found);
        } else {
            announcement.due = time + interval;
            deadlines_.emplace(announcement.due, key);
        }
    }
    loop_->arm(timer_,
               deadlines_.empty() ? std::nullopt : std::optional{deadlines_.begin()->first});
}

void AddressAnnouncements::announce(const Key& key, bool router, Sockets& sockets) {
    auto [socket, is_new] = sockets.try_emplace(key.first);
    if (is_new)
        socket->second = open(key.first);
    bool sent = socket->second && socket->second->advertise(key.second, router);
    counters_->add(sent ? core::Counter::announcements_sent
                        : core::Counter::announcements_not_sent);
}

} // namespace anchor6::io
