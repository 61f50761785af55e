// SPDX-License-Identifier: GPL-2.0-or-later
#include "io/config_file.h"

#include <algorithm>
#include <fstream>
#include <limits>
#include <map>
#include <sstream>

#include <net/if.h>

#include "io/config_claims.h"
#include "io/config_table.h"

namespace anchor6::io {

namespace {

constexpr std::size_t name_size_max = 64;
constexpr std::size_t socket_path_size_max = 107;
constexpr std::int64_t number_max = std::numeric_limits<std::uint32_t>::max();
constexpr std::int64_t lifetime_max_s = 262140;
constexpr std::int64_t hour_ms = 3600000;
constexpr std::int64_t day_s = 86400;

void check_path(ConfigTable& table, const std::string& key, const std::string& path,
                ConfigReport& report) {
    if (!path.starts_with('/'))
        report.error(table.place(key), "must be an absolute path");
}

void check_device(ConfigTable& table, const std::string& device, ConfigReport& report) {
    bool plain = std::ranges::all_of(device, [](unsigned char c) {
        return std::isgraph(c) != 0 && c != '/' && c != ':' && c != '%';
    });
    if (device.empty() || device.size() >= IFNAMSIZ || !plain || device == "." || device == "..")
        report.error(table.place("device"), "\"" + device + "\" cannot be a device's name");
}

void check_name(ConfigTable& table, const std::string& key, const std::string& name,
                ConfigReport& report) {
    bool printable =
        std::ranges::all_of(name, [](unsigned char c) { return c >= 0x20 && c != 0x7f; });
    if (name.size() > name_size_max || !printable)
        report.error(table.place(key), "must be at most " + std::to_string(name_size_max) +
                                           " octets without control characters");
}

void read_log_level(ConfigTable& table, LogLevel& level, ConfigReport& report) {
    static const std::map<std::string, LogLevel> levels{{"debug", LogLevel::debug},
                                                        {"info", LogLevel::info},
                                                        {"warning", LogLevel::warning},
                                                        {"error", LogLevel::error}};
    std::string text;
    if (!table.optional("log_level", text))
        return;
    if (auto found = levels.find(text); found != levels.end())
        level = found->second;
    else
        report.error(table.place("log_level"), "must be debug, info, warning or error");
}

void read_reply_mark(ConfigTable& table, Settings& settings, ConfigReport& report) {
    table.optional_number("reply_mark", {1, number_max}, settings.reply_mark);
    table.optional_number("reply_mask", {1, number_max}, settings.reply_mask);
    if ((settings.reply_mark & ~settings.reply_mask) != 0)
        report.error(table.place("reply_mark"), "has bits outside reply_mask");
    else if ((settings.reply_mark & settings.reply_mask) == 0)
        report.error(table.place("reply_mark"), "has no bit of reply_mask, as unmarked packets");
}

void read_agent(ConfigTable table, Settings& settings, ConfigReport& report) {
    if (auto instance = table.required("instance", {1, std::numeric_limits<std::int64_t>::max()}))
        settings.instance = static_cast<std::uint64_t>(*instance);
    table.optional("device", settings.device);
    check_device(table, settings.device, report);
    table.optional("store", settings.store);
    check_path(table, "store", settings.store, report);
    table.optional("control", settings.control);
    check_path(table, "control", settings.control, report);
    if (settings.control.size() > socket_path_size_max)
        report.error(table.place("control"), "is longer than the path of a socket can be");
    table.optional("user", settings.user);
    read_log_level(table, settings.log_level, report);
    read_reply_mark(table, settings, report);
    table.finish();
}

void read_timers(ConfigTable table, core::Timers& timers) {
    table.optional_duration("max_home_lifetime_s", {4, lifetime_max_s}, timers.max_home_lifetime);
    table.optional_duration("max_proxy_lifetime_s", {4, lifetime_max_s}, timers.max_proxy_lifetime);
    table.optional_duration("min_delay_before_bce_delete_ms", {0, hour_ms},
                            timers.min_delay_before_bce_delete);
    table.optional_duration("max_delay_before_new_bce_assign_ms", {0, hour_ms},
                            timers.max_delay_before_new_bce_assign);
    table.optional_duration("timestamp_validity_window_ms", {1, hour_ms},
                            timers.timestamp_validity_window);
    table.optional("mobile_node_generated_timestamp", timers.mobile_node_generated_timestamp);
    table.optional_duration("sequence_memory_s", {0, day_s}, timers.sequence_memory);
    table.finish();
}

void read_limits(ConfigTable table, core::Limits& limits) {
    table.optional_number("bindings", {1, 1 << 22}, limits.bindings);
    table.optional_number("queued_per_session", {0, 1024}, limits.queued_per_session);
    table.optional_number("queued_total", {0, 1 << 22}, limits.queued_total);
    table.optional_number("sessions_per_node", {1, 1024}, limits.sessions_per_node);
    table.optional_number("binding_errors_per_second", {0, 100000},
                          limits.binding_errors_per_second);
    table.finish();
}

void read_authentication(ConfigTable& table, const std::string& noun,
                         std::optional<core::Authentication>& target, ConfigReport& report) {
    std::string text;
    if (!table.has("authentication")) {
        report.warning(table.place("authentication"),
                       "is missing: every message of this " + noun + " will be refused");
        return;
    }
    table.required("authentication", text);
    if (text == "none") {
        report.warning(table.place("authentication"),
                       "\"none\": anybody can speak for this " + noun);
        target = core::Authentication::none;
    } else if (!text.empty()) {
        report.error(table.place("authentication"), "must be \"none\"");
    }
}

void check_home_prefix(ConfigTable& table, const core::HomePrefix& home, ConfigReport& report) {
    static const wire::Prefix multicast = *wire::Prefix::parse("ff00::/8");
    static const wire::Prefix link_local = *wire::Prefix::parse("fe80::/10");
    if (home.prefix.length() == 0)
        report.error(table.place("prefix"), "must be longer than 0 bits");
    else if (home.prefix.overlaps(multicast) || home.prefix.overlaps(link_local))
        report.error(table.place("prefix"), "contains multicast or link-local addresses");
}

void read_home_prefix(ConfigTable table, core::Group& group, ConfigClaims& claims,
                      ConfigReport& report) {
    core::HomePrefix home;
    if (table.required("prefix", home.prefix)) {
        check_home_prefix(table, home, report);
        if (auto length = table.optional("assign_length", {home.prefix.length(), 128}))
            home.assign_length = static_cast<std::uint8_t>(*length);
        group.home_prefixes.push_back(home);
        claims.home_prefixes.push_back({{home, group.name}, table.place("prefix")});
    }
    table.finish();
}

void read_anchor_address(ConfigTable& table, const std::string& key, wire::Address& address,
                         const core::Group& group, ConfigClaims& claims) {
    if (table.required(key, address))
        claims.anchor_addresses.push_back({{address, group.name}, table.place(key)});
}

void read_group(ConfigTable table, core::Config& config, ConfigClaims& claims,
                ConfigReport& report) {
    core::Group group;
    if (table.required("name", group.name)) {
        check_name(table, "name", group.name, report);
        claims.group_names.push_back({group.name, table.place("name")});
    }
    if (auto id = table.required("id", {0, number_max})) {
        group.id = static_cast<std::uint32_t>(*id);
        claims.group_ids.push_back({group.id, table.place("id")});
    }
    table.optional_number("epoch", {0, number_max}, group.epoch);
    read_anchor_address(table, "home_agent_address", group.home_agent_address, group, claims);
    read_anchor_address(table, "lma_address", group.lma_address, group, claims);
    auto home_prefixes = table.tables("home_prefix");
    if (home_prefixes.empty())
        report.error(table.place("home_prefix"), "a group needs at least one");
    for (ConfigTable& home_prefix : home_prefixes)
        read_home_prefix(home_prefix, group, claims, report);
    table.finish();
    config.groups.push_back(std::move(group));
}

bool is_realm_pattern(const std::string& pattern) {
    return pattern.starts_with("*@") && pattern.size() > 2 &&
           pattern.find('*', 1) == std::string::npos;
}

bool is_identifier(const std::string& text) {
    return !text.empty() && text.size() <= 255 && text.find('*') == std::string::npos;
}

void read_node_patterns(ConfigTable& table, core::Mag& mag, ConfigReport& report) {
    if (!table.required("nodes", mag.nodes))
        return;
    for (std::size_t index = 0; index < mag.nodes.size(); ++index) {
        const std::string& pattern = mag.nodes[index];
        if (pattern != "*" && !is_realm_pattern(pattern) && !is_identifier(pattern))
            report.error(table.place("nodes", index),
                         "must be an identifier, \"*@realm\" or \"*\"");
    }
}

void read_mag(ConfigTable table, core::Config& config, ConfigClaims& claims, ConfigReport& report) {
    core::Mag mag;
    if (table.required("name", mag.name)) {
        check_name(table, "name", mag.name, report);
        claims.mag_names.push_back({mag.name, table.place("name")});
    }
    if (table.required("addresses", mag.addresses)) {
        for (std::size_t index = 0; index < mag.addresses.size(); ++index)
            claims.mag_addresses.push_back({mag.addresses[index], table.place("addresses", index)});
        if (mag.addresses.empty())
            report.error(table.place("addresses"), "must not be empty");
    }
    read_node_patterns(table, mag, report);
    read_authentication(table, "MAG", mag.authentication, report);
    table.finish();
    config.mags.push_back(std::move(mag));
}

void read_node_group(ConfigTable& table, const core::Config& config, core::Node& node,
                     ConfigClaims& claims, ConfigReport& report) {
    if (table.has("group")) {
        if (table.required("group", node.group))
            claims.node_groups.push_back({node.group, table.place("group")});
    } else if (config.groups.size() == 1) {
        node.group = config.groups.front().name;
    } else {
        report.error(table.place("group"), "is missing, and there is not exactly one group");
    }
}

void read_node(ConfigTable table, core::Config& config, ConfigClaims& claims,
               ConfigReport& report) {
    core::Node node;
    if (table.required("identifier", node.identifier)) {
        if (!is_realm_pattern(node.identifier) && !is_identifier(node.identifier))
            report.error(table.place("identifier"), "must be an identifier or \"*@realm\"");
        claims.node_identifiers.push_back({node.identifier, table.place("identifier")});
    }
    read_node_group(table, config, node, claims, report);
    // Without a group that is reported already, there is nothing to compare with.
    if (table.optional("home_network_prefixes", node.home_network_prefixes) && !node.group.empty())
        for (std::size_t index = 0; index < node.home_network_prefixes.size(); ++index)
            claims.node_prefixes.push_back({{node.home_network_prefixes[index], node.group},
                                            table.place("home_network_prefixes", index)});
    if (is_realm_pattern(node.identifier) && !node.home_network_prefixes.empty())
        report.error(table.place("home_network_prefixes"), "would be given to many nodes");
    table.optional("proxy_mobility", node.proxy_mobility);
    table.optional("host_mobility", node.host_mobility);
    table.optional("mobile_router", node.mobile_router);
    read_authentication(table, "node", node.authentication, report);
    table.finish();
    config.nodes.push_back(std::move(node));
}

void read_root(ConfigTable root, Settings& settings, ConfigReport& report) {
    if (auto agent = root.table("agent"))
        read_agent(*agent, settings, report);
    else if (!root.has("agent"))
        report.error(root.place("agent"), "is missing");
    if (auto timers = root.table("timers"))
        read_timers(*timers, settings.core.timers);
    if (auto limits = root.table("limits"))
        read_limits(*limits, settings.core.limits);
    ConfigClaims claims;
    auto groups = root.tables("group");
    if (groups.empty())
        report.error(root.place("group"), "at least one is needed");
    for (ConfigTable& group : groups)
        read_group(group, settings.core, claims, report);
    for (ConfigTable& mag : root.tables("mag"))
        read_mag(mag, settings.core, claims, report);
    for (ConfigTable& node : root.tables("node"))
        read_node(node, settings.core, claims, report);
    root.finish();
    claims.check(report);
}

// The parser's message is a picture of several lines; its first sentence says it all.
std::string first_line(std::string text) {
    if (auto end = text.find('\n'); end != std::string::npos)
        text.resize(end);
    if (auto start = text.find("] "); start != std::string::npos)
        text.erase(0, start + 2);
    return text;
}

} // namespace

ConfigFile read_config_file(const std::string& path) {
    ConfigFile file{{}, ConfigReport{path}};
    std::ifstream stream{path, std::ios::binary};
    if (!stream) {
        file.report.error({}, "cannot be read");
        return file;
    }
    try {
        toml::value root = toml::parse(stream, path);
        read_root(ConfigTable{root, "", file.report}, file.settings, file.report);
    } catch (const toml::syntax_error& error) {
        file.report.error({static_cast<std::uint32_t>(error.location().line()), ""},
                          first_line(error.what()));
    } catch (const std::exception& error) {
        file.report.error({}, first_line(error.what()));
    }
    return file;
}

} // namespace anchor6::io
