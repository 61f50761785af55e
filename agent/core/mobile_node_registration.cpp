// SPDX-License-Identifier: GPL-2.0-or-later
// Binding Updates of a mobile node and their answers (RFC 6275 section 11.7).
#include <algorithm>
#include <utility>

#include "core/lifetime.h"
#include "core/message_authentication.h"
#include "core/mobile_node.h"

namespace anchor6::core {

namespace {

using wire::Status;

// So often without an answer, and another home agent is tried, if there is one.
constexpr std::uint32_t patience = 5;
// So often in a row what a refusal corrects is sent again at once.
constexpr std::uint32_t corrections_max = 3;

/// What follows from a refusal.
enum class Consequence : std::uint8_t {
    correct,       ///< the answer says what was wrong: again at once
    repeat,        ///< it may go better later: again as if there was no answer
    give_up,       ///< this home agent will not: another one, or the same much later
    avoid_care_of, ///< with another care-of address
    change_type,   ///< the binding of the other type has to go first
    not_bound,     ///< there is no binding
};

Consequence consequence(Status status) {
    switch (status) {
    case Status::sequence_out_of_window:
    case Status::mipv6_id_mismatch:
    case Status::mipv6_mesg_id_reqd:
        return Consequence::correct;
    case Status::administratively_prohibited:
    case Status::home_registration_not_supported:
    case Status::not_home_subnet:
    case Status::mobile_router_operation_not_permitted:
    case Status::invalid_prefix:
    case Status::not_authorized_for_prefix:
    case Status::mipv6_auth_fail:
        return Consequence::give_up;
    case Status::registration_type_change_disallowed:
        return Consequence::change_type;
    case Status::not_home_agent_for_this_mobile_node:
        return Consequence::not_bound;
    case Status::invalid_care_of_address:
        return Consequence::avoid_care_of;
    default:
        return Consequence::repeat;
    }
}

std::uint16_t flags(const MobileNodeConfig& config, bool router) {
    std::uint32_t flags = wire::bu_flag::acknowledge | wire::bu_flag::home_registration;
    flags |= config.link_local ? wire::bu_flag::link_local : 0U;
    flags |= config.key_management ? wire::bu_flag::key_management : 0U;
    flags |= router ? wire::bu_flag::mobile_router : 0U;
    return static_cast<std::uint16_t>(flags);
}

wire::PrefixOption option(const wire::Prefix& prefix) {
    return {prefix.length(), prefix.address()};
}

} // namespace

void MobileNode::ask(Request request, MobileNodeContext& step) {
    request_ = request;
    entry_.begin();
    transmit(step);
}

// At home the binding ends by itself when nobody answers; without one that is known, it was only a
// precaution.
bool MobileNode::is_hopeless(BootTime now) const {
    if (request_ != Request::deregistration)
        return false;
    return entry_.expires() ? !entry_.is_bound(now) : entry_.transmissions() >= patience;
}

void MobileNode::ask_when_due(MobileNodeContext& step) {
    if (!attachment_ || !entry_.due() || *entry_.due() > step.now.boot)
        return;
    if (paths_.ready() == nullptr) {
        entry_.cancel();
        prepare(step);
    } else if (is_hopeless(step.now.boot)) {
        counters_.add(Counter::node_deregistrations_unanswered);
        be_home(step);
    } else if (request_ == Request::none) {
        ask(Request::registration, step);
    } else {
        if (entry_.is_awaiting() && entry_.transmissions() >= patience && is_away())
            search_.reject(*config_);
        transmit(step);
    }
}

// Another home agent gets a path of its own first, and so does the search for one.
void MobileNode::transmit(MobileNodeContext& step) {
    const NodePath& path = *paths_.ready();
    if (!path.home_agent || (is_away() && path.home_agent != search_.home_agent(*config_))) {
        entry_.cancel();
        request_ = Request::none;
        prepare(step);
        return;
    }
    counters_.add(entry_.transmissions() == 0 ? Counter::node_updates_sent
                                              : Counter::node_updates_resent);
    may_be_bound_ = true;
    Send send;
    send.source = config_->home_address;
    send.destination = *path.home_agent;
    send.message = binding_update(path, step);
    step.effects.emplace_back(std::move(send));
}

wire::BindingUpdate MobileNode::binding_update(const NodePath& path, MobileNodeContext& step) {
    const bool registers = request_ == Request::registration;
    const bool router = config_->mobile_router != (request_ == Request::clearing);
    wire::BindingUpdate update;
    update.sequence = entry_.transmit(config_->timers.retransmission, step.now.boot);
    update.flags = flags(*config_, router);
    update.lifetime = registers ? lifetime_field(config_->lifetime) : 0;
    if (!config_->identifier.empty())
        update.options.mn_identifier =
            wire::MnIdentifier{wire::MnIdentifier::nai, config_->identifier};
    update.options.alternate_care_of_address = path.care_of_address;
    if (registers && router)
        std::ranges::transform(config_->mobile_network_prefixes,
                               std::back_inserter(update.options.mobile_network_prefixes), option);
    if (config_->mn_ha)
        authenticate_update(update, path, step);
    return update;
}

// RFC 4285 6: a later identifier each time, by the clock of the home agent.
void MobileNode::authenticate_update(wire::BindingUpdate& update, const NodePath& path,
                                     MobileNodeContext& step) {
    if (config_->mn_ha->replay_protection || message_id_demanded_) {
        const auto clock = wire::to_message_id(step.now.real.time_since_epoch());
        const wire::MessageId id = clock + message_id_offset_;
        message_id_ = message_id_ == 0 || is_later(id, message_id_) ? id : message_id_ + 1;
        update.options.message_id = message_id_;
    }
    authenticate(update, *config_->mn_ha, {path.care_of_address, config_->home_address});
}

bool MobileNode::is_from_home_agent(const Packet& packet) const {
    const NodePath* path = paths_.ready();
    return path != nullptr && path->home_agent == packet.source;
}

bool MobileNode::is_of_home_agent(const Packet& packet) const {
    return is_from_home_agent(packet) && packet.destination == config_->home_address;
}

bool MobileNode::is_credible(const Packet& packet, const wire::BindingAcknowledgement& answer,
                             MobileNodeContext& step) const {
    const bool out_of_window =
        answer.status == Status::sequence_out_of_window && entry_.is_awaiting();
    const bool proxy = (answer.flags & wire::ba_flag::proxy_registration) != 0;
    if (proxy || !is_of_home_agent(packet) || (!out_of_window && !entry_.awaits(answer.sequence))) {
        step.counters.add(Counter::node_answers_unexpected);
        return false;
    }
    return is_authenticated(answer, step);
}

bool MobileNode::is_authenticated(const wire::BindingAcknowledgement& answer,
                                  MobileNodeContext& step) const {
    if (!config_->mn_ha)
        return true;
    const auto& option = answer.options.authentication;
    if (!option) {
        step.counters.add(Counter::node_answers_not_authenticated);
        return false;
    }
    if (!is_authentic(*option, *config_->mn_ha,
                      {paths_.ready()->care_of_address, config_->home_address})) {
        step.counters.add(Counter::node_answers_bad_authenticator);
        return false;
    }
    const bool repeated = answer.status != Status::mipv6_id_mismatch && answer.options.message_id &&
                          *answer.options.message_id != message_id_;
    if (repeated)
        step.counters.add(Counter::node_answers_unexpected);
    return !repeated;
}

void MobileNode::receive(const Packet& packet, const wire::BindingAcknowledgement& answer,
                         MobileNodeContext& step) {
    if (!is_credible(packet, answer, step))
        return;
    last_status_ = answer.status;
    if (wire::is_refusal(answer.status))
        refuse(answer, step);
    else
        accept(answer, step);
}

void MobileNode::accept(const wire::BindingAcknowledgement& answer, MobileNodeContext& step) {
    switch (request_) {
    case Request::registration:
        accept_registration(answer, step);
        break;
    case Request::clearing:
        entry_.forget();
        ask(Request::registration, step);
        break;
    case Request::deregistration:
        end_deregistration(step);
        break;
    case Request::none:
        break;
    }
}

void MobileNode::accept_registration(const wire::BindingAcknowledgement& answer,
                                     MobileNodeContext& step) {
    const auto seconds = [](std::uint16_t units) {
        return std::chrono::duration_cast<std::chrono::seconds>(LifetimeUnits{units});
    };
    const auto lifetime = std::min(seconds(answer.lifetime), config_->lifetime);
    if (lifetime.count() == 0) {
        counters_.add(Counter::node_answers_without_lifetime);
        return;
    }
    counters_.add(Counter::node_registrations);
    const auto& advice = answer.options.refresh_advice;
    entry_.grant(lifetime,
                 refresh_after(lifetime, advice ? std::optional{seconds(*advice)} : std::nullopt));
    request_ = Request::none;
    registered_care_of_address_ = attachment_->care_of_address;
    is_mobile_router_ = (answer.flags & wire::ba_flag::mobile_router) != 0;
    if (config_->mobile_router && !is_mobile_router_)
        counters_.add(Counter::node_router_not_accepted);
    paths_.use(step);
    paths_.retire_others(step);
    if (answer.status == Status::accepted_but_prefix_discovery_necessary)
        solicitor_.start(*paths_.ready()->home_agent, step);
}

void MobileNode::end_deregistration(MobileNodeContext& step) {
    counters_.add(Counter::node_deregistrations);
    be_home(step);
}

void MobileNode::be_home(MobileNodeContext& step) {
    entry_.forget();
    request_ = Request::none;
    may_be_bound_ = false;
    registered_care_of_address_.reset();
    paths_.retire_others(step);
    step.effects.emplace_back(AnnounceReturn{attachment_->interface, config_->home_address});
}

void MobileNode::refuse(const wire::BindingAcknowledgement& answer, MobileNodeContext& step) {
    counters_.add(Counter::node_refusals);
    switch (consequence(answer.status)) {
    case Consequence::correct:
        correct(answer, step);
        break;
    case Consequence::repeat:
        break;
    case Consequence::give_up:
        give_up(step);
        break;
    case Consequence::avoid_care_of:
        avoid_care_of_address(step);
        break;
    case Consequence::change_type:
        if (request_ == Request::registration)
            ask(Request::clearing, step);
        break;
    case Consequence::not_bound:
        if (request_ == Request::deregistration)
            end_deregistration(step);
        else if (request_ == Request::clearing)
            ask(Request::registration, step);
        else
            give_up(step);
        break;
    }
}

void MobileNode::correct(const wire::BindingAcknowledgement& answer, MobileNodeContext& step) {
    if (answer.status == Status::sequence_out_of_window)
        entry_.resynchronise(answer.sequence);
    else if (answer.status == Status::mipv6_mesg_id_reqd)
        message_id_demanded_ = true;
    else if (answer.options.message_id)
        follow_clock(*answer.options.message_id, step);
    if (entry_.transmissions() <= corrections_max)
        transmit(step);
}

void MobileNode::follow_clock(wire::MessageId id, MobileNodeContext& step) {
    message_id_offset_ = id - wire::to_message_id(step.now.real.time_since_epoch());
    message_id_ = 0;
}

// Another home agent of the list is asked at once, the same one much later.
void MobileNode::give_up(MobileNodeContext& step) {
    if (is_away())
        search_.reject(*config_);
    if (const auto next = search_.home_agent(*config_); next && next != paths_.ready()->home_agent)
        transmit(step);
    else
        entry_.postpone(config_->timers.refusal_delay, step.now.boot);
}

void MobileNode::avoid_care_of_address(MobileNodeContext& step) {
    if (!is_away())
        return;
    MovementDetection others = movement_;
    others.avoid(*attachment_);
    if (others.choose(*config_, std::nullopt)) {
        movement_ = std::move(others);
        reconsider(step);
    } else {
        entry_.postpone(config_->timers.refusal_delay, step.now.boot);
    }
}

// RFC 6275 11.7.4
void MobileNode::receive(const Packet& packet, const wire::BindingRefreshRequest& /*request*/,
                         MobileNodeContext& step) {
    counters_.add(Counter::node_refresh_requests);
    if (is_of_home_agent(packet) && is_away() && request_ == Request::none)
        ask(Request::registration, step);
}

// RFC 6275 11.3.6: the home agent knows no binding, or no Binding Updates at all.
void MobileNode::receive(const Packet& packet, const wire::BindingError& error,
                         MobileNodeContext& step) {
    counters_.add(Counter::node_binding_errors);
    if (!is_from_home_agent(packet) || !is_away())
        return;
    if (error.status == wire::BindingError::unknown_binding && request_ == Request::none)
        ask(Request::registration, step);
    else if (error.status == wire::BindingError::unrecognized_type && entry_.is_awaiting())
        give_up(step);
}

} // namespace anchor6::core
