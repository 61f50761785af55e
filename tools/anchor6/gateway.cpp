// SPDX-License-Identifier: GPL-2.0-or-later
#include "command.h"

#include <cstdio>
#include <memory>

#include <fmt/format.h>

#include "control_client.h"

namespace anchor6::cli {

namespace {

/// Where a node is, as somebody says.
struct Place {
    std::string interface;
    std::string link_layer_address;
    std::string identifier;
    unsigned handoff = 0;
};

/// Handoff Indicator (RFC 5213 section 8.4): from another gateway.
constexpr unsigned between_gateways = 3;

std::string text_at(const Json& value, const char* name) {
    const Json& text = value.at(name);
    std::string shown = text.is_null() ? std::string{} : printable(text.get<std::string>());
    return shown.empty() ? "-" : shown;
}

std::string duration_at(const Json& value, const char* name) {
    const Json& duration = value.at(name);
    return duration.is_null()
               ? "-"
               : format_duration(std::chrono::milliseconds(duration.get<std::int64_t>()));
}

std::string prefixes_of(const Json& node) {
    std::string text;
    for (const Json& prefix : node.at("prefixes"))
        text += (text.empty() ? "" : " ") + printable(prefix.get<std::string>());
    return text.empty() ? "-" : text;
}

std::string status_of(const Json& node) {
    const Json& status = node.at("status");
    return status.is_null()
               ? "-"
               : fmt::format("{} ({})", text_at(status, "text"), status.at("code").get<unsigned>());
}

void list(const Options& options) {
    const auto nodes = ask_pages(options.control, "gateway-nodes", "nodes");
    if (options.json) {
        print_array(nodes);
        return;
    }
    std::vector<std::vector<std::string>> rows{
        {"NODE", "INTERFACE", "LINK-LAYER ADDRESS", "PREFIXES", "ANCHOR", "EXPIRES IN", "STATE"}};
    for (const Json& node : nodes)
        rows.push_back({text_at(node, "mn_id"), text_at(node, "interface"),
                        text_at(node, "link_layer_address"), prefixes_of(node),
                        text_at(node, "lma_address"), duration_at(node, "remaining_ms"),
                        text_at(node, "state")});
    std::fputs(format_table(rows).c_str(), stdout);
}

void print_node(const Options& options, const Json& node) {
    if (options.json) {
        fmt::print("{}\n", dump_line(node));
        return;
    }
    fmt::print("node {}: {}\n", text_at(node, "mn_id"), text_at(node, "state"));
    fmt::print("  at: {} on {}{}\n", text_at(node, "link_layer_address"),
               text_at(node, "interface"), node.at("by_command").get<bool>() ? ", by command" : "");
    fmt::print("  prefixes: {}\n", prefixes_of(node));
    fmt::print("  anchor: {}\n", text_at(node, "lma_address"));
    fmt::print("  expires in: {}, next update in: {}\n", duration_at(node, "remaining_ms"),
               duration_at(node, "next_update_ms"));
    fmt::print("  sequence number: {}, handoff indicator: {}, last answer: {}\n",
               node.at("sequence").get<unsigned>(), node.at("handoff_indicator").get<unsigned>(),
               status_of(node));
}

void show(const Options& options, const std::string& identifier) {
    print_node(options,
               ask_agent(options.control, "gateway-node", {{"mn_id", identifier}}).at("node"));
}

void anchors(const Options& options) {
    const Json answer = ask_agent(options.control, "gateway-anchors");
    const auto anchors = answer.at("anchors").get<std::vector<Json>>();
    if (options.json) {
        print_array(anchors);
        return;
    }
    std::vector<std::vector<std::string>> rows{{"ANCHOR", "SESSIONS", "REACHABLE", "CLOCK OFFSET"}};
    for (const Json& anchor : anchors)
        rows.push_back({text_at(anchor, "lma_address"),
                        std::to_string(anchor.at("sessions").get<std::uint64_t>()),
                        anchor.at("reachable").get<bool>() ? "yes" : "no",
                        fmt::format("{:+.1f} ms", anchor.at("clock_offset_ms").get<double>())});
    std::fputs(format_table(rows).c_str(), stdout);
}

Json request_of(const Place& place) {
    Json request = Json::object();
    if (!place.interface.empty())
        request["interface"] = place.interface;
    if (!place.link_layer_address.empty())
        request["link_layer_address"] = place.link_layer_address;
    if (!place.identifier.empty())
        request["mn_id"] = place.identifier;
    if (place.handoff != 0)
        request["handoff"] = place.handoff;
    return request;
}

void attach(const Options& options, const Place& place) {
    print_node(options, ask_agent(options.control, "gateway-attach", request_of(place)).at("node"));
}

void detach(const Options& options, const Place& place) {
    ask_agent(options.control, "gateway-detach", request_of(place));
}

void add_place(Command command, Place& place, bool required) {
    command.add_value("--interface", place.interface, "the access link").required(required);
    command.add_value("--mac", place.link_layer_address, "the node's link-layer address")
        .required(required);
    command.add_value("--mn-id", place.identifier,
                      required ? "its identifier; else that of its link-layer address"
                               : "its identifier");
}

void add_attach_command(Command noun, const Options& options) {
    auto place = std::make_shared<Place>();
    const Command command = noun.add_command("attach", "a node is on an access link");
    add_place(command, *place, true);
    command.add_value("--handoff", place->handoff, "Handoff Indicator").between(1, 5);
    command.run([&options, place] { understand([&] { attach(options, *place); }); });
}

void add_handover_command(Command noun, const Options& options) {
    auto place = std::make_shared<Place>();
    place->handoff = between_gateways;
    const Command command =
        noun.add_command("handover", "a node has come here from another gateway");
    add_place(command, *place, true);
    command.run([&options, place] { understand([&] { attach(options, *place); }); });
}

void add_detach_command(Command noun, const Options& options) {
    auto place = std::make_shared<Place>();
    const Command command = noun.add_command("detach", "a node has left");
    add_place(command, *place, false);
    command.run([&options, place] { understand([&] { detach(options, *place); }); });
}

} // namespace

void add_gateway_commands(Command app, const Options& options) {
    const Command noun = app.add_command("gateway", "the nodes of this access gateway");
    noun.require_commands(1, 1);
    noun.add_command("list", "the nodes here").run([&options] {
        understand([&] { list(options); });
    });
    noun.add_command("anchors", "the anchors of the nodes").run([&options] {
        understand([&] { anchors(options); });
    });
    auto identifier = std::make_shared<std::string>();
    const Command command = noun.add_command("show", "one node");
    command.add_value("node", *identifier, "its MN-Identifier").required();
    command.run([&options, identifier] { understand([&] { show(options, *identifier); }); });
    add_attach_command(noun, options);
    add_handover_command(noun, options);
    add_detach_command(noun, options);
}

} // namespace anchor6::cli
