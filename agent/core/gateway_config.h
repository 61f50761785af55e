// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/binding_update_list.h"
#include "core/config.h"
#include "wire/address.h"
#include "wire/link_layer_address.h"

namespace anchor6::core {

/// The link-local address of every mobile access gateway (RFC 6543), and its link-layer address.
inline constexpr wire::Address fixed_link_local_address{
    {0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0x02, 0x00, 0x5e, 0xff, 0xfe, 0x00, 0x52, 0x13}};
inline const wire::LinkLayerAddress fixed_link_layer_address{0x00, 0x00, 0x5e, 0x00, 0x52, 0x13};

/// What a node on an access link gets (RFC 6612 section 3.2, RFC 5213 section 6.14).
enum class NodeMobility : std::uint8_t {
    /// Its home network prefix, by a Proxy Binding Update.
    proxy,
    /// The local prefix of the access link: it moves by Mobile IPv6 itself, or not at all.
    host,
    /// Nothing.
    refused,
};

/// An interface to which mobile nodes attach.
struct AccessLink {
    std::string interface;
    /// Access Technology Type (IANA, RFC 5213 section 8.5).
    std::uint8_t access_technology = 4;
    /// Nodes are seen by their link-layer events and router solicitations; else they attach and
    /// detach by the control socket only.
    bool link_events = true;
    /// Of nodes with mobility of their own: topologically correct here.
    std::optional<wire::Prefix> local_prefix;
    /// For nodes that nobody has named.
    NodeMobility unknown_nodes = NodeMobility::refused;
    friend bool operator==(const AccessLink&, const AccessLink&) = default;
};

/// A node's profile at the gateway (RFC 5213 section 6.2).
struct GatewayNode {
    std::string identifier;
    /// Empty: it attaches by the control socket only.
    wire::LinkLayerAddress link_layer_address;
    /// Asked for by name; empty: the anchor chooses.
    std::vector<wire::Prefix> home_network_prefixes;
    NodeMobility mobility = NodeMobility::proxy;
    /// Nothing: the gateway's.
    std::optional<wire::Address> lma_address;
    friend bool operator==(const GatewayNode&, const GatewayNode&) = default;
};

/// What the gateway decides by: values of the config file, checked against each other.
struct GatewayConfig {
    /// The Proxy Care-of Address.
    wire::Address address;
    wire::Address lma_address;
    /// How anchors prove who they are; nothing: nobody is served.
    std::optional<Authentication> authentication;
    /// That is asked for.
    std::chrono::seconds lifetime{3600};
    /// Its own on all access links; nothing: the one that the anchor names (RFC 5213 section 6.8).
    std::optional<wire::Address> link_local_address = fixed_link_local_address;
    /// That access links get; empty: they keep theirs.
    wire::LinkLayerAddress link_layer_address = fixed_link_layer_address;
    RetransmissionTimers retransmission{.first_registration = std::chrono::milliseconds{1000}};
    /// A de-registration that nobody answers is sent so often.
    std::uint32_t deregistrations_max = 3;
    /// A refused registration is tried again after so long, twice as long each time.
    std::chrono::seconds retry_after_refusal{10};
    std::chrono::seconds retry_after_refusal_max{320};
    /// RFC 5847; 0: anchors are not asked.
    std::chrono::seconds heartbeat_interval{60};
    std::uint32_t missing_heartbeats_allowed = 3;
    /// How long a node has to answer before its session is extended.
    std::chrono::milliseconds confirmation_timeout{5000};
    /// Nodes at a time, those in the making included.
    std::uint32_t nodes_max = 4096;
    /// First of the routing tables that the gateway fills.
    std::uint32_t routing_table = 5213;
    /// Of its first rule for packets; the next numbers are its others.
    std::uint32_t rule_priority = 5213;
    std::vector<AccessLink> access_links;
    std::vector<GatewayNode> nodes;
    friend bool operator==(const GatewayConfig&, const GatewayConfig&) = default;
};

/// What was read while the gateway runs, but with what its bindings and the kernel know it by.
inline GatewayConfig until_restart(const GatewayConfig& running, GatewayConfig read) {
    read.address = running.address;
    read.routing_table = running.routing_table;
    read.rule_priority = running.rule_priority;
    return read;
}

} // namespace anchor6::core
