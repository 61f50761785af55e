// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/home_agent_search.h"

#include <algorithm>
#include <utility>

namespace anchor6::core {

std::optional<wire::Address> HomeAgentSearch::home_agent(const MobileNodeConfig& config) const {
    if (config.home_agent)
        return config.home_agent;
    return chosen_ < found_.size() ? std::optional{found_[chosen_]} : std::nullopt;
}

bool HomeAgentSearch::reject(const MobileNodeConfig& config) {
    if (config.home_agent)
        return false;
    if (++chosen_ < found_.size())
        return true;
    found_.clear();
    chosen_ = 0;
    return false;
}

void HomeAgentSearch::start(const wire::Address& care_of_address, MobileNodeContext& step) {
    care_of_address_ = care_of_address;
    tries_ = 0;
    send(step);
}

void HomeAgentSearch::send(MobileNodeContext& step) {
    step.counters.add(Counter::node_discovery_requests);
    SendIcmp request;
    request.source = care_of_address_;
    request.destination = wire::home_agents_anycast(step.config.home_network_prefix);
    request.message = wire::HomeAgentDiscoveryRequest{++identifier_, step.config.mobile_router};
    step.effects.emplace_back(std::move(request));
    const std::uint32_t doublings = std::min(tries_++, step.config.timers.discovery_retries);
    due_ = step.now.boot + step.config.timers.initial_discovery * (1U << doublings);
}

// After the retries of the RFC it goes on at their slowest rate: there is nothing else to do.
void HomeAgentSearch::resend_when_due(MobileNodeContext& step) {
    if (due_ && *due_ <= step.now.boot)
        send(step);
}

bool HomeAgentSearch::receive(const Packet& packet, const wire::HomeAgentDiscoveryReply& reply,
                              MobileNodeContext& step) {
    if (!due_ || reply.identifier != identifier_ || packet.destination != care_of_address_) {
        step.counters.add(Counter::node_discovery_unexpected);
        return false;
    }
    found_ = reply.home_agents;
    std::erase_if(found_, [](const wire::Address& one) { return !one.is_routable_unicast(); });
    if (found_.empty() && packet.source.is_routable_unicast())
        found_ = {packet.source};
    chosen_ = 0;
    step.counters.add(Counter::node_discovery_replies);
    if (found_.empty())
        return false;
    stop();
    return true;
}

} // namespace anchor6::core
