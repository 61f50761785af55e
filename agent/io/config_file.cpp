// SPDX-License-Identifier: GPL-2.0-or-later
#include "io/config_file.h"

#include <algorithm>
#include <fstream>
#include <limits>
#include <map>
#include <utility>

#include <sys/stat.h>

#include "io/config_claims.h"
#include "io/config_gateway.h"
#include "io/config_group.h"
#include "io/config_node.h"
#include "io/config_peers.h"
#include "io/config_table.h"
#include "io/config_toml.h"
#include "io/log.h"
#include "io/policy_file.h"

namespace anchor6::io {

namespace {

constexpr std::size_t socket_path_size_max = 107;
constexpr std::int64_t number_max = std::numeric_limits<std::uint32_t>::max();
constexpr std::int64_t lifetime_max_s = core::longest_lifetime.count();
constexpr std::int64_t hour_ms = 3600000;
constexpr std::int64_t hour_s = 3600;
constexpr std::int64_t day_s = 86400;
constexpr std::int64_t year_s = 366 * day_s;
constexpr std::int64_t rate_max = 100000;

void check_path(ConfigTable& table, const std::string& key, const std::string& path,
                ConfigReport& report) {
    if (!path.starts_with('/'))
        report.error(table.place(key), "must be an absolute path");
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

void read_roles(ConfigTable& table, Roles& roles, ConfigReport& report) {
    std::vector<std::string> names;
    if (!table.optional("roles", names))
        return;
    roles = {};
    for (std::size_t index = 0; index < names.size(); ++index) {
        if (names[index] == "anchor")
            roles.anchor = true;
        else if (names[index] == "gateway")
            roles.gateway = true;
        else if (names[index] == "node")
            roles.node = true;
        else
            report.error(table.place("roles", index),
                         "must be \"anchor\", \"gateway\" or \"node\"");
    }
    if (names.empty())
        report.error(table.place("roles"), "must not be empty");
    // [[node]] is whom the anchor serves, [node] what the agent itself is.
    if (roles.anchor && roles.node)
        report.error(table.place("roles"), "\"anchor\" and \"node\" do not go together");
}

/// Keys and tables that belong to one role.
void refuse_of_role(ConfigTable& table, std::initializer_list<const char*> keys,
                    const std::string& role, ConfigReport& report) {
    table.know(keys);
    for (const char* key : keys)
        if (table.has(key))
            report.error(table.place(key), "is for the role \"" + role + "\" only");
}

void read_anchor_keys(ConfigTable& table, Settings& settings, ConfigReport& report) {
    if (auto instance = table.required("instance", {1, std::numeric_limits<std::int64_t>::max()}))
        settings.instance = static_cast<std::uint64_t>(*instance);
    table.optional_device("device", settings.device);
    table.optional("store", settings.store);
    check_path(table, "store", settings.store, report);
    if (table.optional("policy", settings.policy))
        check_path(table, "policy", settings.policy, report);
    read_reply_mark(table, settings, report);
}

void read_agent(ConfigTable table, Settings& settings, ConfigReport& report) {
    read_roles(table, settings.roles, report);
    if (settings.roles.anchor)
        read_anchor_keys(table, settings, report);
    else
        refuse_of_role(table, {"instance", "device", "store", "policy", "reply_mark", "reply_mask"},
                       "anchor", report);
    table.optional("control", settings.control);
    check_path(table, "control", settings.control, report);
    if (settings.control.size() > socket_path_size_max)
        report.error(table.place("control"), "is longer than the path of a socket can be");
    table.optional("user", settings.user);
    read_log_level(table, settings.log_level, report);
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
    table.optional_number("refresh_advice_percent", {0, 95}, timers.refresh_advice_percent);
    table.optional_duration("refresh_request_before_expiry_s", {0, day_s},
                            timers.refresh_request_before_expiry);
    table.optional_duration("message_id_window_ms", {1, hour_ms}, timers.message_id_window);
    table.optional_duration("prefix_retention_s", {0, year_s}, timers.prefix_retention);
    table.optional_duration("heartbeat_interval_s", {0, hour_s}, timers.heartbeat_interval);
    table.optional_number("missing_heartbeats_allowed", {1, 100},
                          timers.missing_heartbeats_allowed);
    table.optional_duration("initial_delay_bri_ms", {100, hour_ms}, timers.initial_delay_bri);
    table.optional_number("bri_max_retries", {0, 16}, timers.bri_max_retries);
    table.finish();
}

void read_limits(ConfigTable table, core::Limits& limits) {
    table.optional_number("bindings", {1, 1 << 22}, limits.bindings);
    table.optional_number("queued_per_session", {0, 1024}, limits.queued_per_session);
    table.optional_number("queued_total", {0, 1 << 22}, limits.queued_total);
    table.optional_number("sessions_per_node", {1, 1024}, limits.sessions_per_node);
    table.optional_number("address_probes", {1, 65536}, limits.address_probes);
    table.optional_number("stranger_refusals_per_second", {0, rate_max},
                          limits.stranger_refusals_per_second);
    table.optional_number("queued_per_mag", {0, 1 << 22}, limits.queued_per_mag);
    table.optional_number("transactions_per_mag", {1, 1024}, limits.transactions_per_mag);
    table.optional_number("revocations", {0, 1 << 22}, limits.revocations);
    table.optional_number("binding_errors_per_second", {0, rate_max},
                          limits.binding_errors_per_second);
    table.optional_number("discovery_replies_per_second", {0, rate_max},
                          limits.discovery_replies_per_second);
    table.optional_number("prefix_advertisements_per_second", {0, rate_max},
                          limits.prefix_advertisements_per_second);
    table.finish();
}

void read_nodes(ConfigTable& root, core::Config& config, ConfigClaims& claims,
                ConfigReport& report) {
    claims.node_files.push_back({0, 0, "node"});
    for (ConfigTable& node : root.tables("node"))
        read_node(node, config, claims, report);
}

/// The tables of the role anchor.
void read_anchor(ConfigTable& root, core::Config& config, ConfigClaims& claims,
                 ConfigReport& report) {
    if (auto timers = root.table("timers"))
        read_timers(*timers, config.timers);
    if (auto limits = root.table("limits"))
        read_limits(*limits, config.limits);
    auto groups = root.tables("group");
    if (groups.empty())
        report.error(root.place("group"), "at least one is needed");
    for (ConfigTable& group : groups)
        read_group(group, config, claims, report);
    for (ConfigTable& mag : root.tables("mag"))
        read_mag(mag, config, claims, report);
    read_nodes(root, config, claims, report);
}

/// Everything that the files say.
struct Content {
    core::Config anchor;
    std::optional<core::GatewayConfig> gateway;
    std::optional<core::MobileNodeConfig> node;
};

void read_gateway_table(ConfigTable& root, Content& content, ConfigReport& report) {
    auto table = root.table("gateway");
    if (!table) {
        if (!root.has("gateway"))
            report.error(root.place("gateway"), "is missing, and the agent has that role");
        return;
    }
    const ConfigPlace place = table->place("address");
    content.gateway = read_gateway(std::move(*table), report);
    // A message is given to the role that its destination belongs to.
    for (const core::Group& group : content.anchor.groups)
        if (content.gateway->address == group.home_agent_address ||
            content.gateway->address == group.lma_address)
            report.error(place, "is an address of the anchor on the same machine");
}

void read_node_table(ConfigTable& root, Content& content, ConfigClaims& claims,
                     ConfigReport& report) {
    if (auto table = root.table("node"))
        content.node = read_mobile_node(std::move(*table), claims, report);
    else if (!root.has("node"))
        report.error(root.place("node"), "is missing, and the agent has that role");
}

void read_root(ConfigTable root, Settings& settings, Content& content, ConfigClaims& claims,
               ConfigReport& report) {
    if (auto agent = root.table("agent"))
        read_agent(*agent, settings, report);
    else if (!root.has("agent"))
        report.error(root.place("agent"), "is missing");
    if (settings.roles.anchor)
        read_anchor(root, content.anchor, claims, report);
    else
        refuse_of_role(root, {"timers", "limits", "group", "mag"}, "anchor", report);
    if (settings.roles.gateway)
        read_gateway_table(root, content, report);
    else
        refuse_of_role(root, {"gateway"}, "gateway", report);
    if (settings.roles.node && !settings.roles.anchor)
        read_node_table(root, content, claims, report);
    else if (!settings.roles.anchor)
        refuse_of_role(root, {"node"}, "node", report);
    root.finish();
    for (const auto& [link, place] : claims.links)
        if (link == settings.device)
            report.error(place, "is the device of the agent itself");
}

void warn_of_readers(const ConfigClaims& claims, ConfigReport& report) {
    for (const ConfigPlace& key : claims.keys) {
        const std::string& path = report.file(key.file);
        struct stat status {};
        if (stat(path.c_str(), &status) == 0 && (status.st_mode & S_IROTH) != 0)
            report.warning(key, "everybody can read it: chmod o= " + path);
    }
}

Content read_content(std::istream& stream, const std::string& path, Settings& settings,
                     ConfigReport& report, const std::stop_token& stop) {
    Content content;
    const ConfigValue root = parse_toml(stream, path, report);
    if (report.failed())
        return content;
    ConfigClaims claims;
    read_root(ConfigTable{root, "", report}, settings, content, claims, report);
    if (!settings.policy.empty())
        read_policy_file(settings.policy, content.anchor, claims, report, stop);
    claims.check(content.anchor, report);
    warn_of_readers(claims, report);
    return content;
}

void keep(ConfigFile& file, Content content) {
    if (file.settings.roles.anchor) {
        file.policy = core::make_policy(std::move(content.anchor));
        file.slots =
            std::make_shared<std::vector<core::PrefixSlots>>(file.policy->prefix_plan().slots());
    }
    if (content.gateway)
        file.gateway = std::make_shared<const core::GatewayConfig>(std::move(*content.gateway));
    if (content.node)
        file.node = std::make_shared<const core::MobileNodeConfig>(std::move(*content.node));
}

} // namespace

void log_report(const ConfigReport& report) {
    for (const std::string& line : report.errors())
        log::error("{}", line);
    for (const std::string& line : report.warnings())
        log::warn("{}", line);
}

ConfigFile read_config_file(const std::string& path, const std::stop_token& stop) {
    ConfigFile file{{}, {}, {}, {}, {}, ConfigReport{path}};
    std::ifstream stream{path, std::ios::binary};
    if (!stream) {
        file.report.error({}, "cannot be read");
        return file;
    }
    try {
        Content content = read_content(stream, path, file.settings, file.report, stop);
        if (!file.report.failed())
            keep(file, std::move(content));
    } catch (const std::exception& error) {
        file.report.error({}, error.what());
    }
    return file;
}

} // namespace anchor6::io
