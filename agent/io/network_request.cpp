// SPDX-License-Identifier: GPL-2.0-or-later
#include "io/network_request.h"

#include <algorithm>
#include <cerrno>
#include <iterator>

#include <linux/fib_rules.h>
#include <linux/if.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/if_tunnel.h>
#include <linux/ip6_tunnel.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <netinet/in.h>

namespace anchor6::io {

namespace {

constexpr std::string_view tunnel_kind = "ip6tnl";
constexpr std::uint16_t replace = NLM_F_CREATE | NLM_F_REPLACE;
constexpr std::uint16_t create = NLM_F_CREATE | NLM_F_EXCL;

std::uint8_t number(Maker maker) {
    return static_cast<std::uint8_t>(maker);
}

NetlinkMessage link_message(std::uint16_t type, std::uint16_t flags, const std::string& name,
                            bool up = false) {
    NetlinkMessage message{type, flags};
    auto& link = message.extend<ifinfomsg>();
    link.ifi_flags = up ? IFF_UP : 0;
    link.ifi_change = up ? IFF_UP : 0;
    message.put(IFLA_IFNAME, std::string_view{name});
    return message;
}

void put_tunnel_ends(NetlinkMessage& message, const TunnelDevice& tunnel) {
    message.put(IFLA_IPTUN_LOCAL, tunnel.local)
        .put(IFLA_IPTUN_REMOTE, tunnel.remote)
        .put(IFLA_IPTUN_TTL, tunnel.hop_limit)
        .put(IFLA_IPTUN_PROTO, std::uint8_t{IPPROTO_IPV6})
        .put(IFLA_IPTUN_FLAGS, std::uint32_t{IP6_TNL_F_IGN_ENCAP_LIMIT});
}

NetlinkMessage tunnel_message(const TunnelDevice& tunnel, std::uint16_t flags) {
    NetlinkMessage message = link_message(RTM_NEWLINK, flags, tunnel.name);
    message.nest(IFLA_LINKINFO, [&tunnel](NetlinkMessage& info) {
        info.put(IFLA_INFO_KIND, tunnel_kind).nest(IFLA_INFO_DATA, [&tunnel](NetlinkMessage& data) {
            put_tunnel_ends(data, tunnel);
        });
    });
    return message;
}

// A new device has this only once it is there.
NetlinkMessage no_link_local_address(const std::string& name) {
    NetlinkMessage message = link_message(RTM_NEWLINK, 0, name);
    message.nest(IFLA_AF_SPEC, [](NetlinkMessage& families) {
        families.nest(AF_INET6, [](NetlinkMessage& family) {
            family.put(IFLA_INET6_ADDR_GEN_MODE, std::uint8_t{IN6_ADDR_GEN_MODE_NONE});
        });
    });
    return message;
}

std::string describe(const TunnelDevice& tunnel) {
    return "tunnel " + tunnel.name + " from " + tunnel.local.to_string() + " to " +
           tunnel.remote.to_string();
}

NetlinkMessage address_message(std::uint16_t type, std::uint16_t flags,
                               const DeviceAddress& address) {
    NetlinkMessage message{type, flags};
    auto& header = message.extend<ifaddrmsg>();
    header.ifa_family = AF_INET6;
    header.ifa_prefixlen = address.prefix_length;
    header.ifa_scope = address.address.is_link_local() ? RT_SCOPE_LINK : RT_SCOPE_UNIVERSE;
    header.ifa_index = address.device;
    message.put(IFA_LOCAL, address.address).put(IFA_ADDRESS, address.address);
    return message;
}

std::uint32_t flags_of(const DeviceAddress& address) {
    std::uint32_t flags = 0;
    flags |= address.without_detection ? IFA_F_NODAD : 0U;
    flags |= address.home ? IFA_F_HOMEADDRESS : 0U;
    return flags;
}

std::string describe(const DeviceAddress& address) {
    return "address " + address.address.to_string() + " on device " +
           std::to_string(address.device);
}

std::uint8_t type_of(Route::Kind kind) {
    return kind == Route::Kind::unreachable ? RTN_UNREACHABLE : RTN_UNICAST;
}

void put_addresses(NetlinkMessage& message, const Route& route) {
    if (route.destination.length() != 0)
        message.put(RTA_DST, route.destination.address());
    if (route.source)
        message.put(RTA_SRC, route.source->address());
    if (route.gateway)
        message.put(RTA_GATEWAY, *route.gateway);
}

NetlinkMessage route_message(std::uint16_t type, std::uint16_t flags, const Route& route,
                             Maker maker) {
    NetlinkMessage message{type, flags};
    auto& header = message.extend<rtmsg>();
    header.rtm_family = AF_INET6;
    header.rtm_dst_len = route.destination.length();
    header.rtm_src_len = route.source ? route.source->length() : 0;
    header.rtm_protocol = number(maker);
    header.rtm_scope = RT_SCOPE_UNIVERSE;
    header.rtm_type = type_of(route.kind);
    put_addresses(message, route);
    message.put(RTA_TABLE, route.table == 0 ? std::uint32_t{RT_TABLE_MAIN} : route.table);
    if (route.device != 0)
        message.put(RTA_OIF, route.device);
    if (route.metric != 0)
        message.put(RTA_PRIORITY, route.metric);
    return message;
}

std::string describe(const Route& route) {
    std::string text = "route to " + route.destination.to_string();
    if (route.source)
        text += " from " + route.source->to_string();
    return route.table == 0 ? text : text + " in table " + std::to_string(route.table);
}

std::uint8_t type_of(Rule::Action action) {
    return action == Rule::Action::blackhole ? FR_ACT_BLACKHOLE : FR_ACT_TO_TBL;
}

NetlinkMessage rule_message(std::uint16_t type, std::uint16_t flags, const Rule& rule,
                            Maker maker) {
    NetlinkMessage message{type, flags};
    auto& header = message.extend<fib_rule_hdr>();
    header.family = AF_INET6;
    header.dst_len = rule.destination ? rule.destination->length() : 0;
    header.src_len = rule.source ? rule.source->length() : 0;
    header.action = type_of(rule.action);
    header.flags = rule.chooses_source ? FIB_RULE_FIND_SADDR : 0U;
    message.put(FRA_PRIORITY, rule.priority).put(FRA_PROTOCOL, number(maker));
    if (rule.protocol != 0)
        message.put(FRA_IP_PROTO, rule.protocol);
    if (rule.without_default_route)
        message.put(FRA_SUPPRESS_PREFIXLEN, std::uint32_t{0});
    if (rule.table != 0)
        message.put(FRA_TABLE, rule.table);
    if (!rule.input_device.empty())
        message.put(FRA_IIFNAME, std::string_view{rule.input_device});
    if (rule.source && rule.source->length() != 0)
        message.put(FRA_SRC, rule.source->address());
    if (rule.destination && rule.destination->length() != 0)
        message.put(FRA_DST, rule.destination->address());
    return message;
}

std::string describe(const Rule& rule) {
    std::string text = "rule " + std::to_string(rule.priority);
    if (!rule.input_device.empty())
        text += " for " + rule.input_device;
    return rule.source ? text + " from " + rule.source->to_string() : text;
}

std::string describe(const PermanentNeighbour& neighbour) {
    return "neighbour " + neighbour.address.to_string() + " on device " +
           std::to_string(neighbour.device);
}

} // namespace

NetworkRequests create_tunnel(const TunnelDevice& tunnel) {
    const std::string what = describe(tunnel);
    NetworkRequests requests;
    requests.push_back({tunnel_message(tunnel, create), what});
    requests.push_back({no_link_local_address(tunnel.name), what});
    requests.push_back(set_up(tunnel.name));
    return requests;
}

NetworkRequest change_tunnel(const TunnelDevice& tunnel) {
    return {tunnel_message(tunnel, 0), describe(tunnel)};
}

NetworkRequest create_dummy(const std::string& name) {
    NetworkRequest request{link_message(RTM_NEWLINK, create, name), "device " + name, EEXIST};
    request.message.nest(IFLA_LINKINFO, [](NetlinkMessage& info) {
        info.put(IFLA_INFO_KIND, std::string_view{"dummy"});
    });
    return request;
}

NetworkRequest delete_device(const std::string& name) {
    return {link_message(RTM_DELLINK, 0, name), "deleting device " + name, ENODEV};
}

NetworkRequest set_up(const std::string& device) {
    return {link_message(RTM_NEWLINK, 0, device, true), "setting device " + device + " up"};
}

NetworkRequest set_link_layer_address(const std::string& device,
                                      const wire::LinkLayerAddress& address) {
    NetworkRequest request{link_message(RTM_NEWLINK, 0, device),
                           "link-layer address " + wire::link_layer_text(address) + " of device " +
                               device};
    request.message.put_octets(IFLA_ADDRESS, address.data(), address.size());
    return request;
}

NetworkRequest add_address(const DeviceAddress& address, Maker maker) {
    NetworkRequest request{address_message(RTM_NEWADDR, replace, address), describe(address)};
    request.message.put(IFA_FLAGS, flags_of(address)).put(IFA_PROTO, number(maker));
    return request;
}

NetworkRequest delete_address(const DeviceAddress& address) {
    return {address_message(RTM_DELADDR, 0, address), "deleting " + describe(address),
            EADDRNOTAVAIL};
}

NetworkRequest set_route(const Route& route, Maker maker) {
    return {route_message(RTM_NEWROUTE, replace, route, maker), describe(route)};
}

NetworkRequest delete_route(const Route& route, Maker maker) {
    return {route_message(RTM_DELROUTE, 0, route, maker), "deleting " + describe(route), ESRCH};
}

NetworkRequest add_rule(const Rule& rule, Maker maker) {
    return {rule_message(RTM_NEWRULE, create, rule, maker), describe(rule), EEXIST};
}

NetworkRequest delete_rule(const Rule& rule, Maker maker) {
    return {rule_message(RTM_DELRULE, 0, rule, maker), "deleting " + describe(rule), ENOENT};
}

NetworkRequest set_neighbour(const PermanentNeighbour& neighbour, Maker maker) {
    NetworkRequest request{neighbour_message(RTM_NEWNEIGH, replace, neighbour.device,
                                             neighbour.address, NUD_PERMANENT, 0),
                           describe(neighbour)};
    request.message
        .put_octets(NDA_LLADDR, neighbour.link_layer_address.data(),
                    neighbour.link_layer_address.size())
        .put(NDA_PROTOCOL, number(maker));
    return request;
}

NetworkRequest delete_neighbour(const PermanentNeighbour& neighbour) {
    return {
        neighbour_message(RTM_DELNEIGH, 0, neighbour.device, neighbour.address, NUD_PERMANENT, 0),
        "deleting " + describe(neighbour), ENOENT};
}

void append(NetworkRequests& requests, NetworkRequests more) {
    std::ranges::move(more, std::back_inserter(requests));
}

} // namespace anchor6::io
