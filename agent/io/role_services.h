// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <functional>
#include <vector>

#include "core/counter.h"
#include "core/event.h"
#include "io/event_loop.h"

namespace anchor6::io {

/// What the agent has for each of its roles.
struct RoleServices {
    EventLoop& loop;
    core::Counters& counters;
    /// Mobility Header messages that leave when the event has been dealt with.
    std::vector<core::Send>& sends;
    /// To be called when a role has dealt with an event that it took from the world by itself.
    std::function<void()> settle;
};

} // namespace anchor6::io
