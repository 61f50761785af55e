// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <algorithm>
#include <cstddef>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <queue>
#include <utility>
#include <vector>

#include "core/hash_map.h"
#include "core/time.h"

namespace anchor6::core {

/// Deadlines by their keys in a tree: for keys without a hash, of which there are few.
template <class Key>
class OrderedTimes {
public:
    std::pair<BootTime*, bool> try_emplace(const Key& key, BootTime when) {
        const auto [entry, added] = times_.try_emplace(key, when);
        return {&entry->second, added};
    }
    const BootTime* find(const Key& key) const {
        const auto entry = times_.find(key);
        return entry == times_.end() ? nullptr : &entry->second;
    }
    bool erase(const Key& key) { return times_.erase(key) != 0; }
    std::size_t size() const { return times_.size(); }
    template <class Visit>
    void each(Visit visit) const {
        std::ranges::for_each(times_, visit);
    }

private:
    std::map<Key, BootTime> times_;
};

/// One deadline a key, the earliest first. A deadline is put off far more often than it comes, so
/// this costs no more than finding the key: the heap still has it at its time of before, and learns
/// the new one some time after that has become the earliest, so that no call does it for many.
template <class Key, class Times = OrderedTimes<Key>>
class Deadlines {
public:
    /// Replaces the deadline of the key.
    void set(const Key& key, BootTime when) {
        const auto [time, added] = times_.try_emplace(key, when);
        const bool earlier = added || when < *time;
        *time = when;
        if (earlier) {
            push({when, key});
            bound();
        } else if (heap_.front().second == key) {
            correct(few);
        }
    }

    void clear(const Key& key) {
        if (!times_.erase(key))
            return;
        bound();
        correct(few);
    }

    std::optional<BootTime> of(const Key& key) const {
        const BootTime* time = times_.find(key);
        return time == nullptr ? std::nullopt : std::optional{*time};
    }

    /// When to look: not after the earliest deadline, but maybe at one that has been put off.
    std::optional<BootTime> next() const {
        return heap_.empty() ? std::nullopt : std::optional{heap_.front().first};
    }

    /// The key with the earliest deadline of those that the condition accepts.
    template <class Condition>
    std::optional<Key> first(Condition accepts) const {
        // Down the heap along the earliest times, as far as it takes.
        std::priority_queue<Place, std::vector<Place>, std::greater<>> places;
        const auto add = [&](std::size_t index) {
            if (index < heap_.size())
                places.emplace(heap_[index], index);
        };
        for (add(0); !places.empty();) {
            const auto [entry, index] = places.top();
            places.pop();
            if (index != put_off) {
                add(2 * index + 1);
                add(2 * index + 2);
            }
            const BootTime* time = times_.find(entry.second);
            if (time != nullptr && *time == entry.first && accepts(entry.second))
                return entry.second;
            if (time != nullptr && *time > entry.first)
                places.emplace(Entry{*time, entry.second}, put_off);
        }
        return std::nullopt;
    }

    /// Takes the key whose deadline came first. Nothing: none has come, or many that were due have
    /// been put off, and the next call goes on with them: next() is not later than `now` then.
    std::optional<Key> take_due(BootTime now) {
        if (!correct(many, now) || heap_.empty() || heap_.front().first > now)
            return std::nullopt;
        Key key = heap_.front().second;
        clear(key);
        return key;
    }

private:
    using Entry = std::pair<BootTime, Key>;
    /// An entry and its index in the heap.
    using Place = std::pair<Entry, std::size_t>;
    static constexpr std::size_t put_off = static_cast<std::size_t>(-1);
    /// Entries that one call corrects at the most.
    static constexpr std::size_t few = 16;
    static constexpr std::size_t many = 1024;

    void push(Entry entry) {
        heap_.push_back(std::move(entry));
        std::ranges::push_heap(heap_, std::greater<>{});
    }

    Entry pop() {
        std::ranges::pop_heap(heap_, std::greater<>{});
        Entry entry = std::move(heap_.back());
        heap_.pop_back();
        return entry;
    }

    // Each key has an entry that is not later than its deadline. One that is earlier was put off,
    // or its key is gone. True: the earliest entry is right, or later than `until`.
    bool correct(std::size_t at_most, BootTime until = BootTime::max()) {
        for (; !heap_.empty() && heap_.front().first <= until; --at_most) {
            const BootTime* time = times_.find(heap_.front().second);
            if (time != nullptr && *time == heap_.front().first)
                return true;
            if (at_most == 0)
                return false;
            Entry entry = pop();
            if (time != nullptr && *time > entry.first)
                push({*time, std::move(entry.second)});
        }
        return true;
    }

    // What deadlines that were brought forward or cleared leave in the heap.
    void bound() {
        constexpr std::size_t spare = 64;
        if (heap_.size() <= 2 * times_.size() + spare)
            return;
        heap_.clear();
        times_.each([this](const auto& entry) { heap_.emplace_back(entry.second, entry.first); });
        std::ranges::make_heap(heap_, std::greater<>{});
    }

    Times times_;
    /// In pieces: to move a million entries because there is one more would take long.
    std::deque<Entry> heap_;
};

/// Of keys of which there may be many.
template <class Key>
using HashedDeadlines = Deadlines<Key, HashMap<Key, BootTime>>;

} // namespace anchor6::core
