// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/counter.h"
#include "core/mobile_node_event.h"
#include "io/event_loop.h"
#include "io/netlink_listener.h"
#include "io/netlink_socket.h"

namespace anchor6::io {

/// What the kernel tells of the interfaces that a mobile node may be reached by: carrier, addresses
/// that have passed duplicate address detection, and neighbours that do not answer any more.
class AccessWatch {
public:
    struct Handlers {
        std::function<void(const core::MobileNodeEvent&)> decide;
        /// Once after what has come together.
        std::function<void()> settle;
    };

    AccessWatch(EventLoop& loop, core::Counters& counters, Handlers handlers);

    /// Tells what there is on these interfaces, and that what was there on others is gone. Throws
    /// std::runtime_error.
    void watch(const std::vector<core::AccessInterface>& interfaces);

    /// The watched interface with that index; empty: none.
    std::string name_of(std::uint32_t index) const;
    /// Of a watched interface; 0: it is not there.
    std::uint32_t index_of(const std::string& name) const;

    /// Makes the kernel ask its neighbour whether it is there.
    void probe(const core::ProbeRouter& probe);

private:
    struct Interface {
        std::string name;
        bool up = false;
        /// Those that packets can be sent from.
        std::set<wire::Address> addresses;
    };
    using Interfaces = std::map<std::uint32_t, Interface>;

    void on_messages();
    void on_message(const nlmsghdr* message);
    void on_link(const nlmsghdr* message);
    void on_address(const nlmsghdr* message);
    void on_neighbour(const nlmsghdr* message);

    Interfaces read();
    /// Tells the differences.
    void become(const Interfaces& interfaces);
    void change(std::uint32_t index, const Interface& now);
    void drop(std::uint32_t index);

    core::Counters* counters_;
    Handlers handlers_;
    std::set<std::string> names_;
    Interfaces interfaces_;
    NetlinkSocket socket_;
    NetlinkListener listener_;
    EventSource source_;
};

} // namespace anchor6::io
