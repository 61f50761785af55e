// SPDX-License-Identifier: GPL-2.0-or-later
#include "io/access_watch.h"

#include <algorithm>
#include <optional>
#include <utility>

#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <sys/epoll.h>

#include "io/log.h"
#include "io/network_state.h"

namespace anchor6::io {

AccessWatch::AccessWatch(EventLoop& loop, core::Counters& counters, Handlers handlers)
    : counters_(&counters), handlers_(std::move(handlers)), socket_(NETLINK_ROUTE),
      listener_(NETLINK_ROUTE, RTNLGRP_LINK) {
    listener_.join(RTNLGRP_IPV6_IFADDR);
    listener_.join(RTNLGRP_NEIGH);
    loop.watch_fd(source_, listener_.fd(), EPOLLIN, EventLoop::Urgency::control,
                  [this](std::uint32_t) { on_messages(); });
}

void AccessWatch::watch(const std::vector<core::AccessInterface>& interfaces) {
    names_.clear();
    for (const core::AccessInterface& interface : interfaces)
        names_.insert(interface.name);
    become(read());
}

std::string AccessWatch::name_of(std::uint32_t index) const {
    const auto found = interfaces_.find(index);
    return found != interfaces_.end() ? found->second.name : std::string{};
}

std::uint32_t AccessWatch::index_of(const std::string& name) const {
    const auto found = std::ranges::find_if(
        interfaces_, [&](const auto& entry) { return entry.second.name == name; });
    return found != interfaces_.end() ? found->first : 0;
}

// A neighbour that was never asked before is resolved; one that is known is asked again.
void AccessWatch::probe(const core::ProbeRouter& probe) {
    const std::uint32_t index = index_of(probe.interface);
    if (index == 0)
        return;
    if (socket_
            .transact(
                neighbour_message(RTM_NEWNEIGH, NLM_F_REPLACE, index, probe.router, NUD_PROBE, 0))
            .ok())
        return;
    const Acknowledgement asked = socket_.transact(
        neighbour_message(RTM_NEWNEIGH, NLM_F_CREATE, index, probe.router, 0, NTF_USE));
    if (!asked.ok())
        log::warn("router {} on {} cannot be asked: {}", probe.router.to_string(), probe.interface,
                  asked.describe());
}

void AccessWatch::on_messages() {
    const bool complete =
        listener_.receive([this](const nlmsghdr* message) { on_message(message); });
    if (!complete) {
        counters_->add(core::Counter::kernel_notifications_lost);
        become(read());
    }
    handlers_.settle();
}

void AccessWatch::on_message(const nlmsghdr* message) {
    switch (message->nlmsg_type) {
    case RTM_NEWLINK:
    case RTM_DELLINK:
        on_link(message);
        break;
    case RTM_NEWADDR:
    case RTM_DELADDR:
        on_address(message);
        break;
    case RTM_NEWNEIGH:
        on_neighbour(message);
        break;
    default:
        break;
    }
}

void AccessWatch::on_link(const nlmsghdr* message) {
    const auto link = read_link(message);
    if (!link)
        return;
    const auto found = interfaces_.find(link->index);
    if (found != interfaces_.end() &&
        (found->second.name != link->name || message->nlmsg_type == RTM_DELLINK))
        drop(link->index);
    if (!names_.contains(link->name) || message->nlmsg_type == RTM_DELLINK)
        return;
    // One that has got its name just now may have had addresses before.
    if (!interfaces_.contains(link->index)) {
        become(read());
        return;
    }
    Interface now = interfaces_[link->index];
    now.up = link->working;
    change(link->index, now);
}

void AccessWatch::on_address(const nlmsghdr* message) {
    const auto address = read_address(message);
    const auto found = address ? interfaces_.find(address->device) : interfaces_.end();
    if (found == interfaces_.end())
        return;
    Interface now = found->second;
    if (address->usable)
        now.addresses.insert(address->address);
    else
        now.addresses.erase(address->address);
    change(address->device, now);
}

void AccessWatch::on_neighbour(const nlmsghdr* message) {
    const auto lost = read_neighbour_lost(message);
    const std::string name = lost ? name_of(lost->device) : std::string{};
    if (!name.empty())
        handlers_.decide(core::RouterLost{name, lost->address});
}

AccessWatch::Interfaces AccessWatch::read() {
    Interfaces interfaces;
    for (const LinkState& link :
         dump_values<LinkState>(socket_, link_dump(), read_link, "interfaces"))
        if (names_.contains(link.name))
            interfaces[link.index] = {link.name, link.working, {}};
    for (const AddressState& address :
         dump_values<AddressState>(socket_, address_dump(), read_address, "addresses"))
        if (const auto found = interfaces.find(address.device);
            found != interfaces.end() && address.usable)
            found->second.addresses.insert(address.address);
    return interfaces;
}

void AccessWatch::become(const Interfaces& interfaces) {
    const Interfaces before = interfaces_;
    for (const auto& [index, interface] : before) {
        const auto found = interfaces.find(index);
        if (found == interfaces.end() || found->second.name != interface.name)
            drop(index);
    }
    for (const auto& [index, interface] : interfaces)
        change(index, interface);
}

// The carrier first: with it everything that was known of the link is forgotten.
void AccessWatch::change(std::uint32_t index, const Interface& now) {
    const Interface before = std::exchange(interfaces_[index], now);
    if (before.up != now.up)
        handlers_.decide(core::InterfaceChanged{now.name, now.up});
    for (const wire::Address& address : before.addresses)
        if (!now.addresses.contains(address))
            handlers_.decide(core::AddressChanged{now.name, address, false});
    for (const wire::Address& address : now.addresses)
        if (!before.addresses.contains(address))
            handlers_.decide(core::AddressChanged{now.name, address, true});
}

void AccessWatch::drop(std::uint32_t index) {
    change(index, {interfaces_[index].name, false, {}});
    interfaces_.erase(index);
}

} // namespace anchor6::io
