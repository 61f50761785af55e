// SPDX-License-Identifier: GPL-2.0-or-later
#include "io/address_defence.h"

#include <algorithm>
#include <array>
#include <set>

#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <net/if.h>

#include "io/interface.h"
#include "io/log.h"

namespace anchor6::io {

namespace {

/// Of the entries and routes that are ours; not in use by any routing daemon.
constexpr std::uint8_t anchor_protocol = 166;

NetlinkMessage proxy_addition(std::uint32_t link, const core::DefendedAddress& defended) {
    auto flags = static_cast<std::uint8_t>(NTF_PROXY | (defended.router ? NTF_ROUTER : 0));
    // A link that loses its carrier keeps permanent entries.
    NetlinkMessage message = neighbour_message(RTM_NEWNEIGH, NLM_F_CREATE | NLM_F_REPLACE, link,
                                               defended.address, NUD_PERMANENT, flags);
    message.put(NDA_PROTOCOL, anchor_protocol);
    return message;
}

NetlinkMessage route_message(std::uint16_t type, std::uint16_t flags, const wire::Address& address,
                             std::uint32_t device) {
    NetlinkMessage message{type, flags};
    auto& route = message.extend<rtmsg>();
    route.rtm_family = AF_INET6;
    route.rtm_dst_len = wire::Prefix::max_length;
    route.rtm_table = RT_TABLE_MAIN;
    route.rtm_protocol = anchor_protocol;
    route.rtm_scope = RT_SCOPE_UNIVERSE;
    route.rtm_type = RTN_UNICAST;
    message.put(RTA_DST, address).put(RTA_OIF, device);
    return message;
}

std::optional<core::DefendedAddress> read_proxy(const nlmsghdr* message) {
    const auto* neighbour = static_cast<const ndmsg*>(mnl_nlmsg_get_payload(message));
    NetlinkAttributes<NDA_MAX> attributes{message, sizeof(*neighbour)};
    auto octets = attributes.value<wire::Address::Octets>(NDA_DST);
    std::string link = interface_name(static_cast<std::uint32_t>(neighbour->ndm_ifindex));
    if (!octets || link.empty() ||
        attributes.value<std::uint8_t>(NDA_PROTOCOL) != std::optional{anchor_protocol})
        return {};
    return core::DefendedAddress{link, wire::Address{*octets},
                                 (neighbour->ndm_flags & NTF_ROUTER) != 0};
}

std::optional<wire::Address> read_route(const nlmsghdr* message) {
    const auto* route = static_cast<const rtmsg*>(mnl_nlmsg_get_payload(message));
    NetlinkAttributes<RTA_MAX> attributes{message, sizeof(*route)};
    auto octets = attributes.value<wire::Address::Octets>(RTA_DST);
    if (!octets || route->rtm_protocol != anchor_protocol ||
        route->rtm_dst_len != wire::Prefix::max_length)
        return {};
    return wire::Address{*octets};
}

} // namespace

/// One step of a change, and an error that means it is done already.
struct AddressDefence::Request {
    NetlinkMessage message;
    int already_done = 0;
};

AddressDefence::AddressDefence(std::uint32_t device) : socket_(NETLINK_ROUTE), device_(device) {
    socket_.demand_strict_checks();
}

std::vector<AddressDefence::Request> AddressDefence::requests_of(const core::KernelChange& change,
                                                                 int& error) const {
    std::vector<Request> requests;
    if (const auto* defence = std::get_if<core::DefendAddress>(&change)) {
        const core::DefendedAddress& defended = defence->address;
        std::uint32_t link = interface_in_use(defended.link);
        error = link == 0 ? ENETDOWN : 0;
        if (link == 0)
            return requests;
        requests.push_back({proxy_addition(link, defended), 0});
        if (!defended.address.is_link_local())
            requests.push_back({route_message(RTM_NEWROUTE, NLM_F_CREATE | NLM_F_REPLACE,
                                              defended.address, device_),
                                0});
    } else if (const auto* release = std::get_if<core::ReleaseAddress>(&change)) {
        const core::DefendedAddress& defended = release->address;
        if (!defended.address.is_link_local())
            requests.push_back({route_message(RTM_DELROUTE, 0, defended.address, device_), ESRCH});
        if (std::uint32_t link = interface_index(defended.link); link != 0)
            for (auto flags : {std::uint8_t{NTF_PROXY}, std::uint8_t{0}})
                requests.push_back({neighbour_message(RTM_DELNEIGH, 0, link, defended.address,
                                                      NUD_PERMANENT, flags),
                                    ENOENT});
    }
    return requests;
}

std::vector<int> AddressDefence::apply(std::span<const core::KernelChange> changes) {
    std::vector<int> errors(changes.size(), 0);
    std::vector<NetlinkMessage> messages;
    std::vector<std::pair<std::size_t, int>> steps;
    for (std::size_t index = 0; index < changes.size(); ++index)
        for (const Request& request : requests_of(changes[index], errors[index])) {
            messages.push_back(request.message);
            steps.emplace_back(index, request.already_done);
        }
    std::vector<Acknowledgement> acknowledgements = socket_.transact(messages);
    for (std::size_t step = 0; step < steps.size(); ++step) {
        auto [index, already_done] = steps[step];
        const Acknowledgement& acknowledgement = acknowledgements[step];
        if (acknowledgement.ok() || acknowledgement.error == already_done)
            continue;
        log::warn("home link: {}", acknowledgement.describe());
        errors[index] = acknowledgement.error;
    }
    return errors;
}

std::vector<core::DefendedAddress> AddressDefence::proxies() {
    NetlinkMessage request{RTM_GETNEIGH, 0};
    auto& neighbour = request.extend<ndmsg>();
    neighbour.ndm_family = AF_INET6;
    neighbour.ndm_flags = NTF_PROXY;
    return dump_values<core::DefendedAddress>(socket_, request, read_proxy,
                                              "dump of proxy neighbours");
}

std::vector<wire::Address> AddressDefence::routes() {
    NetlinkMessage request{RTM_GETROUTE, 0};
    auto& route = request.extend<rtmsg>();
    route.rtm_family = AF_INET6;
    route.rtm_table = RT_TABLE_MAIN;
    route.rtm_protocol = anchor_protocol;
    request.put(RTA_OIF, device_);
    return dump_values<wire::Address>(socket_, request, read_route, "dump of routes");
}

void AddressDefence::remove_half(const core::DefendedAddress& address) {
    core::KernelChange release = core::ReleaseAddress{address};
    apply({&release, 1});
}

std::vector<core::DefendedAddress> AddressDefence::defended() {
    std::vector<core::DefendedAddress> whole;
    std::vector<wire::Address> routed = routes();
    std::set<wire::Address> unclaimed{routed.begin(), routed.end()};
    for (core::DefendedAddress& proxy : proxies()) {
        if (proxy.address.is_link_local() || unclaimed.erase(proxy.address) != 0)
            whole.push_back(std::move(proxy));
        else
            remove_half(proxy);
    }
    for (const wire::Address& address : unclaimed)
        remove_half({{}, address, false});
    return whole;
}

} // namespace anchor6::io
