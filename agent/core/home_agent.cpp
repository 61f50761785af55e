// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/home_agent.h"

#include <utility>

#include "core/lifetime.h"

namespace anchor6::core {

namespace {

using Outcome = TransactionEnded::Outcome;
using wire::Status;

// RFC 6275 10.3.1 and 9.5.4: to the source of the update, with a type 2 routing header when that is
// no home address; from home the answer goes the way the update came.
Send addressed_answer(const BindingRequest& request, wire::BindingAcknowledgement answer) {
    const Packet& packet = request.packet;
    Send send;
    send.source = packet.destination;
    send.destination = packet.home_address.value_or(packet.source);
    if (send.destination != packet.source)
        send.care_of_address = packet.source;
    send.reply_home = !send.care_of_address;
    send.message = std::move(answer);
    return send;
}

Send refusal_answer(const BindingRequest& request, Status status, std::uint16_t sequence) {
    wire::BindingAcknowledgement answer;
    answer.status = status;
    answer.sequence = sequence;
    return addressed_answer(request, std::move(answer));
}

Send success_answer(const BindingRequest& request, const HomeBinding& binding) {
    wire::BindingAcknowledgement answer;
    answer.sequence = binding.sequence;
    if (binding.state == HomeBinding::State::active) {
        answer.lifetime = lifetime_field(binding.lifetime);
        if (request.update.has(wire::bu_flag::mobile_router))
            answer.flags = wire::ba_flag::mobile_router;
    }
    return addressed_answer(request, std::move(answer));
}

Status failure_status(const Work<HomeBinding>& work, Outcome outcome) {
    const bool router = work.request->update.has(wire::bu_flag::mobile_router);
    return outcome == Outcome::kernel_failed && router ? Status::forwarding_setup_failed
                                                       : Status::insufficient_resources;
}

void refuse(const Refusal& refusal, const HomeRegistration& registration, StepContext& step) {
    step.counters.add(refusal.counter);
    if (!refusal.status)
        return;
    const bool out_of_window = *refusal.status == Status::sequence_out_of_window;
    const std::uint16_t sequence =
        out_of_window ? registration.binding->sequence : registration.update().sequence;
    step.effects.emplace_back(refusal_answer(registration.request, *refusal.status, sequence));
}

bool is_active(const std::optional<HomeBinding>& binding) {
    return binding && binding->state == HomeBinding::State::active;
}

wire::Address home_address_of(const Change<HomeBinding>& change) {
    return change.after ? change.after->home_address : change.before->home_address;
}

} // namespace

void HomeAgent::receive(const BindingRequest& request, StepContext& step) {
    const HomeRegistration registration{request, cache_, step};
    if (const auto refusal = check_message(registration)) {
        refuse(*refusal, registration, step);
    } else if (open_.busy(registration.home_address)) {
        if (!open_.wait(registration.home_address, request, step.policy.limits(), step.occupancy))
            step.counters.add(Counter::bu_queue_full);
    } else if (const auto later_refusal = check_registration(registration)) {
        refuse(*later_refusal, registration, step);
    } else if (registration.is_deregistration()) {
        deregister(registration, step);
    } else {
        accept(registration, step);
    }
}

void HomeAgent::accept(const HomeRegistration& registration, StepContext& step) {
    const wire::BindingUpdate& update = registration.update();
    HomeBinding binding;
    binding.home_address = registration.home_address;
    binding.care_of_address = registration.care_of_address;
    binding.home_agent = registration.request.packet.destination;
    binding.prefixes = registration.prefixes();
    binding.sequence = update.sequence;
    binding.flags = update.flags;
    binding.lifetime = granted_lifetime(update.lifetime, step.policy.timers().max_home_lifetime);
    expire_in(binding, binding.lifetime, step.now);
    binding.group = registration.group->id;
    binding.cookie = registration.is_active() ? registration.binding->cookie : step.bindings.next();
    binding.node = registration.home->owner;

    const HomeBinding* before = cache_.find(registration.home_address);
    begin({{before != nullptr ? std::optional{*before} : std::nullopt, std::move(binding)},
           registration.request},
          step);
}

// RFC 6275 10.3.2. The sequence number stays behind, so that no update from before comes to life.
void HomeAgent::deregister(const HomeRegistration& registration, StepContext& step) {
    HomeBinding binding = *registration.binding;
    binding.state = HomeBinding::State::remembered;
    binding.sequence = registration.update().sequence;
    binding.lifetime = std::chrono::seconds{0};
    expire_in(binding, step.policy.timers().sequence_memory, step.now);
    begin({{*registration.binding, std::move(binding)}, registration.request}, step);
}

bool HomeAgent::expire_one(StepContext& step) {
    const auto home_address = deadlines_.take_due(step.now.boot);
    if (!home_address)
        return false;
    // While a transaction is open its end sets the next deadline; one before the binding's own end
    // follows an installation that failed.
    if (open_.busy(*home_address))
        return true;
    const HomeBinding& binding = *cache_.find(*home_address);
    if (binding.expires > step.now.boot) {
        reinstall(binding, step);
        return true;
    }
    std::optional<HomeBinding> after;
    if (binding.state == HomeBinding::State::active) {
        after = binding;
        after->state = HomeBinding::State::remembered;
        after->lifetime = std::chrono::seconds{0};
        expire_in(*after, step.policy.timers().sequence_memory, step.now);
    }
    begin({{binding, std::move(after)}, std::nullopt}, step);
    return true;
}

void HomeAgent::begin(Work<HomeBinding> work, StepContext& step) {
    const wire::Address home_address = home_address_of(work.change);
    if (!work.change.before)
        ++step.occupancy.bindings;
    cache_.prepare(work.change);
    if (is_active(work.change.after))
        take_home(home_address, work.change.after->node, step);
    const TransactionId id = step.transactions.next();
    step.effects.emplace_back(make_transaction(id, work.change, step.now.boot));
    open_.open(id, home_address, std::move(work));
}

bool HomeAgent::finish(const TransactionEnded& ended, StepContext& step) {
    const auto transaction = open_.close(ended.id, step.occupancy);
    if (!transaction)
        return false;
    const Change<HomeBinding>& change = transaction->work.change;
    const bool committed = ended.outcome == Outcome::committed;
    if (committed)
        cache_.commit(change);
    else
        cache_.abandon(change);
    if (committed ? !change.after : !change.before)
        --step.occupancy.bindings;
    settle(transaction->work, committed, step);
    answer(transaction->work, ended.outcome, step);
    for (const BindingRequest& request : transaction->waiting)
        receive(request, step);
    return true;
}

void HomeAgent::answer(const Work<HomeBinding>& work, Outcome outcome, StepContext& step) const {
    const bool ends = !is_active(work.change.after);
    if (outcome != Outcome::committed) {
        if (!work.request)
            return;
        step.counters.add(Counter::bu_failed);
        step.effects.emplace_back(refusal_answer(*work.request, failure_status(work, outcome),
                                                 work.request->update.sequence));
    } else if (work.request) {
        step.counters.add(ends ? Counter::home_deregistrations : Counter::home_registrations);
        step.effects.emplace_back(success_answer(*work.request, *work.change.after));
    } else if (ends && is_active(work.change.before)) {
        step.counters.add(Counter::home_bindings_expired);
    }
}

void HomeAgent::take_home(const wire::Address& home_address, const std::string& node,
                          StepContext& step) {
    if (homes_.contains(home_address))
        return;
    const auto assignment = step.prefixes.assignment(home_address);
    const wire::Prefix home =
        assignment && assignment->owner == node
            ? assignment->prefix
            : step.prefixes.enclosing(home_address).value_or(wire::Prefix::host(home_address));
    step.prefixes.hold(home, node);
    homes_.emplace(home_address, home);
}

// Brings deadline and prefix in line with what the cache holds when no transaction is open.
void HomeAgent::settle(const Work<HomeBinding>& work, bool committed, StepContext& step) {
    const wire::Address home_address = home_address_of(work.change);
    const HomeBinding* binding = cache_.find(home_address);
    note_installation(uninstalled_, home_address, work, committed);
    if (binding == nullptr)
        uninstalled_.erase(home_address);
    else
        deadlines_.set(home_address,
                       deadline_after(binding->expires, committed,
                                      uninstalled_.contains(home_address), step.now.boot));
    if (binding != nullptr && binding->state == HomeBinding::State::active)
        return;
    if (auto home = homes_.find(home_address); home != homes_.end()) {
        step.prefixes.release(home->second);
        homes_.erase(home);
    }
}

void HomeAgent::restore(const HomeBinding& binding, StepContext& step) {
    const Change<HomeBinding> change{std::nullopt, binding};
    cache_.prepare(change);
    cache_.commit(change);
    ++step.occupancy.bindings;
    if (is_active(change.after))
        take_home(binding.home_address, binding.node, step);
    deadlines_.set(binding.home_address, binding.expires);
}

void HomeAgent::reinstall(const HomeBinding& binding, StepContext& step) {
    const TransactionId id = step.transactions.next();
    step.effects.emplace_back(make_installation(id, kernel_bindings(binding, step.now.boot)));
    const Change<HomeBinding> change{binding, binding};
    cache_.prepare(change);
    open_.open(id, binding.home_address, {change, std::nullopt});
}

} // namespace anchor6::core
