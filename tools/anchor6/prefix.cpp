// SPDX-License-Identifier: GPL-2.0-or-later
#include "command.h"

#include <cstdio>
#include <memory>

#include "control_client.h"

namespace anchor6::cli {

namespace {

using Prefixes = std::vector<std::string>;

void change(const Options& options, std::uint8_t command, const Prefixes& prefixes) {
    NetlinkClient client;
    Message request = request_to(options, command);
    for (const std::string& text : prefixes) {
        wire::Prefix prefix = target_of(text);
        request.home_prefix = {
            .address = prefix.address(), .length = prefix.length(), .bindings = std::nullopt};
        client.execute(request);
    }
}

void list(const Options& options) {
    NetlinkClient client;
    auto prefixes =
        client.dump(request_to(options, ANCHOR6_CMD_HOME_PREFIX_GET), &Message::home_prefix);
    if (options.json) {
        print_array(prefixes);
        return;
    }
    std::vector<std::vector<std::string>> rows{{"PREFIX", "BINDINGS"}};
    for (const HomePrefix& prefix : prefixes)
        rows.push_back({format_prefix(prefix.address, prefix.length),
                        std::to_string(prefix.bindings.value_or(0))});
    std::fputs(format_table(rows).c_str(), stdout);
}

void retained(const Options& options) {
    const auto prefixes = ask_pages(options.control, "retained-prefixes", "prefixes");
    if (options.json) {
        print_array(prefixes);
        return;
    }
    std::vector<std::vector<std::string>> rows{{"PREFIX", "NODE", "KEPT FOR"}};
    for (const Json& prefix : prefixes)
        rows.push_back({printable(prefix.at("prefix").get<std::string>()),
                        printable(prefix.at("mn_id").get<std::string>()),
                        format_duration(std::chrono::milliseconds(
                            prefix.at("remaining_ms").get<std::int64_t>()))});
    std::fputs(format_table(rows).c_str(), stdout);
}

void add_change(Command noun, const Options& options, const char* name, const char* text,
                std::uint8_t number) {
    const Command command = noun.add_command(name, text);
    auto prefixes = std::make_shared<Prefixes>();
    command.add_value("prefix", *prefixes).required().check(Form::prefix);
    command.run([&options, number, prefixes] { change(options, number, *prefixes); });
}

} // namespace

void add_prefix_commands(Command app, const Options& options) {
    const Command noun = app.add_command("prefix", "home prefixes: what may be bound");
    noun.require_commands(1, 1);
    noun.add_command("list", "the home prefixes").run([&options] { list(options); });
    noun.add_command("retained", "what the agent keeps for nodes whose sessions have ended")
        .run([&options] { understand([&] { retained(options); }); });
    add_change(noun, options, "add", "declare home prefixes", ANCHOR6_CMD_HOME_PREFIX_ADD);
    add_change(noun, options, "del", "withdraw home prefixes", ANCHOR6_CMD_HOME_PREFIX_DEL);
}

} // namespace anchor6::cli
