// SPDX-License-Identifier: GPL-2.0-or-later
// What anchors say to a gateway of their own accord (RFC 5846, RFC 5847).
#include <algorithm>
#include <utility>

#include "core/gateway.h"
#include "core/revocation.h"

namespace anchor6::core {

namespace {

using wire::RevocationStatus;
using wire::RevocationTrigger;
using namespace wire::revocation_flag;

// RFC 5846 section 10.1, before any session is looked for. A gateway has proxy bindings only, and
// no IPv4 home addresses.
RevocationStatus check_indication(const wire::BindingRevocationIndication& indication) {
    const bool global_trigger =
        static_cast<std::uint8_t>(indication.trigger) >= wire::first_global_trigger;
    const auto& named = indication.options.mn_identifier;
    if (!indication.has(proxy_binding) || indication.has(ipv4_home_address_only))
        return RevocationStatus::binding_does_not_exist;
    if (indication.has(global) != global_trigger ||
        (global_trigger && indication.trigger != RevocationTrigger::per_peer_policy))
        return RevocationStatus::trigger_not_supported;
    if (!indication.has(global) && (!named || named->identifier.empty()))
        return RevocationStatus::mobile_node_identity_required;
    return RevocationStatus::success;
}

bool has_prefixes(const GatewaySession& session, const wire::Options& options) {
    return std::ranges::all_of(
        options.home_network_prefixes, [&](const wire::PrefixOption& option) {
            const auto prefix = option.value();
            return prefix && std::ranges::find(session.prefixes, *prefix) != session.prefixes.end();
        });
}

} // namespace

void Gateway::receive(const Packet& packet, const wire::Heartbeat& heartbeat,
                      GatewayContext& step) {
    if (anchors_.receive(packet, heartbeat, seed_.restart_counter, step))
        renew_all(packet.source, step);
}

void Gateway::receive(const Packet& packet, const wire::BindingError& error,
                      GatewayContext& /*step*/) {
    counters_.add(Counter::gateway_binding_errors);
    if (error.status == wire::BindingError::unrecognized_type &&
        packet.destination == config_->address)
        anchors_.refuse_heartbeats(packet.source);
}

void Gateway::receive(const Packet& packet, const wire::BindingRevocationIndication& indication,
                      GatewayContext& step) {
    if (!anchors_.knows(packet.source) || !config_->authentication ||
        packet.destination != config_->address)
        return counters_.add(Counter::gateway_bri_of_strangers);
    counters_.add(Counter::gateway_bri_received);
    RevocationStatus status = check_indication(indication);
    if (status == RevocationStatus::success) {
        if (defer(packet, indication, step))
            return;
        status = indication.has(global) ? revoke_all(packet.source, step)
                                        : revoke(packet, indication, step);
    }
    if (status != RevocationStatus::success)
        counters_.add(Counter::gateway_bri_refused);
    step.effects.emplace_back(acknowledgement_of(packet, indication, status));
}

GatewaySession* Gateway::revoked_session(const Packet& packet,
                                         const wire::BindingRevocationIndication& indication) {
    const auto& named = indication.options.mn_identifier;
    if (!named || named->subtype != wire::MnIdentifier::nai)
        return nullptr;
    GatewaySession* session = sessions_.find(std::string_view{named->identifier});
    const bool concerned = session != nullptr && session->mobility == NodeMobility::proxy &&
                           session->lma_address == packet.source && session->entry.expires() &&
                           has_prefixes(*session, indication.options);
    return concerned ? session : nullptr;
}

// RFC 5846 section 10.1: an anchor that does not know whether the node has moved is told when the
// gateway knows. Where the node is held by command nobody can ask it, and the anchor is believed.
bool Gateway::defer(const Packet& packet, const wire::BindingRevocationIndication& indication,
                    GatewayContext& step) {
    if (indication.trigger != RevocationTrigger::inter_mag_handover_unknown)
        return false;
    GatewaySession* session = revoked_session(packet, indication);
    if (session == nullptr || !session->attached || session->by_command)
        return false;
    const AccessLink* link = access_link(session->at.interface, *config_);
    if (link == nullptr || !link->link_events)
        return false;
    session->revocation = acknowledgement_of(packet, indication, RevocationStatus::success);
    if (!session->probing)
        probe(*session, step);
    settle(*session, step);
    return true;
}

RevocationStatus Gateway::revoke(const Packet& packet,
                                 const wire::BindingRevocationIndication& indication,
                                 GatewayContext& step) {
    GatewaySession* session = revoked_session(packet, indication);
    if (session == nullptr)
        return RevocationStatus::binding_does_not_exist;
    counters_.add(Counter::gateway_nodes_revoked);
    release(*session, step);
    return RevocationStatus::success;
}

// RFC 5846 section 10.1.1: everything that this gateway has of that anchor.
RevocationStatus Gateway::revoke_all(const wire::Address& lma_address, GatewayContext& step) {
    for (const std::uint64_t id : sessions_.of(lma_address)) {
        GatewaySession& session = *sessions_.find(id);
        if (!session.entry.expires())
            continue;
        counters_.add(Counter::gateway_nodes_revoked);
        release(session, step);
    }
    return RevocationStatus::success;
}

// The node has left, or has answered.
void Gateway::answer_revocation(GatewaySession& session, RevocationStatus status,
                                GatewayContext& step) {
    if (!session.revocation)
        return;
    step.counters.add(status == RevocationStatus::success ? Counter::gateway_nodes_revoked
                                                          : Counter::gateway_bri_refused);
    std::get<wire::BindingRevocationAcknowledgement>(session.revocation->message).status = status;
    step.effects.emplace_back(std::move(*session.revocation));
    session.revocation.reset();
}

} // namespace anchor6::core
