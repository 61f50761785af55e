// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <map>
#include <optional>

#include "wire/address.h"

namespace anchor6::core {

/// Prefixes and what belongs to them: exact, longest match, overlap. Ordered, so that no choice of
/// prefixes makes it slow.
template <class Value>
class PrefixMap {
public:
    using Entry = std::pair<const wire::Prefix, Value>;

    Value& operator[](const wire::Prefix& prefix) {
        auto [entry, added] = entries_.try_emplace(prefix);
        if (added)
            ++lengths_[prefix.length()];
        return entry->second;
    }

    void erase(const wire::Prefix& prefix) { lengths_[prefix.length()] -= entries_.erase(prefix); }

    const Value* find(const wire::Prefix& prefix) const {
        auto entry = entries_.find(prefix);
        return entry == entries_.end() ? nullptr : &entry->second;
    }
    Value* find(const wire::Prefix& prefix) {
        auto entry = entries_.find(prefix);
        return entry == entries_.end() ? nullptr : &entry->second;
    }

    /// The longest prefix that contains the address.
    const Entry* longest(const wire::Address& address) const {
        return longest_within(address, wire::Prefix::max_length);
    }

    /// Calls `visit` with each entry that overlaps the prefix.
    template <class Visit>
    void each_overlapping(const wire::Prefix& prefix, Visit visit) const {
        for (const Entry* entry = shorter(prefix.address(), prefix.length()); entry != nullptr;
             entry = shorter(prefix.address(), entry->first.length()))
            visit(*entry);
        for (auto entry = entries_.lower_bound(prefix);
             entry != entries_.end() && prefix.contains(entry->first); ++entry)
            visit(*entry);
    }

    /// The first entry behind that prefix, in their order; without one the first of all.
    const Entry* after(const std::optional<wire::Prefix>& prefix) const {
        auto entry = prefix ? entries_.lower_bound(*prefix) : entries_.begin();
        if (entry != entries_.end() && prefix && entry->first == *prefix)
            ++entry;
        return entry == entries_.end() ? nullptr : &*entry;
    }

    auto begin() const { return entries_.begin(); }
    auto end() const { return entries_.end(); }

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
        if (lengths_[length] == 0)
            return nullptr;
        auto entry = entries_.find(*wire::Prefix::of(address, length));
        return entry == entries_.end() ? nullptr : &*entry;
    }

    std::map<wire::Prefix, Value> entries_;
    std::array<std::size_t, wire::Prefix::max_length + 1> lengths_{};
};

} // namespace anchor6::core
