// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/home_agents_list.h"

#include <algorithm>

namespace anchor6::core {

namespace {

// More home agents than a discovery reply can name are of no use.
constexpr std::size_t routers_max = 2 * wire::max_home_agents;
constexpr std::size_t addresses_max = 8;

// A router that gives its prefix for its address names the anycast address of all routers.
bool is_global_address(const wire::PrefixInformation& information) {
    const auto prefix = wire::Prefix::of(information.prefix, information.length);
    return information.router_address && prefix && prefix->address() != information.prefix &&
           information.prefix.is_routable_unicast();
}

std::vector<wire::Address> global_addresses(const wire::RouterAdvertisement& advertisement) {
    std::vector<wire::Address> addresses;
    for (const wire::PrefixInformation& prefix : advertisement.prefixes)
        if (is_global_address(prefix) && addresses.size() < addresses_max)
            addresses.push_back(prefix.prefix);
    return addresses;
}

bool has_link(const Group& group, const std::string& link) {
    return std::ranges::any_of(group.home_prefixes,
                               [&](const HomePrefix& home) { return home.link == link; });
}

bool preferred(const HomeAgentEntry& left, const HomeAgentEntry& right) {
    return left.preference != right.preference ? left.preference > right.preference
                                               : left.address < right.address;
}

} // namespace

// RFC 6275 10.5.1 and 7.4: without the option the preference is 0, the lifetime the router's.
void HomeAgentsList::hear(const std::string& link, const wire::Address& router,
                          const wire::RouterAdvertisement& advertisement, StepContext& step) {
    const wire::HomeAgentInformation information = advertisement.home_agent_information.value_or(
        wire::HomeAgentInformation{0, advertisement.router_lifetime});
    const Router key{link, router};
    std::vector<wire::Address> addresses = global_addresses(advertisement);
    if (!advertisement.home_agent || information.lifetime == 0 || addresses.empty()) {
        forget(key);
    } else if (!routers_.contains(key) && routers_.size() >= routers_max) {
        step.counters.add(Counter::home_agents_list_full);
    } else {
        routers_.insert_or_assign(key, Heard{std::move(addresses), information.preference});
        lifetimes_.set(key, step.now.boot + std::chrono::seconds{information.lifetime});
    }
}

void HomeAgentsList::forget(const Router& router) {
    routers_.erase(router);
    lifetimes_.clear(router);
}

bool HomeAgentsList::expire_one(BootTime now) {
    const auto router = lifetimes_.take_due(now);
    if (router)
        routers_.erase(*router);
    return router.has_value();
}

std::vector<HomeAgentEntry> HomeAgentsList::of_group(const Group& group, BootTime now) const {
    std::vector<HomeAgentEntry> entries{{"", group.home_agent_address, group.home_agent_preference,
                                         group.home_agent_lifetime, true}};
    for (const auto& [router, heard] : routers_) {
        if (!has_link(group, router.link))
            continue;
        const auto left = std::chrono::floor<std::chrono::seconds>(*lifetimes_.of(router) - now);
        for (const wire::Address& address : heard.addresses)
            if (address != group.home_agent_address)
                entries.push_back({router.link, address, heard.preference, left, false});
    }
    std::ranges::sort(entries, preferred);
    return entries;
}

} // namespace anchor6::core
