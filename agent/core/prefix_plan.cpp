// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/prefix_plan.h"

#include <algorithm>
#include <utility>

namespace anchor6::core {

namespace {

// More slots than 2^63 of one home prefix stay unused.
constexpr std::uint8_t slot_bits_max = 63;

bool bit_of(const wire::Address& address, unsigned position) {
    return (address.octets()[position / 8] >> (7 - position % 8) & 1U) != 0;
}

} // namespace

wire::Prefix PrefixSlots::prefix(std::uint64_t slot) const {
    wire::Address::Octets octets = base.address().octets();
    for (unsigned position = length; slot != 0; slot >>= 1) {
        --position;
        if ((slot & 1U) != 0)
            octets[position / 8] |= static_cast<std::uint8_t>(0x80U >> position % 8);
    }
    return *wire::Prefix::of(wire::Address{octets}, length);
}

std::uint64_t PrefixSlots::slot(const wire::Address& address) const {
    std::uint64_t slot = 0;
    for (unsigned position = base.length(); position < length; ++position)
        slot = slot << 1 | static_cast<std::uint64_t>(bit_of(address, position));
    return slot;
}

// The slots that a prefix covers or lies in; the prefix overlaps the base.
SlotRanges::Range PrefixSlots::range(const wire::Prefix& prefix) const {
    const wire::Prefix& inner = prefix.contains(base) ? base : prefix;
    const std::uint64_t first = slot(inner.address());
    const unsigned bits = inner.length() < length ? unsigned{length} - inner.length() : 0;
    return {first, first + ((std::uint64_t{1} << bits) - 1)};
}

bool PrefixSlots::is_free(const wire::Prefix& prefix) const {
    return prefix.length() == length && base.contains(prefix) &&
           free.contains(slot(prefix.address()));
}

void PrefixSlots::occupy(const wire::Prefix& part) {
    if (base.overlaps(part))
        free.remove(range(part));
}

void PrefixSlots::vacate(const wire::Prefix& part) {
    if (base.overlaps(part))
        free.insert(range(part));
}

PrefixPlan::PrefixPlan(const Config& config) {
    for (const Group& group : config.groups)
        for (const HomePrefix& home : group.home_prefixes)
            add_slots(group, home);
    for (const Node& node : config.nodes)
        fix(node);
}

void PrefixPlan::add_slots(const Group& group, const HomePrefix& home) {
    if (!home.assign_length)
        return;
    const std::uint8_t length = *home.assign_length;
    const int shortest = std::max<int>(home.prefix.length(), length - slot_bits_max);
    PrefixSlots slots{*wire::Prefix::of(home.prefix.address(), static_cast<std::uint8_t>(shortest)),
                      length,
                      group.id,
                      {}};
    slots.vacate(slots.base);
    slots_.push_back(std::move(slots));
}

void PrefixPlan::fix(const Node& node) {
    for (const wire::Address& address : node.home_addresses)
        fix(wire::Prefix::host(address), {node.identifier, PrefixUse::home_address});
    for (const wire::Prefix& prefix : node.mobile_network_prefixes)
        fix(prefix, {node.identifier, PrefixUse::mobile_network});
    for (const wire::Prefix& prefix : node.home_network_prefixes)
        fix(prefix, {node.identifier, PrefixUse::home_network});
}

void PrefixPlan::fix(const wire::Prefix& prefix, const Fixed& fixed) {
    fixed_[prefix] = fixed;
    for (PrefixSlots& slots : slots_)
        slots.occupy(prefix);
}

} // namespace anchor6::core
