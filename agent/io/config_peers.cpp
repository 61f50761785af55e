// SPDX-License-Identifier: GPL-2.0-or-later
#include "io/config_peers.h"

#include <algorithm>

#include "core/identifier_map.h"
#include "io/config_association.h"

namespace anchor6::io {

namespace {

constexpr std::int64_t lifetime_max_s = core::longest_lifetime.count();
constexpr std::int64_t rate_max = 1000000;
/// Octets of an MN-Identifier option (RFC 4283 section 3).
constexpr std::size_t identifier_size_max = 254;

constexpr const char* identifier_rule =
    "must be an identifier, \"*@realm\", \"*@*.realm\" or \"*\"";

bool is_pattern(const std::string& text) {
    const auto kind = core::parse_identifier_pattern(text).kind;
    return kind != core::IdentifierPattern::identifier && kind != core::IdentifierPattern::invalid;
}

bool is_identifier_or_pattern(const std::string& text) {
    return text.size() <= identifier_size_max &&
           core::parse_identifier_pattern(text).kind != core::IdentifierPattern::invalid;
}

std::string read_authentication(ConfigTable& table, const std::string& noun, ConfigReport& report) {
    std::string text;
    if (!table.has("authentication")) {
        report.warning(table.place("authentication"),
                       "is missing: every message of this " + noun + " will be refused");
        return {};
    }
    table.required("authentication", text);
    if (text == "none")
        report.warning(table.place("authentication"),
                       "\"none\": anybody can speak for this " + noun);
    else if (text == "ipsec")
        report.error(table.place("authentication"), "\"ipsec\" is not available yet");
    return text;
}

void read_mag_authentication(ConfigTable& table, core::Mag& mag, ConfigReport& report) {
    std::string text = read_authentication(table, "MAG", report);
    if (text == "none")
        mag.authentication = core::Authentication::none;
    else if (!text.empty() && text != "ipsec")
        report.error(table.place("authentication"), "must be \"none\"");
}

void read_node_authentication(ConfigTable& table, core::Node& node, ConfigClaims& claims,
                              ConfigReport& report) {
    std::string text = read_authentication(table, "node", report);
    if (text == "mn-ha") {
        node.authentication = core::Authentication::mn_ha;
        node.mn_ha = read_association(table, claims, report);
        if (is_pattern(node.identifier))
            report.error(table.place("authentication"), "a key belongs to one node");
        return;
    }
    refuse_association(table, report);
    if (text == "none")
        node.authentication = core::Authentication::none;
    else if (!text.empty() && text != "ipsec")
        report.error(table.place("authentication"), "must be \"mn-ha\" or \"none\"");
}

void read_peer_protocols(ConfigTable& table, core::Mag& mag) {
    table.optional("heartbeat", mag.heartbeat);
    table.optional("end_sessions_when_unreachable", mag.end_sessions_when_unreachable);
    table.optional("end_sessions_when_restarted", mag.end_sessions_when_restarted);
    table.optional("revocation", mag.revocation);
    table.optional("global_revocation", mag.global_revocation);
}

void read_node_patterns(ConfigTable& table, core::Mag& mag, ConfigReport& report) {
    if (!table.required("nodes", mag.nodes))
        return;
    for (std::size_t index = 0; index < mag.nodes.size(); ++index) {
        if (!is_identifier_or_pattern(mag.nodes[index]))
            report.error(table.place("nodes", index), identifier_rule);
    }
}

void read_node_group(ConfigTable& table, const core::Config& config, core::Node& node,
                     ConfigReport& report) {
    if (table.has("group")) {
        if (table.required("group", node.group) &&
            std::ranges::find(config.groups, node.group, &core::Group::name) == config.groups.end())
            report.error(table.place("group"), "there is no group \"" + node.group + "\"");
    } else if (config.groups.size() == 1) {
        node.group = config.groups.front().name;
    } else {
        report.error(table.place("group"), "is missing, and there is not exactly one group");
    }
}

void read_limits_of_node(ConfigTable& table, core::Node& node, ConfigReport& report) {
    table.optional_duration("max_home_lifetime_s", {4, lifetime_max_s}, node.max_home_lifetime);
    table.optional_duration("max_proxy_lifetime_s", {4, lifetime_max_s}, node.max_proxy_lifetime);
    std::string text;
    if (!table.optional("link_local_address", text))
        return;
    const auto address = wire::Address::parse(text);
    if (address && address->is_link_local())
        node.link_local_address = address;
    else
        report.error(table.place("link_local_address"), "must be a link-local address");
}

wire::Prefix as_prefix(const wire::Prefix& prefix) {
    return prefix;
}
wire::Prefix as_prefix(const wire::Address& address) {
    return wire::Prefix::host(address);
}

void refuse_stray(NodeList list, const wire::Prefix& prefix, const std::string& group,
                  const ConfigPlace& place, const ConfigClaims& claims, ConfigReport& report) {
    const core::HomePrefix* home = claims.enclosing(prefix, group);
    if (list == NodeList::home_addresses && (home == nullptr || home->link.empty()))
        report.error(place, prefix.address().to_string() +
                                " lies on no physical home link of group \"" + group + "\"");
    else if (home == nullptr)
        report.error(place, prefix.to_string() + " lies outside every home prefix of group \"" +
                                group + "\"");
}

/// Reads what belongs to the node alone, prefixes or addresses.
template <class Value>
void read_own(ConfigTable& table, NodeList list, const std::string& key, std::vector<Value>& values,
              const core::Node& node, ConfigClaims& claims, ConfigReport& report) {
    bool given = table.optional(key, values);
    if (given && is_pattern(node.identifier) && !values.empty())
        report.error(table.place(key), "would be given to many nodes");
    // Without a group that is reported already, there is nothing to compare with.
    if (!given || node.group.empty())
        return;
    const auto index = static_cast<std::uint32_t>(claims.node_lines.size() - 1);
    for (std::uint32_t element = 0; element < values.size(); ++element) {
        const wire::Prefix prefix = as_prefix(values[element]);
        const ConfigPlace place = table.place(key, element);
        refuse_stray(list, prefix, node.group, place, claims, report);
        claims.of_nodes.push_back({prefix, list, element, index, place.line});
    }
}

} // namespace

void read_mag(ConfigTable table, core::Config& config, ConfigClaims& claims, ConfigReport& report) {
    core::Mag mag;
    if (table.required_name("name", mag.name))
        claims.mag_names.push_back({mag.name, table.place("name")});
    if (table.required("addresses", mag.addresses)) {
        for (std::size_t index = 0; index < mag.addresses.size(); ++index)
            claims.mag_addresses.push_back({mag.addresses[index], table.place("addresses", index)});
        if (mag.addresses.empty())
            report.error(table.place("addresses"), "must not be empty");
    }
    read_node_patterns(table, mag, report);
    table.optional("home_network_prefixes", mag.home_network_prefixes);
    for (std::size_t index = 0; index < mag.home_network_prefixes.size(); ++index)
        claims.mag_prefixes.push_back(
            {mag.home_network_prefixes[index], table.place("home_network_prefixes", index)});
    table.optional_number("bindings", {0, 1 << 22}, mag.bindings);
    table.optional_number("messages_per_second", {1, rate_max}, mag.messages_per_second);
    table.optional("strict", mag.strict);
    read_peer_protocols(table, mag);
    read_mag_authentication(table, mag, report);
    table.finish();
    config.mags.push_back(std::move(mag));
}

void read_node(ConfigTable table, core::Config& config, ConfigClaims& claims,
               ConfigReport& report) {
    core::Node node;
    if (table.required("identifier", node.identifier)) {
        if (!is_identifier_or_pattern(node.identifier))
            report.error(table.place("identifier"), identifier_rule);
    }
    claims.node_lines.push_back(table.place("identifier").line);
    read_node_group(table, config, node, report);
    using enum NodeList;
    read_own(table, home_network_prefixes, "home_network_prefixes", node.home_network_prefixes,
             node, claims, report);
    read_own(table, mobile_network_prefixes, "mobile_network_prefixes",
             node.mobile_network_prefixes, node, claims, report);
    read_own(table, home_addresses, "home_addresses", node.home_addresses, node, claims, report);
    table.optional("proxy_mobility", node.proxy_mobility);
    table.optional("host_mobility", node.host_mobility);
    table.optional("mobile_router", node.mobile_router);
    read_limits_of_node(table, node, report);
    read_node_authentication(table, node, claims, report);
    table.finish();
    config.nodes.push_back(std::move(node));
}

} // namespace anchor6::io
