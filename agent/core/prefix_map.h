// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>

#include "core/hash_map.h"
#include "core/sorted_set.h"
#include "wire/address.h"

namespace anchor6::core {

/// Prefixes and what belongs to them: exact, longest match, overlap. By a keyed hash and in their
/// order, so that no choice of prefixes makes it slow.
template <class Value>
class PrefixMap {
public:
    using Entry = typename HashMap<wire::Prefix, Value>::Entry;

    Value& operator[](const wire::Prefix& prefix) {
        const auto [value, added] = entries_.try_emplace(prefix);
        if (added) {
            ++lengths_[prefix.length()];
            order_.insert(prefix);
        }
        return *value;
    }

    void erase(const wire::Prefix& prefix) {
        if (!entries_.erase(prefix))
            return;
        --lengths_[prefix.length()];
        order_.erase(prefix);
    }

    const Value* find(const wire::Prefix& prefix) const { return entries_.find(prefix); }
    Value* find(const wire::Prefix& prefix) { return entries_.find(prefix); }

    /// The longest prefix that contains the address.
    const Entry* longest(const wire::Address& address) const {
        return longest_within(address, wire::Prefix::max_length);
    }

    /// Calls `visit` with each entry that overlaps the prefix.
    template <class Visit>
    void each_overlapping(const wire::Prefix& prefix, Visit visit) const {
        for (const Entry* entry = longest_within(prefix.address(), prefix.length());
             entry != nullptr; entry = shorter(prefix.address(), entry->first.length()))
            visit(*entry);
        if (!has_longer(prefix.length()))
            return;
        order_.each_from(prefix, [&](const wire::Prefix& other) {
            const bool within = prefix.contains(other);
            if (within && other != prefix)
                visit(*entries_.find_entry(other));
            return within;
        });
    }

    /// The first entry behind that prefix, in their order; without one the first of all.
    const Entry* after(const std::optional<wire::Prefix>& prefix) const {
        const Entry* entry = nullptr;
        order_.each_from(prefix.value_or(wire::Prefix{}), [&](const wire::Prefix& other) {
            if (prefix != other)
                entry = entries_.find_entry(other);
            return entry == nullptr;
        });
        return entry;
    }

private:
    const Entry* longest_within(const wire::Address& address, std::uint8_t length) const {
        const Entry* entry = exact(address, length);
        return entry != nullptr ? entry : shorter(address, length);
    }

    const Entry* shorter(const wire::Address& address, std::uint8_t length) const {
        while (length-- != 0)
            if (const Entry* entry = exact(address, length))
                return entry;
        return nullptr;
    }

    const Entry* exact(const wire::Address& address, std::uint8_t length) const {
        return lengths_[length] == 0 ? nullptr
                                     : entries_.find_entry(*wire::Prefix::of(address, length));
    }

    bool has_longer(std::uint8_t length) const {
        return std::any_of(lengths_.begin() + length + 1, lengths_.end(),
                           [](std::size_t count) { return count != 0; });
    }

    HashMap<wire::Prefix, Value> entries_;
    SortedSet<wire::Prefix> order_;
    std::array<std::size_t, wire::Prefix::max_length + 1> lengths_{};
};

} // namespace anchor6::core
