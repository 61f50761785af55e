// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/counter.h"
#include "core/gateway_event.h"
#include "io/access_socket.h"
#include "io/event_loop.h"
#include "io/netlink_listener.h"
#include "io/netlink_socket.h"
#include "io/network_request.h"

namespace anchor6::io {

/// The access links of a gateway: made ready whenever their interface comes up, and what is seen on
/// them of nodes. Each has the gateway's link-layer and link-local address, a filter of sources
/// that lets nobody in yet, and a route for its local prefix; at the end it is as it was.
class GatewayLinks {
public:
    struct Handlers {
        std::function<void(const core::AccessLinkChanged&)> changed;
        std::function<void(const core::AccessPoint&, const NeighbourPacket&)> heard;
        /// A neighbour has answered the kernel, a bridge has learned its link-layer address, or it
        /// has reported its groups; or a bridge has forgotten it.
        std::function<void(const core::AccessPoint&, bool there)> noticed;
        /// Once after what has come together.
        std::function<void()> settle;
    };

    GatewayLinks(EventLoop& loop, core::Counters& counters, Handlers handlers);
    ~GatewayLinks();
    GatewayLinks(const GatewayLinks&) = delete;
    GatewayLinks& operator=(const GatewayLinks&) = delete;

    /// Tells of each link whether it is up. Throws std::runtime_error.
    void configure(const core::GatewayConfig& config);

    /// Whom the kernel's tables name on the access links of a configuration.
    static std::vector<core::AccessPoint> neighbours(const core::GatewayConfig& config);

    /// The gateway has that link-local address there from now on. False: the link is not ready to
    /// serve nodes, or the kernel refuses the address and has said why in the log.
    bool hold_address(const std::string& interface, const wire::Address& address);
    /// One of those.
    std::optional<wire::Address> address(const std::string& interface) const;
    bool send(const core::SendToNode& message) const;

private:
    struct Listening {
        AccessSocket socket;
        EventSource source;

        explicit Listening(std::uint32_t index) : socket(index) {}
    };
    struct Link {
        std::optional<wire::Prefix> local_prefix;
        wire::LinkLayerAddress wanted;
        /// What the interface had before.
        wire::LinkLayerAddress original;
        std::set<wire::Address> addresses;
        /// 0: not ready.
        std::uint32_t index = 0;
        std::optional<Listening> listening;
    };

    void on_messages();
    void on_message(const nlmsghdr* message);
    void look();
    void note(const std::string& name, std::uint32_t index, bool working);
    void make_ready(const std::string& name, Link& link, std::uint32_t index);
    static NetworkRequests equipment(const std::string& name, Link& link, std::uint32_t index);
    void withdraw_local_prefix(const std::string& name, const Link& link);
    void equip(const std::string& name, Link& link);
    void on_packets(const std::string& name);
    static void drop(Link& link);
    void give_back(const std::string& name, Link& link);
    std::string name_of(std::uint32_t index) const;

    EventLoop* loop_;
    core::Counters* counters_;
    Handlers handlers_;
    NetlinkSocket requests_;
    NetlinkListener listener_;
    EventSource source_;
    std::map<std::string, Link> links_;
};

} // namespace anchor6::io
