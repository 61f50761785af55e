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

// A gateway or a node has no device of ours: then the agent's counters are all there is.
std::optional<Counters> kernel_counters(const Options& options, bool required) {
    try {
        NetlinkClient client;
        return client.dump(request_to(options, ANCHOR6_CMD_STATS_GET), &Message::counter);
    } catch (const Failure&) {
        if (required)
            throw;
        return std::nullopt;
    }
}

void drop_zeros(Counters& counters) {
    std::erase_if(counters, [](const Counter& counter) { return counter.value == 0; });
}

Json counters_json(const std::optional<Counters>& counters) {
    if (!counters)
        return nullptr;
    Json array = Json::array();
    for (const Counter& counter : *counters)
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
    auto agent = agent_counters(options.control);
    auto kernel = kernel_counters(options, !agent);
    for (auto* counters : {&kernel, &agent})
        if (nonzero && *counters)
            drop_zeros(**counters);
    if (options.json) {
        fmt::print("{}\n",
                   dump_line({{"kernel", counters_json(kernel)}, {"agent", counters_json(agent)}}));
        return;
    }
    if (kernel)
        print_table("KERNEL", *kernel);
    if (kernel && agent && !kernel->empty() && !agent->empty())
        std::fputs("\n", stdout);
    if (agent)
        print_table("AGENT", *agent);
}

} // namespace

void add_stats_command(Command app, const Options& options) {
    const Command command = app.add_command("stats", "the counters of the kernel and the agent");
    auto nonzero = std::make_shared<bool>(false);
    command.add_flag("--nonzero", *nonzero, "only what has counted something");
    command.run([&options, nonzero] { stats(options, *nonzero); });
}

} // namespace anchor6::cli
