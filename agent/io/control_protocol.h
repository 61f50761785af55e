// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "core/anchor.h"
#include "core/counter.h"
#include "core/event.h"
#include "core/time.h"

namespace anchor6::io {

/// What a request to the control socket can ask about, and do.
struct ControlView {
    const core::Anchor& anchor;
    /// Makes something happen to the anchor.
    std::function<void(const core::Event&)> decide;
    /// The counters of the sockets and the store; the anchor has its own.
    const core::Counters& counters;
    core::Now now;
    std::uint64_t instance = 0;
    std::string_view device;
    std::uint64_t restarts = 0;
    std::size_t pending_transactions = 0;
};

struct ControlAnswer {
    /// One JSON object and a line feed.
    std::string line;
    /// The request was a command.
    bool ok = false;
};

/// Answers one request: a line with a JSON object whose "command" is "sessions", "mags",
/// "home-agents", "counters", "status", "revoke-sessions" (with "mn_id" and perhaps "session") or
/// "revoke-mag" (with "mag").
ControlAnswer answer_control_request(std::string_view line, const ControlView& view);

} // namespace anchor6::io
