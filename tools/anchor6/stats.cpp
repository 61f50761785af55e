// SPDX-License-Identifier: GPL-2.0-or-later
#include "command.h"

#include <cstdio>
#include <memory>

#include <fmt/format.h>

#include "control_client.h"
#include "failure.h"

namespace anchor6::cli {

namespace {

using Counters = std::vector<Counter>;

// The agent need not run: the kernel counts without it.
std::optional<Counters> agent_counters(const std::string& control) {
    try {
        Counters counters;
        Json answer = ask_agent(control, "counters");
        for (const Json& counter : answer.at("counters"))
            counters.push_back({counter.at("name").get<std::string>(),
                                counter.at("value").get<std::uint64_t>(),
                                counter.at("text").get<std::string>()});
        return counters;
    } catch (const Failure&) {
        return std::nullopt;
    } catch (const Json::exception&) {
        return std::nullopt;
    }
}

void drop_zeros(Counters& counters) {
    std::erase_if(counters, [](const Counter& counter) { return counter.value == 0; });
}

Json counters_json(const Counters& counters) {
    Json array = Json::array();
    for (const Counter& counter : counters)
        array.push_back(to_json(counter));
    return array;
}

void print_table(std::string_view heading, const Counters& counters) {
    std::vector<std::vector<std::string>> rows{{std::string(heading), "COUNT", "WHAT"}};
    for (const Counter& counter : counters)
        rows.push_back(
            {printable(counter.name), std::to_string(counter.value), printable(counter.text)});
    std::fputs(format_table(rows).c_str(), stdout);
}

void stats(const Options& options, bool nonzero) {
    NetlinkClient client;
    auto kernel = client.dump(request_to(options, ANCHOR6_CMD_STATS_GET), &Message::counter);
    auto agent = agent_counters(options.control);
    if (nonzero) {
        drop_zeros(kernel);
        if (agent)
            drop_zeros(*agent);
    }
    if (options.json) {
        Json object{{"kernel", counters_json(kernel)}, {"agent", nullptr}};
        if (agent)
            object["agent"] = counters_json(*agent);
        fmt::print("{}\n", dump_line(object));
        return;
    }
    print_table("KERNEL", kernel);
    if (agent && !kernel.empty() && !agent->empty())
        std::fputs("\n", stdout);
    if (agent)
        print_table("AGENT", *agent);
}

} // namespace

void add_stats_command(CLI::App& app, const Options& options) {
    CLI::App* command = app.add_subcommand("stats", "the counters of the kernel and the agent");
    auto nonzero = std::make_shared<bool>(false);
    command->add_flag("--nonzero", *nonzero, "only what has counted something");
    command->callback([&options, nonzero] { stats(options, *nonzero); });
}

} // namespace anchor6::cli
