// SPDX-License-Identifier: GPL-2.0-or-later
#include "command.h"

#include <cstdio>

#include <fmt/format.h>

#include "control_client.h"
#include "failure.h"

namespace anchor6::cli {

namespace {

std::string text_at(const Json& session, const char* name) {
    return printable(session.at(name).get<std::string>());
}

std::string prefixes_text(const Json& session) {
    std::string text;
    for (const Json& prefix : session.at("prefixes"))
        text += (text.empty() ? "" : " ") + printable(prefix.get<std::string>());
    return text;
}

// By what the agent tells a newer message from an older one.
std::string order_text(const Json& session) {
    if (session.at("cache") == "proxy" && session.at("timestamp").is_string())
        return text_at(session, "timestamp");
    return fmt::format("sequence {}", session.at("sequence").get<std::uint64_t>());
}

std::vector<std::string> row_of(const Json& session) {
    bool home = session.at("cache") == "home";
    std::chrono::milliseconds remaining(session.at("remaining_ms").get<std::int64_t>());
    return {home ? "home" : "proxy",
            text_at(session, home ? "node" : "mn_id"),
            prefixes_text(session),
            text_at(session, home ? "care_of_address" : "proxy_care_of_address"),
            order_text(session),
            format_duration(remaining),
            text_at(session, "state")};
}

void print_table(const Json& sessions) {
    std::vector<std::vector<std::string>> rows{
        {"CACHE", "NODE", "PREFIXES", "FAR END", "ORDER", "EXPIRES IN", "STATE"}};
    for (const Json& session : sessions)
        rows.push_back(row_of(session));
    std::fputs(format_table(rows).c_str(), stdout);
}

void list(const Options& options) {
    Json answer = ask_agent(options.control, "sessions");
    try {
        const Json& sessions = answer.at("sessions");
        if (options.json)
            print_array(sessions.get<std::vector<Json>>());
        else
            print_table(sessions);
    } catch (const Json::exception&) {
        throw Failure("the agent's answer is malformed: command and agent differ in version",
                      exit_refused);
    }
}

} // namespace

void add_session_commands(CLI::App& app, const Options& options) {
    CLI::App* noun = app.add_subcommand("session", "what the agent knows of its mobile nodes");
    noun->require_subcommand(1);
    noun->add_subcommand("list", "sequence numbers, timestamps, remaining lifetimes")
        ->callback([&options] { list(options); });
}

} // namespace anchor6::cli
