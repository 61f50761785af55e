// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/movement_detection.h"

#include <algorithm>

namespace anchor6::core {

namespace {

constexpr std::size_t routers_max = 16;
constexpr std::size_t prefixes_max = 32;
constexpr std::size_t addresses_max = 256;

bool is_configured(const MobileNodeConfig& config, const std::string& name) {
    return std::ranges::any_of(config.interfaces,
                               [&](const AccessInterface& one) { return one.name == name; });
}

/// Entries that have expired go.
template <class Map, class Until>
void erase_expired(Map& map, BootTime now, Until until) {
    std::erase_if(map, [&](const auto& entry) { return until(entry.second) <= now; });
}

std::optional<wire::Prefix> prefix_of(const wire::PrefixInformation& information) {
    const auto prefix = wire::Prefix::of(information.prefix, information.length);
    const bool good = prefix && (information.autonomous || information.on_link) &&
                      prefix->address().is_routable_unicast();
    return good ? prefix : std::nullopt;
}

} // namespace

void MovementDetection::change(const InterfaceChanged& event) {
    Interface& interface = interfaces_[event.name];
    if (interface.up == event.up)
        return;
    interface.up = event.up;
    interface.routers.clear();
    interface.avoided.clear();
}

void MovementDetection::change(const AddressChanged& event, MobileNodeContext& step) {
    std::set<wire::Address>& addresses = interfaces_[event.interface].addresses;
    if (!event.usable)
        addresses.erase(event.address);
    else if (addresses.size() < addresses_max)
        addresses.insert(event.address);
    else
        step.counters.add(Counter::node_links_full);
}

void MovementDetection::lose(const RouterLost& event) {
    if (const auto found = interfaces_.find(event.interface); found != interfaces_.end())
        found->second.routers.erase(event.router);
}

void MovementDetection::hear(const std::string& interface, const wire::Address& router,
                             const wire::RouterAdvertisement& advertisement,
                             MobileNodeContext& step) {
    const BootTime now = step.now.boot;
    const auto found = interfaces_.find(interface);
    if (found == interfaces_.end() || !found->second.up || !is_configured(step.config, interface)) {
        step.counters.add(Counter::node_router_advertisements_ignored);
        return;
    }
    auto& routers = found->second.routers;
    if (advertisement.router_lifetime == 0) {
        routers.erase(router);
        return;
    }
    if (routers.size() >= routers_max && !routers.contains(router)) {
        step.counters.add(Counter::node_links_full);
        return;
    }
    Router& heard = routers[router];
    heard.until = now + std::chrono::seconds{advertisement.router_lifetime};
    for (const wire::PrefixInformation& information : advertisement.prefixes) {
        const auto prefix = prefix_of(information);
        if (!prefix)
            continue;
        if (heard.prefixes.size() < prefixes_max || heard.prefixes.contains(*prefix))
            heard.prefixes[*prefix] = now + std::chrono::seconds{information.valid_lifetime};
        else
            step.counters.add(Counter::node_links_full);
    }
    expire(now);
}

void MovementDetection::expire(BootTime now) {
    for (auto& [name, interface] : interfaces_) {
        erase_expired(interface.routers, now, [](const Router& router) { return router.until; });
        for (auto& [address, router] : interface.routers)
            erase_expired(router.prefixes, now, [](BootTime until) { return until; });
    }
}

std::optional<BootTime> MovementDetection::next_deadline() const {
    std::optional<BootTime> next;
    for (const auto& [name, interface] : interfaces_)
        for (const auto& [address, router] : interface.routers) {
            next = earliest({next, router.until});
            for (const auto& [prefix, until] : router.prefixes)
                next = earliest({next, until});
        }
    return next;
}

void MovementDetection::avoid(const Attachment& attachment) {
    interfaces_[attachment.interface].avoided.insert(attachment.care_of_address);
}

const MovementDetection::Interface* MovementDetection::usable(const std::string& name) const {
    const auto found = interfaces_.find(name);
    return found != interfaces_.end() && found->second.up ? &found->second : nullptr;
}

// The router in use stays, if it advertises the prefix of the address.
const wire::Address* MovementDetection::router_of(const Interface& interface,
                                                  const wire::Address& address,
                                                  const std::optional<Attachment>& present) {
    const wire::Address* best = nullptr;
    for (const auto& [router, heard] : interface.routers) {
        const bool advertises = std::ranges::any_of(
            heard.prefixes, [&](const auto& entry) { return entry.first.contains(address); });
        if (advertises && (best == nullptr || (present && router == present->router)))
            best = &router;
    }
    return best;
}

std::optional<Attachment> MovementDetection::home(const MobileNodeConfig& config,
                                                  const std::optional<Attachment>& present) const {
    std::optional<Attachment> best;
    for (const AccessInterface& access : config.interfaces) {
        const Interface* interface = usable(access.name);
        const wire::Address* router =
            interface != nullptr ? router_of(*interface, config.home_address, present) : nullptr;
        if (router == nullptr)
            continue;
        Attachment found{access.name, *router, config.home_address};
        if (!best || (present && found.is_same_place(*present)))
            best = std::move(found);
    }
    return best;
}

std::optional<Attachment> MovementDetection::away(const MobileNodeConfig& config,
                                                  const std::string& name,
                                                  const std::optional<Attachment>& present) const {
    const Interface* interface = usable(name);
    std::optional<Attachment> best;
    if (interface == nullptr)
        return best;
    for (const wire::Address& address : interface->addresses) {
        const wire::Address* router = router_of(*interface, address, present);
        const bool good =
            router != nullptr && address.is_routable_unicast() && address != config.home_address &&
            !config.home_network_prefix.contains(address) && !interface->avoided.contains(address);
        if (!good)
            continue;
        Attachment found{name, *router, address};
        if (!best || (present && found.is_same_place(*present)))
            best = std::move(found);
    }
    return best;
}

std::optional<Attachment>
MovementDetection::choose(const MobileNodeConfig& config,
                          const std::optional<Attachment>& present) const {
    std::optional<Attachment> best = home(config, present);
    std::uint32_t preference = 0;
    if (best)
        return best;
    for (const AccessInterface& access : config.interfaces) {
        auto found = away(config, access.name, present);
        if (!found)
            continue;
        const bool stays = present && found->is_same_place(*present);
        if (!best || access.preference > preference || (access.preference == preference && stays)) {
            best = std::move(found);
            preference = access.preference;
        }
    }
    return best;
}

} // namespace anchor6::core
