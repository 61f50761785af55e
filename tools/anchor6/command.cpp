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

Argument add_cache_option(Command command, std::optional<std::uint8_t>& cache) {
    return command
        .add_text(
            "--cache",
            [&cache](const std::string& name) {
                cache = static_cast<std::uint8_t>(name == "home" ? ANCHOR6_CACHE_HOME
                                                                 : ANCHOR6_CACHE_PROXY);
            },
            "the binding cache")
        .one_of({"home", "proxy"});
}

} // namespace anchor6::cli
