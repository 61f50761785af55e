// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "wire/address.h"

namespace anchor6::core {

/// How messages of a peer are authenticated. A peer that names none is refused: doing without must
/// be said.
enum class Authentication : std::uint8_t { none };

/// A home prefix and the length of the home network prefixes that are assigned from it.
struct HomePrefix {
    wire::Prefix prefix;
    /// Length of an assigned home network prefix; nothing: only fixed prefixes of nodes.
    std::optional<std::uint8_t> assign_length;
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
    friend bool operator==(const Group&, const Group&) = default;
};

/// A mobile access gateway, and the nodes it may register (RFC 5213 section 4, RFC 4832).
struct Mag {
    std::string name;
    std::vector<wire::Address> addresses;
    /// Patterns over the MN-Identifier: exact, "*@realm", or "*".
    std::vector<std::string> nodes;
    std::optional<Authentication> authentication;
    friend bool operator==(const Mag&, const Mag&) = default;
};

/// A mobile node's profile (RFC 5213 section 6.2).
struct Node {
    /// MN-Identifier, or the pattern "*@realm" for those without a profile of their own.
    std::string identifier;
    /// Fixed home network prefixes; empty: assigned from the group's home prefixes.
    std::vector<wire::Prefix> home_network_prefixes;
    bool proxy_mobility = true;
    bool host_mobility = true;
    bool mobile_router = true;
    std::optional<Authentication> authentication;
    std::string group;
    friend bool operator==(const Node&, const Node&) = default;
};

/// Timers and limits; the defaults are the RFCs'.
struct Timers {
    std::chrono::seconds max_home_lifetime{262140};
    std::chrono::seconds max_proxy_lifetime{262140};
    /// RFC 5213: a de-registered session is kept that long for its revival.
    std::chrono::milliseconds min_delay_before_bce_delete{10000};
    /// RFC 5213: a handoff of unknown kind waits that long for the old MAG's de-registration.
    std::chrono::milliseconds max_delay_before_new_bce_assign{1500};
    std::chrono::milliseconds timestamp_validity_window{300};
    bool mobile_node_generated_timestamp = false;
    /// A de-registered node's last sequence number is remembered that long.
    std::chrono::seconds sequence_memory{600};
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
    /// Binding Errors a second, and in one burst.
    std::uint32_t binding_errors_per_second = 10;
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
