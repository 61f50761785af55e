// SPDX-License-Identifier: GPL-2.0-or-later
#include "io/control_protocol.h"

#include <nlohmann/json.hpp>

#include "io/version.h"

namespace anchor6::io {

namespace {

Json counters(const ControlView& view) {
    Json list = Json::array();
    for (std::size_t index = 0; index < static_cast<std::size_t>(core::Counter::count); ++index) {
        auto counter = static_cast<core::Counter>(index);
        std::uint64_t value = 0;
        for (const core::Counters* counters : view.counters)
            value += counters->value(counter);
        list.push_back({{"name", core::counter_name(counter)},
                        {"value", value},
                        {"text", core::counter_text(counter)}});
    }
    return {{"ok", true}, {"counters", std::move(list)}};
}

Json status(const ControlView& view) {
    Json status = {{"ok", true}, {"version", version}, {"roles", Json::array()}};
    if (view.anchor) {
        status["roles"].push_back("anchor");
        add_status(status, *view.anchor);
    }
    if (view.node) {
        status["roles"].push_back("node");
        add_status(status, *view.node, view.now);
    }
    if (view.gateway) {
        status["roles"].push_back("gateway");
        add_status(status, *view.gateway);
    }
    return status;
}

std::optional<ControlAnswer> answer_role_command(std::string_view command, const Json& request,
                                                 const ControlView& view) {
    if (view.anchor)
        if (auto answer = answer_anchor_command(command, request, *view.anchor, view.now))
            return answer;
    if (view.node)
        if (auto answer = answer_node_command(command, *view.node, view.now))
            return answer;
    if (view.gateway)
        if (auto answer = answer_gateway_command(command, request, *view.gateway, view.now))
            return answer;
    return std::nullopt;
}

} // namespace

ControlAnswer answer_control_request(std::string_view line, const ControlView& view) {
    Json request = Json::parse(line, nullptr, false);
    if (!request.is_object())
        return refuse_request("the request is no JSON object");
    auto command = text_of(request, "command");
    if (!command)
        return refuse_request("the request has no command");
    if (*command == "counters")
        return accept_request(counters(view));
    if (*command == "status")
        return accept_request(status(view));
    if (auto answer = answer_role_command(*command, request, view))
        return *answer;
    return refuse_request("unknown command \"" + *command +
                          "\", or one of a role that this agent has not");
}

} // namespace anchor6::io
