// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <optional>
#include <string>

#include "command_line.h"
#include "format.h"
#include "message.h"
#include "netlink_client.h"

namespace anchor6::cli {

/// What stands before or behind any command.
struct Options {
    bool json = false;
    std::string device = "anchor0";
    std::string control = "/run/anchor6/control";
};

// One function a noun: it declares the noun's commands, whose callbacks run after the parse.
// `options` lives as long as `app`.

void add_binding_commands(Command app, const Options& options);
void add_prefix_commands(Command app, const Options& options);
void add_far_end_commands(Command app, const Options& options);
void add_lookup_command(Command app, const Options& options);
void add_stats_command(Command app, const Options& options);
void add_session_commands(Command app, const Options& options);
void add_mag_commands(Command app, const Options& options);
void add_node_commands(Command app, const Options& options);
void add_gateway_commands(Command app, const Options& options);
void add_home_agents_command(Command app, const Options& options);
void add_device_commands(Command app, const Options& options);

/// Says how many sessions a revocation concerns.
void print_revoked(const Options& options, const Json& answer);

/// A request to the device of the options. Throws Failure when there is none of that name.
Message request_to(const Options& options, std::uint8_t command);

/// The texts of an argument as values; the checks before have refused what is none.
wire::Prefix target_of(const std::string& text);
wire::Address address_of(const std::string& text);

/// Adds --cache with the values "home" and "proxy".
Argument add_cache_option(Command command, std::optional<std::uint8_t>& cache);

} // namespace anchor6::cli
