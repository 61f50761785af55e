// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <vector>

#include "core/mobile_node.h"
#include "io/access_watch.h"
#include "io/address_announcements.h"
#include "io/control_node.h"
#include "io/icmp_socket.h"
#include "io/node_forwarding.h"
#include "io/node_xfrm.h"
#include "io/role_services.h"
#include "io/router_solicitations.h"

namespace anchor6::io {

/// The mobile node at work: brings what happens at its interfaces to the core as events, and
/// carries out the effects. When it ends, the kernel holds nothing of it any more.
class NodeRole {
public:
    /// Opens everything, and removes what an earlier run left. Throws std::exception with a reason
    /// for a person.
    NodeRole(std::shared_ptr<const core::MobileNodeConfig> config, RoleServices services);

    /// Looks where the node is.
    void begin();

    /// A Mobility Header message to that address is this role's.
    bool serves(const wire::Address& destination) const;
    void receive(const core::MessageReceived& received, core::Now time) { decide(received, time); }
    /// After each event: hands on the effects.
    void settle(core::BootTime time);
    /// There is room for more messages.
    bool ready() const { return true; }
    /// Nothing is under way.
    bool idle() const { return true; }
    std::optional<core::BootTime> next_deadline() const { return node_.next_deadline(); }
    void on_deadline();

    void apply(std::shared_ptr<const core::MobileNodeConfig> config);

    NodeView view() const { return {node_}; }
    const core::Counters& counters() const { return node_.counters(); }

private:
    void decide(const core::MobileNodeEvent& event);
    void decide(const core::MobileNodeEvent& event, core::Now time);
    void step(const core::MobileNodeEvent& event, core::Now time);
    void carry_out(core::MobileNodeEffect& effect);
    void use_path(core::PathId id);
    bool prepare(const core::NodePath& path);
    void on_icmp();

    std::shared_ptr<const core::MobileNodeConfig> config_;
    RoleServices services_;
    core::MobileNode node_;
    NodeForwarding forwarding_;
    NodeXfrm xfrm_;
    IcmpSocket icmp_socket_;
    AddressAnnouncements announcements_;
    RouterSolicitations solicitations_;
    AccessWatch watch_;
    /// What carrying out an effect has led to.
    std::deque<core::MobileNodeEvent> events_;
    std::vector<core::SendIcmp> icmp_sends_;
    EventSource icmp_source_;
};

} // namespace anchor6::io
