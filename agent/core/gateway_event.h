// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/event.h"
#include "core/gateway_config.h"
#include "wire/address.h"
#include "wire/link_layer_address.h"

namespace anchor6::core {

// What happens at a mobile access gateway.

/// A node on an access link: what its link-layer address is there.
struct AccessPoint {
    std::string interface;
    wire::LinkLayerAddress link_layer_address;
    friend bool operator==(const AccessPoint&, const AccessPoint&) = default;
    friend auto operator<=>(const AccessPoint&, const AccessPoint&) = default;
};

/// A node is there: seen on its link, or somebody says so.
struct NodeAttached {
    AccessPoint at;
    /// MN-Identifier; empty: that of the profile with this link-layer address.
    std::string identifier;
    /// Of the Proxy Binding Update (RFC 5213 section 8.4); nothing: the gateway does not know.
    std::optional<std::uint8_t> handoff_indicator;
    /// By the control socket: link events do not end it.
    bool by_command = false;
};

/// A node is gone. `identifier` alone is enough when the access point is empty.
struct NodeDetached {
    AccessPoint at;
    std::string identifier;
    bool by_command = false;
};

/// An access interface has a carrier, or none: then no node is on it any more.
struct AccessLinkChanged {
    std::string interface;
    bool up = false;
};

using ForwardingId = std::uint64_t;

/// The end of InstallForwarding. After a failure nothing of it is left.
struct ForwardingInstalled {
    ForwardingId id = 0;
    bool ready = true;
};

/// The end of ProbeNode.
struct NodeProbed {
    AccessPoint at;
    bool present = true;
};

struct GatewayConfigChanged {
    std::shared_ptr<const GatewayConfig> config;
};

/// `received.link` is the interface that the message came in by.
struct AccessIcmpReceived {
    IcmpReceived received;
    /// Its source link-layer address on the link.
    wire::LinkLayerAddress link_layer_address;
};

using GatewayEvent = std::variant<MessageReceived, AccessIcmpReceived, Tick, NodeAttached,
                                  NodeDetached, AccessLinkChanged, ForwardingInstalled, NodeProbed,
                                  ClockStepped, GatewayConfigChanged>;

// What it wants done.

/// The way of a node's packets through the gateway.
struct NodeForwarding {
    ForwardingId id = 0;
    AccessPoint at;
    /// What the node may use as source, and what is routed to it.
    std::vector<wire::Prefix> prefixes;
    /// The far end of the tunnel; nothing: the local prefix, routed as everything else.
    std::optional<wire::Address> lma_address;
    /// The gateway's address on the access link.
    wire::Address link_local_address;
    friend bool operator==(const NodeForwarding&, const NodeForwarding&) = default;
};

/// The tunnel stands first, then packets of the node's prefixes take it, in both directions; then
/// ForwardingInstalled follows, always. With an identifier that is installed it is changed.
struct InstallForwarding {
    NodeForwarding forwarding;
};

/// Packets of the node are forwarded no longer. The tunnel ends with its last user.
struct RemoveForwarding {
    ForwardingId id = 0;
};

/// Is the node still there? NodeProbed follows within the configuration's `confirmation_timeout`.
struct ProbeNode {
    AccessPoint at;
};

/// To one node, in a frame of its own: the other nodes on the link do not hear it.
struct SendToNode {
    AccessPoint to;
    wire::Address source;
    wire::Address destination;
    wire::IcmpMessage message;
};

using GatewayEffect =
    std::variant<Send, InstallForwarding, RemoveForwarding, ProbeNode, SendToNode>;
using GatewayEffects = std::vector<GatewayEffect>;

/// What the parts of a gateway use during one step.
struct GatewayContext {
    const GatewayConfig& config;
    Counters& counters;
    Now now;
    GatewayEffects& effects;
};

} // namespace anchor6::core
