// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "core/counter.h"
#include "core/time.h"
#include "io/control_anchor.h"
#include "io/control_answer.h"
#include "io/control_gateway.h"
#include "io/control_node.h"

namespace anchor6::io {

/// What a request to the control socket can ask about, and do: what all roles have, and what there
/// is of each.
struct ControlView {
    /// The agent's, and those of each role; a counter's value is the sum.
    std::vector<const core::Counters*> counters;
    core::Now now;
    std::optional<AnchorView> anchor;
    std::optional<NodeView> node{};
    std::optional<GatewayView> gateway{};
};

/// Answers one request: a line with a JSON object whose "command" is "counters", "status" or one of
/// a role that the agent has.
ControlAnswer answer_control_request(std::string_view line, const ControlView& view);

} // namespace anchor6::io
