// SPDX-License-Identifier: GPL-2.0-or-later
#include "io/gateway_links.h"

#include <algorithm>
#include <fstream>
#include <iterator>

#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <sys/epoll.h>

#include "io/interface.h"
#include "io/log.h"
#include "io/network_change.h"
#include "io/network_state.h"
#include "io/source_filter.h"

namespace anchor6::io {

namespace {

constexpr std::uint8_t link_local_length = 64;

/// What a message of the kernel says of a neighbour.
struct Sighting {
    /// The interface, or the bridge of the port.
    std::uint32_t device = 0;
    wire::LinkLayerAddress link_layer_address;
    bool there = false;
};

// To nodes with mobility of their own.
Route local_route(const wire::Prefix& prefix, std::uint32_t index) {
    Route route;
    route.destination = prefix;
    route.device = index;
    return route;
}

// A node's default router on every link: another gateway answers no detection.
NetworkRequest add_held(const wire::Address& address, std::uint32_t index) {
    DeviceAddress held{index, address, link_local_length};
    held.without_detection = true;
    return add_address(held, Maker::gateway);
}

wire::LinkLayerAddress octets_of(const nlattr* attribute) {
    if (attribute == nullptr)
        return {};
    const auto* first = static_cast<const std::uint8_t*>(mnl_attr_get_payload(attribute));
    return {first, first + mnl_attr_get_payload_len(attribute)};
}

// That the kernel doubts a neighbour or forgets it says nothing of the node: only that it has
// answered does. A bridge forgets whom it has learned when the port goes down, or after a silence.
std::optional<Sighting> read_sighting(const nlmsghdr* message) {
    const auto* header = fixed_part<ndmsg>(message);
    if (header == nullptr)
        return {};
    const bool bridge = header->ndm_family == AF_BRIDGE;
    const bool there = message->nlmsg_type == RTM_NEWNEIGH;
    const unsigned known = bridge ? NUD_REACHABLE | NUD_STALE : NUD_REACHABLE;
    if ((!bridge && !there) || (there && (header->ndm_state & known) == 0))
        return {};
    const NetlinkAttributes<NDA_MASTER> attributes{message, sizeof(*header)};
    const auto port = static_cast<std::uint32_t>(header->ndm_ifindex);
    const auto device = bridge ? attributes.value<std::uint32_t>(NDA_MASTER) : std::optional{port};
    Sighting sighting{device.value_or(0), octets_of(attributes.find(NDA_LLADDR)), there};
    if (sighting.device == 0 || sighting.link_layer_address.size() != 6)
        return {};
    return sighting;
}

bool set(const std::string& path, const char* value) {
    std::string now;
    std::ifstream{path} >> now;
    if (now == value)
        return true;
    std::ofstream setting{path};
    return static_cast<bool>(setting << value << std::flush);
}

// A node must not become the gateway's router.
void close_autoconfiguration(const std::string& name) {
    for (const char* setting : {"accept_ra", "autoconf", "accept_redirects"})
        if (!set("/proc/sys/net/ipv6/conf/" + name + "/" + setting, "0"))
            log::warn("access link {}: net.ipv6.conf.{}.{} cannot be set to 0", name, name,
                      setting);
}

} // namespace

GatewayLinks::GatewayLinks(EventLoop& loop, core::Counters& counters, Handlers handlers)
    : loop_(&loop), counters_(&counters), handlers_(std::move(handlers)), requests_(NETLINK_ROUTE),
      listener_(NETLINK_ROUTE, RTNLGRP_LINK) {
    listener_.join(RTNLGRP_NEIGH);
    loop.watch_fd(source_, listener_.fd(), EPOLLIN, EventLoop::Urgency::control,
                  [this](std::uint32_t) { on_messages(); });
}

GatewayLinks::~GatewayLinks() {
    for (auto& [name, link] : links_)
        give_back(name, link);
}

void GatewayLinks::configure(const core::GatewayConfig& config) {
    for (auto& [name, link] : links_)
        if (std::ranges::find(config.access_links, name, &core::AccessLink::interface) ==
            config.access_links.end())
            give_back(name, link);
    std::erase_if(links_, [&config](const auto& entry) {
        return std::ranges::find(config.access_links, entry.first, &core::AccessLink::interface) ==
               config.access_links.end();
    });
    for (const core::AccessLink& access : config.access_links) {
        Link& link = links_[access.interface];
        link.wanted = config.link_layer_address;
        if (link.local_prefix != access.local_prefix)
            withdraw_local_prefix(access.interface, link);
        link.local_prefix = access.local_prefix;
        if (config.link_local_address)
            link.addresses.insert(*config.link_local_address);
        if (link.index != 0)
            equip(access.interface, link);
    }
    look();
    for (const auto& [name, link] : links_)
        if (link.index == 0)
            log::warn("access link {} is missing or down", name);
}

void GatewayLinks::look() {
    const auto states =
        dump_values<LinkState>(requests_, link_dump(), read_link, "network interfaces");
    for (auto& [name, link] : links_) {
        const auto state = std::ranges::find(states, name, &LinkState::name);
        note(name, state == states.end() ? 0 : state->index,
             state != states.end() && state->working);
    }
}

void GatewayLinks::on_messages() {
    if (!listener_.receive([this](const nlmsghdr* message) { on_message(message); })) {
        counters_->add(core::Counter::kernel_notifications_lost);
        look();
    }
    handlers_.settle();
}

void GatewayLinks::on_message(const nlmsghdr* message) {
    switch (message->nlmsg_type) {
    case RTM_NEWLINK:
    case RTM_DELLINK:
        if (const auto state = read_link(message); state && links_.contains(state->name))
            note(state->name, state->index, state->working);
        return;
    case RTM_NEWNEIGH:
    case RTM_DELNEIGH:
        if (const auto sighting = read_sighting(message))
            if (const std::string name = name_of(sighting->device);
                !name.empty() && sighting->link_layer_address != links_.at(name).wanted)
                handlers_.noticed({name, sighting->link_layer_address}, sighting->there);
        return;
    default:
        return;
    }
}

void GatewayLinks::note(const std::string& name, std::uint32_t index, bool working) {
    Link& link = links_.at(name);
    if (link.index != 0 && (!working || link.index != index)) {
        drop(link);
        log::info("access link {} is down", name);
        handlers_.changed({name, false});
    }
    if (!working || link.index == index)
        return;
    try {
        make_ready(name, link, index);
        log::info("access link {} is up", name);
        handlers_.changed({name, true});
    } catch (const std::exception& error) {
        drop(link);
        log::error("access link {} serves nobody: {}", name, error.what());
    }
}

void GatewayLinks::make_ready(const std::string& name, Link& link, std::uint32_t index) {
    close_autoconfiguration(name);
    // Refused where there is none, which is how it should be.
    carry_out(requests_, end_source_filter(index, name));
    require_done(requests_, begin_source_filter(index, name));
    require_done(requests_, equipment(name, link, index));
    Listening& listening = link.listening.emplace(index);
    loop_->watch_fd(listening.source, listening.socket.fd(), EPOLLIN, EventLoop::Urgency::discovery,
                    [this, name](std::uint32_t) { on_packets(name); });
    link.index = index;
}

void GatewayLinks::withdraw_local_prefix(const std::string& name, const Link& link) {
    if (!link.local_prefix || link.index == 0)
        return;
    const Route route = local_route(*link.local_prefix, link.index);
    for (const auto& refusal : carry_out(requests_, {delete_route(route, Maker::gateway)}))
        log::error("access link {}: {}", name, refusal);
}

// The filter stays, and whom it lets in.
void GatewayLinks::equip(const std::string& name, Link& link) {
    for (const auto& refusal : carry_out(requests_, equipment(name, link, link.index)))
        log::error("access link {}: {}", name, refusal);
}

NetworkRequests GatewayLinks::equipment(const std::string& name, Link& link, std::uint32_t index) {
    NetworkRequests requests;
    const wire::LinkLayerAddress has = link_layer_address(name);
    if (!link.wanted.empty() && has != link.wanted) {
        link.original = has;
        requests.push_back(set_link_layer_address(name, link.wanted));
    }
    for (const wire::Address& address : link.addresses)
        requests.push_back(add_held(address, index));
    if (link.local_prefix)
        requests.push_back(set_route(local_route(*link.local_prefix, index), Maker::gateway));
    return requests;
}

void GatewayLinks::on_packets(const std::string& name) {
    const auto link = links_.find(name);
    link->second.listening->socket.receive(
        [&](const std::optional<NeighbourPacket>& packet, const wire::LinkLayerAddress& sender) {
            if (packet)
                handlers_.heard({name, sender}, *packet);
            else
                handlers_.noticed({name, sender}, true);
        });
    handlers_.settle();
}

void GatewayLinks::drop(Link& link) {
    link.index = 0;
    link.listening.reset();
}

// An interface that is gone has taken all of it along.
void GatewayLinks::give_back(const std::string& name, Link& link) {
    const std::uint32_t index = interface_index(name);
    drop(link);
    if (index == 0)
        return;
    NetworkRequests requests = end_source_filter(index, name);
    for (const wire::Address& address : link.addresses)
        requests.push_back(delete_address({index, address, link_local_length}));
    if (link.local_prefix)
        requests.push_back(delete_route(local_route(*link.local_prefix, index), Maker::gateway));
    if (!link.original.empty())
        requests.push_back(set_link_layer_address(name, link.original));
    for (const auto& refusal : carry_out(requests_, requests))
        log::debug("access link {}: {}", name, refusal);
}

std::string GatewayLinks::name_of(std::uint32_t index) const {
    const auto link = std::ranges::find_if(
        links_, [index](const auto& entry) { return entry.second.index == index; });
    return link == links_.end() ? std::string{} : link->first;
}

std::vector<core::AccessPoint> GatewayLinks::neighbours(const core::GatewayConfig& config) {
    std::map<std::uint32_t, std::string> names;
    for (const core::AccessLink& access : config.access_links)
        names.emplace(interface_index(access.interface), access.interface);
    NetlinkSocket socket{NETLINK_ROUTE};
    NetlinkMessage request{RTM_GETNEIGH, 0};
    request.extend<ndmsg>().ndm_family = AF_INET6;
    auto read = [&names](const nlmsghdr* message) -> std::optional<core::AccessPoint> {
        const auto* header = fixed_part<ndmsg>(message);
        if (header == nullptr)
            return {};
        const auto name = names.find(static_cast<std::uint32_t>(header->ndm_ifindex));
        const NetlinkAttributes<NDA_LLADDR> attributes{message, sizeof(*header)};
        auto octets = octets_of(attributes.find(NDA_LLADDR));
        if (name == names.end() || octets.size() != 6)
            return {};
        return core::AccessPoint{name->second, std::move(octets)};
    };
    auto found = dump_values<core::AccessPoint>(socket, request, read, "neighbours");
    std::ranges::sort(found);
    found.erase(std::unique(found.begin(), found.end()), found.end());
    return found;
}

bool GatewayLinks::hold_address(const std::string& interface, const wire::Address& address) {
    const auto found = links_.find(interface);
    if (found == links_.end() || found->second.index == 0)
        return false;
    if (found->second.addresses.contains(address))
        return true;
    const auto refusals = carry_out(requests_, {add_held(address, found->second.index)});
    for (const auto& refusal : refusals)
        log::error("access link {}: {}", interface, refusal);
    if (refusals.empty())
        found->second.addresses.insert(address);
    return refusals.empty();
}

std::optional<wire::Address> GatewayLinks::address(const std::string& interface) const {
    const auto link = links_.find(interface);
    if (link == links_.end() || link->second.addresses.empty())
        return {};
    return *link->second.addresses.begin();
}

bool GatewayLinks::send(const core::SendToNode& message) const {
    const auto link = links_.find(message.to.interface);
    return link != links_.end() && link->second.listening &&
           link->second.listening->socket.send(
               {message.source, message.destination, message.message},
               message.to.link_layer_address);
}

} // namespace anchor6::io
