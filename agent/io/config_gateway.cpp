// SPDX-License-Identifier: GPL-2.0-or-later
#include "io/config_gateway.h"

#include <algorithm>
#include <limits>
#include <map>

#include "core/identifier_map.h"

namespace anchor6::io {

namespace {

constexpr std::int64_t lifetime_max_s = core::longest_lifetime.count();
constexpr std::int64_t hour_ms = 3600000;
constexpr std::int64_t hour_s = 3600;
constexpr std::int64_t octet_max = std::numeric_limits<std::uint8_t>::max();
/// The kernel's own tables and rules end below and begin above.
constexpr IntegerRange table_range{256, 0x7fffffff};
constexpr IntegerRange priority_range{1, 32000};
constexpr std::size_t ethernet_octets = 6;

void read_address(ConfigTable& table, const std::string& key, wire::Address& address,
                  ConfigReport& report) {
    if (table.required(key, address) && !address.is_routable_unicast())
        report.error(table.place(key), "must be a routable unicast address");
}

void read_link_layer_address(ConfigTable& table, const std::string& key,
                             wire::LinkLayerAddress& address, ConfigReport& report) {
    std::string text;
    if (!table.optional(key, text))
        return;
    const auto parsed = wire::parse_link_layer_address(text);
    const bool empty = text.empty();
    if (empty || (parsed && parsed->size() == ethernet_octets))
        address = parsed.value_or(wire::LinkLayerAddress{});
    else
        report.error(table.place(key), "must be six octets as in \"02:00:00:00:00:10\", or empty");
}

void read_link_local_address(ConfigTable& table, std::optional<wire::Address>& address,
                             ConfigReport& report) {
    std::string text;
    if (!table.optional("link_local_address", text))
        return;
    address = text == "lma" ? std::nullopt : wire::Address::parse(text);
    if (text != "lma" && (!address || !address->is_link_local()))
        report.error(table.place("link_local_address"), "must be a link-local address or \"lma\"");
}

void read_mobility(ConfigTable& table, const std::string& key, core::NodeMobility& mobility,
                   ConfigReport& report) {
    static const std::map<std::string, core::NodeMobility> kinds{
        {"proxy", core::NodeMobility::proxy},
        {"host", core::NodeMobility::host},
        {"refused", core::NodeMobility::refused}};
    std::string text;
    if (!table.optional(key, text))
        return;
    if (auto found = kinds.find(text); found != kinds.end())
        mobility = found->second;
    else
        report.error(table.place(key), "must be \"proxy\", \"host\" or \"refused\"");
}

void read_local_prefix(ConfigTable& table, core::AccessLink& access, ConfigReport& report) {
    if (table.has("local_prefix")) {
        wire::Prefix prefix;
        if (table.required("local_prefix", prefix))
            access.local_prefix = prefix;
    }
    if (access.unknown_nodes == core::NodeMobility::proxy)
        report.error(table.place("unknown_nodes"), "a node without a name cannot be registered");
    if (access.unknown_nodes == core::NodeMobility::host && !access.local_prefix)
        report.error(table.place("unknown_nodes"), "there is no local_prefix for them");
}

void read_access(ConfigTable table, core::GatewayConfig& gateway, ConfigReport& report) {
    core::AccessLink access;
    if (!table.has("interface"))
        report.error(table.place("interface"), "is missing");
    table.optional_device("interface", access.interface);
    if (std::ranges::find(gateway.access_links, access.interface, &core::AccessLink::interface) !=
        gateway.access_links.end())
        report.error(table.place("interface"), "stands in two tables");
    table.optional_number("access_technology", {1, octet_max}, access.access_technology);
    table.optional("link_events", access.link_events);
    read_mobility(table, "unknown_nodes", access.unknown_nodes, report);
    read_local_prefix(table, access, report);
    table.finish();
    gateway.access_links.push_back(std::move(access));
}

bool is_taken(const core::GatewayConfig& gateway, const core::GatewayNode& node) {
    return std::ranges::any_of(gateway.nodes, [&node](const core::GatewayNode& other) {
        return other.identifier == node.identifier ||
               (!node.link_layer_address.empty() &&
                other.link_layer_address == node.link_layer_address);
    });
}

void read_gateway_node(ConfigTable table, core::GatewayConfig& gateway, ConfigReport& report) {
    core::GatewayNode node;
    if (table.required("identifier", node.identifier) &&
        core::parse_identifier_pattern(node.identifier).kind != core::IdentifierPattern::identifier)
        report.error(table.place("identifier"), "must be the identifier of one node");
    read_link_layer_address(table, "link_layer_address", node.link_layer_address, report);
    table.optional("home_network_prefixes", node.home_network_prefixes);
    read_mobility(table, "mobility", node.mobility, report);
    if (table.has("lma_address"))
        read_address(table, "lma_address", node.lma_address.emplace(), report);
    if (is_taken(gateway, node))
        report.error(table.place("identifier"),
                     "it or its link-layer address stands in two tables");
    table.finish();
    gateway.nodes.push_back(std::move(node));
}

void read_authentication(ConfigTable& table, core::GatewayConfig& gateway, ConfigReport& report) {
    std::string text;
    if (!table.required("authentication", text))
        return;
    if (text == "none") {
        gateway.authentication = core::Authentication::none;
        report.warning(table.place("authentication"), "\"none\": anybody can speak for the anchor");
    } else {
        report.error(table.place("authentication"), "must be \"none\"");
    }
}

void read_timers(ConfigTable& table, core::GatewayConfig& gateway, ConfigReport& report) {
    core::RetransmissionTimers& timers = gateway.retransmission;
    table.optional_duration("lifetime_s", {4, lifetime_max_s}, gateway.lifetime);
    table.optional_duration("initial_bindack_timeout_ms", {10, hour_ms}, timers.initial);
    timers.first_registration = timers.initial;
    table.optional_duration("max_bindack_timeout_ms", {10, hour_ms}, timers.most);
    if (timers.most < timers.initial)
        report.error(table.place("max_bindack_timeout_ms"),
                     "is shorter than initial_bindack_timeout_ms");
    table.optional_number("deregistrations_max", {1, 16}, gateway.deregistrations_max);
    table.optional_duration("retry_after_refusal_s", {1, hour_s}, gateway.retry_after_refusal);
    table.optional_duration("retry_after_refusal_max_s", {1, hour_s},
                            gateway.retry_after_refusal_max);
    table.optional_duration("heartbeat_interval_s", {0, hour_s}, gateway.heartbeat_interval);
    table.optional_number("missing_heartbeats_allowed", {1, 100},
                          gateway.missing_heartbeats_allowed);
    table.optional_duration("confirmation_timeout_ms", {100, hour_ms},
                            gateway.confirmation_timeout);
}

void check_local_prefixes(ConfigTable& table, const core::GatewayConfig& gateway,
                          ConfigReport& report) {
    const bool local =
        std::ranges::any_of(gateway.access_links, [](const core::AccessLink& access) {
            return access.local_prefix.has_value();
        });
    for (const core::GatewayNode& node : gateway.nodes)
        if (node.mobility == core::NodeMobility::host && !local)
            report.error(table.place("node"), "\"" + node.identifier +
                                                  "\" moves by itself, and no access link has a "
                                                  "local_prefix");
}

} // namespace

core::GatewayConfig read_gateway(ConfigTable table, ConfigReport& report) {
    core::GatewayConfig gateway;
    read_address(table, "address", gateway.address, report);
    read_address(table, "lma_address", gateway.lma_address, report);
    read_authentication(table, gateway, report);
    read_timers(table, gateway, report);
    read_link_local_address(table, gateway.link_local_address, report);
    read_link_layer_address(table, "link_layer_address", gateway.link_layer_address, report);
    table.optional_number("nodes_max", {1, 65536}, gateway.nodes_max);
    table.optional_number("routing_table", table_range, gateway.routing_table);
    table.optional_number("rule_priority", priority_range, gateway.rule_priority);
    for (ConfigTable& access : table.tables("access"))
        read_access(access, gateway, report);
    if (gateway.access_links.empty())
        report.error(table.place("access"), "at least one is needed");
    for (ConfigTable& node : table.tables("node"))
        read_gateway_node(node, gateway, report);
    check_local_prefixes(table, gateway, report);
    table.finish();
    return gateway;
}

} // namespace anchor6::io
