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

/// A value that belongs to one node of a group.
template <class Value>
struct OfNode {
    Value value;
    std::string group;
    std::string node;
};

/// What the tables of a config file claim for themselves, to be checked against each other.
struct ConfigClaims {
    std::vector<Placed<std::string>> group_names;
    std::vector<Placed<std::uint32_t>> group_ids;
    std::vector<Placed<InGroup<core::HomePrefix>>> home_prefixes;
    std::vector<Placed<InGroup<wire::Address>>> anchor_addresses;
    std::vector<Placed<std::string>> mag_names;
    std::vector<Placed<wire::Address>> mag_addresses;
    std::vector<Placed<std::string>> node_identifiers;
    std::vector<Placed<std::string>> node_groups;
    std::vector<Placed<OfNode<wire::Prefix>>> node_prefixes;
    std::vector<Placed<OfNode<wire::Prefix>>> mobile_network_prefixes;
    std::vector<Placed<OfNode<wire::Address>>> home_addresses;
    /// Interfaces of physical home links.
    std::vector<Placed<std::string>> links;
    /// Where secrets stand.
    std::vector<ConfigPlace> keys;

    void check(ConfigReport& report) const;
};

} // namespace anchor6::io
