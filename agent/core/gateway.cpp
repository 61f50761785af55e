// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/gateway.h"

#include <algorithm>
#include <utility>

namespace anchor6::core {

namespace {

using wire::HandoffIndicator;
using Forwarding = GatewaySession::Forwarding;
using Request = GatewaySession::Request;

// One Tick looks at so many sessions; the others' turn comes at once.
constexpr std::size_t sessions_per_tick = 1024;
constexpr std::size_t nodes_per_page = 256;

GatewayNodeStatus::State state_of(const GatewaySession& session, BootTime now) {
    using State = GatewayNodeStatus::State;
    if (session.request == Request::deregistration)
        return State::releasing;
    if (session.denied)
        return State::denied;
    const bool local = session.mobility == NodeMobility::host;
    if (local || session.entry.is_bound(now)) {
        if (session.forwarding != Forwarding::installed)
            return State::installing;
        return local ? State::local : State::registered;
    }
    return session.retry_after.count() != 0 && !session.entry.is_awaiting() ? State::refused
                                                                            : State::registering;
}

GatewayNodeStatus status_of(const GatewaySession& session, BootTime now) {
    GatewayNodeStatus status;
    status.id = session.id;
    status.identifier = session.identifier;
    status.at = session.at;
    status.state = state_of(session, now);
    status.by_command = session.by_command;
    if (session.mobility == NodeMobility::proxy)
        status.lma_address = session.lma_address;
    status.prefixes = session.prefixes;
    status.expires = session.entry.expires();
    status.next_update = session.entry.due();
    status.sequence = session.entry.last().value();
    status.handoff = session.handoff;
    status.status = session.status;
    return status;
}

} // namespace

Gateway::Gateway(std::shared_ptr<const GatewayConfig> config, GatewaySeed seed)
    : config_(std::move(config)), profiles_(*config_), seed_(seed), anchors_(*config_) {
}

// Anchors hear of the start before they hear of a node: what they end then is none of this life.
GatewayEffects Gateway::step(const GatewayEvent& event, Now now) {
    GatewayEffects effects;
    GatewayContext step{*config_, counters_, now, effects};
    if (!std::exchange(announced_, true))
        anchors_.announce_loss(seed_.restart_counter, step);
    std::visit([&](const auto& what) { handle(what, step); }, event);
    return effects;
}

void Gateway::handle(const MessageReceived& event, GatewayContext& step) {
    const auto* message = std::get_if<wire::Message>(&event.content);
    if (message == nullptr) {
        counters_.add(Counter::gateway_messages_malformed);
        return;
    }
    std::visit(
        [&](const auto& value) {
            constexpr bool known = requires {
                receive(event.packet, value, step);
            };
            if constexpr (known)
                receive(event.packet, value, step);
            else
                counters_.add(Counter::gateway_messages_ignored);
        },
        *message);
}

void Gateway::handle(const AccessIcmpReceived& event, GatewayContext& step) {
    const IcmpReceived& received = event.received;
    if (std::holds_alternative<wire::RouterSolicitation>(received.message))
        solicited({received.link, event.link_layer_address}, received.packet.source, step);
    else
        counters_.add(Counter::gateway_messages_ignored);
}

void Gateway::handle(const Tick& /*event*/, GatewayContext& step) {
    anchors_.ask_when_due(step);
    for (std::size_t count = 0; count < sessions_per_tick; ++count) {
        const auto id = sessions_.take_due(step.now.boot);
        if (!id)
            break;
        act(*sessions_.find(*id), step);
    }
}

void Gateway::handle(const NodeAttached& event, GatewayContext& step) {
    attach(event, step);
}

void Gateway::handle(const NodeDetached& event, GatewayContext& step) {
    GatewaySession* session = event.at.interface.empty()
                                  ? sessions_.find(std::string_view{event.identifier})
                                  : sessions_.find(event.at);
    const bool other = session == nullptr || !session->attached ||
                       (!event.identifier.empty() && event.identifier != session->identifier);
    if (other || (session->by_command && !event.by_command))
        counters_.add(Counter::gateway_detachments_ignored);
    else
        detach(*session, step);
}

// What would tell a node that it is served no longer does not reach it any more.
void Gateway::handle(const AccessLinkChanged& event, GatewayContext& step) {
    if (event.up)
        return;
    for (const std::uint64_t id : sessions_.at(event.interface)) {
        GatewaySession& session = *sessions_.find(id);
        session.advertised.clear();
        detach(session, step);
    }
}

void Gateway::handle(const NodeProbed& event, GatewayContext& step) {
    GatewaySession* session = sessions_.find(event.at);
    if (session != nullptr && session->probing)
        confirm(*session, event.present, step);
}

void Gateway::handle(const ClockStepped& event, GatewayContext& /*step*/) {
    anchors_.step_clock(event.step);
}

// Another address of the gateway waits for a restart of whoever runs it.
void Gateway::handle(const GatewayConfigChanged& event, GatewayContext& step) {
    config_ = event.config;
    profiles_ = GatewayProfiles{*config_};
    GatewayContext after{*config_, counters_, step.now, step.effects};
    for (const std::uint64_t id : sessions_.all())
        reconsider(*sessions_.find(id), after);
    anchors_.configure(*config_);
    anchors_.resume(after);
}

void Gateway::attach(const NodeAttached& event, GatewayContext& step) {
    const Admission admission = profiles_.admit(event.at, event.identifier, *config_);
    GatewaySession* there = sessions_.find(event.at);
    if (there != nullptr && there->identifier == admission.identifier &&
        admission.mobility != NodeMobility::refused)
        return attach_again(*there, event, step);
    if (!admits(event, admission, step))
        return;
    if (there != nullptr)
        detach(*there, step);
    GatewaySession* known = admission.identifier.empty()
                                ? nullptr
                                : sessions_.find(std::string_view{admission.identifier});
    if (known != nullptr && !continues(*known, admission)) {
        counters_.add(Counter::gateway_deregistrations_unanswered);
        release(*known, step);
        known = nullptr;
    }
    if (known != nullptr)
        move(*known, event, step);
    else
        attach_new(event, admission, step);
}

// Else another configuration has come since the node was here.
bool Gateway::continues(const GatewaySession& session, const Admission& admission) const {
    return session.mobility == admission.mobility &&
           (session.mobility == NodeMobility::host ||
            session.lma_address == profiles_.lma_address(session.identifier, *config_));
}

bool Gateway::admits(const NodeAttached& event, const Admission& admission,
                     GatewayContext& step) const {
    const auto refuse = [&](Counter why) {
        step.counters.add(why);
        return false;
    };
    if (admission.mobility == NodeMobility::refused)
        return refuse(admission.refusal);
    const GatewaySession* known = admission.identifier.empty()
                                      ? nullptr
                                      : sessions_.find(std::string_view{admission.identifier});
    if (known == nullptr)
        return sessions_.size() < config_->nodes_max || refuse(Counter::gateway_nodes_full);
    return !known->attached || !known->by_command || event.by_command ||
           refuse(Counter::gateway_attachments_ignored);
}

// A link that shows a node twice says nothing new; a person who says so wants it done again.
void Gateway::attach_again(GatewaySession& session, const NodeAttached& event,
                           GatewayContext& step) {
    if (!event.by_command)
        return;
    session.by_command = true;
    const bool waits = session.denied || session.retry_after.count() != 0;
    if (session.mobility == NodeMobility::proxy && (event.handoff_indicator || waits))
        serve(session, event, step);
    settle(session, step);
}

void Gateway::attach_new(const NodeAttached& event, const Admission& admission,
                         GatewayContext& step) {
    counters_.add(Counter::gateway_attachments);
    GatewaySession fresh{Sequence{seed_.sequence}};
    fresh.identifier = admission.identifier;
    fresh.mobility = admission.mobility;
    fresh.at = event.at;
    fresh.by_command = event.by_command;
    fresh.timestamp = past_timestamp_;
    if (fresh.mobility == NodeMobility::proxy)
        fresh.lma_address = profiles_.lma_address(fresh.identifier, *config_);
    GatewaySession& session = sessions_.create(std::move(fresh));
    serve(session, event, step);
    settle(session, step);
}

// The node comes back before the anchor has heard that it left, or it is at another place here:
// then its prefixes are its own already, and its packets find it before the anchor knows.
void Gateway::move(GatewaySession& session, const NodeAttached& event, GatewayContext& step) {
    const bool was_here = session.attached;
    counters_.add(was_here ? Counter::gateway_moves : Counter::gateway_attachments);
    if (session.at.link_layer_address == event.at.link_layer_address)
        session.advertised.clear();
    const bool bound = was_here && session.entry.is_bound(step.now.boot);
    if (!bound)
        end_service(session, step);
    else
        withdraw(session, step);
    session.probing = false;
    session.by_command = event.by_command;
    sessions_.place(session, event.at);
    if (bound)
        install(session, step);
    NodeAttached told = event;
    if (was_here)
        told.handoff_indicator = static_cast<std::uint8_t>(HandoffIndicator::between_interfaces);
    serve(session, told, step);
    settle(session, step);
}

void Gateway::serve(GatewaySession& session, const NodeAttached& event, GatewayContext& step) {
    if (session.mobility == NodeMobility::host)
        return serve_locally(session, step);
    session.denied = false;
    session.any_prefix = false;
    session.remembered.clear();
    session.retry_after = {};
    session.corrections = 0;
    const auto unknown = static_cast<std::uint8_t>(HandoffIndicator::unknown);
    register_node(session, static_cast<HandoffIndicator>(event.handoff_indicator.value_or(unknown)),
                  step);
}

// RFC 6612 section 3.2: topologically correct here, and nobody else is asked.
void Gateway::serve_locally(GatewaySession& session, GatewayContext& step) {
    const AccessLink* link = access_link(session.at.interface, *config_);
    sessions_.hold(session, {*link->local_prefix});
    session.link_local_address = config_->link_local_address.value_or(fixed_link_local_address);
    install(session, step);
}

// Its prefixes end on the link first, and then at the anchor.
void Gateway::detach(GatewaySession& session, GatewayContext& step) {
    counters_.add(Counter::gateway_detachments);
    end_service(session, step);
    sessions_.leave(session);
    session.probing = false;
    if (session.mobility == NodeMobility::proxy)
        deregister(session, step);
    settle(session, step);
}

// The anchor has said that there is no binding any more: it need not be told.
void Gateway::release(GatewaySession& session, GatewayContext& step) {
    end_service(session, step);
    sessions_.leave(session);
    session.request = Request::none;
    session.entry.forget();
    settle(session, step);
}

void Gateway::reconsider(GatewaySession& session, GatewayContext& step) {
    if (!session.attached)
        return;
    const std::string named = session.by_command ? session.identifier : std::string{};
    const Admission admission = profiles_.admit(session.at, named, *config_);
    const AccessLink* link = access_link(session.at.interface, *config_);
    if (admission.identifier != session.identifier || !continues(session, admission) ||
        (session.mobility == NodeMobility::host &&
         session.prefixes != std::vector{*link->local_prefix}))
        return detach(session, step);
    if (config_->link_local_address && !session.prefixes.empty() &&
        std::exchange(session.link_local_address, *config_->link_local_address) !=
            *config_->link_local_address)
        install(session, step);
    settle(session, step);
}

void Gateway::act(GatewaySession& session, GatewayContext& step) {
    const BootTime now = step.now.boot;
    if (session.probing && session.entry.due() && *session.entry.due() <= now)
        return confirm(session, false, step);
    if (session.entry.expires() && !session.entry.is_bound(now))
        expire(session, step);
    if (session.entry.due() && *session.entry.due() <= now)
        transmit_when_due(session, step);
    if (session.install_due && *session.install_due <= now)
        install(session, step);
    if (session.advertise_due && *session.advertise_due <= now)
        advertise(session, step);
    settle(session, step);
}

// The last thing that is done with a session in a step: it may be gone then.
void Gateway::settle(GatewaySession& session, GatewayContext& step) {
    const bool bound = session.entry.expires().has_value();
    if (bound && !std::exchange(session.watched, true))
        anchors_.enter(session.lma_address, step);
    if (!bound && std::exchange(session.watched, false))
        anchors_.leave(session.lma_address);
    if (!session.attached)
        answer_revocation(session, wire::RevocationStatus::success, step);
    if (session.attached || session.request == Request::deregistration)
        return sessions_.schedule(session);
    past_timestamp_ = std::max(past_timestamp_, session.timestamp);
    sessions_.erase(session.id);
}

std::optional<BootTime> Gateway::next_deadline() const {
    return earliest({sessions_.next_deadline(), anchors_.next_deadline()});
}

GatewayNodePage Gateway::nodes(BootTime now, std::uint64_t from) const {
    GatewayNodePage page;
    auto entry = sessions_.from(from);
    for (; entry != sessions_.end() && page.nodes.size() < nodes_per_page; ++entry)
        page.nodes.push_back(status_of(entry->second, now));
    if (entry != sessions_.end())
        page.next = entry->first;
    return page;
}

std::optional<GatewayNodeStatus> Gateway::node(std::string_view identifier, BootTime now) const {
    const GatewaySession* session = sessions_.find(identifier);
    return session != nullptr ? std::optional{status_of(*session, now)} : std::nullopt;
}

std::optional<GatewayNodeStatus> Gateway::node(const AccessPoint& at, BootTime now) const {
    const GatewaySession* session = sessions_.find(at);
    return session != nullptr ? std::optional{status_of(*session, now)} : std::nullopt;
}

} // namespace anchor6::core
