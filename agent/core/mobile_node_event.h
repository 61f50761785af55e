// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/event.h"
#include "core/mobile_node_config.h"
#include "wire/address.h"

namespace anchor6::core {

// What happens to a mobile node.

/// An interface can be used now, or no longer: what was known of its link is worth nothing.
struct InterfaceChanged {
    std::string name;
    bool up = false;
};

/// An address of an interface has passed duplicate address detection, or is gone.
struct AddressChanged {
    std::string interface;
    wire::Address address;
    bool usable = false;
};

/// The router does not answer, or its default route is gone before its time.
struct RouterLost {
    std::string interface;
    wire::Address router;
};

using PathId = std::uint64_t;

/// The end of PreparePath. After a failure nothing of the path is left.
struct PathPrepared {
    PathId id = 0;
    bool ready = true;
};

struct MobileNodeConfigChanged {
    std::shared_ptr<const MobileNodeConfig> config;
};

/// Of IcmpReceived `link` is the interface that the message came in by.
using MobileNodeEvent =
    std::variant<MessageReceived, IcmpReceived, Tick, InterfaceChanged, AddressChanged, RouterLost,
                 PathPrepared, MobileNodeConfigChanged>;

// What it wants done.

/// A way between the node and its home agent: a tunnel from a care-of address, or the home link.
struct NodePath {
    PathId id = 0;
    std::string interface;
    /// Link-local address of the router there.
    wire::Address router;
    /// At home it is the home address.
    wire::Address care_of_address;
    wire::Address home_address;
    /// Nothing: it is yet to be discovered, from the care-of address.
    std::optional<wire::Address> home_agent;
    /// What moves with the node, the home address or its prefix among them.
    std::vector<wire::Prefix> prefixes;

    bool at_home() const { return care_of_address == home_address; }
    friend bool operator==(const NodePath&, const NodePath&) = default;
};

/// From now on packets that come this way are accepted, and mobility messages to the home agent
/// leave this way: with the Home Address option of the path, or at home with none. Everything else
/// leaves as before. PathPrepared follows, always.
struct PreparePath {
    NodePath path;
};

/// From now on everything from the node's prefixes leaves this way, prepared before.
struct UsePath {
    PathId id = 0;
};

/// The path is accepted no longer.
struct ReleasePath {
    PathId id = 0;
};

/// Is this router still there? RouterLost follows when it is not.
struct ProbeRouter {
    std::string interface;
    wire::Address router;
};

/// Unsolicited neighbour advertisements tell the home link that the node has its address itself
/// (RFC 6275 section 11.5.5).
struct AnnounceReturn {
    std::string interface;
    wire::Address home_address;
};

/// A Mobility Header message to the home agent is from the home address, without type 2 routing
/// header; the path that was prepared last adds the Home Address option.
using MobileNodeEffect =
    std::variant<Send, SendIcmp, PreparePath, UsePath, ReleasePath, ProbeRouter, AnnounceReturn>;
using MobileNodeEffects = std::vector<MobileNodeEffect>;

/// What the parts of a mobile node use during one step.
struct MobileNodeContext {
    const MobileNodeConfig& config;
    Counters& counters;
    Now now;
    MobileNodeEffects& effects;
};

} // namespace anchor6::core
