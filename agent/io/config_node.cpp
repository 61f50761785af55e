// SPDX-License-Identifier: GPL-2.0-or-later
#include "io/config_node.h"

#include <algorithm>
#include <span>

#include "core/identifier_map.h"
#include "io/config_association.h"

namespace anchor6::io {

namespace {

constexpr std::int64_t lifetime_max_s = core::longest_lifetime.count();
constexpr std::int64_t hour_ms = 3600000;
constexpr std::int64_t hour_s = 3600;
constexpr std::int64_t preference_max = 255;
/// Octets of an MN-Identifier option (RFC 4283 section 3).
constexpr std::size_t identifier_size_max = 254;
/// The kernel's own tables and rules end below and begin above.
constexpr IntegerRange table_range{256, 0x7fffff00};
constexpr IntegerRange priority_range{1, 32000};
/// Names of the tunnels have two characters more.
constexpr std::size_t device_size_max = 12;
constexpr std::uint8_t home_prefix_length = 64;
/// The rest of the address is the home-agents anycast identifier (RFC 2526).
constexpr std::uint8_t home_prefix_length_max = 121;

void read_home_prefix(ConfigTable& table, core::MobileNodeConfig& node, ConfigReport& report) {
    wire::Prefix& prefix = node.home_network_prefix;
    prefix = *wire::Prefix::of(node.home_address, home_prefix_length);
    if (!table.has("home_network_prefix"))
        return;
    if (!table.required("home_network_prefix", prefix))
        return;
    if (!prefix.contains(node.home_address))
        report.error(table.place("home_network_prefix"), "does not contain home_address");
    else if (prefix.length() == 0 || prefix.length() > home_prefix_length_max)
        report.error(table.place("home_network_prefix"), "must have 1 to 121 bits");
}

void read_home(ConfigTable& table, core::MobileNodeConfig& node, ConfigReport& report) {
    if (table.required("home_address", node.home_address))
        read_home_prefix(table, node, report);
    else
        table.know({"home_network_prefix"});
    if (!table.has("home_agent"))
        return;
    if (table.required("home_agent", node.home_agent.emplace()) &&
        node.home_agent == node.home_address)
        report.error(table.place("home_agent"), "is the home address");
}

void read_mobile_prefixes(ConfigTable& table, core::MobileNodeConfig& node, ConfigReport& report) {
    const std::string key = "mobile_network_prefixes";
    table.optional("mobile_router", node.mobile_router);
    if (!table.optional(key, node.mobile_network_prefixes))
        return;
    if (!node.mobile_router && !node.mobile_network_prefixes.empty())
        report.error(table.place(key), "has a meaning only with mobile_router = true");
    for (std::size_t index = 0; index < node.mobile_network_prefixes.size(); ++index) {
        const wire::Prefix& prefix = node.mobile_network_prefixes[index];
        const auto others = std::span{node.mobile_network_prefixes}.first(index);
        if (prefix.length() == 0 || !prefix.address().is_routable_unicast())
            report.error(table.place(key, index), "is no prefix that a node can have");
        else if (std::ranges::any_of(others, [&](const auto& one) { return one.overlaps(prefix); }))
            report.error(table.place(key, index), "overlaps another one");
    }
}

void read_interface(ConfigTable table, core::MobileNodeConfig& node, ConfigReport& report) {
    core::AccessInterface access;
    if (!table.has("name"))
        report.error(table.place("name"), "is missing");
    table.optional_device("name", access.name);
    table.optional_number("preference", {0, preference_max}, access.preference);
    if (std::ranges::find(node.interfaces, access.name, &core::AccessInterface::name) !=
        node.interfaces.end())
        report.error(table.place("name"), "stands in two tables");
    table.finish();
    node.interfaces.push_back(std::move(access));
}

void read_interfaces(ConfigTable& table, core::MobileNodeConfig& node, ConfigReport& report) {
    for (ConfigTable& interface : table.tables("interface"))
        read_interface(interface, node, report);
    if (node.interfaces.empty())
        report.error(table.place("interface"), "at least one is needed");
}

void read_identifier(ConfigTable& table, core::MobileNodeConfig& node, ConfigReport& report) {
    if (!table.optional("identifier", node.identifier) || node.identifier.empty())
        return;
    if (node.identifier.size() > identifier_size_max ||
        core::parse_identifier_pattern(node.identifier).kind != core::IdentifierPattern::identifier)
        report.error(table.place("identifier"), "must be the identifier of one node");
}

void read_authentication(ConfigTable& table, core::MobileNodeConfig& node, ConfigClaims& claims,
                         ConfigReport& report) {
    std::string text;
    if (table.required("authentication", text) && text == "mn-ha") {
        node.authentication = core::Authentication::mn_ha;
        node.mn_ha = read_association(table, claims, report);
        return;
    }
    refuse_association(table, report);
    if (text == "none") {
        node.authentication = core::Authentication::none;
        report.warning(table.place("authentication"),
                       "\"none\": anybody can speak for the home agent");
    } else if (!text.empty()) {
        report.error(table.place("authentication"), "must be \"mn-ha\" or \"none\"");
    }
}

void read_retransmission(ConfigTable& table, core::RetransmissionTimers& timers,
                         ConfigReport& report) {
    table.optional_duration("first_bindack_timeout_ms", {10, hour_ms}, timers.first_registration);
    table.optional_duration("initial_bindack_timeout_ms", {10, hour_ms}, timers.initial);
    table.optional_duration("max_bindack_timeout_ms", {10, hour_ms}, timers.most);
    if (timers.most < timers.initial)
        report.error(table.place("max_bindack_timeout_ms"),
                     "is shorter than initial_bindack_timeout_ms");
}

void read_timers(ConfigTable& table, core::MobileNodeConfig& node, ConfigReport& report) {
    core::MobileNodeTimers& timers = node.timers;
    table.optional_duration("lifetime_s", {4, lifetime_max_s}, node.lifetime);
    read_retransmission(table, timers.retransmission, report);
    table.optional_duration("initial_dhaad_timeout_ms", {10, hour_ms}, timers.initial_discovery);
    table.optional_number("dhaad_retries", {0, 16}, timers.discovery_retries);
    table.optional_duration("initial_solicit_timer_ms", {10, hour_ms}, timers.initial_solicitation);
    table.optional_duration("retry_after_refusal_s", {1, hour_s}, timers.refusal_delay);
    table.optional_duration("old_path_ms", {0, hour_ms}, timers.old_path);
}

void read_device(ConfigTable& table, core::MobileNodeConfig& node, ConfigReport& report) {
    table.optional_device("device", node.device);
    if (node.device.size() > device_size_max)
        report.error(table.place("device"), "must have 12 characters at most");
    if (std::ranges::find(node.interfaces, node.device, &core::AccessInterface::name) !=
        node.interfaces.end())
        report.error(table.place("device"), "is an interface of the node");
    table.optional_number("routing_table", table_range, node.routing_table);
    table.optional_number("rule_priority", priority_range, node.rule_priority);
}

} // namespace

core::MobileNodeConfig read_mobile_node(ConfigTable table, ConfigClaims& claims,
                                        ConfigReport& report) {
    core::MobileNodeConfig node;
    read_home(table, node, report);
    read_interfaces(table, node, report);
    read_mobile_prefixes(table, node, report);
    table.optional("link_local", node.link_local);
    table.optional("key_management", node.key_management);
    read_identifier(table, node, report);
    read_authentication(table, node, claims, report);
    read_timers(table, node, report);
    read_device(table, node, report);
    table.finish();
    return node;
}

} // namespace anchor6::io
