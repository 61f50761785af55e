// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <optional>
#include <vector>

#include "core/mobile_node_event.h"

namespace anchor6::core {

/// The ways between a mobile node and its home agent. One is used; the next is prepared before the
/// home agent hears of it, and the one before stays open until what is on its way has arrived.
class NodePaths {
public:
    /// Prepares a path, or changes the one with the same ends. The identifier is filled in here.
    void prepare(NodePath path, MobileNodeContext& step);
    /// True: it is the path that was prepared last, and it is ready.
    bool finish(const PathPrepared& event, MobileNodeContext& step);
    /// The path prepared last is used; the others are accepted as before.
    void use(MobileNodeContext& step);
    /// The home agent knows: paths not in use end soon.
    void retire_others(MobileNodeContext& step);
    void release_when_due(MobileNodeContext& step);
    std::optional<BootTime> next_deadline() const;

    /// The path prepared last, if it is ready.
    const NodePath* ready() const;
    const NodePath* used() const { return find(used_); }

private:
    struct Entry {
        NodePath path;
        bool ready = false;
        std::optional<BootTime> ends;
    };

    const NodePath* find(PathId id) const;
    static bool have_same_ends(const NodePath& one, const NodePath& other);

    std::vector<Entry> entries_;
    PathId last_id_ = 0;
    /// 0: none.
    PathId prepared_ = 0;
    PathId used_ = 0;
};

} // namespace anchor6::core
