// SPDX-License-Identifier: GPL-2.0-or-later
#include "command.h"

#include <algorithm>
#include <cstdio>
#include <memory>

#include <fmt/format.h>

#include "control_client.h"

namespace anchor6::cli {

namespace {

std::string offset_text(const Json& mag) {
    const Json& offset = mag.at("offset_ms");
    return offset.is_null() ? "-" : fmt::format("{:+.1f} ms", offset.get<double>());
}

std::string silence_text(const Json& mag) {
    const Json& silence = mag.at("silence_ms");
    if (silence.is_null())
        return "never";
    return format_duration(
               std::chrono::milliseconds(static_cast<std::int64_t>(silence.get<double>()))) +
           " ago";
}

std::string reachable_text(const Json& mag) {
    const Json& paths = mag.at("paths");
    if (paths.empty())
        return "-";
    const bool all = std::all_of(paths.begin(), paths.end(),
                                 [](const Json& path) { return path.at("reachable").get<bool>(); });
    return all ? "yes" : "no";
}

void list(const Options& options) {
    Json answer = ask_agent(options.control, "mags");
    auto mags = answer.at("mags").get<std::vector<Json>>();
    if (options.json) {
        print_array(mags);
        return;
    }
    std::vector<std::vector<std::string>> rows{
        {"GATEWAY", "SESSIONS", "CLOCK OFFSET", "LAST HEARD", "REACHABLE"}};
    for (const Json& mag : mags)
        rows.push_back({printable(mag.at("name").get<std::string>()),
                        std::to_string(mag.at("sessions").get<std::uint64_t>()), offset_text(mag),
                        silence_text(mag), reachable_text(mag)});
    std::fputs(format_table(rows).c_str(), stdout);
}

void revoke(const Options& options, const std::string& name) {
    print_revoked(options, ask_agent(options.control, "revoke-mag", Json{{"mag", name}}));
}

} // namespace

void add_mag_commands(Command app, const Options& options) {
    const Command noun = app.add_command("mag", "the mobile access gateways of the configuration");
    noun.require_commands(1, 1);
    noun.add_command("list", "sessions, clock offsets, heartbeats").run([&options] {
        understand([&] { list(options); });
    });
    auto name = std::make_shared<std::string>();
    const Command command = noun.add_command("revoke", "end all sessions of a gateway");
    command.add_value("gateway", *name, "its name in the configuration").required();
    command.run([&options, name] { understand([&] { revoke(options, *name); }); });
}

} // namespace anchor6::cli
