// SPDX-License-Identifier: GPL-2.0-or-later
#include "io/address_probes.h"

#include <algorithm>

#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include "io/ancillary_data.h"
#include "io/clock.h"
#include "io/interface.h"
#include "io/local_address.h"
#include "io/log.h"
#include "io/system_error.h"

namespace anchor6::io {

namespace {

/// RetransTimer of RFC 4861; DupAddrDetectTransmits is 1.
constexpr std::chrono::seconds patience{1};

FileDescriptor join_solicited_node_groups(const std::vector<wire::Address>& addresses,
                                          const std::string& link) {
    FileDescriptor fd{socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
    if (!fd)
        throw system_error("multicast socket");
    for (const wire::Address& address : addresses) {
        ipv6_mreq group{};
        group.ipv6mr_multiaddr = to_in6_addr(wire::solicited_node(address));
        group.ipv6mr_interface = interface_index(link);
        // Of two addresses with the same last octets the group is one.
        if (setsockopt(fd.get(), IPPROTO_IPV6, IPV6_JOIN_GROUP, &group, sizeof(group)) < 0 &&
            errno != EADDRINUSE)
            throw system_error("IPV6_JOIN_GROUP");
    }
    return fd;
}

} // namespace

AddressProbes::AddressProbes(EventLoop& loop, Ended ended)
    : loop_(&loop), ended_(std::move(ended)) {
    loop.watch_time(timer_, [this] { end_due(); });
}

AddressProbes::Listening& AddressProbes::listen(const std::string& link) {
    if (auto known = links_.find(link); known != links_.end())
        return known->second;
    Listening& listening = links_.try_emplace(link, link).first->second;
    loop_->watch_fd(listening.source, listening.socket.fd(), EPOLLIN, EventLoop::Urgency::discovery,
                    [this, link](std::uint32_t) { hear(link); });
    return listening;
}

FileDescriptor AddressProbes::solicit(const core::ProbeAddress& probe) {
    Listening& listening = listen(probe.link);
    FileDescriptor membership = join_solicited_node_groups(probe.addresses, probe.link);
    for (const wire::Address& address : probe.addresses)
        if (!listening.socket.solicit(address))
            throw system_error("solicitation");
    for (const wire::Address& address : probe.addresses)
        listening.probes.emplace(address, probe.id);
    return membership;
}

// This router does not hear itself.
bool AddressProbes::is_own(const core::ProbeAddress& probe) {
    const wire::Address& link_local = listen(probe.link).socket.link_local_address();
    return std::ranges::any_of(probe.addresses, [&link_local](const wire::Address& address) {
        return address == link_local || is_local_address(address);
    });
}

void AddressProbes::begin(const core::ProbeAddress& probe) {
    Probe begun{probe.link, probe.addresses, now().boot, Outcome::failed, {}};
    try {
        if (is_own(probe)) {
            begun.outcome = Outcome::duplicate;
        } else {
            begun.membership = solicit(probe);
            begun.outcome = Outcome::unique;
            begun.ends += patience;
        }
    } catch (const std::system_error& error) {
        log::warn("no duplicate address detection on {}: {}", probe.link, error.what());
    }
    deadlines_.emplace(begun.ends, probe.id);
    probes_.emplace(probe.id, std::move(begun));
    arm();
}

void AddressProbes::hear(const std::string& link) {
    std::vector<wire::Address> heard;
    bool alive = links_.at(link).socket.listen(
        [&heard](const wire::Address& address) { heard.push_back(address); });
    for (const wire::Address& address : heard)
        end_duplicates(link, address);
    if (!alive)
        fail(link);
}

// Whoever is heard on the way down may have been the last.
void AddressProbes::fail(const std::string& link) {
    links_.erase(link);
    for (auto& [id, probe] : probes_)
        if (probe.link == link && probe.outcome == Outcome::unique)
            probe.outcome = Outcome::failed;
}

void AddressProbes::end_duplicates(const std::string& link, const wire::Address& address) {
    std::vector<core::ProbeId> duplicates;
    auto [first, last] = links_.at(link).probes.equal_range(address);
    for (; first != last; ++first)
        duplicates.push_back(first->second);
    for (core::ProbeId id : duplicates)
        end(id, Outcome::duplicate);
}

void AddressProbes::end(core::ProbeId id, Outcome outcome) {
    auto probe = probes_.find(id);
    if (probe == probes_.end())
        return;
    if (auto listening = links_.find(probe->second.link); listening != links_.end())
        std::erase_if(listening->second.probes,
                      [id](const auto& entry) { return entry.second == id; });
    probes_.erase(probe);
    ended_({id, outcome});
}

void AddressProbes::end_due() {
    core::BootTime time = now().boot;
    while (!deadlines_.empty() && deadlines_.begin()->first <= time) {
        core::ProbeId id = deadlines_.begin()->second;
        deadlines_.erase(deadlines_.begin());
        auto probe = probes_.find(id);
        if (probe == probes_.end())
            continue;
        // On a link that went down nobody could answer.
        bool unheard =
            probe->second.outcome == Outcome::unique && interface_in_use(probe->second.link) == 0;
        end(id, unheard ? Outcome::failed : probe->second.outcome);
    }
    arm();
}

void AddressProbes::arm() {
    loop_->arm(timer_,
               deadlines_.empty() ? std::nullopt : std::optional{deadlines_.begin()->first});
}

} // namespace anchor6::io
