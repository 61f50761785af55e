// SPDX-License-Identifier: GPL-2.0-or-later
#include "command.h"

#include <algorithm>
#include <cstdio>
#include <memory>

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

std::string expiry_text(const Json& session) {
    return format_duration(
        std::chrono::milliseconds(session.at("remaining_ms").get<std::int64_t>()));
}

bool is_home(const Json& session) {
    return session.at("cache") == "home";
}

std::string node_of(const Json& session) {
    return session.at(is_home(session) ? "node" : "mn_id").get<std::string>();
}

std::string far_end_text(const Json& session) {
    return text_at(session, is_home(session) ? "care_of_address" : "proxy_care_of_address");
}

// What not every session has.
std::string optional_text(const Json& session, const char* name) {
    auto value = session.find(name);
    std::string text =
        value != session.end() && value->is_string() ? printable(value->get<std::string>()) : "";
    return text.empty() ? "-" : text;
}

std::vector<std::string> row_of(const Json& session) {
    return {is_home(session) ? "home" : "proxy",
            printable(node_of(session)),
            prefixes_text(session),
            far_end_text(session),
            optional_text(session, "link"),
            order_text(session),
            expiry_text(session),
            text_at(session, "state")};
}

void print_table(const std::vector<Json>& sessions) {
    std::vector<std::vector<std::string>> rows{
        {"CACHE", "NODE", "PREFIXES", "FAR END", "LINK", "ORDER", "EXPIRES IN", "STATE"}};
    for (const Json& session : sessions)
        rows.push_back(row_of(session));
    std::fputs(format_table(rows).c_str(), stdout);
}

void print_home_details(const Json& session) {
    fmt::print("  home address: {}\n", text_at(session, "home_address"));
    fmt::print("  home agent: {}\n", text_at(session, "home_agent"));
    fmt::print("  flags: {}\n", text_at(session, "flags"));
    fmt::print("  home link: {}\n", optional_text(session, "link"));
    fmt::print("  authentication: {}\n", optional_text(session, "authentication"));
}

void print_proxy_details(const Json& session) {
    fmt::print("  session: {}\n", session.at("id").get<std::uint64_t>());
    fmt::print("  access gateway: {}\n", text_at(session, "mag"));
    fmt::print("  previous care-of address: {}\n",
               optional_text(session, "previous_proxy_care_of_address"));
    fmt::print("  anchor: {}\n", text_at(session, "lma_address"));
    fmt::print("  access technology {}, handoff indicator {}\n",
               session.at("access_technology").get<unsigned>(),
               session.at("handoff_indicator").get<unsigned>());
}

void print_details(const Json& session) {
    bool home = is_home(session);
    fmt::print("{} session of {}: {}\n", home ? "home" : "proxy", printable(node_of(session)),
               text_at(session, "state"));
    fmt::print("  far end: {}\n", far_end_text(session));
    fmt::print("  prefixes: {}\n", prefixes_text(session));
    if (home)
        print_home_details(session);
    else
        print_proxy_details(session);
    fmt::print("  order: {}\n", order_text(session));
    fmt::print("  lifetime {}, expires in: {}\n",
               format_duration(std::chrono::seconds(session.at("lifetime_s").get<std::int64_t>())),
               expiry_text(session));
}

// A name of a node, or an address or prefix that its session is about.
bool concerns(const Json& session, const std::string& name) {
    if (node_of(session) == name)
        return true;
    auto target = parse_target(name);
    if (!target)
        return false;
    if (is_home(session) &&
        wire::Prefix::host(address_of(text_at(session, "home_address"))) == *target)
        return true;
    const Json& prefixes = session.at("prefixes");
    return std::any_of(prefixes.begin(), prefixes.end(), [&](const Json& text) {
        auto prefix = wire::Prefix::parse(text.get<std::string>());
        return prefix && prefix->contains(*target);
    });
}

// A page at a time; again from the beginning when the agent's table has grown meanwhile.
std::vector<Json> ask_sessions(const Options& options) {
    std::vector<Json> sessions;
    Json from;
    do {
        Json answer = ask_agent(options.control, "sessions", {{"from", std::move(from)}});
        if (answer.at("again").get<bool>())
            sessions.clear();
        for (Json& session : answer.at("sessions"))
            sessions.push_back(std::move(session));
        from = std::move(answer.at("next"));
    } while (!from.is_null());
    return sessions;
}

void list(const Options& options) {
    auto sessions = ask_sessions(options);
    if (options.json)
        print_array(sessions);
    else
        print_table(sessions);
}

void show(const Options& options, const std::string& name) {
    auto sessions = ask_sessions(options);
    std::erase_if(sessions, [&](const Json& session) { return !concerns(session, name); });
    if (options.json)
        print_array(sessions);
    else
        for (const Json& session : sessions)
            print_details(session);
    if (sessions.empty())
        throw Failure("there is no such session", exit_not_found);
}

struct Revocation {
    std::string mn_identifier;
    std::optional<std::uint64_t> session;
};

void revoke(const Options& options, const Revocation& revocation) {
    Json request{{"mn_id", revocation.mn_identifier}};
    if (revocation.session)
        request["session"] = *revocation.session;
    print_revoked(options, ask_agent(options.control, "revoke-sessions", request));
}

void add_revoke_command(Command noun, const Options& options) {
    auto revocation = std::make_shared<Revocation>();
    const Command command = noun.add_command("revoke", "end the proxy sessions of a node");
    command.add_value("node", revocation->mn_identifier, "its identifier").required();
    command.add_value("--session", revocation->session, "only the session of this number");
    command.run([&options, revocation] { understand([&] { revoke(options, *revocation); }); });
}

} // namespace

void print_revoked(const Options& options, const Json& answer) {
    if (options.json)
        fmt::print("{}\n", dump_line(answer));
    else
        fmt::print("{} sessions end now, or when their gateway has been told\n",
                   answer.at("sessions").get<std::uint64_t>());
}

void add_session_commands(Command app, const Options& options) {
    const Command noun = app.add_command("session", "what the agent knows of its mobile nodes");
    noun.require_commands(1, 1);
    noun.add_command("list", "sequence numbers, timestamps, remaining lifetimes").run([&options] {
        understand([&] { list(options); });
    });
    auto name = std::make_shared<std::string>();
    const Command command = noun.add_command("show", "everything about the sessions of a node");
    command.add_value("node", *name, "its name, or an address or prefix of its").required();
    command.run([&options, name] { understand([&] { show(options, *name); }); });
    add_revoke_command(noun, options);
}

} // namespace anchor6::cli
