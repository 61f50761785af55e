// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/mobility_anchor.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "core/lifetime.h"
#include "core/proxy_acknowledgement.h"
#include "core/session_prefixes.h"

namespace anchor6::core {

namespace {

using Kind = Existence::Kind;
using Outcome = TransactionEnded::Outcome;
using State = ProxyBinding::State;
using wire::Status;

// RFC 6543: every MAG has this address on every access link.
constexpr wire::Address mag_link_local_address{
    wire::Address::Octets{0xfe, 0x80, 0, 0, 0, 0, 0, 0, 2, 0, 0x5e, 0xff, 0xfe, 0, 0x52, 0x13}};

// RFC 6275 9.5.1: the last number that was accepted from this MAG.
std::uint16_t last_sequence(const ProxyRegistration& registration) {
    const ProxyBinding& session = *registration.existence.session;
    return registration.is_of_previous_mag() ? session.previous->sequence : session.sequence;
}

void note_previous_mag(ProxyBinding& session, const ProxyRegistration& registration) {
    if (session.id != 0 && session.mag != registration.mag->name)
        session.previous = {session.proxy_care_of_address, session.sequence,
                            registration.step.now.boot};
}

void note_order(ProxyBinding& session, const ProxyRegistration& registration) {
    session.sequence = registration.update().sequence;
    if (registration.options().timestamp)
        session.timestamp = registration.options().timestamp;
}

void note_interface(ProxyBinding& session, const ProxyRegistration& registration) {
    const wire::Options& options = registration.options();
    session.access_technology = *options.access_technology_type;
    if (options.link_layer_identifier)
        session.link_layer_identifier = *options.link_layer_identifier;
    else if (registration.query.handoff == wire::HandoffIndicator::between_interfaces)
        session.link_layer_identifier.clear();
}

// The node keeps seeing the same router address wherever it goes (RFC 5213 section 5.3.4).
void note_link_local_address(ProxyBinding& session, const ProxyRegistration& registration) {
    const wire::Options& options = registration.options();
    if (registration.node->link_local_address)
        session.link_local_address = *registration.node->link_local_address;
    else if (options.link_local_address && session.link_local_address.is_unspecified())
        session.link_local_address = options.link_local_address->is_unspecified()
                                         ? mag_link_local_address
                                         : *options.link_local_address;
}

ProxyBinding served_session(ProxyBinding session, const ProxyRegistration& registration) {
    const StepContext& step = registration.step;
    const auto configured = step.policy.timers().max_proxy_lifetime;
    note_previous_mag(session, registration);
    note_order(session, registration);
    note_interface(session, registration);
    note_link_local_address(session, registration);
    session.proxy_care_of_address = registration.proxy_care_of_address;
    session.lma_address = registration.request.packet.destination;
    session.mag = registration.mag->name;
    session.handoff_indicator = static_cast<std::uint8_t>(registration.query.handoff);
    session.lifetime = granted_lifetime(
        registration.update().lifetime,
        std::min(configured, registration.node->max_proxy_lifetime.value_or(configured)));
    expire_in(session, session.lifetime, step.now);
    session.state = State::active;
    session.group = registration.group->id;
    return session;
}

Verdict check_limit_of_mag(const ProxyRegistration& registration, const MagTable& mags) {
    const Mag& mag = *registration.mag;
    return refuse_unless(mags.state(mag.name).bindings < mag.bindings, Counter::pbu_too_many_of_mag,
                         Status::insufficient_resources);
}

Verdict check_limits(const ProxyRegistration& registration, const MagTable& mags) {
    const Limits& limits = registration.step.policy.limits();
    if (auto refusal = check_limit_of_mag(registration, mags))
        return refusal;
    const auto sessions = registration.cache.sessions(registration.mn_identifier).size();
    if (sessions >= limits.sessions_per_node)
        return refuse(Counter::pbu_too_many_of_node, Status::insufficient_resources);
    return refuse_unless(registration.step.occupancy.bindings < limits.bindings,
                         Counter::pbu_too_many_bindings, Status::insufficient_resources);
}

Counter success_counter(const Change<ProxyBinding>& change) {
    if (!change.before)
        return Counter::proxy_registrations;
    if (change.after->state == State::being_deleted)
        return Counter::proxy_deregistrations;
    return change.before->proxy_care_of_address == change.after->proxy_care_of_address
               ? Counter::proxy_extensions
               : Counter::proxy_handoffs;
}

const ProxyBinding& session_of(const Change<ProxyBinding>& change) {
    return change.after ? *change.after : *change.before;
}

bool is_later(const BindingRequest& request, const BindingRequest& other) {
    const auto& own = request.update.options.timestamp;
    const auto& others = other.update.options.timestamp;
    return !own || !others || *own > *others;
}

} // namespace

void MobilityAnchor::receive(const BindingRequest& request, StepContext& step) {
    const Mag* mag = step.policy.mag(request.packet.source);
    if (!admit(mag, step))
        return step.counters.add(Counter::pbu_rate_limited);
    if (mag != nullptr && request.update.options.timestamp)
        mags_.note_offset(*mag, *request.update.options.timestamp, request.received.real);
    if (turns_.must_wait(request.packet.source, step.policy.limits().transactions_per_mag))
        wait_for_turn(request, step);
    else
        receive_again(request, step);
}

bool MobilityAnchor::admit(const Mag* mag, const StepContext& step) {
    return mag == nullptr || mags_.admit(*mag, step.now.boot);
}

// False: too many wait.
bool MobilityAnchor::enqueue(const BindingRequest& request, StepContext& step) {
    const Limits& limits = step.policy.limits();
    if (step.occupancy.queued >= limits.queued_total ||
        !mags_.enqueue(request.packet.source, limits.queued_per_mag))
        return false;
    ++step.occupancy.queued;
    return true;
}

void MobilityAnchor::dequeue(const BindingRequest& request, StepContext& step) {
    --step.occupancy.queued;
    mags_.dequeue(request.packet.source);
}

void MobilityAnchor::wait_for_turn(const BindingRequest& request, StepContext& step) {
    if (!enqueue(request, step))
        return step.counters.add(Counter::pbu_queue_full);
    step.counters.add(Counter::proxy_turns_awaited);
    turns_.wait(request);
}

// Whoever waits there has a transaction under way, and what is refused makes none.
void MobilityAnchor::take_turns(const wire::Address& mag, StepContext& step) {
    while (const auto request = turns_.take(mag, step.policy.limits().transactions_per_mag)) {
        dequeue(*request, step);
        receive_again(*request, step);
    }
}

// Also what has waited.
void MobilityAnchor::receive_again(const BindingRequest& request, StepContext& step) {
    const ProxyRegistration registration{request, cache_, step};
    const std::string mn_identifier{registration.mn_identifier};
    if (const auto refusal = check_message(registration)) {
        answer_refusal(*refusal, registration, step);
    } else if (open_.busy(mn_identifier)) {
        if (!wait(mn_identifier, request, step))
            step.counters.add(Counter::pbu_queue_full);
    } else if (const auto later_refusal = check_registration(registration)) {
        answer_refusal(*later_refusal, registration, step);
    } else if (registration.is_deregistration()) {
        deregister(registration, step);
    } else if (registration.existence.waits() && !request.handoff_delay_over) {
        delay_handoff(registration, step);
    } else {
        apply(registration, step);
    }
}

bool MobilityAnchor::wait(const std::string& mn_identifier, const BindingRequest& request,
                          StepContext& step) {
    const Limits& limits = step.policy.limits();
    if (!mags_.enqueue(request.packet.source, limits.queued_per_mag))
        return false;
    if (open_.wait(mn_identifier, request, limits, step.occupancy))
        return true;
    mags_.dequeue(request.packet.source);
    return false;
}

// Whoever is no MAG gets few answers, since anybody can write a source address.
void MobilityAnchor::answer_refusal(const Refusal& refusal, const ProxyRegistration& registration,
                                    StepContext& step) {
    step.counters.add(refusal.counter);
    if (!refusal.status)
        return;
    if (registration.mag == nullptr &&
        !stranger_refusals_.take(step.policy.limits().stranger_refusals_per_second, step.now.boot))
        return step.counters.add(Counter::strangers_not_answered);
    const bool out_of_window = *refusal.status == Status::sequence_out_of_window;
    const std::uint16_t sequence =
        out_of_window ? last_sequence(registration) : registration.update().sequence;
    step.effects.emplace_back(
        proxy_refusal(registration.request, *refusal.status, sequence, step.now));
}

// When a wait was in vain: no second session without a prefix of its own.
void MobilityAnchor::apply(const ProxyRegistration& registration, StepContext& step) {
    const Kind kind = registration.existence.kind;
    const bool all_prefixes_used = !registration.node->home_network_prefixes.empty() &&
                                   unused_fixed_prefixes(registration).empty();
    if (kind == Kind::create || (kind == Kind::wait_then_create && !all_prefixes_used))
        create(registration, step);
    else
        update(registration, step);
}

void MobilityAnchor::create(const ProxyRegistration& registration, StepContext& step) {
    if (const auto refusal = check_limits(registration, mags_))
        return answer_refusal(*refusal, registration, step);
    SessionPrefixes choice = choose_prefixes(registration, step.prefixes, retention_);
    if (choice.verdict)
        return answer_refusal(*choice.verdict, registration, step);
    ProxyBinding session;
    session.id = step.bindings.next();
    session.mn_identifier = registration.mn_identifier;
    session.home_network_prefixes = std::move(choice.prefixes);
    begin({{std::nullopt, served_session(std::move(session), registration)}, registration.request},
          step);
}

void MobilityAnchor::update(const ProxyRegistration& registration, StepContext& step) {
    const ProxyBinding& session = *registration.existence.session;
    if (!may_keep_prefixes(registration, session))
        return answer_refusal(
            {Counter::pbu_foreign_prefix, Status::not_authorized_for_home_network_prefix},
            registration, step);
    const bool moves = session.mag != registration.mag->name;
    if (const auto refusal = check_limit_of_mag(registration, mags_); refusal && moves)
        return answer_refusal(*refusal, registration, step);
    begin({{session, served_session(session, registration)}, registration.request}, step);
}

// RFC 5213 5.3.5. Only the serving MAG may: others get no answer.
void MobilityAnchor::deregister(const ProxyRegistration& registration, StepContext& step) {
    const Existence& existence = registration.existence;
    if (existence.kind != Kind::update ||
        existence.session->proxy_care_of_address != registration.proxy_care_of_address) {
        step.counters.add(Counter::pbu_deregistration_ignored);
        return;
    }
    ProxyBinding session = *existence.session;
    note_order(session, registration);
    session.lifetime = std::chrono::seconds{0};
    if (session.state == State::active)
        expire_in(session, step.policy.timers().min_delay_before_bce_delete, step.now);
    session.state = State::being_deleted;
    begin({{*existence.session, std::move(session)}, registration.request}, step);
}

void MobilityAnchor::delay_handoff(const ProxyRegistration& registration, StepContext& step) {
    const std::uint64_t id = registration.existence.session->id;
    const BindingRequest& request = registration.request;
    if (const auto earlier = delayed_.find(id); earlier != delayed_.end()) {
        step.counters.add(Counter::pbu_superseded);
        if (!is_later(request, earlier->second))
            return;
        mags_.dequeue(earlier->second.packet.source);
        mags_.enqueue(request.packet.source, std::numeric_limits<std::uint32_t>::max());
        earlier->second = request;
        return;
    }
    if (!enqueue(request, step))
        return step.counters.add(Counter::pbu_queue_full);
    step.counters.add(Counter::proxy_handoffs_delayed);
    delayed_.emplace(id, request);
    delays_.set(id, step.now.boot + step.policy.timers().max_delay_before_new_bce_assign);
}

std::optional<BindingRequest> MobilityAnchor::take_delayed(std::uint64_t session,
                                                           StepContext& step) {
    auto entry = delayed_.find(session);
    if (entry == delayed_.end())
        return std::nullopt;
    BindingRequest request = std::move(entry->second);
    delayed_.erase(entry);
    delays_.clear(session);
    dequeue(request, step);
    return request;
}

bool MobilityAnchor::end_one_handoff_delay(StepContext& step) {
    const auto session = delays_.take_due(step.now.boot);
    if (!session)
        return false;
    if (auto request = take_delayed(*session, step)) {
        request->handoff_delay_over = true;
        receive_again(*request, step);
    }
    return true;
}

bool MobilityAnchor::expire_one(StepContext& step) {
    const auto id = deadlines_.take_due(step.now.boot);
    if (!id)
        return false;
    const ProxyBinding& session = *cache_.find(*id);
    // A deadline before the session's own end follows an installation that failed.
    if (busy(session))
        deadlines_.set(*id, step.now.boot + retry_delay);
    else if (session.expires > step.now.boot)
        reinstall(session.mn_identifier, step);
    else
        begin({{session, std::nullopt}, std::nullopt}, step);
    return true;
}

void MobilityAnchor::configure(const StepContext& step) {
    heartbeats_.configure(step);
    revocations_.forget_refusals();
}

void MobilityAnchor::reconsider(const wire::Prefix& prefix, const StepContext& step) {
    const RetainedPrefix* retained = retention_.find(prefix);
    if (retained != nullptr && !step.prefixes.may_hold(prefix, retained->mn_identifier))
        retention_.end_early(prefix, step.now.boot);
}

std::optional<BootTime> MobilityAnchor::next_deadline() const {
    return earliest({deadlines_.next(), delays_.next(), heartbeats_.next_deadline(),
                     revocations_.next_deadline(), endings_.next_deadline(),
                     retention_.next_deadline()});
}

void MobilityAnchor::begin(Work<ProxyBinding> work, StepContext& step) {
    const Change<ProxyBinding>& change = work.change;
    const std::string mn_identifier = session_of(change).mn_identifier;
    if (!change.before)
        ++step.occupancy.bindings;
    mags_.begin(change);
    RetentionChange retentions = retention_change(change, step);
    if (!change.before)
        for (const wire::Prefix& prefix : change.after->home_network_prefixes)
            step.prefixes.hold(prefix, mn_identifier);
    const TransactionId id = step.transactions.next();
    Transaction transaction = make_transaction(id, change, step.now.boot);
    add_retentions(transaction, retentions.taken, retentions.kept);
    if (!retentions.taken.empty() || !retentions.kept.empty())
        retention_changes_.emplace(id, std::move(retentions));
    step.effects.emplace_back(std::move(transaction));
    if (work.request)
        turns_.begin(work.request->packet.source);
    open_.open(id, mn_identifier, std::move(work));
}

bool MobilityAnchor::finish(const TransactionEnded& ended, StepContext& step) {
    const auto transaction = open_.close(ended.id, step.occupancy);
    if (!transaction)
        return finish_retention(ended, step);
    if (transaction->work.request)
        turns_.end(transaction->work.request->packet.source);
    const Change<ProxyBinding>& change = transaction->work.change;
    const bool committed = ended.outcome == Outcome::committed;
    if (committed) {
        cache_.commit(change);
        heartbeats_.note(change.before, change.after, step);
    }
    mags_.finish(change, committed);
    if (committed)
        finish_retention_change(ended.id, committed, step);
    if (committed ? !change.after : !change.before)
        release(committed ? *change.before : *change.after, step);
    if (!committed)
        finish_retention_change(ended.id, committed, step);
    settle(transaction->work, committed, step);
    answer(transaction->work, ended.outcome, step);
    if (committed)
        revoke_at_previous_mag(change, step);

    const bool ends = committed && (!change.after || change.after->state == State::being_deleted);
    if (ends && change.before)
        if (const auto delayed = take_delayed(change.before->id, step))
            receive_again(*delayed, step);
    for (const BindingRequest& request : transaction->waiting) {
        mags_.dequeue(request.packet.source);
        receive_again(request, step);
    }
    if (transaction->work.request)
        take_turns(transaction->work.request->packet.source, step);
    return true;
}

void MobilityAnchor::answer(const Work<ProxyBinding>& work, Outcome outcome,
                            StepContext& step) const {
    if (!work.request) {
        if (outcome == Outcome::committed && !work.change.after &&
            work.change.before->expires <= step.now.boot)
            step.counters.add(Counter::proxy_bindings_expired);
    } else if (outcome == Outcome::committed) {
        step.counters.add(success_counter(work.change));
        step.effects.emplace_back(proxy_acknowledgement(*work.request, *work.change.after));
    } else {
        step.counters.add(Counter::pbu_failed);
        step.effects.emplace_back(proxy_refusal(*work.request, Status::insufficient_resources,
                                                work.request->update.sequence, step.now));
    }
}

void MobilityAnchor::release(const ProxyBinding& gone, StepContext& step) {
    for (const wire::Prefix& prefix : gone.home_network_prefixes)
        step.prefixes.release(prefix);
    --step.occupancy.bindings;
}

// Brings the deadlines in line with the cache.
void MobilityAnchor::settle(const Work<ProxyBinding>& work, bool committed, StepContext& step) {
    const std::string& mn_identifier = session_of(work.change).mn_identifier;
    const std::uint64_t id = session_of(work.change).id;
    note_installation(uninstalled_, mn_identifier, work, committed);
    const auto set_deadline = [&](const ProxyBinding& session) {
        const bool uninstalled = uninstalled_.contains(mn_identifier);
        deadlines_.set(session.id,
                       deadline_after(session.expires, committed, uninstalled, step.now.boot));
    };
    if (work.is_installation()) {
        for (const ProxyBinding* session : cache_.sessions(mn_identifier))
            set_deadline(*session);
    } else if (const ProxyBinding* session = cache_.find(id)) {
        set_deadline(*session);
    } else {
        // One that ended before its time still has one.
        deadlines_.clear(id);
        if (cache_.sessions(mn_identifier).empty())
            uninstalled_.erase(mn_identifier);
    }
}

void MobilityAnchor::restore(const ProxyBinding& binding, StepContext& step) {
    cache_.commit({std::nullopt, binding});
    mags_.restore(binding);
    heartbeats_.note(std::nullopt, binding, step);
    ++step.occupancy.bindings;
    for (const wire::Prefix& prefix : binding.home_network_prefixes)
        step.prefixes.hold(prefix, binding.mn_identifier);
    deadlines_.set(binding.id, binding.expires);
}

void MobilityAnchor::restore(const RetainedPrefix& retained, StepContext& step) {
    const bool yields = !step.prefixes.may_hold(retained.prefix, retained.mn_identifier);
    retention_.add(retained, step.prefixes);
    if (yields)
        retention_.end_early(retained.prefix, step.now.boot);
}

void MobilityAnchor::reinstall(const std::string& mn_identifier, StepContext& step) {
    const auto sessions = cache_.sessions(mn_identifier);
    std::vector<KernelBinding> bindings;
    for (const ProxyBinding* session : sessions)
        std::ranges::copy(kernel_bindings(*session, step.now.boot), std::back_inserter(bindings));
    const TransactionId id = step.transactions.next();
    step.effects.emplace_back(make_installation(id, bindings));
    // The transaction locks the node; one of its sessions stands for all, unchanged.
    const ProxyBinding& session = *sessions.front();
    open_.open(id, mn_identifier, {{session, session}, std::nullopt});
}

} // namespace anchor6::core
