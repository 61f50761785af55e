// SPDX-License-Identifier: GPL-2.0-or-later
// Proxy Binding Updates of a gateway and their answers (RFC 5213 section 6.9.1).
#include <algorithm>
#include <utility>

#include "core/gateway.h"
#include "core/lifetime.h"
#include "core/proxy_answer_check.h"

namespace anchor6::core {

namespace {

using wire::HandoffIndicator;
using wire::Status;
using Request = GatewaySession::Request;

// So often in a row what a refusal corrects is sent again at once.
constexpr std::uint32_t corrections_max = 3;
// Waits of the first three transmissions, in units of the first one: 1, 2 and 4.
constexpr int waits_before_expiry = 7;

/// What follows from a refusal (RFC 5213 section 6.9.1.2).
enum class Consequence : std::uint8_t {
    correct,    ///< the answer says what was wrong: again at once
    any_prefix, ///< the anchor has another prefix for the node: whichever that is
    later,      ///< it may go better later; a binding that there is stays until it ends
    end,        ///< the anchor does not serve the node now: what there is ends, again later
    deny,       ///< the anchor does not serve the node
};

struct Rule {
    Status status;
    Counter counter;
    Consequence consequence;
};

constexpr Rule rules[] = {
    {Status::administratively_prohibited, Counter::gateway_refused_prohibited, Consequence::end},
    {Status::insufficient_resources, Counter::gateway_refused_resources, Consequence::later},
    {Status::sequence_out_of_window, Counter::gateway_refused_sequence, Consequence::correct},
    {Status::proxy_reg_not_enabled, Counter::gateway_refused_not_enabled, Consequence::deny},
    {Status::not_lma_for_this_mobile_node, Counter::gateway_refused_other_anchor, Consequence::end},
    {Status::mag_not_authorized_for_proxy_reg, Counter::gateway_refused_not_authorized,
     Consequence::end},
    {Status::not_authorized_for_home_network_prefix, Counter::gateway_refused_prefix,
     Consequence::any_prefix},
    {Status::timestamp_mismatch, Counter::gateway_refused_timestamp, Consequence::correct},
    {Status::timestamp_lower_than_prev_accepted, Counter::gateway_refused_timestamp_lower,
     Consequence::correct},
    {Status::missing_home_network_prefix_option, Counter::gateway_refused_malformed,
     Consequence::end},
    {Status::bce_pbu_prefix_set_do_not_match, Counter::gateway_refused_prefix_set,
     Consequence::any_prefix},
    {Status::missing_mn_identifier_option, Counter::gateway_refused_malformed, Consequence::end},
    {Status::missing_handoff_indicator_option, Counter::gateway_refused_malformed,
     Consequence::end},
    {Status::missing_access_tech_type_option, Counter::gateway_refused_malformed, Consequence::end},
    {Status::gre_key_option_required, Counter::gateway_refused_gre_key, Consequence::end},
    {Status::not_authorized_for_ipv6_mobility_service, Counter::gateway_refused_ipv6,
     Consequence::deny},
};

Rule rule_of(Status status) {
    const auto found = std::ranges::find(rules, status, &Rule::status);
    return found != std::end(rules)
               ? *found
               : Rule{status, Counter::gateway_refused_unspecified, Consequence::later};
}

std::chrono::seconds seconds(std::uint16_t units) {
    return std::chrono::duration_cast<std::chrono::seconds>(LifetimeUnits{units});
}

// Of a short binding less than the usual 95 %: the node is asked first, and a message may be lost.
BootClock::duration refresh_of(std::chrono::seconds lifetime,
                               const std::optional<std::uint16_t>& advice,
                               const GatewayConfig& config) {
    const auto usual =
        refresh_after(lifetime, advice ? std::optional{seconds(*advice)} : std::nullopt);
    const BootClock::duration spare =
        config.confirmation_timeout + waits_before_expiry * config.retransmission.initial;
    return std::max<BootClock::duration>(BootClock::duration{lifetime} / 2,
                                         std::min(usual, lifetime - spare));
}

wire::PrefixOption option(const wire::Prefix& prefix) {
    return {prefix.length(), prefix.address()};
}

} // namespace

void Gateway::register_node(GatewaySession& session, HandoffIndicator handoff,
                            GatewayContext& step) {
    session.probing = false;
    session.request = Request::registration;
    session.handoff = handoff;
    session.entry.begin();
    transmit(session, step);
}

// RFC 5213 section 6.9.1.4
void Gateway::deregister(GatewaySession& session, GatewayContext& step) {
    const bool known = session.may_be_bound || session.entry.expires();
    if (!known) {
        session.request = Request::none;
        session.entry.forget();
        return;
    }
    session.denied = false;
    session.corrections = 0;
    session.request = Request::deregistration;
    session.handoff = HandoffIndicator::unknown;
    session.entry.begin();
    transmit(session, step);
}

// RFC 5213 section 6.9.1.3: only of a node that is still there. Who controls it by command says
// when it leaves.
void Gateway::refresh(GatewaySession& session, GatewayContext& step) {
    const AccessLink* link = access_link(session.at.interface, *config_);
    const bool asked = !session.by_command && !session.lost && link != nullptr && link->link_events;
    if (!asked) {
        register_node(session,
                      session.lost ? HandoffIndicator::unknown : HandoffIndicator::unchanged, step);
        return;
    }
    probe(session, step);
}

// No answer at all is none as well, but whoever asks has its time first.
void Gateway::probe(GatewaySession& session, GatewayContext& step) {
    session.probing = true;
    session.entry.postpone(2 * config_->confirmation_timeout, step.now.boot);
    step.effects.emplace_back(ProbeNode{session.at});
}

void Gateway::confirm(GatewaySession& session, bool present, GatewayContext& step) {
    session.probing = false;
    if (!present) {
        counters_.add(Counter::gateway_nodes_lost);
        return session.revocation ? release(session, step) : detach(session, step);
    }
    const bool revoked = session.revocation.has_value();
    answer_revocation(session, wire::RevocationStatus::mobile_node_is_attached, step);
    register_node(session, revoked ? HandoffIndicator::unknown : HandoffIndicator::unchanged, step);
    settle(session, step);
}

void Gateway::transmit_when_due(GatewaySession& session, GatewayContext& step) {
    if (session.request == Request::none) {
        refresh(session, step);
        return;
    }
    if (session.request == Request::deregistration &&
        session.entry.transmissions() >= config_->deregistrations_max) {
        counters_.add(Counter::gateway_deregistrations_unanswered);
        session.request = Request::none;
        session.entry.forget();
        return;
    }
    transmit(session, step);
}

void Gateway::transmit(GatewaySession& session, GatewayContext& step) {
    counters_.add(session.entry.transmissions() == 0 ? Counter::gateway_updates_sent
                                                     : Counter::gateway_updates_resent);
    Send send;
    send.source = config_->address;
    send.destination = session.lma_address;
    send.message = binding_update(session, step);
    step.effects.emplace_back(std::move(send));
}

// RFC 5213 section 6.9.1.5
wire::BindingUpdate Gateway::binding_update(GatewaySession& session, GatewayContext& step) {
    const bool registers = session.request == Request::registration;
    const AccessLink* link = access_link(session.at.interface, *config_);
    session.may_be_bound = true;
    session.timestamp =
        std::max(anchors_.clock(session.lma_address, step.now), session.timestamp + 1);
    if (link != nullptr)
        session.access_technology = link->access_technology;
    session.asked = prefixes_to_ask(session);

    wire::BindingUpdate update;
    update.sequence = session.entry.transmit(config_->retransmission, step.now.boot);
    update.flags = wire::bu_flag::acknowledge | wire::bu_flag::proxy_registration;
    update.lifetime = registers ? lifetime_field(config_->lifetime) : std::uint16_t{0};
    wire::Options& options = update.options;
    options.mn_identifier = wire::MnIdentifier{wire::MnIdentifier::nai, session.identifier};
    std::ranges::transform(session.asked, std::back_inserter(options.home_network_prefixes),
                           option);
    if (session.asked.empty())
        options.home_network_prefixes.emplace_back();
    options.handoff_indicator = static_cast<std::uint8_t>(session.handoff);
    options.access_technology_type = session.access_technology;
    options.timestamp = session.timestamp;
    if (!session.at.link_layer_address.empty())
        options.link_layer_identifier = session.at.link_layer_address;
    if (!config_->link_local_address)
        options.link_local_address = session.link_local_address;
    return update;
}

// Those that the node has or had; else those of its profile.
std::vector<wire::Prefix> Gateway::prefixes_to_ask(const GatewaySession& session) const {
    if (!session.prefixes.empty())
        return session.prefixes;
    if (session.any_prefix)
        return {};
    return !session.remembered.empty() ? session.remembered
                                       : profiles_.named_prefixes(session.identifier, *config_);
}

// The node is still there: it is asked for as if it had just come, but after a refusal not sooner.
void Gateway::expire(GatewaySession& session, GatewayContext& step) {
    counters_.add(Counter::gateway_bindings_expired);
    const auto due = session.entry.due();
    const bool waits = session.retry_after.count() != 0 && due && *due > step.now.boot;
    end_service(session, step);
    session.remembered = session.prefixes;
    sessions_.hold(session, {});
    session.entry.forget();
    if (session.request == Request::deregistration)
        session.request = Request::none;
    else if (waits)
        session.entry.postpone(*due - step.now.boot, step.now.boot);
    else
        register_node(session, HandoffIndicator::unknown, step);
}

void Gateway::receive(const Packet& packet, const wire::BindingAcknowledgement& answer,
                      GatewayContext& step) {
    if ((answer.flags & wire::ba_flag::proxy_registration) == 0)
        return counters_.add(Counter::gateway_answers_not_proxy);
    const auto& named = answer.options.mn_identifier;
    const bool is_name =
        named && named->subtype == wire::MnIdentifier::nai && !named->identifier.empty();
    GatewaySession* session =
        is_name ? sessions_.find(std::string_view{named->identifier}) : nullptr;
    if (session == nullptr || session->mobility != NodeMobility::proxy)
        return counters_.add(Counter::gateway_answers_unknown_node);
    if (const auto objection = check_proxy_answer({packet, answer, *session, sessions_, *config_}))
        return counters_.add(*objection);
    session->status = answer.status;
    if (wire::is_refusal(answer.status))
        refuse(*session, answer, step);
    else
        accept(*session, answer, step);
    settle(*session, step);
}

void Gateway::accept(GatewaySession& session, const wire::BindingAcknowledgement& answer,
                     GatewayContext& step) {
    anchors_.agree(session.lma_address);
    if (session.request == Request::registration)
        return grant(session, answer, step);
    counters_.add(Counter::gateway_deregistrations);
    session.request = Request::none;
    session.entry.forget();
}

// RFC 5213 section 6.9.1.2: the way for the packets stands before the node hears of its prefixes.
void Gateway::grant(GatewaySession& session, const wire::BindingAcknowledgement& answer,
                    GatewayContext& step) {
    counters_.add(session.entry.expires() ? Counter::gateway_extensions
                                          : Counter::gateway_registrations);
    const auto lifetime = std::min(seconds(answer.lifetime), config_->lifetime);
    session.entry.grant(lifetime, refresh_of(lifetime, answer.options.refresh_advice, *config_));
    session.request = Request::none;
    session.may_be_bound = session.lost = session.any_prefix = false;
    session.corrections = 0;
    session.retry_after = {};
    sessions_.hold(session, prefixes_of(answer.options));
    session.link_local_address = config_->link_local_address.value_or(
        answer.options.link_local_address.value_or(fixed_link_local_address));
    install(session, step);
}

void Gateway::refuse(GatewaySession& session, const wire::BindingAcknowledgement& answer,
                     GatewayContext& step) {
    const Rule rule = rule_of(answer.status);
    counters_.add(rule.counter);
    if (answer.status == Status::sequence_out_of_window)
        session.entry.resynchronise(answer.sequence);
    if (answer.status == Status::timestamp_mismatch && answer.options.timestamp) {
        anchors_.follow_clock(session.lma_address, *answer.options.timestamp, step.now);
        session.timestamp = 0;
    }
    if (rule.consequence == Consequence::correct)
        return correct(session, step);
    if (session.request == Request::deregistration) {
        counters_.add(Counter::gateway_deregistrations);
        session.request = Request::none;
        return session.entry.forget();
    }
    if (!session.entry.expires())
        session.may_be_bound = false;
    switch (rule.consequence) {
    case Consequence::any_prefix:
        return ask_for_any_prefix(session, step);
    case Consequence::deny:
        return deny(session, step);
    case Consequence::end:
        end_registration(session, step);
        break;
    default:
        break;
    }
    retry_later(session, step);
}

void Gateway::correct(GatewaySession& session, GatewayContext& step) {
    if (session.corrections++ < corrections_max) {
        counters_.add(Counter::gateway_corrections);
        transmit(session, step);
    } else if (session.request == Request::registration) {
        retry_later(session, step);
    }
}

// RFC 5213 section 6.9.1.2: as often as the prefixes were named, that is once.
void Gateway::ask_for_any_prefix(GatewaySession& session, GatewayContext& step) {
    const bool named = !session.asked.empty();
    end_registration(session, step);
    session.any_prefix = true;
    if (named)
        register_node(session,
                      session.handoff == HandoffIndicator::unchanged ? HandoffIndicator::unknown
                                                                     : session.handoff,
                      step);
    else
        retry_later(session, step);
}

void Gateway::retry_later(GatewaySession& session, GatewayContext& step) {
    counters_.add(Counter::gateway_retries_delayed);
    session.retry_after = session.retry_after.count() == 0
                              ? config_->retry_after_refusal
                              : std::min(2 * session.retry_after, config_->retry_after_refusal_max);
    session.corrections = 0;
    session.entry.begin();
    session.entry.postpone(session.retry_after, step.now.boot);
}

void Gateway::deny(GatewaySession& session, GatewayContext& step) {
    counters_.add(Counter::gateway_nodes_denied);
    end_registration(session, step);
    session.request = Request::none;
    session.denied = true;
}

// What the anchor does not hold is forwarded no longer.
void Gateway::end_registration(GatewaySession& session, GatewayContext& step) {
    end_service(session, step);
    sessions_.hold(session, {});
    session.remembered.clear();
    session.entry.forget();
    session.may_be_bound = false;
    if (session.handoff == HandoffIndicator::unchanged)
        session.handoff = HandoffIndicator::unknown;
}

// The anchor may have lost the bindings: all are registered again, but not all at once.
void Gateway::renew_all(const wire::Address& lma_address, GatewayContext& step) {
    for (const std::uint64_t id : sessions_.of(lma_address)) {
        GatewaySession& session = *sessions_.find(id);
        if (!session.attached || session.denied || session.request != Request::none)
            continue;
        session.lost = true;
        session.probing = false;
        session.entry.postpone({}, step.now.boot);
        settle(session, step);
    }
}

} // namespace anchor6::core
