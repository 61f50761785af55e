// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/prefix_advertiser.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "core/prefix_lifetimes.h"

namespace anchor6::core {

namespace {

// RFC 6275 section 12: PREFIX_ADV_RETRIES and PREFIX_ADV_TIMEOUT.
constexpr int transmissions_max = 3;
constexpr std::chrono::seconds transmission_interval{3};

bool is_active(const HomeBinding* binding) {
    return binding != nullptr && binding->state == HomeBinding::State::active;
}

std::uint32_t lifetime_field(std::chrono::seconds lifetime) {
    constexpr std::int64_t infinite = wire::PrefixInformation::infinite;
    return static_cast<std::uint32_t>(std::clamp<std::int64_t>(lifetime.count(), 0, infinite));
}

const Group* group_of(const HomeBinding& binding, const Policy& policy) {
    return policy.group_of_home_agent(binding.home_agent);
}

// On a physical link all nodes share its prefix; else the node has a home network prefix alone.
wire::Prefix advertised_prefix(const HomeBinding& binding, const HomePrefix& home,
                               const StepContext& step) {
    const auto assignment = step.prefixes.assignment(binding.home_address);
    return home.link.empty() && assignment ? assignment->prefix : home.prefix;
}

wire::MobilePrefixAdvertisement advertisement(const HomeBinding& binding, const StepContext& step) {
    wire::MobilePrefixAdvertisement result;
    const Group* group = group_of(binding, step.policy);
    const HomePrefix* home = group != nullptr ? home_prefix(*group, binding.home_address) : nullptr;
    if (home == nullptr)
        return result;
    const wire::Prefix prefix = advertised_prefix(binding, *home, step);
    wire::PrefixInformation information;
    information.length = prefix.length();
    information.prefix = prefix.address();
    information.autonomous = true;
    information.valid_lifetime = lifetime_field(valid_left(home->lifetimes, step.now.real));
    information.preferred_lifetime = lifetime_field(preferred_left(home->lifetimes, step.now.real));
    result.prefixes.push_back(information);
    return result;
}

void send(const HomeBinding& binding, const wire::Address& care_of_address,
          std::uint16_t identifier, StepContext& step) {
    wire::MobilePrefixAdvertisement message = advertisement(binding, step);
    message.identifier = identifier;
    step.counters.add(Counter::prefix_advertisements_sent);
    step.effects.emplace_back(
        SendIcmp{binding.home_agent, binding.home_address, care_of_address, std::move(message)});
}

const HomePrefix* same_prefix(const Config& config, const wire::Prefix& prefix) {
    for (const Group& group : config.groups)
        for (const HomePrefix& home : group.home_prefixes)
            if (home.prefix == prefix)
                return &home;
    return nullptr;
}

std::vector<wire::Prefix> changed_prefixes(const Config& before, const Config& after) {
    std::vector<wire::Prefix> changed;
    for (const Group& group : after.groups)
        for (const HomePrefix& home : group.home_prefixes) {
            const HomePrefix* old = same_prefix(before, home.prefix);
            if (old != nullptr && old->lifetimes != home.lifetimes)
                changed.push_back(home.prefix);
        }
    return changed;
}

} // namespace

bool PrefixAdvertiser::receive(const Packet& packet,
                               const wire::MobilePrefixSolicitation& solicitation,
                               const HomeCache& cache, StepContext& step) {
    const HomeBinding* binding = packet.home_address ? cache.find(*packet.home_address) : nullptr;
    if (!is_active(binding) || binding->care_of_address != packet.source ||
        binding->home_agent != packet.destination) {
        step.counters.add(Counter::prefix_solicitations_unbound);
        return false;
    }
    if (const auto entry = pending_.find(binding->home_address); entry != pending_.end())
        entry->second.heard = true;
    if (answers_.take(step.policy.limits().prefix_advertisements_per_second, step.now.boot))
        send(*binding, packet.source, solicitation.identifier, step);
    else
        step.counters.add(Counter::prefix_advertisements_suppressed);
    return true;
}

void PrefixAdvertiser::compare(const Config& before, const Config& after) {
    auto changed = changed_prefixes(before, after);
    if (changed.empty())
        return;
    // Of an earlier change, whose nodes are not all found yet.
    if (search_)
        std::ranges::copy(search_->changed, std::back_inserter(changed));
    search_ = Search{std::move(changed), {}};
    ++searches_;
}

void PrefixAdvertiser::look_for_some(const HomeCache& cache, BootTime now) {
    if (!search_)
        return;
    const auto& bindings = cache.bindings();
    const PagePlace place = bindings.is_place(search_->place) ? search_->place : PagePlace{};
    const auto next = bindings.page(place, [&](const auto& entry) {
        const HomeBinding& binding = entry.second;
        const bool concerned =
            std::ranges::any_of(search_->changed, [&](const wire::Prefix& prefix) {
                return prefix.contains(binding.home_address);
            });
        if (concerned && is_active(&binding))
            await(binding, now);
    });
    if (next)
        search_->place = *next;
    else
        search_.reset();
}

// One that the search has met before, in a table of another size, goes on as it is.
void PrefixAdvertiser::await(const HomeBinding& binding, BootTime now) {
    const auto [pending, added] = pending_.try_emplace(binding.home_address);
    if (added)
        turns_.push_front({binding.home_address, now});
    else if (pending->second.search == searches_)
        return;
    pending->second = {++identifier_, binding.sequence, 0, false, searches_};
}

std::optional<BootTime> PrefixAdvertiser::next_deadline() const {
    if (search_)
        return BootTime{};
    return next_turn();
}

std::optional<BootTime> PrefixAdvertiser::next_turn() const {
    if (turns_.empty())
        return std::nullopt;
    return std::max(turns_.front().due, not_before_);
}

bool PrefixAdvertiser::advertise_one(const HomeCache& cache, StepContext& step) {
    const auto due = next_turn();
    if (!due || *due > step.now.boot)
        return false;
    const Turn turn = turns_.front();
    turns_.pop_front();
    Pending& pending = pending_.at(turn.home_address);
    const HomeBinding* binding = cache.find(turn.home_address);
    if (pending.heard || !is_active(binding) || binding->sequence != pending.sequence ||
        pending.transmissions == transmissions_max) {
        pending_.erase(turn.home_address);
        return true;
    }
    const auto pace = std::max(step.policy.limits().prefix_advertisements_per_second, 1U);
    not_before_ = step.now.boot + std::chrono::nanoseconds{std::chrono::seconds{1}} / pace;
    ++pending.transmissions;
    send(*binding, binding->care_of_address, pending.identifier, step);
    turns_.push_back({turn.home_address, step.now.boot + transmission_interval});
    return true;
}

} // namespace anchor6::core
