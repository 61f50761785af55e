// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <vector>

#include "core/binding.h"
#include "core/deadlines.h"
#include "core/prefix_pool.h"

namespace anchor6::core {

/// The assigned prefixes that are kept for their nodes after their last sessions. Each is held in
/// the pool by the retention, so that it is the node's for both roles; memory: an entry each.
class PrefixRetention {
public:
    void add(const RetainedPrefix& retained, PrefixPool& pool);
    /// Nothing is kept there any more. Nothing: it was not.
    std::optional<RetainedPrefix> take(const wire::Prefix& prefix, PrefixPool& pool);

    /// The one that would end first, of those within home prefixes of the group and held by nobody
    /// else.
    std::optional<wire::Prefix> oldest(const Group& group, const PrefixPool& pool) const;

    const RetainedPrefix* find(const wire::Prefix& prefix) const;
    std::size_t size() const { return entries_.size(); }
    /// At most so many of those that come after the prefix, in their order.
    std::vector<RetainedPrefix> page(const std::optional<wire::Prefix>& after,
                                     std::size_t count) const;

    /// When to end one, and when to try again.
    std::optional<wire::Prefix> take_due(BootTime now) { return deadlines_.take_due(now); }
    void end_at(const wire::Prefix& prefix, BootTime when) { deadlines_.set(prefix, when); }
    void end_early(const wire::Prefix& prefix, BootTime when) {
        entries_.at(prefix).until = when;
        end_at(prefix, when);
    }
    std::optional<BootTime> next_deadline() const { return deadlines_.next(); }

private:
    std::map<wire::Prefix, RetainedPrefix> entries_;
    HashedDeadlines<wire::Prefix> deadlines_;
};

} // namespace anchor6::core
