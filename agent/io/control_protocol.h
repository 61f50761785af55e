// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/anchor.h"
#include "core/counter.h"
#include "core/time.h"

namespace anchor6::io {

/// What a request to the control socket can ask about.
struct ControlView {
    const core::Anchor& anchor;
    const core::Config& config;
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

/// Answers one request: a line with a JSON object whose "command" is "sessions", "home-agents",
/// "counters" or "status".
ControlAnswer answer_control_request(std::string_view line, const ControlView& view);

} // namespace anchor6::io
