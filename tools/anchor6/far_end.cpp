// SPDX-License-Identifier: GPL-2.0-or-later
#include "command.h"

#include <cstdio>

namespace anchor6::cli {

namespace {

std::string text_of(const std::optional<wire::Address>& address) {
    return address ? address->to_string() : "any";
}

void list(const Options& options) {
    NetlinkClient client;
    auto far_ends = client.dump(request_to(options, ANCHOR6_CMD_FAR_END_GET), &Message::far_end);
    if (options.json) {
        print_array(far_ends);
        return;
    }
    std::vector<std::vector<std::string>> rows{{"REMOTE", "LOCAL", "ENCAP", "MTU", "BINDINGS"}};
    for (const FarEnd& far_end : far_ends)
        rows.push_back({text_of(far_end.remote), text_of(far_end.local),
                        std::string(encap_name(far_end.encap.value_or(0))),
                        std::to_string(far_end.mtu.value_or(0)),
                        std::to_string(far_end.bindings.value_or(0))});
    std::fputs(format_table(rows).c_str(), stdout);
}

} // namespace

void add_far_end_commands(Command app, const Options& options) {
    const Command noun = app.add_command("far-end", "the tunnels in use");
    noun.require_commands(1, 1);
    noun.add_command("list", "the far ends of all bindings").run([&options] { list(options); });
}

} // namespace anchor6::cli
