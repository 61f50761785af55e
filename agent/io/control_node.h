// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <optional>
#include <string_view>

#include "core/mobile_node.h"
#include "core/time.h"
#include "io/control_answer.h"

namespace anchor6::io {

/// What a request can ask about the mobile node.
struct NodeView {
    const core::MobileNode& node;
};

/// Answers "node"; nothing: it is another command.
std::optional<ControlAnswer> answer_node_command(std::string_view command, const NodeView& view,
                                                 core::Now now);

/// Adds what "status" tells of the node.
void add_status(Json& status, const NodeView& view, core::Now now);

} // namespace anchor6::io
