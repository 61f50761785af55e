// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/node_paths.h"

#include <algorithm>
#include <utility>

namespace anchor6::core {

// A tunnel to no home agent yet becomes one to the first that is found.
bool NodePaths::have_same_ends(const NodePath& one, const NodePath& other) {
    return one.interface == other.interface && one.care_of_address == other.care_of_address &&
           (!one.home_agent || one.home_agent == other.home_agent);
}

void NodePaths::prepare(NodePath path, MobileNodeContext& step) {
    auto entry = std::ranges::find_if(
        entries_, [&](const Entry& one) { return have_same_ends(one.path, path); });
    path.id = entry != entries_.end() ? entry->path.id : ++last_id_;
    if (entry == entries_.end())
        entry = entries_.insert(entry, Entry{});
    const bool ready = entry->ready && entry->path.home_agent == path.home_agent;
    *entry = {path, ready, {}};
    prepared_ = path.id;
    step.effects.emplace_back(PreparePath{std::move(path)});
}

bool NodePaths::finish(const PathPrepared& event, MobileNodeContext& step) {
    const auto entry =
        std::ranges::find(entries_, event.id, [](const Entry& one) { return one.path.id; });
    if (entry == entries_.end())
        return false;
    entry->ready = event.ready;
    if (event.ready)
        return event.id == prepared_;
    step.counters.add(Counter::node_path_failures);
    entries_.erase(entry);
    return false;
}

void NodePaths::use(MobileNodeContext& step) {
    used_ = prepared_;
    step.effects.emplace_back(UsePath{used_});
}

void NodePaths::retire_others(MobileNodeContext& step) {
    for (Entry& entry : entries_)
        if (entry.path.id != used_ && entry.path.id != prepared_ && !entry.ends)
            entry.ends = step.now.boot + step.config.timers.old_path;
}

void NodePaths::release_when_due(MobileNodeContext& step) {
    std::erase_if(entries_, [&](const Entry& entry) {
        const bool over = entry.ends && *entry.ends <= step.now.boot;
        if (over)
            step.effects.emplace_back(ReleasePath{entry.path.id});
        return over;
    });
}

std::optional<BootTime> NodePaths::next_deadline() const {
    std::optional<BootTime> next;
    for (const Entry& entry : entries_)
        next = earliest({next, entry.ends});
    return next;
}

const NodePath* NodePaths::ready() const {
    const auto entry =
        std::ranges::find(entries_, prepared_, [](const Entry& one) { return one.path.id; });
    return entry != entries_.end() && entry->ready ? &entry->path : nullptr;
}

const NodePath* NodePaths::find(PathId id) const {
    const auto entry =
        std::ranges::find(entries_, id, [](const Entry& one) { return one.path.id; });
    return entry != entries_.end() ? &entry->path : nullptr;
}

} // namespace anchor6::core
