// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/home_acknowledgement.h"

#include <utility>

#include "core/lifetime.h"
#include "core/message_authentication.h"
#include "core/prefix_lifetimes.h"

namespace anchor6::core {

namespace {

using wire::Status;

Send addressed_answer(const Packet& packet, wire::BindingAcknowledgement answer) {
    Send send;
    send.source = packet.destination;
    send.destination = packet.home_address.value_or(packet.source);
    if (send.destination != packet.source) {
        send.care_of_address = packet.source;
    } else {
        send.reply_home = true;
        send.interface = packet.tunnelled ? 0 : packet.interface;
    }
    send.message = std::move(answer);
    return send;
}

void authenticate(wire::BindingAcknowledgement& answer, const BindingRequest& request,
                  const Node* node, Now now) {
    if (node == nullptr || !node->mn_ha)
        return;
    answer.options.message_id = answer.status == Status::mipv6_id_mismatch
                                    ? wire::to_message_id(now.real.time_since_epoch())
                                    : request.update.options.message_id;
    authenticate(answer, *node->mn_ha, {request.care_of_address(), request.home_address()});
}

// RFC 6275 10.3.1: compared as the answer counts it, without the low two bits.
bool needs_prefix_discovery(const HomeBinding& binding, const StepContext& step) {
    const Group* group = step.policy.group_of_home_agent(binding.home_agent);
    const HomePrefix* prefix =
        group != nullptr ? home_prefix(*group, binding.home_address) : nullptr;
    if (prefix == nullptr)
        return false;
    const auto left = preferred_left(prefix->lifetimes, step.now.real);
    return std::chrono::floor<LifetimeUnits>(left) <=
           std::chrono::floor<LifetimeUnits>(binding.lifetime);
}

// RFC 6275 6.2.4: less than the lifetime, else it is no advice.
std::optional<std::uint16_t> refresh_advice(std::uint16_t lifetime, const Timers& timers) {
    constexpr std::uint32_t percent = 100;
    const auto units = lifetime * timers.refresh_advice_percent / percent;
    if (units == 0 || units >= lifetime)
        return std::nullopt;
    return static_cast<std::uint16_t>(units);
}

} // namespace

Send home_acknowledgement(const BindingRequest& request, const HomeBinding& binding,
                          const StepContext& step) {
    wire::BindingAcknowledgement answer;
    answer.sequence = binding.sequence;
    if (binding.state == HomeBinding::State::active) {
        answer.lifetime = lifetime_field(binding.lifetime);
        answer.options.refresh_advice = refresh_advice(answer.lifetime, step.policy.timers());
        if (request.update.has(wire::bu_flag::mobile_router))
            answer.flags = wire::ba_flag::mobile_router;
        if (needs_prefix_discovery(binding, step))
            answer.status = Status::accepted_but_prefix_discovery_necessary;
    }
    authenticate(answer, request, step.policy.node(binding.node), step.now);
    return addressed_answer(request.packet, std::move(answer));
}

Send home_refusal(const BindingRequest& request, Status status, std::uint16_t sequence,
                  const Node* node, Now now) {
    wire::BindingAcknowledgement answer;
    answer.status = status;
    answer.sequence = sequence;
    authenticate(answer, request, node, now);
    return addressed_answer(request.packet, std::move(answer));
}

Send refresh_request(const HomeBinding& binding) {
    Send send;
    send.source = binding.home_agent;
    send.destination = binding.home_address;
    send.care_of_address = binding.care_of_address;
    send.message = wire::BindingRefreshRequest{};
    return send;
}

} // namespace anchor6::core
