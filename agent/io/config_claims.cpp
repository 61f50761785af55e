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

const wire::Prefix& prefix_of(const core::HomePrefix& home) {
    return home.prefix;
}
const wire::Prefix& prefix_of(const wire::Prefix& prefix) {
    return prefix;
}

// Sorted by address, of overlapping prefixes the shorter one comes first, and what it contains
// follows without a gap: comparing with the last one that nothing contained finds each overlap.
template <class Value>
void refuse_overlaps(std::vector<Placed<InGroup<Value>>> claims, ConfigReport& report) {
    std::ranges::sort(claims, {}, [](const auto& claim) { return prefix_of(claim.value.value); });
    const Placed<InGroup<Value>>* outer = nullptr;
    for (const auto& claim : claims) {
        const wire::Prefix& prefix = prefix_of(claim.value.value);
        if (outer != nullptr && prefix_of(outer->value.value).overlaps(prefix))
            report.error(claim.place, prefix.to_string() + " overlaps " +
                                          prefix_of(outer->value.value).to_string() + " of " +
                                          at_line(outer->place));
        else
            outer = &claim;
    }
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
    for (const auto& [prefix, place] : claims.node_prefixes)
        if (prefix.value.contains(address))
            report.error(claim.place, "lies inside a node's home network prefix " +
                                          prefix.value.to_string() + " of " + at_line(place));
}

bool is_inside_home_prefix(const InGroup<wire::Prefix>& prefix, const ConfigClaims& claims) {
    return std::ranges::any_of(claims.home_prefixes, [&prefix](const auto& home) {
        return home.value.group == prefix.group && home.value.value.prefix.contains(prefix.value);
    });
}

void refuse_stray_node_prefixes(const ConfigClaims& claims, ConfigReport& report) {
    for (const auto& [prefix, place] : claims.node_prefixes)
        if (!is_inside_home_prefix(prefix, claims))
            report.error(place, prefix.value.to_string() +
                                    " lies outside every home prefix of group \"" + prefix.group +
                                    "\"");
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
    refuse_overlaps(home_prefixes, report);
    refuse_overlaps(node_prefixes, report);
    refuse_too_many_home_prefixes(*this, report);
    refuse_unknown_groups(*this, report);
    refuse_stray_node_prefixes(*this, report);
    for (const auto& claim : anchor_addresses)
        refuse_assignable(claim, claim.value.value, *this, report);
    for (const auto& claim : mag_addresses)
        refuse_assignable(claim, claim.value, *this, report);
}

} // namespace anchor6::io
