// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/config.h"
#include "io/config_report.h"
#include "wire/address.h"

namespace anchor6::io {

template <class Value>
struct Placed {
    Value value;
    ConfigPlace place;
};

/// A value that belongs to a group of that name.
template <class Value>
struct InGroup {
    Value value;
    std::string group;
};

/// The lists of a node's profile that must be nobody else's.
enum class NodeList : std::uint8_t {
    home_network_prefixes,
    mobile_network_prefixes,
    home_addresses
};

/// A prefix or address of one node. Small, since there may be millions.
struct NodeClaim {
    wire::Prefix prefix;
    NodeList list = NodeList::home_network_prefixes;
    /// Index in its list.
    std::uint32_t element = 0;
    /// Index of the node in the configuration.
    std::uint32_t node = 0;
    std::uint32_t line = 0;
};

/// Where the nodes of a file begin.
struct NodeFile {
    std::uint32_t number = 0;
    std::uint32_t first_node = 0;
    /// What precedes "[INDEX]." in the keys of its nodes; empty: nothing does.
    std::string array;
};

/// What the tables of a configuration claim for themselves, to be checked against each other.
struct ConfigClaims {
    std::vector<Placed<std::string>> group_names;
    std::vector<Placed<std::uint32_t>> group_ids;
    std::vector<Placed<InGroup<core::HomePrefix>>> home_prefixes;
    std::vector<Placed<InGroup<wire::Address>>> anchor_addresses;
    std::vector<Placed<std::string>> mag_names;
    std::vector<Placed<wire::Address>> mag_addresses;
    /// What MAGs may register prefixes in.
    std::vector<Placed<wire::Prefix>> mag_prefixes;
    std::vector<NodeFile> node_files;
    /// Of each node's identifier.
    std::vector<std::uint32_t> node_lines;
    std::vector<NodeClaim> of_nodes;
    /// Interfaces of physical home links.
    std::vector<Placed<std::string>> links;
    /// Of each file the first place where a secret stands.
    std::vector<ConfigPlace> keys;

    void note_key(const ConfigPlace& place);
    /// The home prefix of a group that contains the prefix; nullptr: none.
    const core::HomePrefix* enclosing(const wire::Prefix& prefix, const std::string& group) const;
    /// Reports what contradicts each other; sorts what nodes claim.
    void check(const core::Config& config, ConfigReport& report);

    ConfigPlace place(const NodeClaim& claim) const;
    ConfigPlace place_of_identifier(std::uint32_t node) const;
};

} // namespace anchor6::io
