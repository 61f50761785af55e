// SPDX-License-Identifier: GPL-2.0-or-later
#include "command.h"

#include <array>
#include <memory>

#include <net/if.h>

#include <fmt/format.h>

#include "failure.h"

namespace anchor6::cli {

namespace {

std::string interface_name(std::uint32_t ifindex) {
    std::array<char, IF_NAMESIZE> name{};
    return if_indextoname(ifindex, name.data()) != nullptr ? name.data()
                                                           : fmt::format("interface {}", ifindex);
}

void show_outer(const Device& device) {
    if (device.outer_mark.value_or(0) != 0)
        fmt::print("  outer mark: {:#x}\n", *device.outer_mark);
    if (device.outer_vrf.value_or(0) != 0)
        fmt::print("  outer vrf: {}\n", printable(interface_name(*device.outer_vrf)));
}

void show(const Options& options) {
    NetlinkClient client;
    Message answer = client.query(request_to(options, ANCHOR6_CMD_DEVICE_GET));
    if (!answer.device)
        throw Failure("the kernel's answer has no device", exit_refused);
    const Device& device = *answer.device;
    if (options.json) {
        Json object{{"name", options.device}, {"ifindex", answer.ifindex.value_or(0)}};
        object.update(to_json(device));
        fmt::print("{}\n", dump_line(object));
        return;
    }
    fmt::print("{}\n", printable(options.device));
    fmt::print("  mode: {}\n", mode_name(device.mode.value_or(ANCHOR6_MODE_UNSPEC)));
    fmt::print("  home bindings: {}\n", device.home_bindings.value_or(0));
    fmt::print("  proxy bindings: {}\n", device.proxy_bindings.value_or(0));
    fmt::print("  far ends: {}\n", device.far_ends.value_or(0));
    fmt::print("  bindings at most: {} in each cache\n", device.bindings_max.value_or(0));
    if (device.reply_mask.value_or(0) == 0)
        fmt::print("  reply mark: off\n");
    else
        fmt::print("  reply mark: {:#x}/{:#x}\n", device.reply_mark.value_or(0),
                   *device.reply_mask);
    show_outer(device);
}

void set(const Options& options, const Device& device) {
    NetlinkClient client;
    Message request = request_to(options, ANCHOR6_CMD_DEVICE_SET);
    request.device = device;
    client.execute(request);
}

std::uint32_t vrf_named(const std::string& name) {
    if (name == "none")
        return 0;
    std::uint32_t ifindex = if_nametoindex(name.c_str());
    if (ifindex == 0)
        throw Failure("there is no interface " + printable(name), exit_not_found);
    return ifindex;
}

void add_outer_settings(Command settings, Device& device) {
    settings.add_value("--outer-mark", device.outer_mark,
                       "mark of outer packets; 0 keeps that of the inner packet");
    settings.add_text(
        "--outer-vrf", [&device](const std::string& name) { device.outer_vrf = vrf_named(name); },
        "VRF that outer packets are routed in, or none");
}

} // namespace

void add_device_commands(Command app, const Options& options) {
    const Command noun = app.add_command("device", "the network device that holds the bindings");
    noun.require_commands(1, 1);
    noun.add_command("show", "its settings and how full it is").run([&options] { show(options); });
    const Command command = noun.add_command("set", "change settings");
    auto device = std::make_shared<Device>();
    const Command settings = command.add_choice("settings");
    settings.add_value("--reply-mark", device->reply_mark,
                       "mark of answers that skip the home cache");
    settings.add_value("--reply-mask", device->reply_mask, "its mask; 0 turns it off");
    settings.add_value("--bindings-max", device->bindings_max, "limit in each cache");
    settings
        .add_text(
            "--mode",
            [device](const std::string& name) {
                device->mode = static_cast<std::uint8_t>(name == "fast" ? ANCHOR6_MODE_FAST
                                                                        : ANCHOR6_MODE_STATEFUL);
            },
            "whether connection tracking and FORWARD see the nodes' packets")
        .one_of({"fast", "stateful"});
    add_outer_settings(settings, *device);
    command.run([&options, device] { set(options, *device); });
}

} // namespace anchor6::cli
