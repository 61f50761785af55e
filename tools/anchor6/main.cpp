// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>
#include <cstdio>
#include <exception>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "command.h"
#include "failure.h"

namespace {

using namespace anchor6::cli;

void declare(CLI::App& app, Options& options) {
    app.require_subcommand(1);
    app.fallthrough();
    app.add_flag("--json", options.json, "print JSON");
    app.add_option("--device", options.device, "network device of kind anchor6")
        ->capture_default_str()
        ->take_last();
    app.add_option("--control", options.control, "control socket of the agent")
        ->capture_default_str()
        ->take_last();
    const Command commands(&app);
    add_binding_commands(commands, options);
    add_prefix_commands(commands, options);
    add_far_end_commands(commands, options);
    add_lookup_command(commands, options);
    add_stats_command(commands, options);
    add_session_commands(commands, options);
    add_mag_commands(commands, options);
    add_node_commands(commands, options);
    add_gateway_commands(commands, options);
    add_home_agents_command(commands, options);
    add_device_commands(commands, options);
}

// What was asked for: "anchor6 binding set".
std::string command_of(const CLI::App& app) {
    std::string text = app.get_name();
    for (const CLI::App* each : app.get_subcommands())
        text += " " + command_of(*each);
    return text;
}

int fail(const CLI::App& app, std::string text, int status) {
    std::replace(text.begin(), text.end(), '\n', ' ');
    fmt::print(stderr, "{}: {}\n", command_of(app), text);
    return status;
}

int run(int argc, char** argv) {
    Options options;
    CLI::App app("Shows and changes the bindings of the IPv6 mobility anchor.", "anchor6");
    try {
        declare(app, options);
        app.parse(argc, argv);
        return std::fflush(stdout) == 0 ? 0 : fail(app, "cannot write the output", exit_refused);
    } catch (const CLI::Success& wish) {
        return app.exit(wish);
    } catch (const CLI::ParseError& error) {
        return fail(app, error.what(), exit_usage);
    } catch (const Failure& failure) {
        return fail(app, failure.what(), failure.status());
    } catch (const std::exception& error) {
        return fail(app, error.what(), exit_refused);
    }
}

} // namespace

int main(int argc, char** argv) {
    return run(argc, argv);
}
