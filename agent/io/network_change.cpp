// SPDX-License-Identifier: GPL-2.0-or-later
#include "io/network_change.h"

#include <iterator>
#include <stdexcept>

#include <linux/fib_rules.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>

namespace anchor6::io {

namespace {

/// The kernel's own message about something, as the request that removes it.
NetworkRequest removal(const nlmsghdr* message, std::uint16_t type, int gone) {
    NetlinkMessage request{type, 0};
    request.append(mnl_nlmsg_get_payload(message), mnl_nlmsg_get_payload_len(message));
    return {request, "removing what an earlier run left", gone};
}

template <class Header>
NetlinkMessage dump_request(std::uint16_t type, unsigned char family) {
    NetlinkMessage request{type, 0};
    // The family is the first octet of every such header.
    *reinterpret_cast<unsigned char*>(&request.extend<Header>()) = family;
    return request;
}

/// The maker stands in attribute `Protocol`.
template <class Header, std::uint16_t Protocol>
void find_marked(NetlinkSocket& socket, std::uint16_t type, Maker maker, int gone,
                 NetworkRequests& found) {
    auto read = [maker, type, gone](const nlmsghdr* message) -> std::optional<NetworkRequest> {
        NetlinkAttributes<Protocol> attributes{message, sizeof(Header)};
        if (attributes.template value<std::uint8_t>(Protocol) != static_cast<std::uint8_t>(maker))
            return std::nullopt;
        // RTM_NEW*, RTM_DEL* and RTM_GET* of a kind follow each other.
        return removal(message, type - 1, gone);
    };
    auto marked = dump_values<NetworkRequest>(socket, dump_request<Header>(type, AF_INET6), read,
                                              "what an earlier run left");
    std::ranges::move(marked, std::back_inserter(found));
}

void find_routes(NetlinkSocket& socket, Maker maker, NetworkRequests& found) {
    NetlinkMessage request{RTM_GETROUTE, 0};
    auto& filter = request.extend<rtmsg>();
    filter.rtm_family = AF_INET6;
    filter.rtm_protocol = static_cast<unsigned char>(maker);
    auto read = [](const nlmsghdr* message) {
        return std::optional{removal(message, RTM_DELROUTE, ESRCH)};
    };
    auto routes = dump_values<NetworkRequest>(socket, request, read, "routes of an earlier run");
    std::ranges::move(routes, std::back_inserter(found));
}

void find_tunnels(NetlinkSocket& socket, const std::string& names, NetworkRequests& found) {
    auto read = [&names](const nlmsghdr* message) -> std::optional<NetworkRequest> {
        const auto* header = fixed_part<ifinfomsg>(message);
        if (header == nullptr)
            return std::nullopt;
        NetlinkAttributes<IFLA_LINKINFO> attributes{message, sizeof(*header)};
        NetlinkAttributes<IFLA_INFO_KIND> info{attributes.find(IFLA_LINKINFO)};
        const std::string_view name = attributes.text(IFLA_IFNAME);
        if (info.text(IFLA_INFO_KIND) != "ip6tnl" || !name.starts_with(names))
            return std::nullopt;
        return delete_device(std::string{name});
    };
    auto tunnels = dump_values<NetworkRequest>(
        socket, dump_request<ifinfomsg>(RTM_GETLINK, AF_UNSPEC), read, "tunnels of an earlier run");
    std::ranges::move(tunnels, std::back_inserter(found));
}

} // namespace

std::vector<std::string> carry_out(NetlinkSocket& socket, const NetworkRequests& requests) {
    std::vector<NetlinkMessage> messages;
    messages.reserve(requests.size());
    for (const NetworkRequest& request : requests)
        messages.push_back(request.message);
    const auto acknowledgements = socket.transact(messages);
    std::vector<std::string> refusals;
    for (std::size_t index = 0; index < requests.size(); ++index)
        if (const Acknowledgement& answer = acknowledgements[index];
            !answer.ok() && answer.error != requests[index].satisfied_by)
            refusals.push_back(requests[index].what + ": " + answer.describe());
    return refusals;
}

void require_done(NetlinkSocket& socket, const NetworkRequests& requests) {
    const auto refusals = carry_out(socket, requests);
    if (!refusals.empty())
        throw std::runtime_error(refusals.front());
}

NetworkRequests leftovers(Maker maker, const std::string& tunnel_names, Neighbours neighbours) {
    NetlinkSocket socket{NETLINK_ROUTE};
    socket.demand_strict_checks();
    NetworkRequests found;
    find_routes(socket, maker, found);
    if (neighbours == Neighbours::go)
        find_marked<ndmsg, NDA_PROTOCOL>(socket, RTM_GETNEIGH, maker, ENOENT, found);
    find_marked<ifaddrmsg, IFA_PROTO>(socket, RTM_GETADDR, maker, EADDRNOTAVAIL, found);
    find_tunnels(socket, tunnel_names, found);
    find_marked<fib_rule_hdr, FRA_PROTOCOL>(socket, RTM_GETRULE, maker, ENOENT, found);
    return found;
}

} // namespace anchor6::io
