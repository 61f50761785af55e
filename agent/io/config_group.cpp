// SPDX-License-Identifier: GPL-2.0-or-later
#include "io/config_group.h"

#include <algorithm>
#include <limits>

namespace anchor6::io {

namespace {

constexpr std::int64_t number_max = std::numeric_limits<std::uint32_t>::max();
/// What the Home Agent Information option can say (RFC 6275 section 7.4).
constexpr IntegerRange preference_range{std::numeric_limits<std::int16_t>::min(),
                                        std::numeric_limits<std::int16_t>::max()};
constexpr IntegerRange agent_lifetime_range{1, std::numeric_limits<std::uint16_t>::max()};
/// The rest of the address is the home-agents anycast identifier (RFC 2526).
constexpr std::uint8_t link_prefix_length_max = 121;

void check_home_prefix(ConfigTable& table, const core::HomePrefix& home, ConfigReport& report) {
    static const wire::Prefix multicast = *wire::Prefix::parse("ff00::/8");
    static const wire::Prefix link_local = *wire::Prefix::parse("fe80::/10");
    if (home.prefix.length() == 0)
        report.error(table.place("prefix"), "must be longer than 0 bits");
    else if (home.prefix.overlaps(multicast) || home.prefix.overlaps(link_local))
        report.error(table.place("prefix"), "contains multicast or link-local addresses");
}

void read_lifetimes(ConfigTable& table, core::PrefixLifetimes& lifetimes, ConfigReport& report) {
    table.optional_duration("valid_lifetime_s", {1, number_max}, lifetimes.valid);
    lifetimes.preferred = std::min(lifetimes.preferred, lifetimes.valid);
    table.optional_duration("preferred_lifetime_s", {0, number_max}, lifetimes.preferred);
    table.optional("valid_until", lifetimes.valid_until);
    table.optional("preferred_until", lifetimes.preferred_until);
    if (lifetimes.preferred > lifetimes.valid)
        report.error(table.place("preferred_lifetime_s"), "is longer than valid_lifetime_s");
    if (lifetimes.valid_until && lifetimes.preferred_until &&
        *lifetimes.preferred_until > *lifetimes.valid_until)
        report.error(table.place("preferred_until"), "is later than valid_until");
}

void read_link(ConfigTable& table, core::HomePrefix& home, ConfigClaims& claims,
               ConfigReport& report) {
    if (!table.optional_device("link", home.link))
        return;
    claims.links.push_back({home.link, table.place("link")});
    if (home.assign_length)
        report.error(table.place("assign_length"),
                     "nodes are not assigned prefixes of a physical home link");
    if (home.prefix.length() > link_prefix_length_max)
        report.error(table.place("prefix"),
                     "on a physical home link must not be longer than 121 bits");
}

void read_home_prefix(ConfigTable table, core::Group& group, ConfigClaims& claims,
                      ConfigReport& report) {
    core::HomePrefix home;
    bool known = table.required("prefix", home.prefix);
    IntegerRange lengths{home.prefix.length(), wire::Prefix::max_length};
    if (auto length = table.optional("assign_length", lengths))
        home.assign_length = static_cast<std::uint8_t>(*length);
    read_link(table, home, claims, report);
    read_lifetimes(table, home.lifetimes, report);
    table.finish();
    if (!known)
        return;
    check_home_prefix(table, home, report);
    group.home_prefixes.push_back(home);
    claims.home_prefixes.push_back({{home, group.name}, table.place("prefix")});
}

void read_anchor_address(ConfigTable& table, const std::string& key, wire::Address& address,
                         const core::Group& group, ConfigClaims& claims) {
    if (table.required(key, address))
        claims.anchor_addresses.push_back({{address, group.name}, table.place(key)});
}

} // namespace

void read_group(ConfigTable table, core::Config& config, ConfigClaims& claims,
                ConfigReport& report) {
    core::Group group;
    if (table.required_name("name", group.name))
        claims.group_names.push_back({group.name, table.place("name")});
    if (auto id = table.required("id", {0, number_max})) {
        group.id = static_cast<std::uint32_t>(*id);
        claims.group_ids.push_back({group.id, table.place("id")});
    }
    table.optional_number("epoch", {0, number_max}, group.epoch);
    read_anchor_address(table, "home_agent_address", group.home_agent_address, group, claims);
    read_anchor_address(table, "lma_address", group.lma_address, group, claims);
    table.optional_number("home_agent_preference", preference_range, group.home_agent_preference);
    table.optional_duration("home_agent_lifetime_s", agent_lifetime_range,
                            group.home_agent_lifetime);
    auto home_prefixes = table.tables("home_prefix");
    if (home_prefixes.empty())
        report.error(table.place("home_prefix"), "a group needs at least one");
    for (ConfigTable& home_prefix : home_prefixes)
        read_home_prefix(home_prefix, group, claims, report);
    table.finish();
    config.groups.push_back(std::move(group));
}

} // namespace anchor6::io
