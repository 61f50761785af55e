// SPDX-License-Identifier: GPL-2.0-or-later
#include "io/network_state.h"

#include <linux/if.h>
#include <linux/if_addr.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>

namespace anchor6::io {

namespace {

bool is_usable(std::uint32_t flags) {
    const bool tentative = (flags & IFA_F_TENTATIVE) != 0 && (flags & IFA_F_OPTIMISTIC) == 0;
    return !tentative && (flags & (IFA_F_DADFAILED | IFA_F_TEMPORARY)) == 0;
}

} // namespace

NetlinkMessage link_dump() {
    NetlinkMessage request{RTM_GETLINK, 0};
    request.extend<ifinfomsg>();
    return request;
}

std::optional<LinkState> read_link(const nlmsghdr* message) {
    const auto* link = fixed_part<ifinfomsg>(message);
    // Bridges speak of their ports by messages of their own family.
    if (link == nullptr || link->ifi_family != AF_UNSPEC)
        return {};
    constexpr unsigned working = IFF_UP | IFF_RUNNING;
    const NetlinkAttributes<IFLA_LINKINFO> attributes{message, sizeof(*link)};
    const NetlinkAttributes<IFLA_INFO_KIND> info{attributes.find(IFLA_LINKINFO)};
    return LinkState{static_cast<std::uint32_t>(link->ifi_index),
                     std::string{attributes.text(IFLA_IFNAME)},
                     std::string{info.text(IFLA_INFO_KIND)},
                     message->nlmsg_type == RTM_NEWLINK && (link->ifi_flags & working) == working};
}

NetlinkMessage address_dump() {
    NetlinkMessage request{RTM_GETADDR, 0};
    request.extend<ifaddrmsg>().ifa_family = AF_INET6;
    return request;
}

std::optional<AddressState> read_address(const nlmsghdr* message) {
    const auto* header = fixed_part<ifaddrmsg>(message);
    if (header == nullptr || header->ifa_family != AF_INET6)
        return {};
    const NetlinkAttributes<IFA_FLAGS> attributes{message, sizeof(*header)};
    auto octets = attributes.value<wire::Address::Octets>(IFA_LOCAL);
    if (!octets)
        octets = attributes.value<wire::Address::Octets>(IFA_ADDRESS);
    if (!octets)
        return {};
    const std::uint32_t flags =
        attributes.value<std::uint32_t>(IFA_FLAGS).value_or(header->ifa_flags);
    return AddressState{header->ifa_index, wire::Address{*octets},
                        message->nlmsg_type == RTM_NEWADDR && is_usable(flags)};
}

std::optional<NeighbourLost> read_neighbour_lost(const nlmsghdr* message) {
    const auto* neighbour = fixed_part<ndmsg>(message);
    if (neighbour == nullptr || message->nlmsg_type != RTM_NEWNEIGH ||
        neighbour->ndm_family != AF_INET6 || (neighbour->ndm_state & NUD_FAILED) == 0)
        return {};
    const NetlinkAttributes<NDA_DST> attributes{message, sizeof(*neighbour)};
    const auto octets = attributes.value<wire::Address::Octets>(NDA_DST);
    if (!octets)
        return {};
    return NeighbourLost{static_cast<std::uint32_t>(neighbour->ndm_ifindex),
                         wire::Address{*octets}};
}

} // namespace anchor6::io
