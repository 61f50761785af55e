// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/time.h"
#include "wire/address.h"

namespace anchor6::core {

/// What the 16 bits of a message can say (RFC 6275 section 6.1.7).
inline constexpr std::chrono::seconds longest_lifetime{262140};

/// How messages of a peer are authenticated. A peer that names none is refused: doing without must
/// be said.
enum class Authentication : std::uint8_t {
    none,
    /// Mobility Message Authentication option of a mobile node (RFC 4285).
    mn_ha,
};

/// The security association of a mobile node with its home agent (RFC 4285 section 5).
struct MnHaAssociation {
    std::uint32_t spi = 0;
    std::vector<std::uint8_t> key;
    /// Each message must carry a message identifier, and a later one than before.
    bool replay_protection = true;
    friend bool operator==(const MnHaAssociation&, const MnHaAssociation&) = default;
};

/// What is left of a prefix: the durations as they are advertised, cut by the moments.
struct PrefixLifetimes {
    std::chrono::seconds valid{2592000};
    std::chrono::seconds preferred{604800};
    std::optional<RealTime> valid_until;
    std::optional<RealTime> preferred_until;
    friend bool operator==(const PrefixLifetimes&, const PrefixLifetimes&) = default;
};

/// A home prefix and the length of the home network prefixes that are assigned from it.
struct HomePrefix {
    wire::Prefix prefix;
    /// Length of an assigned home network prefix; nothing: only fixed prefixes of nodes.
    std::optional<std::uint8_t> assign_length;
    /// The interface of a physical home link; empty: the prefix is routed to the anchor.
    std::string link;
    PrefixLifetimes lifetimes;
    friend bool operator==(const HomePrefix&, const HomePrefix&) = default;
};

/// An anchor group: what moves together to another machine one day.
struct Group {
    std::string name;
    std::uint32_t id = 0;
    std::uint32_t epoch = 0;
    wire::Address home_agent_address;
    wire::Address lma_address;
    std::vector<HomePrefix> home_prefixes;
    /// Of our entry in the home agents list (RFC 6275 section 7.4).
    std::int16_t home_agent_preference = 0;
    std::chrono::seconds home_agent_lifetime{1800};
    friend bool operator==(const Group&, const Group&) = default;
};

/// A mobile access gateway, and the nodes it may register (RFC 5213 section 4, RFC 4832).
struct Mag {
    std::string name;
    std::vector<wire::Address> addresses;
    /// Patterns over the MN-Identifier: exact, "*@realm", "*@*.realm" for the realms below, or "*".
    std::vector<std::string> nodes;
    /// It may register prefixes within these only; empty: whatever its nodes may have.
    std::vector<wire::Prefix> home_network_prefixes;
    std::optional<Authentication> authentication;
    /// Its sessions at a time, and its messages a second and in one burst.
    std::uint32_t bindings = 1U << 20;
    std::uint32_t messages_per_second = 20000;
    /// Refuses what a correct MAG does not send: access technology type 0, no Timestamp option.
    bool strict = false;
    /// It is asked for heartbeats while it has sessions (RFC 5847).
    bool heartbeat = false;
    /// Its sessions end when it does not answer heartbeats, or says that it has lost them.
    bool end_sessions_when_unreachable = false;
    bool end_sessions_when_restarted = true;
    /// It understands Binding Revocation Indications (RFC 5846).
    bool revocation = false;
    /// It may revoke all of its sessions with one message.
    bool global_revocation = false;
    friend bool operator==(const Mag&, const Mag&) = default;
};

/// A mobile node's profile (RFC 5213 section 6.2).
struct Node {
    /// MN-Identifier, or the pattern "*@realm", "*@*.realm" or "*" for those without a profile of
    /// their own: the most specific one counts.
    std::string identifier;
    /// Fixed home network prefixes; empty: assigned from the group's home prefixes.
    std::vector<wire::Prefix> home_network_prefixes;
    /// Its addresses on physical home links.
    std::vector<wire::Address> home_addresses;
    /// Its entries of the prefix table (RFC 3963 section 6.1.2).
    std::vector<wire::Prefix> mobile_network_prefixes;
    bool proxy_mobility = true;
    bool host_mobility = true;
    bool mobile_router = true;
    /// Of the MAG on the access link (RFC 5213 section 6.2); nothing: the MAG's, else the fixed
    /// one.
    std::optional<wire::Address> link_local_address;
    /// At most; nothing: the timers'.
    std::optional<std::chrono::seconds> max_home_lifetime;
    std::optional<std::chrono::seconds> max_proxy_lifetime;
    std::optional<Authentication> authentication;
    /// With Authentication::mn_ha.
    std::optional<MnHaAssociation> mn_ha;
    std::string group;
    friend bool operator==(const Node&, const Node&) = default;
};

/// Timers and limits; the defaults are the RFCs'.
struct Timers {
    std::chrono::seconds max_home_lifetime = longest_lifetime;
    std::chrono::seconds max_proxy_lifetime = longest_lifetime;
    /// RFC 5213: a de-registered session is kept that long for its revival.
    std::chrono::milliseconds min_delay_before_bce_delete{10000};
    /// RFC 5213: a handoff of unknown kind waits that long for the old MAG's de-registration.
    std::chrono::milliseconds max_delay_before_new_bce_assign{1500};
    std::chrono::milliseconds timestamp_validity_window{300};
    bool mobile_node_generated_timestamp = false;
    /// A de-registered node's last sequence number is remembered that long.
    std::chrono::seconds sequence_memory{600};
    /// Binding Refresh Advice, in percent of the granted lifetime; 0: none.
    std::uint32_t refresh_advice_percent = 0;
    /// A node that did not refresh is asked to, so long before its binding ends; 0: never.
    std::chrono::seconds refresh_request_before_expiry{10};
    /// RFC 4285: a message identifier may be so far from our clock.
    std::chrono::milliseconds message_id_window{7000};
    /// An assigned prefix is kept for its node so long after its last session ended.
    std::chrono::seconds prefix_retention{3600};
    /// RFC 5847: between two heartbeat requests, and how many in a row may stay without an answer.
    std::chrono::seconds heartbeat_interval{60};
    std::uint32_t missing_heartbeats_allowed = 3;
    /// RFC 5846: until a revocation is sent again, doubled each time; and how often again.
    std::chrono::milliseconds initial_delay_bri{1000};
    std::uint32_t bri_max_retries = 1;
    friend bool operator==(const Timers&, const Timers&) = default;
};

/// Bounds of memory and of answers that anybody can provoke.
struct Limits {
    std::uint32_t bindings = 1U << 20;
    /// Messages of one session that wait for the transaction before them.
    std::uint32_t queued_per_session = 8;
    std::uint32_t queued_total = 65536;
    /// Sessions of one mobile node.
    std::uint32_t sessions_per_node = 8;
    /// Addresses under duplicate address detection at a time.
    std::uint32_t address_probes = 1024;
    // Of each so many a second, and in one burst.
    std::uint32_t binding_errors_per_second = 10;
    std::uint32_t discovery_replies_per_second = 10;
    std::uint32_t prefix_advertisements_per_second = 10;
    /// Refusals of Proxy Binding Updates from addresses of no MAG.
    std::uint32_t stranger_refusals_per_second = 100;
    /// Messages of one MAG that wait.
    std::uint32_t queued_per_mag = 8192;
    /// Transactions of one MAG that are under way at a time.
    std::uint32_t transactions_per_mag = 512;
    /// Revocations without an answer yet, at a time.
    std::uint32_t revocations = 65536;
    friend bool operator==(const Limits&, const Limits&) = default;
};

/// What the anchor decides by: the values of the config file, already checked against each other.
struct Config {
    std::vector<Group> groups;
    std::vector<Mag> mags;
    std::vector<Node> nodes;
    Timers timers;
    Limits limits;
    friend bool operator==(const Config&, const Config&) = default;
};

} // namespace anchor6::core
