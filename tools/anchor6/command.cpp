// SPDX-License-Identifier: GPL-2.0-or-later
#include "command.h"

#include <net/if.h>

#include "failure.h"

namespace anchor6::cli {

Message request_to(const Options& options, std::uint8_t command) {
    Message request;
    request.command = command;
    request.ifindex = if_nametoindex(options.device.c_str());
    if (*request.ifindex == 0)
        throw Failure("there is no device " + printable(options.device) +
                          "; anchor6d makes it, or: ip link add " + printable(options.device) +
                          " type anchor6",
                      exit_not_found);
    return request;
}

wire::Prefix target_of(const std::string& text) {
    return parse_target(text).value();
}

wire::Address address_of(const std::string& text) {
    return wire::Address::parse(text).value();
}

const CLI::Validator is_target(
    [](const std::string& text) {
        return parse_target(text) ? std::string()
                                  : "\"" + printable(text) + "\" is no IPv6 address or prefix";
    },
    "PREFIX|ADDRESS");

const CLI::Validator is_prefix(
    [](const std::string& text) {
        return wire::Prefix::parse(text) ? std::string()
                                         : "\"" + printable(text) + "\" is no IPv6 prefix";
    },
    "PREFIX");

const CLI::Validator is_address(
    [](const std::string& text) {
        return wire::Address::parse(text) ? std::string()
                                          : "\"" + printable(text) + "\" is no IPv6 address";
    },
    "ADDRESS");

const CLI::Validator is_duration(
    [](const std::string& text) {
        return parse_duration(text)
                   ? std::string()
                   : "\"" + printable(text) + "\" is no time; write 90s, 5m, 2h or milliseconds";
    },
    "TIME");

CLI::Option* add_cache_option(CLI::App& command, std::optional<std::uint8_t>& cache) {
    return command
        .add_option_function<std::string>(
            "--cache",
            [&cache](const std::string& name) {
                cache = static_cast<std::uint8_t>(name == "home" ? ANCHOR6_CACHE_HOME
                                                                 : ANCHOR6_CACHE_PROXY);
            },
            "the binding cache")
        ->check(CLI::IsMember({"home", "proxy"}));
}

} // namespace anchor6::cli
