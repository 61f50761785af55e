// SPDX-License-Identifier: GPL-2.0-or-later
#include "io/control_gateway.h"

#include <nlohmann/json.hpp>

#include "wire/status.h"

namespace anchor6::io {

namespace {

std::string_view text_of(core::GatewayNodeStatus::State state) {
    using State = core::GatewayNodeStatus::State;
    switch (state) {
    case State::registering:
        return "registering";
    case State::refused:
        return "refused";
    case State::denied:
        return "denied";
    case State::installing:
        return "installing";
    case State::registered:
        return "registered";
    case State::local:
        return "local";
    case State::releasing:
        break;
    }
    return "releasing";
}

Json node(const core::GatewayNodeStatus& node, core::Now now) {
    return {{"mn_id", node.identifier},
            {"interface", node.at.interface},
            {"link_layer_address", wire::link_layer_text(node.at.link_layer_address)},
            {"state", text_of(node.state)},
            {"by_command", node.by_command},
            {"lma_address", node.lma_address ? Json(node.lma_address->to_string()) : Json(nullptr)},
            {"prefixes", texts_of(node.prefixes)},
            {"remaining_ms", remaining_ms(node.expires, now)},
            {"next_update_ms", remaining_ms(node.next_update, now)},
            {"sequence", node.sequence},
            {"handoff_indicator", static_cast<unsigned>(node.handoff)},
            {"status", status_of(node.status)}};
}

ControlAnswer nodes(const Json& request, const GatewayView& view, core::Now now) {
    std::uint64_t from = 0;
    if (const auto place = request.find("from"); place != request.end() && !place->is_null()) {
        if (!place->is_number_unsigned())
            return refuse_request("\"from\" must be the \"next\" of an answer");
        from = place->get<std::uint64_t>();
    }
    const core::GatewayNodePage page = view.gateway.nodes(now.boot, from);
    Json list = Json::array();
    for (const core::GatewayNodeStatus& status : page.nodes)
        list.push_back(node(status, now));
    return accept_request({{"ok", true},
                           {"nodes", std::move(list)},
                           {"next", page.next ? Json(*page.next) : Json(nullptr)}});
}

ControlAnswer one_node(const Json& request, const GatewayView& view, core::Now now) {
    const auto identifier = io::text_of(request, "mn_id");
    if (!identifier)
        return refuse_request("\"mn_id\" must be a text");
    const auto status = view.gateway.node(*identifier, now.boot);
    if (!status)
        return refuse_request("there is no such node here");
    return accept_request({{"ok", true}, {"node", node(*status, now)}});
}

Json anchor(const core::GatewayAnchorStatus& anchor) {
    const auto& counter = anchor.state.restart_counter;
    const auto offset = std::chrono::duration<double, std::milli>(anchor.clock_offset);
    return {{"lma_address", anchor.lma_address.to_string()},
            {"sessions", anchor.sessions},
            {"reachable", anchor.state.reachable},
            {"missing_heartbeats", anchor.state.missing},
            {"restart_counter", counter ? Json(*counter) : Json(nullptr)},
            {"heartbeats_refused", anchor.heartbeats_refused},
            {"clock_offset_ms", offset.count()}};
}

Json anchors(const GatewayView& view) {
    Json list = Json::array();
    for (const core::GatewayAnchorStatus& status : view.gateway.anchors())
        list.push_back(anchor(status));
    return {{"ok", true}, {"anchors", std::move(list)}};
}

// Empty: there is none; nothing: what there is is wrong.
std::optional<core::AccessPoint> access_point(const Json& request) {
    core::AccessPoint at;
    at.interface = io::text_of(request, "interface").value_or("");
    const auto text = io::text_of(request, "link_layer_address");
    if (at.interface.empty() != !text)
        return std::nullopt;
    if (!text)
        return at;
    const auto octets = wire::parse_link_layer_address(*text);
    if (!octets || octets->size() != 6)
        return std::nullopt;
    at.link_layer_address = *octets;
    return at;
}

ControlAnswer attach(const Json& request, const GatewayView& view, core::Now now) {
    const auto at = access_point(request);
    if (!at || at->interface.empty())
        return refuse_request("\"interface\" and \"link_layer_address\" must say where");
    core::NodeAttached attached;
    attached.at = *at;
    attached.identifier = io::text_of(request, "mn_id").value_or("");
    attached.by_command = true;
    if (const auto handoff = request.find("handoff"); handoff != request.end()) {
        if (!handoff->is_number_unsigned() || handoff->get<std::uint64_t>() - 1 > 4)
            return refuse_request("\"handoff\" must be a Handoff Indicator, 1 to 5");
        attached.handoff_indicator = handoff->get<std::uint8_t>();
    }
    view.decide(attached);
    const auto status = view.gateway.node(*at, now.boot);
    if (!status)
        return refuse_request("the gateway does not admit this node: its counters say why");
    return accept_request({{"ok", true}, {"node", node(*status, now)}});
}

ControlAnswer detach(const Json& request, const GatewayView& view, core::Now now) {
    const auto at = access_point(request);
    const std::string identifier = io::text_of(request, "mn_id").value_or("");
    if (!at || (at->interface.empty() && identifier.empty()))
        return refuse_request(
            "\"mn_id\", or \"interface\" and \"link_layer_address\" must say who");
    const auto status = at->interface.empty() ? view.gateway.node(identifier, now.boot)
                                              : view.gateway.node(*at, now.boot);
    if (!status || status->state == core::GatewayNodeStatus::State::releasing)
        return refuse_request("there is no such node here");
    view.decide(core::NodeDetached{*at, identifier, true});
    return accept_request({{"ok", true}});
}

} // namespace

std::optional<ControlAnswer> answer_gateway_command(std::string_view command, const Json& request,
                                                    const GatewayView& view, core::Now now) {
    if (command == "gateway-nodes")
        return nodes(request, view, now);
    if (command == "gateway-node")
        return one_node(request, view, now);
    if (command == "gateway-anchors")
        return accept_request(anchors(view));
    if (command == "gateway-attach")
        return attach(request, view, now);
    if (command == "gateway-detach")
        return detach(request, view, now);
    return std::nullopt;
}

void add_status(Json& status, const GatewayView& view) {
    status.update({{"gateway_address", view.gateway.config().address.to_string()},
                   {"gateway_nodes", view.gateway.node_count()}});
}

} // namespace anchor6::io
