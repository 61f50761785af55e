// SPDX-License-Identifier: GPL-2.0-or-later
#include "io/control_node.h"

#include <nlohmann/json.hpp>

#include "wire/status.h"

namespace anchor6::io {

namespace {

std::string_view state_text(core::MobileNodeStatus::State state) {
    using State = core::MobileNodeStatus::State;
    switch (state) {
    case State::nowhere:
        return "nowhere";
    case State::preparing:
        return "preparing";
    case State::searching:
        return "searching";
    case State::registering:
        return "registering";
    case State::registered:
        return "registered";
    case State::returning:
        return "returning";
    case State::home:
        return "home";
    }
    return "";
}

template <class Value>
Json text_or_null(const std::optional<Value>& value) {
    return value ? Json(value->to_string()) : Json(nullptr);
}

std::optional<core::BootTime>
valid_until(const std::optional<core::PrefixSolicitor::Advertised>& prefix) {
    return prefix ? std::optional{prefix->valid_until} : std::nullopt;
}

Json attachment_or_null(const std::optional<core::Attachment>& attachment) {
    if (!attachment)
        return nullptr;
    return {{"interface", attachment->interface},
            {"router", attachment->router.to_string()},
            {"care_of_address", attachment->care_of_address.to_string()}};
}

Json describe(const core::MobileNode& node, core::Now now) {
    const core::MobileNodeStatus status = node.status(now.boot);
    return {{"ok", true},
            {"state", state_text(status.state)},
            {"home_address", node.config().home_address.to_string()},
            {"home_network_prefix", node.config().home_network_prefix.to_string()},
            {"home_agent", text_or_null(status.home_agent)},
            {"attachment", attachment_or_null(status.attachment)},
            {"registered_care_of_address", text_or_null(status.registered_care_of_address)},
            {"remaining_ms", remaining_ms(status.expires, now)},
            {"next_update_ms", remaining_ms(status.next_update, now)},
            {"sequence", status.sequence},
            {"status", status_of(status.status)},
            {"mobile_router", status.mobile_router},
            {"prefix_valid_ms", remaining_ms(valid_until(status.home_network_prefix), now)}};
}

} // namespace

std::optional<ControlAnswer> answer_node_command(std::string_view command, const NodeView& view,
                                                 core::Now now) {
    if (command == "node")
        return accept_request(describe(view.node, now));
    return std::nullopt;
}

void add_status(Json& status, const NodeView& view, core::Now now) {
    status["node_state"] = state_text(view.node.status(now.boot).state);
}

} // namespace anchor6::io
