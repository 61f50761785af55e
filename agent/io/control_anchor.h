// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>

#include "core/anchor.h"
#include "core/event.h"
#include "core/time.h"
#include "io/control_answer.h"

namespace anchor6::io {

/// What a request can ask about the anchor, and do to it.
struct AnchorView {
    const core::Anchor& anchor;
    /// Makes something happen to the anchor.
    std::function<void(const core::Event&)> decide;
    std::uint64_t instance = 0;
    std::string_view device;
    std::uint64_t restarts = 0;
    std::size_t pending_transactions = 0;
};

/// Answers "sessions", "mags", "home-agents", "revoke-sessions" (with "mn_id" and perhaps
/// "session") and "revoke-mag" (with "mag"); nothing: it is another command.
std::optional<ControlAnswer> answer_anchor_command(std::string_view command, const Json& request,
                                                   const AnchorView& view, core::Now now);

/// Adds what "status" tells of the anchor.
void add_status(Json& status, const AnchorView& view);

} // namespace anchor6::io
