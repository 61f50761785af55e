// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/home_agent.h"

#include <algorithm>
#include <utility>

#include "core/home_acknowledgement.h"
#include "core/lifetime.h"
#include "core/prefix_lifetimes.h"

namespace anchor6::core {

namespace {

using Outcome = TransactionEnded::Outcome;
using wire::Status;

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
    step.effects.emplace_back(
        home_refusal(registration.request, *refusal.status, sequence, registration.node, step.now));
}

std::chrono::seconds longest_lifetime_of(const HomeRegistration& registration) {
    const StepContext& step = registration.step;
    const auto configured = step.policy.timers().max_home_lifetime;
    return std::min({configured, registration.node->max_home_lifetime.value_or(configured),
                     valid_left(registration.home_prefix->lifetimes, step.now.real)});
}

std::optional<wire::MessageId> demanded_message_id(const HomeRegistration& registration) {
    const auto& association = registration.node->mn_ha;
    return association && association->replay_protection ? registration.update().options.message_id
                                                         : std::nullopt;
}

// A message identifier is remembered until the window has passed it by: a copy of the message would
// be accepted before.
std::chrono::milliseconds memory_of(const HomeBinding& binding, const Timers& timers) {
    const std::chrono::milliseconds memory = timers.sequence_memory;
    return binding.message_id ? std::max(memory, 2 * timers.message_id_window) : memory;
}

// What keeps a home address its node's: the prefix that it lies in.
PrefixPool::Assignment home_of(const HomeBinding& binding, const PrefixPool& prefixes) {
    const wire::Address& home_address = binding.home_address;
    if (const auto assignment = prefixes.assignment(home_address);
        assignment && assignment->owner == binding.node)
        return *assignment;
    if (const auto enclosing = prefixes.enclosing(home_address))
        return {*enclosing, binding.node, PrefixUse::home_network};
    return {wire::Prefix::host(home_address), binding.node, PrefixUse::home_address};
}

bool is_active(const std::optional<HomeBinding>& binding) {
    return binding && binding->state == HomeBinding::State::active;
}

// What the link has not yet been told to send here.
void announce(const Change<HomeBinding>& change, StepContext& step) {
    const auto before =
        change.before ? defended_addresses(*change.before) : std::vector<DefendedAddress>{};
    for (const DefendedAddress& address : difference(defended_addresses(*change.after), before)) {
        step.counters.add(Counter::addresses_announced);
        step.effects.emplace_back(AnnounceAddress{address});
    }
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
    } else if (registration.needs_probe()) {
        probe(registration, step);
    } else {
        accept(registration, step);
    }
}

// The session is busy until AddressProbed.
void HomeAgent::probe(const HomeRegistration& registration, StepContext& step) {
    if (probes_.size() >= step.policy.limits().address_probes)
        return refuse({Counter::bu_too_many_probes, Status::insufficient_resources}, registration,
                      step);
    ProbeAddress effect;
    effect.id = step.transactions.next();
    effect.link = registration.home_prefix->link;
    effect.addresses.push_back(registration.home_address);
    if (registration.update().has(wire::bu_flag::link_local))
        effect.addresses.push_back(wire::link_local(registration.home_address));
    BindingRequest request = registration.request;
    request.probed_link = effect.link;
    probes_.insert(effect.id);
    open_.open(effect.id, registration.home_address, {{}, std::move(request)});
    step.counters.add(Counter::address_probes);
    step.effects.emplace_back(std::move(effect));
}

// Time has passed: a unique address is registered only after all checks have been done again.
void HomeAgent::finish(const AddressProbed& probed, StepContext& step) {
    if (probes_.erase(probed.id) == 0)
        return;
    const auto transaction = open_.close(probed.id, step.occupancy);
    const BindingRequest& request = *transaction->work.request;
    const HomeRegistration registration{request, cache_, step};
    switch (probed.outcome) {
    case AddressProbed::Outcome::unique:
        receive(request, step);
        break;
    case AddressProbed::Outcome::duplicate:
        refuse({Counter::bu_duplicate_address, Status::duplicate_address_detection_failed},
               registration, step);
        break;
    case AddressProbed::Outcome::failed:
        refuse({Counter::bu_probe_failed, Status::insufficient_resources}, registration, step);
        break;
    }
    for (const BindingRequest& waiting : transaction->waiting)
        receive(waiting, step);
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
    binding.lifetime = granted_lifetime(update.lifetime, longest_lifetime_of(registration));
    expire_in(binding, binding.lifetime, step.now);
    binding.group = registration.group->id;
    binding.cookie = registration.is_active() ? registration.binding->cookie : step.bindings.next();
    binding.node = registration.home->owner;
    binding.link = registration.home_prefix->link;
    binding.message_id = demanded_message_id(registration);

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
    binding.message_id = demanded_message_id(registration);
    binding.lifetime = std::chrono::seconds{0};
    expire_in(binding, memory_of(binding, step.policy.timers()), step.now);
    begin({{*registration.binding, std::move(binding)}, registration.request}, step);
}

bool HomeAgent::expire_one(StepContext& step) {
    const auto home_address = deadlines_.take_due(step.now.boot);
    if (!home_address)
        return false;
    // While a transaction is open its end sets the next deadline.
    if (open_.busy(*home_address))
        return true;
    const HomeBinding& binding = *cache_.find(*home_address);
    if (binding.expires > step.now.boot) {
        if (uninstalled_.contains(*home_address))
            reinstall(binding, step);
        else
            request_refresh(binding, step);
        return true;
    }
    std::optional<HomeBinding> after;
    if (binding.state == HomeBinding::State::active) {
        after = binding;
        after->state = HomeBinding::State::remembered;
        after->lifetime = std::chrono::seconds{0};
        expire_in(*after, memory_of(*after, step.policy.timers()), step.now);
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
        take_prefixes(*work.change.after, step);
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
    if (const auto& gone = committed ? change.before : change.after; is_active(gone))
        release_networks(*gone, step);
    if (committed && !transaction->work.is_installation())
        asked_.erase(transaction->key);
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
        const Node* node = step.policy.node(work.change.after->node);
        step.effects.emplace_back(home_refusal(*work.request, failure_status(work, outcome),
                                               work.request->update.sequence, node, step.now));
    } else if (work.request) {
        step.counters.add(ends ? Counter::home_deregistrations : Counter::home_registrations);
        announce(work.change, step);
        step.effects.emplace_back(home_acknowledgement(*work.request, *work.change.after, step));
    } else if (ends && is_active(work.change.before)) {
        step.counters.add(Counter::home_bindings_expired);
    }
}

// Prefixes of a mobile router beside the home network prefix.
template <class Visit>
void HomeAgent::each_network(const HomeBinding& binding, Visit visit) const {
    const wire::Prefix& home = homes_.at(binding.home_address);
    for (const wire::Prefix& prefix : binding.prefixes)
        if (!home.contains(prefix) && !prefix.contains(binding.home_address))
            visit(prefix);
}

void HomeAgent::take_prefixes(const HomeBinding& binding, StepContext& step) {
    if (!homes_.contains(binding.home_address)) {
        const PrefixPool::Assignment home = home_of(binding, step.prefixes);
        step.prefixes.hold(home.prefix, binding.node, home.use);
        homes_.emplace(binding.home_address, home.prefix);
    }
    each_network(binding, [&](const wire::Prefix& prefix) {
        step.prefixes.hold(prefix, binding.node, PrefixUse::mobile_network);
    });
}

void HomeAgent::release_networks(const HomeBinding& binding, StepContext& step) {
    each_network(binding, [&](const wire::Prefix& prefix) { step.prefixes.release(prefix); });
}

// Brings deadline and prefix in line with what the cache holds when no transaction is open.
void HomeAgent::settle(const Work<HomeBinding>& work, bool committed, StepContext& step) {
    const wire::Address home_address = home_address_of(work.change);
    const HomeBinding* binding = cache_.find(home_address);
    note_installation(uninstalled_, home_address, work, committed);
    if (binding == nullptr)
        uninstalled_.erase(home_address);
    else
        set_deadline(*binding, committed, step);
    if (binding != nullptr && binding->state == HomeBinding::State::active)
        return;
    if (auto home = homes_.find(home_address); home != homes_.end()) {
        step.prefixes.release(home->second);
        homes_.erase(home);
    }
}

void HomeAgent::set_deadline(const HomeBinding& binding, bool committed, StepContext& step) {
    BootTime deadline = deadline_after(binding.expires, committed,
                                       uninstalled_.contains(binding.home_address), step.now.boot);
    if (const auto refresh = refresh_due(binding, step.policy.timers()))
        deadline = std::min(deadline, *refresh);
    deadlines_.set(binding.home_address, deadline);
}

// Nothing: it has been asked, or its lifetime is too short to be; a remembered binding has none.
std::optional<BootTime> HomeAgent::refresh_due(const HomeBinding& binding,
                                               const Timers& timers) const {
    const auto before_expiry = timers.refresh_request_before_expiry;
    const bool ask = before_expiry.count() != 0 && binding.lifetime >= 2 * before_expiry &&
                     !asked_.contains(binding.home_address);
    return ask ? std::optional{binding.expires - before_expiry} : std::nullopt;
}

void HomeAgent::request_refresh(const HomeBinding& binding, StepContext& step) {
    const auto due = refresh_due(binding, step.policy.timers());
    if (due && *due <= step.now.boot) {
        asked_.insert(binding.home_address);
        step.counters.add(Counter::refresh_requests);
        step.effects.emplace_back(refresh_request(binding));
    }
    set_deadline(binding, true, step);
}

void HomeAgent::restore(const HomeBinding& binding, StepContext& step) {
    const Change<HomeBinding> change{std::nullopt, binding};
    cache_.prepare(change);
    cache_.commit(change);
    ++step.occupancy.bindings;
    if (is_active(change.after))
        take_prefixes(binding, step);
    set_deadline(binding, true, step);
}

void HomeAgent::reinstall(const HomeBinding& binding, StepContext& step) {
    const TransactionId id = step.transactions.next();
    step.effects.emplace_back(make_installation(id, kernel_bindings(binding, step.now.boot),
                                                defended_addresses(binding)));
    const Change<HomeBinding> change{binding, binding};
    cache_.prepare(change);
    if (is_active(change.after))
        take_prefixes(binding, step);
    open_.open(id, binding.home_address, {change, std::nullopt});
}

} // namespace anchor6::core
