// SPDX-License-Identifier: GPL-2.0-or-later
#include "command.h"

#include <cstdio>

#include <fmt/format.h>

#include "control_client.h"

namespace anchor6::cli {

namespace {

std::string text_or_dash(const Json& value) {
    return value.is_null() ? "-" : printable(value.get<std::string>());
}

std::string duration_or_dash(const Json& value) {
    return value.is_null() ? "-"
                           : format_duration(std::chrono::milliseconds(value.get<std::int64_t>()));
}

void print_attachment(const Json& attachment) {
    if (attachment.is_null())
        return;
    fmt::print("  interface: {}, router {}\n", text_or_dash(attachment.at("interface")),
               text_or_dash(attachment.at("router")));
    fmt::print("  address there: {}\n", text_or_dash(attachment.at("care_of_address")));
}

void print_registration(const Json& node) {
    fmt::print("  registered care-of address: {}\n",
               text_or_dash(node.at("registered_care_of_address")));
    fmt::print("  expires in: {}, next update in: {}\n", duration_or_dash(node.at("remaining_ms")),
               duration_or_dash(node.at("next_update_ms")));
    fmt::print("  prefixes move too: {}\n", node.at("mobile_router").get<bool>() ? "yes" : "no");
    fmt::print("  home network prefix advertised for: {}\n",
               duration_or_dash(node.at("prefix_valid_ms")));
}

void print_node(const Json& node) {
    fmt::print("mobile node {}: {}\n", text_or_dash(node.at("home_address")),
               text_or_dash(node.at("state")));
    fmt::print("  home agent: {}, home network prefix {}\n", text_or_dash(node.at("home_agent")),
               text_or_dash(node.at("home_network_prefix")));
    print_attachment(node.at("attachment"));
    print_registration(node);
    const Json& status = node.at("status");
    fmt::print("  sequence number: {}, last answer: {}\n", node.at("sequence").get<unsigned>(),
               status.is_null() ? "-"
                                : fmt::format("{} ({})", text_or_dash(status.at("text")),
                                              status.at("code").get<unsigned>()));
}

void show(const Options& options) {
    Json answer = ask_agent(options.control, "node");
    answer.erase("ok");
    if (options.json)
        fmt::print("{}\n", dump_line(answer));
    else
        print_node(answer);
}

} // namespace

void add_node_commands(Command app, const Options& options) {
    const Command noun = app.add_command("node", "where the mobile node of this agent is");
    noun.require_commands(0, 1);
    const Command command = noun.add_command("show", "the same");
    // Once, with the word or without it.
    command.run([] {});
    noun.run([&options] { understand([&] { show(options); }); });
}

} // namespace anchor6::cli
