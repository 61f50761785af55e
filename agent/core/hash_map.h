// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <unordered_map>
#include <utility>

namespace anchor6::core {

/// A hash table of many entries that never moves all of them at once: it consists of parts, and one
/// of them grows at a time. An entry stays where it is as long as it is there.
template <class Key, class Value, class Hash = std::hash<Key>, class Equal = std::equal_to<Key>>
class HashMap {
public:
    using Part = std::unordered_map<Key, Value, Hash, Equal>;
    using Entry = typename Part::value_type;

    template <class Wanted>
    const Entry* find_entry(const Wanted& key) const {
        const Part& part = parts_[part_of(key)];
        const auto entry = part.find(key);
        return entry == part.end() ? nullptr : &*entry;
    }
    template <class Wanted>
    const Value* find(const Wanted& key) const {
        const Entry* entry = find_entry(key);
        return entry == nullptr ? nullptr : &entry->second;
    }
    template <class Wanted>
    Value* find(const Wanted& key) {
        return const_cast<Value*>(std::as_const(*this).find(key));
    }
    template <class Wanted>
    bool contains(const Wanted& key) const {
        return find_entry(key) != nullptr;
    }

    /// The value of the key, and whether this call made it.
    template <class... Arguments>
    std::pair<Value*, bool> try_emplace(const Key& key, Arguments&&... arguments) {
        const auto [entry, added] =
            parts_[part_of(key)].try_emplace(key, std::forward<Arguments>(arguments)...);
        size_ += added ? 1 : 0;
        return {&entry->second, added};
    }
    Value& operator[](const Key& key) { return *try_emplace(key).first; }

    /// False: it was not there.
    bool erase(const Key& key) {
        const bool erased = parts_[part_of(key)].erase(key) != 0;
        size_ -= erased ? 1 : 0;
        return erased;
    }

    std::size_t size() const { return size_; }
    bool empty() const { return size_ == 0; }

    /// Calls `visit` with each entry.
    template <class Visit>
    void each(Visit visit) const {
        for (const Part& part : parts_)
            for (const Entry& entry : part)
                visit(entry);
    }

private:
    static constexpr unsigned part_bits = 6;

    // The part's own buckets go by the low bits or by a remainder of the hash, which may be the key
    // itself.
    template <class Wanted>
    static std::size_t part_of(const Wanted& key) {
        constexpr std::uint64_t odd = 0x9e3779b97f4a7c15;
        return static_cast<std::size_t>(Hash{}(key)*odd >> (64 - part_bits));
    }

    std::array<Part, 1U << part_bits> parts_;
    std::size_t size_ = 0;
};

} // namespace anchor6::core
