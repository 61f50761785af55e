// SPDX-License-Identifier: GPL-2.0-or-later
#include "io/config_claims.h"

#include <algorithm>
#include <map>
#include <set>

#include <anchor6.h>

namespace anchor6::io {

namespace {

std::string at_line(const ConfigPlace& place) {
    return "line " + std::to_string(place.line);
}

template <class Value>
void refuse_duplicates(const std::vector<Placed<Value>>& claims, const std::string& noun,
                       ConfigReport& report) {
    std::map<Value, ConfigPlace> seen;
    for (const auto& [value, place] : claims) {
        auto [first, inserted] = seen.emplace(value, place);
        if (!inserted)
            report.error(place, "the same " + noun + " stands in " + at_line(first->second));
    }
}

/// A prefix that must not overlap those of other owners, nor others of its own list.
struct Exclusive {
    wire::Prefix prefix;
    /// Empty: nobody, every overlap is one.
    std::string owner;
    const void* list = nullptr;
    ConfigPlace place;

    bool tolerates(const Exclusive& other) const {
        return !owner.empty() && owner == other.owner && list != other.list;
    }
};

// Sorted by address, of overlapping prefixes the shorter one comes first, and what it contains
// follows without a gap: comparing with the last one that nothing contained finds each overlap.
void refuse_overlaps(std::vector<Exclusive> claims, ConfigReport& report) {
    std::ranges::stable_sort(claims, {}, &Exclusive::prefix);
    const Exclusive* outer = nullptr;
    for (const Exclusive& claim : claims) {
        if (outer == nullptr || !outer->prefix.overlaps(claim.prefix))
            outer = &claim;
        else if (!claim.tolerates(*outer))
            report.error(claim.place, claim.prefix.to_string() + " overlaps " +
                                          outer->prefix.to_string() + " of " +
                                          at_line(outer->place));
    }
}

wire::Prefix as_prefix(const wire::Prefix& prefix) {
    return prefix;
}
wire::Prefix as_prefix(const wire::Address& address) {
    return wire::Prefix::host(address);
}

template <class Value>
void append(std::vector<Exclusive>& all, const std::vector<Placed<OfNode<Value>>>& claims) {
    for (const auto& [claim, place] : claims)
        all.push_back({as_prefix(claim.value), claim.node, &claims, place});
}

void refuse_overlapping_home_prefixes(const ConfigClaims& claims, ConfigReport& report) {
    std::vector<Exclusive> all;
    for (const auto& [home, place] : claims.home_prefixes)
        all.push_back({home.value.prefix, {}, &claims.home_prefixes, place});
    refuse_overlaps(std::move(all), report);
}

void refuse_overlapping_nodes(const ConfigClaims& claims, ConfigReport& report) {
    std::vector<Exclusive> all;
    append(all, claims.node_prefixes);
    append(all, claims.mobile_network_prefixes);
    append(all, claims.home_addresses);
    refuse_overlaps(std::move(all), report);
}

void refuse_address_in_two_groups(const std::vector<Placed<InGroup<wire::Address>>>& claims,
                                  ConfigReport& report) {
    std::map<wire::Address, const Placed<InGroup<wire::Address>>*> seen;
    for (const auto& claim : claims) {
        auto [first, inserted] = seen.emplace(claim.value.value, &claim);
        if (!inserted && first->second->value.group != claim.value.group)
            report.error(claim.place,
                         "is the address of another group in " + at_line(first->second->place));
    }
}

template <class Claim, class Value>
void refuse_of_node(const Claim& claim, const wire::Address& address,
                    const std::vector<Placed<OfNode<Value>>>& nodes, const std::string& noun,
                    ConfigReport& report) {
    for (const auto& [own, place] : nodes)
        if (as_prefix(own.value).contains(address))
            report.error(claim.place, "lies inside a node's " + noun + " " + own.value.to_string() +
                                          " of " + at_line(place));
}

// An anchor's address on its home link lies inside a home prefix, as RFC 6275 has it; it must only
// not be one that a node can be given.
template <class Claim>
void refuse_assignable(const Claim& claim, const wire::Address& address, const ConfigClaims& claims,
                       ConfigReport& report) {
    for (const auto& [home, place] : claims.home_prefixes)
        if (home.value.assign_length && home.value.prefix.contains(address))
            report.error(claim.place, "lies inside the home prefix " +
                                          home.value.prefix.to_string() + " of " + at_line(place) +
                                          ", which is assigned to nodes");
    refuse_of_node(claim, address, claims.node_prefixes, "home network prefix", report);
    refuse_of_node(claim, address, claims.mobile_network_prefixes, "mobile network prefix", report);
    for (const auto& [own, place] : claims.home_addresses)
        if (own.value == address)
            report.error(claim.place, "is a node's home address of " + at_line(place));
}

const core::HomePrefix* enclosing(const wire::Prefix& prefix, const std::string& group,
                                  const ConfigClaims& claims) {
    auto found = std::ranges::find_if(claims.home_prefixes, [&](const auto& home) {
        return home.value.group == group && home.value.value.prefix.contains(prefix);
    });
    return found == claims.home_prefixes.end() ? nullptr : &found->value.value;
}

void refuse_stray_prefixes(const std::vector<Placed<OfNode<wire::Prefix>>>& prefixes,
                           const ConfigClaims& claims, ConfigReport& report) {
    for (const auto& [prefix, place] : prefixes)
        if (enclosing(prefix.value, prefix.group, claims) == nullptr)
            report.error(place, prefix.value.to_string() +
                                    " lies outside every home prefix of group \"" + prefix.group +
                                    "\"");
}

void refuse_stray_home_addresses(const ConfigClaims& claims, ConfigReport& report) {
    for (const auto& [own, place] : claims.home_addresses) {
        const auto* home = enclosing(wire::Prefix::host(own.value), own.group, claims);
        if (home == nullptr || home->link.empty())
            report.error(place, own.value.to_string() +
                                    " lies on no physical home link of group \"" + own.group +
                                    "\"");
    }
}

void refuse_unknown_groups(const ConfigClaims& claims, ConfigReport& report) {
    std::set<std::string> names;
    for (const auto& group : claims.group_names)
        names.insert(group.value);
    for (const auto& [name, place] : claims.node_groups)
        if (!names.contains(name))
            report.error(place, "there is no group \"" + name + "\"");
}

void refuse_too_many_home_prefixes(const ConfigClaims& claims, ConfigReport& report) {
    if (claims.home_prefixes.size() > ANCHOR6_HOME_PREFIXES_MAX)
        report.error(claims.home_prefixes[ANCHOR6_HOME_PREFIXES_MAX].place,
                     "more than " + std::to_string(ANCHOR6_HOME_PREFIXES_MAX) + " home prefixes");
}

} // namespace

void ConfigClaims::check(ConfigReport& report) const {
    refuse_duplicates(group_names, "group name", report);
    refuse_duplicates(group_ids, "group identifier", report);
    refuse_duplicates(mag_names, "MAG name", report);
    refuse_duplicates(mag_addresses, "MAG address", report);
    refuse_duplicates(node_identifiers, "node identifier", report);
    refuse_address_in_two_groups(anchor_addresses, report);
    refuse_overlapping_home_prefixes(*this, report);
    refuse_overlapping_nodes(*this, report);
    refuse_too_many_home_prefixes(*this, report);
    refuse_unknown_groups(*this, report);
    refuse_stray_prefixes(node_prefixes, *this, report);
    refuse_stray_prefixes(mobile_network_prefixes, *this, report);
    refuse_stray_home_addresses(*this, report);
    for (const auto& claim : anchor_addresses)
        refuse_assignable(claim, claim.value.value, *this, report);
    for (const auto& claim : mag_addresses)
        refuse_assignable(claim, claim.value, *this, report);
}

} // namespace anchor6::io
