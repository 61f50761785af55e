// SPDX-License-Identifier: GPL-2.0-or-later
#include "io/node_forwarding.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <limits>
#include <stdexcept>

#include <linux/rtnetlink.h>
#include <netinet/in.h>

#include "io/interface.h"
#include "io/log.h"
#include "io/network_change.h"
#include "io/network_state.h"

namespace anchor6::io {

namespace {

/// A node that changes its mind this often within the time that old paths stay open has to wait.
constexpr std::uint32_t slots_max = 16;
constexpr std::uint32_t last_metric = std::numeric_limits<std::uint32_t>::max();

const wire::Prefix everywhere{};

Route nowhere(const wire::Prefix& destination, std::uint32_t table) {
    Route route;
    route.destination = destination;
    route.table = table;
    route.kind = Route::Kind::unreachable;
    return route;
}

// What no path leads out: neither the default route of some interface, nor a router that would
// wonder about its source.
Route last_resort(std::uint32_t table) {
    Route route = nowhere(everywhere, table);
    route.metric = last_metric;
    return route;
}

bool is_behind(const wire::Prefix& prefix) {
    return prefix.length() < wire::Prefix::max_length;
}

} // namespace

NodeForwarding::NodeForwarding(const core::MobileNodeConfig& config)
    : home_address_(config.home_address), home_network_prefix_(config.home_network_prefix),
      prefixes_(config.moving_prefixes()), device_(config.device), table_(config.routing_table),
      priority_(config.rule_priority), socket_(NETLINK_ROUTE) {
    check_device();
    for (const std::string& refusal : carry_out(socket_, leftovers(Maker::node, device_ + "-")))
        log::warn("{}", refusal);
    begin();
}

NodeForwarding::~NodeForwarding() {
    try {
        remove_everything();
    } catch (const std::exception& error) {
        log::warn("{}", error.what());
    }
}

void NodeForwarding::remove_everything() {
    NetworkRequests requests = leftovers(Maker::node, device_ + "-");
    requests.push_back(delete_device(device_));
    for (const std::string& refusal : carry_out(socket_, requests))
        log::warn("{}", refusal);
}

// It is deleted in the end.
void NodeForwarding::check_device() {
    for (const LinkState& link :
         dump_values<LinkState>(socket_, link_dump(), read_link, "interfaces"))
        if (link.name == device_ && link.kind != "dummy")
            throw std::runtime_error("device " + device_ + " exists and is no dummy device");
}

void NodeForwarding::begin() {
    NetworkRequests requests;
    requests.push_back(set_route(last_resort(used_table()), Maker::node));
    for (const Rule& rule : standing_rules())
        requests.push_back(add_rule(rule, Maker::node));
    requests.push_back(create_dummy(device_));
    requests.push_back(set_up(device_));
    require_done(socket_, requests);
    DeviceAddress address;
    address.device = interface_index(device_);
    address.address = home_address_;
    address.without_detection = true;
    address.home = true;
    NetworkRequests last;
    last.push_back(add_address(address, Maker::node));
    require_done(socket_, last);
}

std::vector<Rule> NodeForwarding::standing_rules() const {
    std::vector<Rule> rules;
    Rule messages;
    messages.priority = priority_ + 1;
    messages.table = message_table();
    messages.source = wire::Prefix::host(home_address_);
    messages.protocol = IPPROTO_MH;
    rules.push_back(messages);
    for (const wire::Prefix& prefix : prefixes_) {
        Rule from;
        from.priority = priority_ + 3;
        from.table = used_table();
        from.source = prefix;
        from.chooses_source = true;
        rules.push_back(from);
        if (!is_behind(prefix))
            continue;
        Rule behind;
        behind.priority = priority_ + 2;
        behind.table = RT_TABLE_MAIN;
        behind.destination = prefix;
        behind.without_default_route = true;
        rules.push_back(behind);
        Rule to;
        to.priority = priority_ + 3;
        to.table = used_table();
        to.destination = prefix;
        rules.push_back(to);
    }
    return rules;
}

std::uint32_t NodeForwarding::free_slot() const {
    for (std::uint32_t slot = 0; slot < slots_max; ++slot)
        if (std::ranges::none_of(entries_,
                                 [slot](const auto& entry) { return entry.second.slot == slot; }))
            return slot;
    throw std::runtime_error("too many paths are open");
}

NodeForwarding::Entry& NodeForwarding::entry_of(const core::NodePath& path) {
    if (const auto found = entries_.find(path.id); found != entries_.end())
        return found->second;
    const std::uint32_t slot = free_slot();
    return entries_.emplace(path.id, Entry{path, slot, 0, false}).first->second;
}

std::string NodeForwarding::tunnel_of(const Entry& entry) const {
    static constexpr std::string_view digits = "0123456789abcdef";
    return device_ + "-" + digits[entry.slot];
}

Route NodeForwarding::through_router(const Entry& entry, std::uint32_t table) const {
    Route route;
    route.table = table;
    route.device = entry.interface;
    route.gateway = entry.path.router;
    return route;
}

// Discovery of home agents goes to an address of the home link.
std::vector<Rule> NodeForwarding::rules_of(const Entry& entry) const {
    if (entry.path.at_home())
        return {};
    Rule rule;
    rule.priority = priority_;
    rule.table = table_of(entry);
    rule.source = wire::Prefix::host(entry.path.care_of_address);
    rule.destination =
        entry.path.home_agent ? wire::Prefix::host(*entry.path.home_agent) : home_network_prefix_;
    return {rule};
}

NetworkRequests NodeForwarding::tunnel_requests(Entry& entry, const core::NodePath& before) const {
    if (entry.path.at_home() || !entry.path.home_agent)
        return {};
    TunnelDevice tunnel;
    tunnel.name = tunnel_of(entry);
    tunnel.local = entry.path.care_of_address;
    tunnel.remote = *entry.path.home_agent;
    NetworkRequests requests;
    if (!entry.has_tunnel)
        append(requests, create_tunnel(tunnel));
    else if (before.home_agent != entry.path.home_agent)
        requests.push_back(change_tunnel(tunnel));
    entry.has_tunnel = true;
    return requests;
}

void NodeForwarding::prepare(const core::NodePath& path) {
    Entry& entry = entry_of(path);
    const Entry before = entry;
    entry.path = path;
    entry.interface = interface_index(path.interface);
    if (entry.interface == 0)
        throw std::runtime_error("there is no interface " + path.interface);
    NetworkRequests requests;
    for (const Rule& rule : rules_of(before))
        requests.push_back(delete_rule(rule, Maker::node));
    requests.push_back(set_route(through_router(entry, table_of(entry)), Maker::node));
    for (const Rule& rule : rules_of(entry))
        requests.push_back(add_rule(rule, Maker::node));
    append(requests, tunnel_requests(entry, before.path));
    if (path.at_home())
        requests.push_back(add_address(
            {entry.interface, home_address_, wire::Prefix::max_length, true, true}, Maker::node));
    requests.push_back(set_route(through_router(entry, message_table()), Maker::node));
    require_done(socket_, requests);
}

// Away, what is for the node's prefixes and for nothing there must not come back by the tunnel.
NetworkRequests NodeForwarding::prefix_requests(bool away) const {
    NetworkRequests requests;
    for (const wire::Prefix& prefix : prefixes_) {
        const Route route = nowhere(prefix, used_table());
        if (is_behind(prefix))
            requests.push_back(away ? set_route(route, Maker::node)
                                    : delete_route(route, Maker::node));
    }
    return requests;
}

bool NodeForwarding::use(core::PathId id) {
    const auto found = entries_.find(id);
    if (found == entries_.end())
        return false;
    const Entry& entry = found->second;
    Route route = through_router(entry, used_table());
    if (!entry.path.at_home()) {
        route.gateway.reset();
        route.device = interface_index(tunnel_of(entry));
    }
    NetworkRequests requests;
    requests.push_back(set_route(route, Maker::node));
    append(requests, prefix_requests(!entry.path.at_home()));
    const auto refusals = carry_out(socket_, requests);
    for (const std::string& refusal : refusals)
        log::error("{}", refusal);
    return refusals.empty();
}

// What is gone already, with its interface perhaps, is no failure.
void NodeForwarding::release(core::PathId id) {
    const auto found = entries_.find(id);
    if (found == entries_.end())
        return;
    const Entry& entry = found->second;
    NetworkRequests requests;
    for (const Rule& rule : rules_of(entry))
        requests.push_back(delete_rule(rule, Maker::node));
    requests.push_back(delete_route(through_router(entry, table_of(entry)), Maker::node));
    if (entry.has_tunnel)
        requests.push_back(delete_device(tunnel_of(entry)));
    if (entry.path.at_home())
        requests.push_back(delete_address({entry.interface, home_address_}));
    for (const std::string& refusal : carry_out(socket_, requests))
        log::debug("{}", refusal);
    entries_.erase(found);
}

} // namespace anchor6::io
