// SPDX-License-Identifier: GPL-2.0-or-later
#include "io/config_claims.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <unordered_map>

#include <anchor6.h>

namespace anchor6::io {

namespace {

using AddressClaims = std::vector<Placed<wire::Address>>;

template <class Value>
void refuse_duplicates(const std::vector<Placed<Value>>& claims, const std::string& noun,
                       ConfigReport& report) {
    std::map<Value, ConfigPlace> seen;
    for (const auto& [value, place] : claims) {
        auto [first, inserted] = seen.emplace(value, place);
        if (!inserted)
            report.error(place, "the same " + noun + " stands in " +
                                    report.reference(first->second, place));
    }
}

void refuse_duplicate_identifiers(const ConfigClaims& claims, const core::Config& config,
                                  ConfigReport& report) {
    std::unordered_map<std::string_view, std::uint32_t> seen;
    seen.reserve(config.nodes.size());
    for (std::uint32_t node = 0; node < config.nodes.size(); ++node) {
        const std::string& identifier = config.nodes[node].identifier;
        auto [first, inserted] = seen.emplace(identifier, node);
        // One that is missing is reported already.
        if (inserted || identifier.empty())
            continue;
        const ConfigPlace place = claims.place_of_identifier(node);
        report.error(place, "the same node identifier stands in " +
                                report.reference(claims.place_of_identifier(first->second), place));
    }
}

// Sorted by address, of overlapping prefixes the shorter one comes first, and what it contains
// follows without a gap: comparing with the last one that nothing contained finds each overlap.
// `complain` is called with each such pair.
template <class Claim, class PrefixOf, class Complain>
void each_overlap(std::vector<Claim>& claims, PrefixOf prefix_of, Complain complain) {
    std::ranges::stable_sort(claims, {}, prefix_of);
    const Claim* outer = nullptr;
    for (const Claim& claim : claims) {
        if (outer == nullptr || !prefix_of(*outer).overlaps(prefix_of(claim)))
            outer = &claim;
        else
            complain(claim, *outer);
    }
}

std::string overlap(const wire::Prefix& prefix, const wire::Prefix& outer,
                    const std::string& reference) {
    return prefix.to_string() + " overlaps " + outer.to_string() + " of " + reference;
}

void refuse_overlapping_home_prefixes(const ConfigClaims& claims, ConfigReport& report) {
    std::vector<Placed<InGroup<core::HomePrefix>>> sorted = claims.home_prefixes;
    const auto prefix_of = [](const auto& claim) { return claim.value.value.prefix; };
    each_overlap(sorted, prefix_of, [&](const auto& claim, const auto& outer) {
        report.error(claim.place, overlap(prefix_of(claim), prefix_of(outer),
                                          report.reference(outer.place, claim.place)));
    });
}

// A node's own lists may overlap, not the elements of one list.
void refuse_overlapping_nodes(ConfigClaims& claims, ConfigReport& report) {
    const auto prefix_of = [](const NodeClaim& claim) { return claim.prefix; };
    each_overlap(claims.of_nodes, prefix_of, [&](const NodeClaim& claim, const NodeClaim& outer) {
        if (claim.node == outer.node && claim.list != outer.list)
            return;
        const ConfigPlace place = claims.place(claim);
        report.error(place, overlap(claim.prefix, outer.prefix,
                                    report.reference(claims.place(outer), place)));
    });
}

void refuse_address_in_two_groups(const std::vector<Placed<InGroup<wire::Address>>>& claims,
                                  ConfigReport& report) {
    std::map<wire::Address, const Placed<InGroup<wire::Address>>*> seen;
    for (const auto& claim : claims) {
        auto [first, inserted] = seen.emplace(claim.value.value, &claim);
        if (!inserted && first->second->value.group != claim.value.group)
            report.error(claim.place, "is the address of another group in " +
                                          report.reference(first->second->place, claim.place));
    }
}

AddressClaims addresses_of_routers(const ConfigClaims& claims) {
    AddressClaims addresses = claims.mag_addresses;
    for (const auto& [address, place] : claims.anchor_addresses)
        addresses.push_back({address.value, place});
    std::ranges::stable_sort(addresses, {}, &Placed<wire::Address>::value);
    return addresses;
}

// An anchor's address on its home link lies inside a home prefix, as RFC 6275 has it; it must only
// not be one that a node can be given.
void refuse_assignable(const AddressClaims& addresses, const ConfigClaims& claims,
                       ConfigReport& report) {
    for (const auto& [address, place] : addresses)
        for (const auto& [home, home_place] : claims.home_prefixes)
            if (home.value.assign_length && home.value.prefix.contains(address))
                report.error(place, "lies inside the home prefix " + home.value.prefix.to_string() +
                                        " of " + report.reference(home_place, place) +
                                        ", which is assigned to nodes");
}

std::string belonging(const NodeClaim& claim, const std::string& reference) {
    if (claim.list == NodeList::home_addresses)
        return "is a node's home address of " + reference;
    const std::string noun = claim.list == NodeList::home_network_prefixes
                                 ? "home network prefix "
                                 : "mobile network prefix ";
    return "lies inside a node's " + noun + claim.prefix.to_string() + " of " + reference;
}

void refuse_of_nodes(const AddressClaims& addresses, const ConfigClaims& claims,
                     ConfigReport& report) {
    for (const NodeClaim& claim : claims.of_nodes)
        for (auto inside = std::ranges::lower_bound(addresses, claim.prefix.address(), {},
                                                    &Placed<wire::Address>::value);
             inside != addresses.end() && claim.prefix.contains(inside->value); ++inside)
            report.error(inside->place,
                         belonging(claim, report.reference(claims.place(claim), inside->place)));
}

// Most likely mistyped, and its nodes would be refused one by one.
void refuse_useless_mag_prefixes(const ConfigClaims& claims, ConfigReport& report) {
    for (const auto& claim : claims.mag_prefixes)
        if (!std::ranges::any_of(claims.home_prefixes, [&](const auto& home) {
                return home.value.value.prefix.overlaps(claim.value);
            }))
            report.error(claim.place, claim.value.to_string() + " overlaps no home prefix");
}

void refuse_too_many_home_prefixes(const ConfigClaims& claims, ConfigReport& report) {
    if (claims.home_prefixes.size() > ANCHOR6_HOME_PREFIXES_MAX)
        report.error(claims.home_prefixes[ANCHOR6_HOME_PREFIXES_MAX].place,
                     "more than " + std::to_string(ANCHOR6_HOME_PREFIXES_MAX) + " home prefixes");
}

const char* name_of(NodeList list) {
    switch (list) {
    case NodeList::home_network_prefixes:
        return "home_network_prefixes";
    case NodeList::mobile_network_prefixes:
        return "mobile_network_prefixes";
    case NodeList::home_addresses:
        break;
    }
    return "home_addresses";
}

ConfigPlace place_in_node(const std::vector<NodeFile>& files, std::uint32_t node,
                          std::uint32_t line, const std::string& key) {
    const auto after = std::ranges::upper_bound(files, node, {}, &NodeFile::first_node);
    const NodeFile& file = *std::prev(after);
    const std::string index = "[" + std::to_string(node - file.first_node) + "].";
    return {line, file.array.empty() ? key : file.array + index + key, file.number};
}

} // namespace

void ConfigClaims::note_key(const ConfigPlace& place) {
    if (keys.empty() || keys.back().file != place.file)
        keys.push_back(place);
}

const core::HomePrefix* ConfigClaims::enclosing(const wire::Prefix& prefix,
                                                const std::string& group) const {
    const auto found = std::ranges::find_if(home_prefixes, [&](const auto& home) {
        return home.value.value.prefix.contains(prefix) && home.value.group == group;
    });
    return found == home_prefixes.end() ? nullptr : &found->value.value;
}

ConfigPlace ConfigClaims::place(const NodeClaim& claim) const {
    return place_in_node(node_files, claim.node, claim.line,
                         name_of(claim.list) + ("[" + std::to_string(claim.element) + "]"));
}

ConfigPlace ConfigClaims::place_of_identifier(std::uint32_t node) const {
    return place_in_node(node_files, node, node_lines[node], "identifier");
}

void ConfigClaims::check(const core::Config& config, ConfigReport& report) {
    refuse_duplicates(group_names, "group name", report);
    refuse_duplicates(group_ids, "group identifier", report);
    refuse_duplicates(mag_names, "MAG name", report);
    refuse_duplicates(mag_addresses, "MAG address", report);
    refuse_duplicate_identifiers(*this, config, report);
    refuse_address_in_two_groups(anchor_addresses, report);
    refuse_overlapping_home_prefixes(*this, report);
    refuse_overlapping_nodes(*this, report);
    refuse_too_many_home_prefixes(*this, report);
    refuse_useless_mag_prefixes(*this, report);
    const AddressClaims addresses = addresses_of_routers(*this);
    refuse_assignable(addresses, *this, report);
    refuse_of_nodes(addresses, *this, report);
}

} // namespace anchor6::io
