// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/prefix_pool.h"

#include <algorithm>

namespace anchor6::core {

namespace {

// More slots than 2^63 of one home prefix stay unused.
constexpr std::uint8_t slot_bits_max = 63;

bool bit_of(const wire::Address& address, unsigned position) {
    return (address.octets()[position / 8] >> (7 - position % 8) & 1U) != 0;
}

} // namespace

wire::Prefix PrefixPool::Slots::prefix(std::uint64_t slot) const {
    wire::Address::Octets octets = base.address().octets();
    for (unsigned position = length; slot != 0; slot >>= 1) {
        --position;
        if ((slot & 1U) != 0)
            octets[position / 8] |= static_cast<std::uint8_t>(0x80U >> position % 8);
    }
    return *wire::Prefix::of(wire::Address{octets}, length);
}

std::uint64_t PrefixPool::Slots::slot(const wire::Address& address) const {
    std::uint64_t slot = 0;
    for (unsigned position = base.length(); position < length; ++position)
        slot = slot << 1 | static_cast<std::uint64_t>(bit_of(address, position));
    return slot;
}

// The slots that a prefix covers or lies in; the prefix overlaps the base.
SlotRanges::Range PrefixPool::Slots::range(const wire::Prefix& prefix) const {
    const wire::Prefix& inner = prefix.contains(base) ? base : prefix;
    const std::uint64_t first = slot(inner.address());
    const unsigned bits = inner.length() < length ? unsigned{length} - inner.length() : 0;
    return {first, first + ((std::uint64_t{1} << bits) - 1)};
}

bool PrefixPool::Slots::is_free(const wire::Prefix& prefix) const {
    return prefix.length() == length && base.contains(prefix) &&
           free.contains(slot(prefix.address()));
}

void PrefixPool::add_slots(const Group& group, const HomePrefix& home) {
    if (!home.assign_length)
        return;
    const std::uint8_t length = *home.assign_length;
    const int shortest = std::max<int>(home.prefix.length(), length - slot_bits_max);
    Slots slots{*wire::Prefix::of(home.prefix.address(), static_cast<std::uint8_t>(shortest)),
                length,
                group.id,
                {}};
    slots.free.insert(slots.range(slots.base));
    slots_.push_back(std::move(slots));
}

void PrefixPool::configure(const Config& config) {
    slots_.clear();
    fixed_ = {};
    for (const Group& group : config.groups)
        for (const HomePrefix& home : group.home_prefixes)
            add_slots(group, home);
    for (const Node& node : config.nodes) {
        for (const wire::Address& address : node.home_addresses)
            fix(wire::Prefix::host(address), node.identifier, Use::home_address);
        for (const wire::Prefix& prefix : node.mobile_network_prefixes)
            fix(prefix, node.identifier, Use::mobile_network);
        for (const wire::Prefix& prefix : node.home_network_prefixes)
            fix(prefix, node.identifier, Use::home_network);
    }
    for (const auto& [prefix, holding] : held_)
        occupy(prefix);
}

void PrefixPool::fix(const wire::Prefix& prefix, const std::string& owner, Use use) {
    fixed_[prefix] = {owner, use};
    occupy(prefix);
}

void PrefixPool::occupy(const wire::Prefix& prefix) {
    for (Slots& slots : slots_)
        if (slots.base.overlaps(prefix))
            slots.free.remove(slots.range(prefix));
}

void PrefixPool::vacate(const wire::Prefix& prefix) {
    for (Slots& slots : slots_) {
        if (!slots.base.overlaps(prefix))
            continue;
        slots.free.insert(slots.range(prefix));
        // What is left of others in the same slots keeps them occupied.
        const wire::Prefix whole =
            *wire::Prefix::of(prefix.address(), std::min(prefix.length(), slots.length));
        const auto occupy_again = [&](const auto& entry) {
            if (slots.base.overlaps(entry.first))
                slots.free.remove(slots.range(entry.first));
        };
        held_.each_overlapping(whole, occupy_again);
        fixed_.each_overlapping(whole, occupy_again);
    }
}

void PrefixPool::hold(const wire::Prefix& prefix, const std::string& owner, Use use) {
    Holding& holding = held_[prefix];
    if (holding.holders++ != 0)
        return;
    holding.owner = owner;
    holding.use = use;
    if (use == Use::home_network)
        by_owner_.emplace(owner, prefix);
    occupy(prefix);
}

void PrefixPool::release(const wire::Prefix& prefix) {
    Holding* holding = held_.find(prefix);
    if (holding == nullptr || --holding->holders != 0)
        return;
    by_owner_.erase({holding->owner, prefix});
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
    fixed_.each_overlapping(
        prefix, [&](const auto& entry) { others = others || entry.second.owner != owner; });
    return !others;
}

bool PrefixPool::may_request(const wire::Prefix& prefix, std::string_view owner,
                             std::uint32_t group) const {
    if (!may_hold(prefix, owner))
        return false;
    const auto* fixed = fixed_.find(prefix);
    const auto* held = held_.find(prefix);
    const bool known = (fixed != nullptr && fixed->use == Use::home_network) ||
                       (held != nullptr && held->use == Use::home_network);
    return known || std::ranges::any_of(slots_, [&](const Slots& slots) {
               return slots.group == group && slots.is_free(prefix);
           });
}

bool PrefixPool::belongs_to(const wire::Prefix& prefix, std::string_view owner) const {
    bool within = false;
    const auto look = [&](const auto& entry) {
        within = within || (entry.first.contains(prefix) && entry.second.owner == owner);
    };
    held_.each_overlapping(prefix, look);
    fixed_.each_overlapping(prefix, look);
    return within && may_hold(prefix, owner);
}

std::optional<PrefixPool::Assignment> PrefixPool::assignment(const wire::Address& address) const {
    if (const auto* held = held_.longest(address))
        return Assignment{held->first, held->second.owner, held->second.use};
    if (const auto* fixed = fixed_.longest(address))
        return Assignment{fixed->first, fixed->second.owner, fixed->second.use};
    return std::nullopt;
}

std::vector<wire::Prefix> PrefixPool::held_by(const std::string& owner) const {
    std::vector<wire::Prefix> prefixes;
    for (auto entry = by_owner_.lower_bound({owner, wire::Prefix{}});
         entry != by_owner_.end() && entry->first == owner; ++entry)
        prefixes.push_back(entry->second);
    return prefixes;
}

std::optional<wire::Prefix> PrefixPool::find_free(std::uint32_t group) {
    for (Slots& slots : slots_)
        if (slots.group == group)
            if (auto slot = slots.free.next())
                return slots.prefix(*slot);
    return std::nullopt;
}

std::optional<wire::Prefix> PrefixPool::enclosing(const wire::Address& address) const {
    for (const Slots& slots : slots_)
        if (slots.base.contains(address))
            return wire::Prefix::of(address, slots.length);
    return std::nullopt;
}

} // namespace anchor6::core
