// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <functional>
#include <optional>
#include <string_view>

#include "core/gateway.h"
#include "core/time.h"
#include "io/control_answer.h"

namespace anchor6::io {

/// What a request can ask about the gateway, and do to it.
struct GatewayView {
    const core::Gateway& gateway;
    /// Makes something happen to the gateway.
    std::function<void(const core::GatewayEvent&)> decide;
};

/// Answers "gateway-nodes" (perhaps "from" a place), "gateway-node" ("mn_id"), "gateway-anchors",
/// "gateway-attach" ("interface" and "link_layer_address", perhaps "mn_id" and "handoff") and
/// "gateway-detach" ("mn_id", or "interface" and "link_layer_address"); nothing: it is another
/// command.
std::optional<ControlAnswer> answer_gateway_command(std::string_view command, const Json& request,
                                                    const GatewayView& view, core::Now now);

/// Adds what "status" tells of the gateway.
void add_status(Json& status, const GatewayView& view);

} // namespace anchor6::io
