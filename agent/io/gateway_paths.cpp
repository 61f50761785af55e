// SPDX-License-Identifier: GPL-2.0-or-later
#include "io/gateway_paths.h"

#include <algorithm>
#include <iterator>
#include <stdexcept>

#include <linux/rtnetlink.h>

#include "io/ethernet.h"
#include "io/interface.h"
#include "io/log.h"

namespace anchor6::io {

namespace {

const std::string tunnel_names = "a6lma";

/// Priorities of the rules, from that of the configuration on.
enum Step : std::uint32_t {
    by_source,
    local_prefix,
    foreign_source,
    out_of_tunnel,
    to_nobody,
    own_packets
};

bool contains(const std::vector<Rule>& rules, const Rule& rule) {
    return std::ranges::find(rules, rule) != rules.end();
}

} // namespace

GatewayPaths::GatewayPaths(const core::GatewayConfig& config)
    : socket_(NETLINK_ROUTE), address_(config.address), first_table_(config.routing_table),
      first_priority_(config.rule_priority) {
    NetworkRequests requests = leftovers(Maker::gateway, tunnel_names);
    rules_ = link_rules(config);
    for (const Rule& rule : rules_)
        requests.push_back(add_rule(rule, Maker::gateway));
    require_done(socket_, requests);
}

GatewayPaths::~GatewayPaths() {
    try {
        for (const auto& refusal :
             carry_out(socket_, leftovers(Maker::gateway, tunnel_names, Neighbours::stay)))
            log::warn("gateway: {}", refusal);
    } catch (const std::exception& error) {
        log::error("gateway: what it made stays: {}", error.what());
    }
}

// The priorities and tables that it began with stay, since they are where the nodes' routes are.
void GatewayPaths::configure(const core::GatewayConfig& config) {
    std::vector<Rule> rules = link_rules(config);
    NetworkRequests requests;
    for (const Rule& rule : rules)
        if (!contains(rules_, rule))
            requests.push_back(add_rule(rule, Maker::gateway));
    for (const Rule& rule : rules_)
        if (!contains(rules, rule))
            requests.push_back(delete_rule(rule, Maker::gateway));
    rules_ = std::move(rules);
    require_done(socket_, requests);
}

std::vector<Rule> GatewayPaths::link_rules(const core::GatewayConfig& config) const {
    std::vector<Rule> rules;
    for (const core::AccessLink& access : config.access_links) {
        Rule rule;
        rule.priority = first_priority_ + by_source;
        rule.input_device = access.interface;
        rule.table = first_table_;
        rules.push_back(rule);
        rule.priority = first_priority_ + foreign_source;
        rule.action = Rule::Action::blackhole;
        rule.table = 0;
        rules.push_back(rule);
        if (access.local_prefix) {
            rule.priority = first_priority_ + local_prefix;
            rule.source = access.local_prefix;
            rule.action = Rule::Action::look_up;
            rule.table = RT_TABLE_MAIN;
            rules.push_back(rule);
        }
    }
    return rules;
}

std::vector<Rule> GatewayPaths::tunnel_rules(const Tunnel& tunnel) const {
    Rule out;
    out.priority = first_priority_ + out_of_tunnel;
    out.input_device = tunnel.name;
    out.table = tunnel.table;
    Rule nobody = out;
    nobody.priority = first_priority_ + to_nobody;
    nobody.action = Rule::Action::blackhole;
    nobody.table = 0;
    Rule own = out;
    own.priority = first_priority_ + own_packets;
    own.input_device = "lo";
    return {out, nobody, own};
}

std::uint32_t GatewayPaths::free_number() const {
    std::uint32_t number = 1;
    while (std::ranges::any_of(
        tunnels_, [&](const auto& entry) { return entry.second.table == first_table_ + number; }))
        ++number;
    return number;
}

GatewayPaths::Tunnel& GatewayPaths::hold_tunnel(const wire::Address& lma_address) {
    auto found = tunnels_.find(lma_address);
    if (found == tunnels_.end()) {
        const std::uint32_t number = free_number();
        Tunnel tunnel{tunnel_names + std::to_string(number), 0, first_table_ + number, 0};
        // First, so that nothing that comes out of it is ever without them.
        NetworkRequests requests;
        for (const Rule& rule : tunnel_rules(tunnel))
            requests.push_back(add_rule(rule, Maker::gateway));
        append(requests, create_tunnel({tunnel.name, address_, lma_address}));
        found = tunnels_.emplace(lma_address, tunnel).first;
        require_done(socket_, requests);
        found->second.device = interface_index(tunnel.name);
        log::info("gateway: tunnel {} to {}", tunnel.name, lma_address.to_string());
    }
    ++found->second.users;
    return found->second;
}

void GatewayPaths::release_tunnel(const std::optional<wire::Address>& lma_address) {
    const auto found = lma_address ? tunnels_.find(*lma_address) : tunnels_.end();
    if (found == tunnels_.end() || (found->second.users > 0 && --found->second.users > 0))
        return;
    NetworkRequests requests;
    requests.push_back(delete_device(found->second.name));
    for (const Rule& rule : tunnel_rules(found->second))
        requests.push_back(delete_rule(rule, Maker::gateway));
    for (const auto& refusal : carry_out(socket_, requests))
        log::warn("gateway: {}", refusal);
    log::info("gateway: tunnel {} is gone with its last node", found->second.name);
    tunnels_.erase(found);
}

GatewayPaths::Path GatewayPaths::compose(const core::NodeForwarding& forwarding,
                                         std::uint32_t access) {
    const wire::LinkLayerAddress& octets = forwarding.at.link_layer_address;
    Path path;
    for (const wire::Prefix& prefix : forwarding.prefixes)
        path.sources.push_back({access, octets, prefix, 0});
    if (!forwarding.lma_address)
        return path;
    const Tunnel& tunnel = tunnels_.at(*forwarding.lma_address);
    // Unlike any other node's; where this one has another it does no harm, as a permanent neighbour
    // is never asked.
    const wire::Address node = link_local_of(octets);
    path.neighbours.push_back({access, node, octets});
    for (const wire::Prefix& prefix : forwarding.prefixes) {
        Route down;
        down.destination = prefix;
        down.table = tunnel.table;
        down.device = access;
        down.gateway = node;
        path.routes.push_back(down);
        Route up;
        up.source = prefix;
        up.table = first_table_;
        up.device = tunnel.device;
        path.routes.push_back(up);
    }
    return path;
}

// What is new stands before what is old goes; what the source filter lets in comes last.
void GatewayPaths::change(const Path& before, Path& after) {
    NetworkRequests requests;
    for (const PermanentNeighbour& neighbour : after.neighbours)
        requests.push_back(set_neighbour(neighbour, Maker::gateway));
    for (const Route& route : after.routes)
        requests.push_back(set_route(route, Maker::gateway));
    for (AdmittedSource& source : after.sources) {
        const auto same = std::ranges::find_if(
            before.sources, [&](const AdmittedSource& old) { return old.is_same_as(source); });
        source.handle = same == before.sources.end() ? ++last_handle_ : same->handle;
        if (same == before.sources.end())
            requests.push_back(admit_source(source));
    }
    require_done(socket_, requests);
    Path gone;
    std::ranges::copy_if(before.sources, std::back_inserter(gone.sources), [&](const auto& old) {
        return std::ranges::find(after.sources, old.handle, &AdmittedSource::handle) ==
               after.sources.end();
    });
    const auto kept = [](const auto& all) {
        return [&all](const auto& one) { return std::ranges::find(all, one) == all.end(); };
    };
    std::ranges::copy_if(before.routes, std::back_inserter(gone.routes), kept(after.routes));
    std::ranges::copy_if(before.neighbours, std::back_inserter(gone.neighbours),
                         kept(after.neighbours));
    erase(gone);
}

// Of an interface that is gone the kernel has removed all by itself.
void GatewayPaths::erase(const Path& path) {
    NetworkRequests requests;
    for (const AdmittedSource& source : path.sources)
        requests.push_back(refuse_source(source));
    for (const Route& route : path.routes)
        requests.push_back(delete_route(route, Maker::gateway));
    for (const PermanentNeighbour& neighbour : path.neighbours)
        requests.push_back(delete_neighbour(neighbour));
    for (const auto& refusal : carry_out(socket_, requests))
        log::debug("gateway: {}", refusal);
}

bool GatewayPaths::install(const core::NodeForwarding& forwarding) {
    const Path before = paths_[forwarding.id];
    Path after;
    try {
        const std::uint32_t access = interface_index(forwarding.at.interface);
        if (access == 0)
            throw std::runtime_error("interface " + forwarding.at.interface + " is missing");
        if (forwarding.lma_address) {
            after.lma_address = forwarding.lma_address;
            hold_tunnel(*forwarding.lma_address);
        }
        auto composed = compose(forwarding, access);
        composed.lma_address = after.lma_address;
        after = std::move(composed);
        change(before, after);
    } catch (const std::exception& error) {
        log::error("gateway: no way for {}: {}",
                   wire::link_layer_text(forwarding.at.link_layer_address), error.what());
        erase(after);
        release_tunnel(after.lma_address);
        remove(forwarding.id);
        return false;
    }
    release_tunnel(before.lma_address);
    paths_[forwarding.id] = std::move(after);
    return true;
}

void GatewayPaths::remove(core::ForwardingId id) {
    const auto path = paths_.find(id);
    if (path == paths_.end())
        return;
    erase(path->second);
    release_tunnel(path->second.lma_address);
    paths_.erase(path);
}

} // namespace anchor6::io
