// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <iterator>
#include <optional>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace anchor6::core {

/// Where a hash table is looked at further: a bucket of a part that had so many of them.
struct PagePlace {
    std::size_t part = 0;
    std::size_t buckets = 0;
    std::size_t bucket = 0;
};

/// Hash tables of the standard library that together are one of many entries which never moves all
/// of them at once: one part grows at a time.
template <class Part>
class HashParts {
public:
    // Numbers in their order fill all parts alike. Each grows at a load of its own, so that from
    // one doubling to the next they take turns.
    HashParts() {
        constexpr float least = 0.7F;
        for (std::size_t index = 0; index < parts_.size(); ++index)
            parts_[index].max_load_factor(
                least * std::exp2(static_cast<float>(index) / static_cast<float>(parts_.size())));
    }

    template <class Key>
    const Part& of(const Key& key) const {
        return parts_[index_of(key)];
    }
    template <class Key>
    Part& of(const Key& key) {
        return parts_[index_of(key)];
    }

    auto begin() const { return parts_.begin(); }
    auto end() const { return parts_.end(); }

    /// What a page() returned is a place until that part has grown.
    bool is_place(const PagePlace& place) const {
        return place.part < parts_.size() &&
               (place.bucket == 0 || place.buckets == parts_[place.part].bucket_count());
    }

    /// Visits some entries from that place on, so that whoever wants all of them keeps nobody
    /// waiting for long. The place for the next call; nothing: these were the last.
    template <class Visit>
    std::optional<PagePlace> page(const PagePlace& from, Visit visit) const {
        std::size_t bucket = from.bucket;
        std::size_t entries_left = 256;
        std::size_t buckets_left = 16384;
        for (std::size_t index = from.part; index < parts_.size(); ++index, bucket = 0) {
            const Part& part = parts_[index];
            for (; bucket < part.bucket_count(); ++bucket, --buckets_left) {
                if (entries_left == 0 || buckets_left == 0)
                    return PagePlace{index, part.bucket_count(), bucket};
                for (auto entry = part.begin(bucket); entry != part.end(bucket); ++entry) {
                    visit(*entry);
                    entries_left -= entries_left == 0 ? 0 : 1;
                }
            }
        }
        return std::nullopt;
    }

private:
    static constexpr unsigned part_bits = 6;

    // The part's own buckets go by the low bits or by a remainder of the hash, which may be the key
    // itself.
    template <class Key>
    static std::size_t index_of(const Key& key) {
        constexpr std::uint64_t odd = 0x9e3779b97f4a7c15;
        return static_cast<std::size_t>(typename Part::hasher{}(key)*odd >> (64 - part_bits));
    }

    std::array<Part, 1U << part_bits> parts_;
};

/// Values by their keys, in parts. An entry stays where it is as long as it is there.
template <class Key, class Value, class Hash = std::hash<Key>, class Equal = std::equal_to<Key>>
class HashMap {
public:
    using Part = std::unordered_map<Key, Value, Hash, Equal>;
    using Entry = typename Part::value_type;

    template <class Wanted>
    const Entry* find_entry(const Wanted& key) const {
        const Part& part = parts_.of(key);
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
            parts_.of(key).try_emplace(key, std::forward<Arguments>(arguments)...);
        size_ += added ? 1 : 0;
        return {&entry->second, added};
    }
    Value& operator[](const Key& key) { return *try_emplace(key).first; }

    /// False: it was not there.
    bool erase(const Key& key) {
        const bool erased = parts_.of(key).erase(key) != 0;
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

    bool is_place(const PagePlace& place) const { return parts_.is_place(place); }
    /// Calls `visit` with some entries, see HashParts::page().
    template <class Visit>
    std::optional<PagePlace> page(const PagePlace& from, Visit visit) const {
        return parts_.page(from, visit);
    }

private:
    HashParts<Part> parts_;
    std::size_t size_ = 0;
};

/// Values that name their keys themselves, several of them maybe the same one, in parts. Hash and
/// Equal take values and keys.
template <class Value, class Hash, class Equal>
class HashMultiset {
public:
    using Part = std::unordered_multiset<Value, Hash, Equal>;

    /// All with one key, until something is inserted or erased.
    class Range {
    public:
        using Iterator = typename Part::const_iterator;
        Range(Iterator begin, Iterator end) : begin_(begin), end_(end) {}
        Iterator begin() const { return begin_; }
        Iterator end() const { return end_; }
        bool empty() const { return begin_ == end_; }
        std::size_t size() const { return static_cast<std::size_t>(std::distance(begin_, end_)); }
        const Value& front() const { return *begin_; }

    private:
        Iterator begin_;
        Iterator end_;
    };

    template <class Key>
    Range equal(const Key& key) const {
        const auto [begin, end] = parts_.of(key).equal_range(key);
        return {begin, end};
    }

    void insert(const Value& value) { parts_.of(value).insert(value); }

    /// That value only, which must be there.
    void erase(const Value& value) {
        const Range range = equal(value);
        parts_.of(value).erase(std::find(range.begin(), range.end(), value));
    }

private:
    HashParts<Part> parts_;
};

} // namespace anchor6::core
