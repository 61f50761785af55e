// SPDX-License-Identifier: GPL-2.0-or-later
#include "io/link.h"

#include <stdexcept>

#include <linux/if.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>

#include <anchor6.h>

namespace anchor6::io {

namespace {

void require(const Acknowledgement& acknowledgement, const std::string& what) {
    if (!acknowledgement.ok())
        throw std::runtime_error(what + ": " + acknowledgement.describe());
}

NetlinkMessage route_message(std::uint16_t type, std::uint16_t flags, const wire::Prefix& prefix,
                             std::uint32_t index) {
    NetlinkMessage message{type, flags};
    auto& route = message.extend<rtmsg>();
    route.rtm_family = AF_INET6;
    route.rtm_dst_len = prefix.length();
    route.rtm_table = RT_TABLE_MAIN;
    route.rtm_protocol = RTPROT_STATIC;
    route.rtm_scope = RT_SCOPE_UNIVERSE;
    route.rtm_type = RTN_UNICAST;
    message.put(RTA_DST, prefix.address()).put(RTA_OIF, index);
    return message;
}

} // namespace

Link::Link(const std::string& name) : socket_(NETLINK_ROUTE) {
    if (!find(name)) {
        create(name);
        if (!find(name))
            throw std::runtime_error("device " + name + " vanished after it was made");
    }
    set_up();
}

bool Link::find(const std::string& name) {
    NetlinkMessage request{RTM_GETLINK, 0};
    request.extend<ifinfomsg>();
    request.put(IFLA_IFNAME, std::string_view{name});
    std::string kind;
    Acknowledgement found = socket_.transact(request, [&](const nlmsghdr* message) {
        const auto* link = static_cast<const ifinfomsg*>(mnl_nlmsg_get_payload(message));
        NetlinkAttributes<IFLA_LINKINFO> attributes{message, sizeof(*link)};
        NetlinkAttributes<IFLA_INFO_KIND> info{attributes.find(IFLA_LINKINFO)};
        kind = info.text(IFLA_INFO_KIND);
        index_ = static_cast<std::uint32_t>(link->ifi_index);
    });
    if (found.error == ENODEV)
        return false;
    require(found, "device " + name);
    if (kind != ANCHOR6_LINK_KIND)
        throw std::runtime_error("device " + name + " exists and is no anchor6 device");
    return true;
}

void Link::create(const std::string& name) {
    NetlinkMessage request{RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL};
    request.extend<ifinfomsg>();
    request.put(IFLA_IFNAME, std::string_view{name});
    request.nest(IFLA_LINKINFO, [](NetlinkMessage& info) {
        info.put(IFLA_INFO_KIND, std::string_view{ANCHOR6_LINK_KIND});
    });
    Acknowledgement made = socket_.transact(request);
    if (made.error == EOPNOTSUPP)
        throw std::runtime_error("the kernel has no anchor6 devices: is the module loaded?");
    if (made.error != EEXIST)
        require(made, "making device " + name);
}

void Link::set_up() {
    NetlinkMessage request{RTM_NEWLINK, 0};
    auto& link = request.extend<ifinfomsg>();
    link.ifi_index = static_cast<int>(index_);
    link.ifi_flags = IFF_UP;
    link.ifi_change = IFF_UP;
    require(socket_.transact(request), "setting the device up");
}

void Link::add_route(const wire::Prefix& prefix) {
    require(
        socket_.transact(route_message(RTM_NEWROUTE, NLM_F_CREATE | NLM_F_REPLACE, prefix, index_)),
        "route of " + prefix.to_string());
}

void Link::delete_route(const wire::Prefix& prefix) {
    Acknowledgement deleted = socket_.transact(route_message(RTM_DELROUTE, 0, prefix, index_));
    if (deleted.error != ESRCH)
        require(deleted, "route of " + prefix.to_string());
}

} // namespace anchor6::io
