// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/proxy_acknowledgement.h"

#include <utility>

#include "core/lifetime.h"
#include "wire/timestamp.h"

namespace anchor6::core {

namespace {

// What every answer copies from the request; what the request lacks is there with no value.
wire::BindingAcknowledgement copied_answer(const wire::BindingUpdate& update) {
    wire::BindingAcknowledgement answer;
    answer.flags = wire::ba_flag::proxy_registration;
    answer.sequence = update.sequence;
    wire::Options& options = answer.options;
    options.mn_identifier = update.options.mn_identifier.value_or(wire::MnIdentifier{});
    options.handoff_indicator = update.options.handoff_indicator.value_or(0);
    options.access_technology_type = update.options.access_technology_type.value_or(0);
    options.timestamp = update.options.timestamp;
    options.link_layer_identifier = update.options.link_layer_identifier;
    options.link_local_address = update.options.link_local_address;
    return answer;
}

Send addressed_answer(const Packet& packet, wire::BindingAcknowledgement answer) {
    Send send;
    send.source = packet.destination;
    send.destination = packet.source;
    send.message = std::move(answer);
    return send;
}

} // namespace

Send proxy_acknowledgement(const BindingRequest& request, const ProxyBinding& session) {
    wire::BindingAcknowledgement answer = copied_answer(request.update);
    answer.lifetime = lifetime_field(session.lifetime);
    for (const wire::Prefix& prefix : session.home_network_prefixes)
        answer.options.home_network_prefixes.push_back({prefix.length(), prefix.address()});
    if (answer.options.link_local_address)
        answer.options.link_local_address = session.link_local_address;
    return addressed_answer(request.packet, std::move(answer));
}

Send proxy_refusal(const BindingRequest& request, wire::Status status, std::uint16_t sequence,
                   Now now) {
    wire::BindingAcknowledgement answer = copied_answer(request.update);
    answer.status = status;
    answer.sequence = sequence;
    answer.options.home_network_prefixes = request.update.options.home_network_prefixes;
    if (answer.options.home_network_prefixes.empty())
        answer.options.home_network_prefixes.emplace_back();
    if (answer.options.timestamp)
        answer.options.timestamp = wire::to_timestamp(now.real.time_since_epoch());
    return addressed_answer(request.packet, std::move(answer));
}

} // namespace anchor6::core
