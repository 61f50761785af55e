// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "core/mobile_node_event.h"
#include "io/netlink_socket.h"
#include "io/network_request.h"

namespace anchor6::io {

/// The ways of a mobile node's packets in the kernel. The home address is on a device of its own,
/// where it stays wherever the node is; at home it is on the interface as well. Each path away has
/// a tunnel device to the home agent (RFC 6275 section 11.3.1) and a routing table with the router
/// of its interface, so that several paths are open at once. Two tables more lead to the path that
/// is used, one for packets of the node's prefixes, one for mobility messages:
///
///     priority + 0   from CARE-OF to HOME-AGENT             the path's own table
///     priority + 1   from HOME-ADDRESS, Mobility Header     the path that was prepared last
///     priority + 2   to a prefix behind the node            main, but no default route
///     priority + 3   from and to prefixes of the node       the path that is used, or nowhere
///
/// When this ends, all of it goes.
class NodeForwarding {
public:
    /// Removes what an earlier run left. Throws std::runtime_error.
    explicit NodeForwarding(const core::MobileNodeConfig& config);
    NodeForwarding(const NodeForwarding&) = delete;
    NodeForwarding& operator=(const NodeForwarding&) = delete;
    ~NodeForwarding();

    /// Of core::PreparePath. After a failure, a std::runtime_error, release() it.
    void prepare(const core::NodePath& path);
    /// Of core::UsePath. False: the kernel has refused, and has said why in the log.
    bool use(core::PathId id);
    /// Of core::ReleasePath.
    void release(core::PathId id);

private:
    struct Entry {
        core::NodePath path;
        /// Of its table, and of its tunnel's name.
        std::uint32_t slot = 0;
        std::uint32_t interface = 0;
        bool has_tunnel = false;
    };

    void remove_everything();
    void begin();
    void check_device();

    Entry& entry_of(const core::NodePath& path);
    std::uint32_t free_slot() const;
    std::string tunnel_of(const Entry& entry) const;
    Route through_router(const Entry& entry, std::uint32_t table) const;
    std::vector<Rule> rules_of(const Entry& entry) const;
    std::vector<Rule> standing_rules() const;
    NetworkRequests tunnel_requests(Entry& entry, const core::NodePath& before) const;
    NetworkRequests prefix_requests(bool away) const;

    std::uint32_t used_table() const { return table_; }
    std::uint32_t message_table() const { return table_ + 1; }
    std::uint32_t table_of(const Entry& entry) const { return table_ + 2 + entry.slot; }

    wire::Address home_address_;
    wire::Prefix home_network_prefix_;
    std::vector<wire::Prefix> prefixes_;
    std::string device_;
    std::uint32_t table_;
    std::uint32_t priority_;
    NetlinkSocket socket_;
    std::map<core::PathId, Entry> entries_;
};

} // namespace anchor6::io
