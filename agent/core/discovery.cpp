// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/discovery.h"

#include <algorithm>
#include <utility>

namespace anchor6::core {

namespace {

// Home network prefixes have 64 bits wherever nodes form their own addresses.
constexpr std::uint8_t usual_prefix_length = 64;

bool is_home_agents_anycast(const HomePrefix& home, const wire::Address& address) {
    return address == wire::home_agents_anycast(home.prefix) ||
           address == wire::home_agents_anycast(*wire::Prefix::of(address, usual_prefix_length));
}

/// What a request asks about: one home prefix, or with none the whole group.
struct Question {
    const Group* group = nullptr;
    const HomePrefix* home = nullptr;

    // Home agents of a link do not serve another one.
    bool concerns(const HomeAgentEntry& entry) const {
        return entry.self || home == nullptr || entry.link == home->link;
    }
};

Question question(const wire::Address& destination, const Policy& policy) {
    if (const Group* group = policy.group_of_home_agent(destination))
        return {group, nullptr};
    for (const Group& group : policy.config().groups) {
        const HomePrefix* home = home_prefix(group, destination);
        if (home != nullptr && is_home_agents_anycast(*home, destination))
            return {&group, home};
    }
    return {};
}

} // namespace

// Every home agent here serves mobile routers, so a request with the R flag gets the same list
// (RFC 3963 7.2).
void Discovery::receive(const IcmpReceived& received,
                        const wire::HomeAgentDiscoveryRequest& request, StepContext& step) {
    const Packet& packet = received.packet;
    const Question asked = question(packet.destination, step.policy);
    if (asked.group == nullptr || !packet.source.is_routable_unicast()) {
        step.counters.add(Counter::discovery_not_for_home_agents);
        return;
    }
    if (!replies_.take(step.policy.limits().discovery_replies_per_second, step.now.boot)) {
        step.counters.add(Counter::discovery_suppressed);
        return;
    }
    wire::HomeAgentDiscoveryReply reply{request.identifier, request.mobile_router, {}};
    for (const HomeAgentEntry& entry : home_agents_.of_group(*asked.group, step.now.boot))
        if (asked.concerns(entry) && reply.home_agents.size() < wire::max_home_agents)
            reply.home_agents.push_back(entry.address);
    step.counters.add(Counter::discovery_replies);
    SendIcmp send;
    send.source = asked.group->home_agent_address;
    send.destination = packet.source;
    send.message = std::move(reply);
    step.effects.emplace_back(std::move(send));
}

void Discovery::receive(const IcmpReceived& received,
                        const wire::RouterAdvertisement& advertisement, StepContext& step) {
    if (received.link.empty() || !received.packet.source.is_link_local())
        step.counters.add(Counter::router_advertisements_ignored);
    else
        home_agents_.hear(received.link, received.packet.source, advertisement, step);
}

} // namespace anchor6::core
