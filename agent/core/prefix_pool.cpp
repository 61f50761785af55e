// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/prefix_pool.h"

#include <algorithm>
#include <utility>

namespace anchor6::core {

void PrefixPool::configure(std::shared_ptr<const PrefixPlan> plan,
                           std::vector<PrefixSlots>& slots) {
    plan_ = std::move(plan);
    // Most of what is held lies behind the last one given away: it need not be tried again.
    for (PrefixSlots& fresh : slots)
        for (const PrefixSlots& old : slots_)
            if (old.base == fresh.base && old.length == fresh.length)
                fresh.free.resume(old.free);
    std::swap(slots_, slots);
    taken_over_.reset();
    taking_over_ = held_.after({}) != nullptr;
}

std::optional<wire::Prefix> PrefixPool::take_over_one() {
    const auto* next = taking_over_ ? held_.after(taken_over_) : nullptr;
    taking_over_ = next != nullptr;
    if (!taking_over_)
        return std::nullopt;
    taken_over_ = next->first;
    occupy(*taken_over_);
    return taken_over_;
}

bool PrefixPool::overlaps_held(const wire::Prefix& prefix) const {
    bool overlaps = false;
    held_.each_overlapping(prefix, [&](const auto& /*entry*/) { overlaps = true; });
    return overlaps;
}

bool PrefixPool::is_free(const PrefixSlots& slots, const wire::Prefix& prefix) const {
    return slots.is_free(prefix) && !(taking_over_ && overlaps_held(prefix));
}

void PrefixPool::occupy(const wire::Prefix& prefix) {
    for (PrefixSlots& slots : slots_)
        slots.occupy(prefix);
}

void PrefixPool::vacate(const wire::Prefix& prefix) {
    for (PrefixSlots& slots : slots_) {
        if (!slots.base.overlaps(prefix))
            continue;
        slots.vacate(prefix);
        // What is left of others in the same slots keeps them occupied.
        const wire::Prefix whole =
            *wire::Prefix::of(prefix.address(), std::min(prefix.length(), slots.length));
        const auto occupy_again = [&](const auto& entry) { slots.occupy(entry.first); };
        held_.each_overlapping(whole, occupy_again);
        plan_->fixed().each_overlapping(whole, occupy_again);
    }
}

void PrefixPool::hold(const wire::Prefix& prefix, const std::string& owner, PrefixUse use) {
    Holding& holding = held_[prefix];
    if (holding.holders++ != 0)
        return;
    holding.owner = owner;
    holding.use = use;
    if (use == PrefixUse::home_network)
        by_owner_.insert({wire::KeyedTextHash{}(owner), prefix});
    occupy(prefix);
}

void PrefixPool::release(const wire::Prefix& prefix) {
    Holding* holding = held_.find(prefix);
    if (holding == nullptr || --holding->holders != 0)
        return;
    by_owner_.erase({wire::KeyedTextHash{}(holding->owner), prefix});
    held_.erase(prefix);
    vacate(prefix);
}

std::uint32_t PrefixPool::holders(const wire::Prefix& prefix) const {
    const Holding* holding = held_.find(prefix);
    return holding == nullptr ? 0 : holding->holders;
}

bool PrefixPool::may_hold(const wire::Prefix& prefix, std::string_view owner) const {
    bool others = false;
    held_.each_overlapping(
        prefix, [&](const auto& entry) { others = others || entry.second.owner != owner; });
    plan_->fixed().each_overlapping(
        prefix, [&](const auto& entry) { others = others || entry.second.owner != owner; });
    return !others;
}

bool PrefixPool::may_request(const wire::Prefix& prefix, std::string_view owner,
                             std::uint32_t group) const {
    if (!may_hold(prefix, owner))
        return false;
    const auto* fixed = plan_->fixed().find(prefix);
    const auto* held = held_.find(prefix);
    const bool known = (fixed != nullptr && fixed->use == PrefixUse::home_network) ||
                       (held != nullptr && held->use == PrefixUse::home_network);
    return known || std::ranges::any_of(slots_, [&](const PrefixSlots& slots) {
               return slots.group == group && is_free(slots, prefix);
           });
}

bool PrefixPool::belongs_to(const wire::Prefix& prefix, std::string_view owner) const {
    bool within = false;
    const auto look = [&](const auto& entry) {
        within = within || (entry.first.contains(prefix) && entry.second.owner == owner);
    };
    held_.each_overlapping(prefix, look);
    plan_->fixed().each_overlapping(prefix, look);
    return within && may_hold(prefix, owner);
}

std::optional<PrefixPool::Assignment> PrefixPool::assignment(const wire::Address& address) const {
    if (const auto* held = held_.longest(address))
        return Assignment{held->first, held->second.owner, held->second.use};
    if (const auto* fixed = plan_->fixed().longest(address))
        return Assignment{fixed->first, std::string{fixed->second.owner}, fixed->second.use};
    return std::nullopt;
}

std::vector<wire::Prefix> PrefixPool::held_by(const std::string& owner) const {
    std::vector<wire::Prefix> prefixes;
    const std::size_t hash = wire::KeyedTextHash{}(owner);
    by_owner_.each_from({hash, wire::Prefix{}}, [&](const auto& entry) {
        const bool same_hash = entry.first == hash;
        if (same_hash && held_.find(entry.second)->owner == owner)
            prefixes.push_back(entry.second);
        return same_hash;
    });
    return prefixes;
}

// What is held and not taken over yet is, on the way.
std::optional<wire::Prefix> PrefixPool::next_free(PrefixSlots& slots) const {
    while (const auto slot = slots.free.next()) {
        const wire::Prefix prefix = slots.prefix(*slot);
        if (!taking_over_ || !overlaps_held(prefix))
            return prefix;
        slots.occupy(prefix);
    }
    return std::nullopt;
}

std::optional<wire::Prefix> PrefixPool::find_free(std::uint32_t group) {
    for (PrefixSlots& slots : slots_)
        if (slots.group == group)
            if (auto prefix = next_free(slots))
                return prefix;
    return std::nullopt;
}

std::optional<wire::Prefix> PrefixPool::enclosing(const wire::Address& address) const {
    for (const PrefixSlots& slots : slots_)
        if (slots.base.contains(address))
            return wire::Prefix::of(address, slots.length);
    return std::nullopt;
}

} // namespace anchor6::core
