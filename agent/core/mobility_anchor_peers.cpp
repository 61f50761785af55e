// SPDX-License-Identifier: GPL-2.0-or-later
// What the mobility anchor and its MAGs say to each other about sessions that are there already:
// heartbeats and revocations.
#include "core/mobility_anchor.h"

#include <algorithm>
#include <utility>

namespace anchor6::core {

namespace {

using State = ProxyBinding::State;
using wire::RevocationStatus;
using wire::RevocationTrigger;

constexpr std::uint16_t proxy_binding = wire::revocation_flag::proxy_binding;
constexpr std::uint16_t global = wire::revocation_flag::global;

wire::BindingRevocationIndication indication_of(const ProxyBinding& session,
                                                RevocationTrigger trigger) {
    wire::BindingRevocationIndication indication{trigger, 0, proxy_binding, {}};
    indication.options.mn_identifier = {wire::MnIdentifier::nai, session.mn_identifier};
    for (const wire::Prefix& prefix : session.home_network_prefixes)
        indication.options.home_network_prefixes.push_back({prefix.length(), prefix.address()});
    return indication;
}

RevocationTrigger handover_trigger(const ProxyBinding& before, const ProxyBinding& after) {
    const auto handoff = static_cast<wire::HandoffIndicator>(after.handoff_indicator);
    if (handoff == wire::HandoffIndicator::unknown)
        return RevocationTrigger::inter_mag_handover_unknown;
    return before.access_technology == after.access_technology
               ? RevocationTrigger::inter_mag_handover_same_access
               : RevocationTrigger::inter_mag_handover_different_access;
}

// RFC 5846 section 9.1, before any session is looked for.
RevocationStatus check_indication(const wire::BindingRevocationIndication& indication,
                                  const Mag& mag) {
    const bool global_trigger =
        static_cast<std::uint8_t>(indication.trigger) >= wire::first_global_trigger;
    if (!indication.has(proxy_binding))
        return RevocationStatus::revocation_not_supported;
    if (indication.has(global) != global_trigger)
        return RevocationStatus::trigger_not_supported;
    if (indication.has(global))
        return mag.global_revocation ? RevocationStatus::success
                                     : RevocationStatus::global_revocation_not_authorized;
    const auto& mn_identifier = indication.options.mn_identifier;
    return mn_identifier && !mn_identifier->identifier.empty()
               ? RevocationStatus::success
               : RevocationStatus::mobile_node_identity_required;
}

bool has_prefixes(const ProxyBinding& session, const std::vector<wire::PrefixOption>& options) {
    return std::ranges::all_of(options, [&](const wire::PrefixOption& option) {
        const auto prefix = option.value();
        return prefix && std::ranges::count(session.home_network_prefixes, *prefix) != 0;
    });
}

// Whatever is extended at this moment or before it.
SessionEndings::OfPath all_of(const PeerPath& path, const StepContext& step) {
    return {path, step.now.boot + BootClock::duration{1}, 0, false};
}

} // namespace

void MobilityAnchor::receive(const Packet& packet, const wire::Heartbeat& heartbeat,
                             StepContext& step) {
    if (!admit(step.policy.mag(packet.source), step))
        return step.counters.add(Counter::mag_messages_rate_limited);
    end_lost(heartbeats_.receive(packet, heartbeat, step), step);
}

bool MobilityAnchor::ask_one_mag(StepContext& step) {
    Heartbeats::Lost lost;
    const bool asked = heartbeats_.ask_one(step, lost);
    end_lost(lost, step);
    return asked;
}

void MobilityAnchor::end_lost(const Heartbeats::Lost& lost, StepContext& step) {
    if (lost)
        end_sessions({SessionEndings::OfPath{*lost, step.now.boot, 0, false},
                      Counter::proxy_bindings_lost,
                      {},
                      step.now.boot},
                     step);
}

void MobilityAnchor::end_sessions(SessionEndings::Ending ending, StepContext& step) {
    if (!endings_.add(std::move(ending)))
        step.counters.add(Counter::session_endings_no_room);
}

bool MobilityAnchor::end_one_lost(StepContext& step) {
    const SessionEndings::Owner owner{[this](const ProxyBinding& session) { return busy(session); },
                                      [&](const ProxyBinding& session) {
                                          begin({{session, std::nullopt}, std::nullopt}, step);
                                      }};
    return endings_.advance(cache_, owner, step);
}

void MobilityAnchor::revoke(const RevokeSessions& which, StepContext& step) {
    for (const ProxyBinding* session : cache_.sessions(which.mn_identifier))
        if (!which.session || *which.session == session->id)
            revoke(*session, step);
}

// A MAG that can be told is told first, and the session ends when it knows or stays silent.
void MobilityAnchor::revoke(const ProxyBinding& session, StepContext& step) {
    const PeerPath path = path_of(session);
    const Mag* mag = step.policy.mag(path.proxy_care_of_address);
    const bool told =
        mag != nullptr && mag->revocation && session.state == State::active &&
        revocations_.send(path, indication_of(session, RevocationTrigger::administrative_reason),
                          Revocations::Session{session.id, path}, step);
    if (!told)
        conclude(Revocations::Session{session.id, path}, step);
}

void MobilityAnchor::revoke(const RevokeMag& which, StepContext& step) {
    const auto& mags = step.policy.config().mags;
    const auto mag = std::ranges::find(mags, which.mag, &Mag::name);
    if (mag == mags.end())
        return;
    const wire::BindingRevocationIndication indication{
        RevocationTrigger::per_peer_policy, 0, proxy_binding | global, {}};
    for (const wire::Address& address : mag->addresses)
        for (const Group& group : step.policy.config().groups) {
            const PeerPath path{address, group.lma_address};
            if (cache_.next_of(path, 0) == nullptr)
                continue;
            const Revocations::AllOfPath all{path};
            if (!mag->revocation || !revocations_.send(path, indication, all, step))
                conclude(all, step);
        }
}

void MobilityAnchor::conclude(const Revocations::Purpose& purpose, StepContext& step) {
    if (const auto* all = std::get_if<Revocations::AllOfPath>(&purpose)) {
        end_sessions({all_of(all->path, step), Counter::proxy_bindings_revoked, {}, step.now.boot},
                     step);
    } else if (const auto* one = std::get_if<Revocations::Session>(&purpose)) {
        const ProxyBinding* session = cache_.find(one->id);
        if (session == nullptr)
            return;
        if (path_of(*session) != one->path)
            return revoke(*session, step);
        end_sessions({SessionEndings::Named{{one->id}, {}},
                      Counter::proxy_bindings_revoked,
                      {},
                      step.now.boot},
                     step);
    }
}

void MobilityAnchor::revoke_at_previous_mag(const Change<ProxyBinding>& change, StepContext& step) {
    if (!change.before || !change.after || change.before->state != State::active ||
        change.before->proxy_care_of_address == change.after->proxy_care_of_address)
        return;
    const PeerPath path = path_of(*change.before);
    const Mag* mag = step.policy.mag(path.proxy_care_of_address);
    if (mag != nullptr && mag->revocation)
        revocations_.send(
            path, indication_of(*change.before, handover_trigger(*change.before, *change.after)),
            Revocations::Nothing{}, step);
}

bool MobilityAnchor::revoke_one_again(StepContext& step) {
    std::optional<Revocations::Purpose> given_up;
    const bool done = revocations_.resend_one(step, given_up);
    if (given_up)
        conclude(*given_up, step);
    return done;
}

void MobilityAnchor::receive(const Packet& packet,
                             const wire::BindingRevocationAcknowledgement& acknowledgement,
                             StepContext& step) {
    if (const auto purpose = revocations_.receive(packet, acknowledgement, step))
        conclude(*purpose, step);
}

void MobilityAnchor::receive(const Packet& packet, const wire::BindingError& error,
                             StepContext& step) {
    if (error.status != wire::BindingError::unrecognized_type)
        return step.counters.add(Counter::message_not_for_anchor);
    const auto purposes = revocations_.refuse(packet.source, step);
    if (purposes.empty())
        step.counters.add(Counter::message_not_for_anchor);
    for (const Revocations::Purpose& purpose : purposes)
        conclude(purpose, step);
}

std::vector<std::uint64_t> MobilityAnchor::named_sessions(const PeerPath& path,
                                                          const wire::Options& options) const {
    std::vector<std::uint64_t> ids;
    for (const ProxyBinding* session : cache_.sessions(options.mn_identifier->identifier))
        if (path_of(*session) == path && has_prefixes(*session, options.home_network_prefixes))
            ids.push_back(session->id);
    return ids;
}

// RFC 5846 section 9.1.1: the success is answered when the sessions have ended.
void MobilityAnchor::receive(const Packet& packet,
                             const wire::BindingRevocationIndication& indication,
                             StepContext& step) {
    const Mag* mag = step.policy.mag(packet.source);
    if (mag == nullptr || !mag->authentication)
        return step.counters.add(Counter::bri_of_strangers);
    if (!admit(mag, step))
        return step.counters.add(Counter::mag_messages_rate_limited);
    step.counters.add(Counter::bri_received);
    const PeerPath path{packet.source, packet.destination};
    SessionEndings::Ending ending{
        all_of(path, step), Counter::proxy_bindings_revoked, {}, step.now.boot};
    RevocationStatus status = check_indication(indication, *mag);
    if (status == RevocationStatus::success && !indication.has(global)) {
        auto ids = named_sessions(path, indication.options);
        if (ids.empty())
            status = RevocationStatus::binding_does_not_exist;
        ending.sessions = SessionEndings::Named{std::move(ids), path};
    }
    Send answer = acknowledgement_of(packet, indication, status);
    if (status != RevocationStatus::success) {
        step.counters.add(Counter::bri_refused);
        step.effects.emplace_back(std::move(answer));
        return;
    }
    ending.answer = std::move(answer);
    end_sessions(std::move(ending), step);
}

} // namespace anchor6::core
