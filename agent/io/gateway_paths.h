// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/gateway_event.h"
#include "io/network_change.h"
#include "io/network_request.h"
#include "io/source_filter.h"

namespace anchor6::io {

/// The ways of nodes' packets through a gateway, by policy routing and a tunnel an anchor:
///
///     from an access link   ─► table "up": by source, into the tunnel of the node's anchor
///                           ─► of the link's local prefix: the main table
///                           ─► else nowhere
///     out of a tunnel       ─► the table of its anchor: to the node with that prefix, else nowhere
///     of the gateway itself ─► the same tables first: an error message finds the node
///
/// So a packet of a node takes no other way than its own, and takes none until that stands. A route
/// to a node leads to its link-layer address, which is known: nobody else on the link can answer
/// for its prefix.
class GatewayPaths {
public:
    /// Removes what an earlier run left. Throws std::runtime_error.
    explicit GatewayPaths(const core::GatewayConfig& config);
    /// The kernel holds nothing of it any more but the permanent neighbours, which move no packet:
    /// by them the next run knows whom to look for.
    ~GatewayPaths();
    GatewayPaths(const GatewayPaths&) = delete;
    GatewayPaths& operator=(const GatewayPaths&) = delete;

    /// Closes the access links of the configuration, and leaves others alone. Throws
    /// std::runtime_error.
    void configure(const core::GatewayConfig& config);

    /// With an identifier that is installed it is changed. False: the kernel has refused, which the
    /// log has, and nothing of it is left.
    bool install(const core::NodeForwarding& forwarding);
    void remove(core::ForwardingId id);

    struct Tunnel {
        std::string name;
        std::uint32_t device = 0;
        /// Of what comes out of it.
        std::uint32_t table = 0;
        std::size_t users = 0;
    };
    /// By the anchor's address.
    const std::map<wire::Address, Tunnel>& tunnels() const { return tunnels_; }

private:
    /// What the kernel holds of one node.
    struct Path {
        std::optional<wire::Address> lma_address;
        std::vector<PermanentNeighbour> neighbours;
        std::vector<Route> routes;
        std::vector<AdmittedSource> sources;
    };

    std::vector<Rule> link_rules(const core::GatewayConfig& config) const;
    std::vector<Rule> tunnel_rules(const Tunnel& tunnel) const;
    std::uint32_t free_number() const;
    Tunnel& hold_tunnel(const wire::Address& lma_address);
    void release_tunnel(const std::optional<wire::Address>& lma_address);
    Path compose(const core::NodeForwarding& forwarding, std::uint32_t access);
    void change(const Path& before, Path& after);
    void erase(const Path& path);

    NetlinkSocket socket_;
    wire::Address address_;
    std::uint32_t first_table_;
    std::uint32_t first_priority_;
    std::vector<Rule> rules_;
    std::map<wire::Address, Tunnel> tunnels_;
    std::map<core::ForwardingId, Path> paths_;
    std::uint32_t last_handle_ = 0;
};

} // namespace anchor6::io
