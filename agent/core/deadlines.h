// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <map>
#include <optional>
#include <set>
#include <utility>

#include "core/time.h"

namespace anchor6::core {

/// One deadline a key, the earliest first.
template <class Key>
class Deadlines {
public:
    /// Replaces the deadline of the key.
    void set(const Key& key, BootTime when) {
        const auto [time, added] = times_.try_emplace(key, when);
        if (added) {
            order_.emplace(when, key);
        } else if (time->second != when) {
            auto place = order_.extract({time->second, key});
            place.value().first = when;
            order_.insert(std::move(place));
            time->second = when;
        }
    }

    void clear(const Key& key) {
        if (auto found = times_.find(key); found != times_.end()) {
            order_.erase({found->second, key});
            times_.erase(found);
        }
    }

    std::optional<BootTime> of(const Key& key) const {
        auto found = times_.find(key);
        return found == times_.end() ? std::nullopt : std::optional{found->second};
    }

    std::optional<BootTime> next() const {
        return order_.empty() ? std::nullopt : std::optional{order_.begin()->first};
    }

    /// The key with the earliest deadline of those that the condition accepts.
    template <class Condition>
    std::optional<Key> first(Condition accepts) const {
        for (const auto& [when, key] : order_)
            if (accepts(key))
                return key;
        return std::nullopt;
    }

    /// Takes a key whose deadline has come.
    std::optional<Key> take_due(BootTime now) {
        if (order_.empty() || order_.begin()->first > now)
            return std::nullopt;
        Key key = order_.begin()->second;
        clear(key);
        return key;
    }

private:
    std::map<Key, BootTime> times_;
    std::set<std::pair<BootTime, Key>> order_;
};

} // namespace anchor6::core
