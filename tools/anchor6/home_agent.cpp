// SPDX-License-Identifier: GPL-2.0-or-later
#include "command.h"

#include <cstdio>

#include "control_client.h"

namespace anchor6::cli {

namespace {

std::vector<std::string> row_of(const Json& home_agent) {
    auto link = printable(home_agent.at("link").get<std::string>());
    std::chrono::seconds lifetime(home_agent.at("lifetime_s").get<std::int64_t>());
    return {link.empty() ? "-" : link, printable(home_agent.at("address").get<std::string>()),
            std::to_string(home_agent.at("preference").get<int>()), format_duration(lifetime),
            home_agent.at("self").get<bool>() ? "this agent" : "an advertisement"};
}

void list(const Options& options) {
    Json answer = ask_agent(options.control, "home-agents");
    auto home_agents = answer.at("home_agents").get<std::vector<Json>>();
    if (options.json) {
        print_array(home_agents);
        return;
    }
    std::vector<std::vector<std::string>> rows{
        {"LINK", "HOME AGENT", "PREFERENCE", "LIFETIME", "KNOWN FROM"}};
    for (const Json& home_agent : home_agents)
        rows.push_back(row_of(home_agent));
    std::fputs(format_table(rows).c_str(), stdout);
}

} // namespace

void add_home_agents_command(Command app, const Options& options) {
    app.add_command("home-agents", "the home agents of each home link, as discovery lists them")
        .run([&options] { understand([&] { list(options); }); });
}

} // namespace anchor6::cli
