// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/prefix_retention.h"

#include "core/policy.h"

namespace anchor6::core {

void PrefixRetention::add(const RetainedPrefix& retained, PrefixPool& pool) {
    entries_.insert_or_assign(retained.prefix, retained);
    deadlines_.set(retained.prefix, retained.until);
    pool.hold(retained.prefix, retained.mn_identifier);
}

std::optional<RetainedPrefix> PrefixRetention::take(const wire::Prefix& prefix, PrefixPool& pool) {
    const auto entry = entries_.find(prefix);
    if (entry == entries_.end())
        return std::nullopt;
    RetainedPrefix retained = std::move(entry->second);
    entries_.erase(entry);
    deadlines_.clear(prefix);
    pool.release(prefix);
    return retained;
}

std::optional<wire::Prefix> PrefixRetention::oldest(const Group& group,
                                                    const PrefixPool& pool) const {
    return deadlines_.first([&](const wire::Prefix& prefix) {
        return on_home_link(group, prefix) && pool.holders(prefix) == 1;
    });
}

const RetainedPrefix* PrefixRetention::find(const wire::Prefix& prefix) const {
    const auto entry = entries_.find(prefix);
    return entry == entries_.end() ? nullptr : &entry->second;
}

std::vector<RetainedPrefix> PrefixRetention::page(const std::optional<wire::Prefix>& after,
                                                  std::size_t count) const {
    std::vector<RetainedPrefix> result;
    for (auto entry = after ? entries_.upper_bound(*after) : entries_.begin();
         entry != entries_.end() && result.size() < count; ++entry)
        result.push_back(entry->second);
    return result;
}

} // namespace anchor6::core
