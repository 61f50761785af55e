// SPDX-License-Identifier: GPL-2.0-or-later
#include "io/home_links.h"

#include <algorithm>
#include <cstring>
#include <fstream>

#include <netinet/in.h>
#include <sys/socket.h>

#include "io/ancillary_data.h"
#include "io/interface.h"
#include "io/log.h"

namespace anchor6::io {

namespace {

// CAP_NET_ADMIN is enough for the settings below /proc/sys/net.
void allow_proxy_neighbours(const std::string& name) {
    std::string path = "/proc/sys/net/ipv6/conf/" + name + "/proxy_ndp";
    std::string value;
    std::ifstream{path} >> value;
    if (value == "1")
        return;
    std::ofstream setting{path};
    if (!(setting << "1\n" << std::flush))
        log::error("home link: net.ipv6.conf.{}.proxy_ndp cannot be set to 1", name);
}

FileDescriptor join_anycast(const std::vector<wire::Prefix>& prefixes, std::uint32_t index) {
    FileDescriptor fd{socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
    for (const wire::Prefix& prefix : prefixes) {
        wire::Address address = wire::home_agents_anycast(prefix);
        ipv6_mreq request{};
        request.ipv6mr_multiaddr = to_in6_addr(address);
        request.ipv6mr_interface = index;
        if (!fd ||
            setsockopt(fd.get(), IPPROTO_IPV6, IPV6_JOIN_ANYCAST, &request, sizeof(request)) < 0)
            log::error("home link: anycast address {}: {}", address.to_string(),
                       std::strerror(errno));
    }
    return fd;
}

} // namespace

void HomeLinks::HomeLink::make_ready() {
    allow_proxy_neighbours("all");
    allow_proxy_neighbours(name);
    // A link that went down has lost the routes of its anycast addresses; leaving comes first.
    anycast = {};
    anycast = join_anycast(prefixes, index);
    log::info("home link {} is up", name);
}

void HomeLinks::configure(const core::Config& config) {
    links_.clear();
    for (const core::Group& group : config.groups)
        for (const core::HomePrefix& home : group.home_prefixes) {
            if (home.link.empty())
                continue;
            auto link = std::ranges::find(links_, home.link, &HomeLink::name);
            if (link == links_.end())
                link = links_.insert(links_.end(), HomeLink{home.link, {}, 0, {}});
            link->prefixes.push_back(home.prefix);
        }
    refresh();
    for (const HomeLink& link : links_)
        if (link.index == 0)
            log::warn("home link {} is missing or down", link.name);
}

bool HomeLinks::refresh() {
    bool any = false;
    for (HomeLink& link : links_) {
        std::uint32_t index = interface_in_use(link.name);
        if (index != 0 && index != link.index) {
            link.index = index;
            link.make_ready();
            any = true;
        } else if (index == 0 && link.index != 0) {
            log::warn("home link {} is missing or down", link.name);
        }
        link.index = index;
    }
    return any;
}

std::string HomeLinks::name_of(std::uint32_t index) const {
    auto link = std::ranges::find(links_, index, &HomeLink::index);
    return index == 0 || link == links_.end() ? std::string{} : link->name;
}

} // namespace anchor6::io
