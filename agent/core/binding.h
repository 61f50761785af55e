// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/time.h"
#include "wire/address.h"
#include "wire/link_layer_address.h"

namespace anchor6::core {

/// An entry of the home cache, made by a Binding Update (RFC 6275 section 9.1).
struct HomeBinding {
    /// A remembered binding was de-registered or has expired: no packet takes it, but its sequence
    /// number still refuses replayed updates.
    enum class State : std::uint8_t { active, remembered };

    wire::Address home_address;
    wire::Address care_of_address;
    /// The home agent address the update was sent to; source of the outer packets.
    wire::Address home_agent;
    /// What follows the care-of address: the home address as /128, or with the R flag prefixes.
    std::vector<wire::Prefix> prefixes;
    std::uint16_t sequence = 0;
    /// Flags of the Binding Update, as on the wire.
    std::uint16_t flags = 0;
    std::chrono::seconds lifetime{0};
    BootTime expires;
    State state = State::active;
    std::uint32_t group = 0;
    std::uint64_t cookie = 0;
    std::string node;
    /// The physical home link that the home address lies on; empty: none has to be defended.
    std::string link;
    /// Last accepted message identifier (RFC 4285 section 6); nothing: none was demanded.
    std::optional<std::uint64_t> message_id;
    friend bool operator==(const HomeBinding&, const HomeBinding&) = default;
};

/// The MAG that a session came from, and the last sequence number accepted from it: where there is
/// no timestamp, a late message of that MAG must not take the node back.
struct PreviousMag {
    wire::Address proxy_care_of_address;
    std::uint16_t sequence = 0;
    /// When the session left it; a restart forgets.
    BootTime left;
    friend bool operator==(const PreviousMag&, const PreviousMag&) = default;
};

/// An entry of the proxy cache: one mobility session (RFC 5213 section 5.1).
struct ProxyBinding {
    /// A session being deleted was de-registered: its prefixes are kept for its revival
    /// (MinDelayBeforeBCEDelete), no packet takes it.
    enum class State : std::uint8_t { active, being_deleted };

    /// Never reused while the store lives; the cookie of its kernel bindings.
    std::uint64_t id = 0;
    std::string mn_identifier;
    wire::LinkLayerAddress link_layer_identifier;
    /// On the link between MAG and node; unspecified: none was asked for.
    wire::Address link_local_address;
    std::vector<wire::Prefix> home_network_prefixes;
    wire::Address proxy_care_of_address;
    wire::Address lma_address;
    std::string mag;
    /// Last accepted timestamp as on the wire (RFC 5213 section 8.8); nothing: sequence numbers
    /// order this session.
    std::optional<std::uint64_t> timestamp;
    std::chrono::seconds lifetime{0};
    BootTime expires;
    std::uint32_t group = 0;
    std::uint16_t sequence = 0;
    std::uint8_t access_technology = 0;
    std::uint8_t handoff_indicator = 0;
    State state = State::active;
    std::optional<PreviousMag> previous;
    friend bool operator==(const ProxyBinding&, const ProxyBinding&) = default;
};

/// The way between one address of a MAG and one of ours.
struct PeerPath {
    wire::Address proxy_care_of_address;
    wire::Address lma_address;
    friend auto operator<=>(const PeerPath&, const PeerPath&) = default;
};

inline PeerPath path_of(const ProxyBinding& session) {
    return {session.proxy_care_of_address, session.lma_address};
}

/// A home network prefix that is kept for its node after its last session.
struct RetainedPrefix {
    wire::Prefix prefix;
    std::string mn_identifier;
    BootTime until;
    friend bool operator==(const RetainedPrefix&, const RetainedPrefix&) = default;
};

enum class Cache : std::uint8_t { home = 1, proxy = 2 };

/// A binding as the kernel module holds it.
struct KernelBinding {
    Cache cache = Cache::home;
    wire::Prefix prefix;
    wire::Address local;
    wire::Address remote;
    std::chrono::milliseconds lifetime{0};
    std::uint64_t cookie = 0;
    std::uint32_t group = 0;
    friend bool operator==(const KernelBinding&, const KernelBinding&) = default;
};

/// An address that this router answers for on a physical home link (RFC 6275 section 10.4.1).
struct DefendedAddress {
    std::string link;
    /// A home address, or the link-local address with the same interface identifier.
    wire::Address address;
    /// The node is a mobile router: the R bit of the advertisements.
    bool router = false;
    friend auto operator<=>(const DefendedAddress&, const DefendedAddress&) = default;
};

} // namespace anchor6::core
