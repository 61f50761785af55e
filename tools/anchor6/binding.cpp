// SPDX-License-Identifier: GPL-2.0-or-later
#include "command.h"

#include <cstdio>
#include <memory>

#include <fmt/format.h>
#include <net/if.h>

#include "binding.h"
#include "failure.h"

namespace anchor6::cli {

std::string binding_prefix(const Binding& binding) {
    if (!binding.prefix)
        return "any";
    return format_prefix(*binding.prefix, binding.prefix_length.value_or(0));
}

std::string binding_remote(const Binding& binding) {
    if (!binding.far_end || !binding.far_end->remote)
        return "any";
    return binding.far_end->remote->to_string();
}

std::string binding_expiry(const Binding& binding) {
    return format_duration(std::chrono::milliseconds(binding.lifetime_ms.value_or(0)));
}

namespace {

struct Filter {
    Binding binding;
    std::string remote;
};

struct Settings {
    std::string prefix;
    std::string local;
    std::string remote;
    std::string lifetime;
    Binding binding;
    bool exclusive = false;
    bool replace = false;
};

std::string binding_local(const Binding& binding) {
    if (!binding.far_end || !binding.far_end->local)
        return "any";
    return binding.far_end->local->to_string();
}

std::string traffic(std::optional<std::uint64_t> packets, std::optional<std::uint64_t> bytes) {
    return fmt::format("{} packets, {}", packets.value_or(0), format_bytes(bytes.value_or(0)));
}

void print_table(const std::vector<Binding>& bindings) {
    std::vector<std::vector<std::string>> rows{
        {"CACHE", "PREFIX", "REMOTE", "LOCAL", "EXPIRES IN", "DOWN", "UP"}};
    for (const Binding& binding : bindings)
        rows.push_back({std::string(cache_name(binding.cache.value_or(0))), binding_prefix(binding),
                        binding_remote(binding), binding_local(binding), binding_expiry(binding),
                        std::to_string(binding.down_packets.value_or(0)),
                        std::to_string(binding.up_packets.value_or(0))});
    std::fputs(format_table(rows).c_str(), stdout);
}

void print_details(const Binding& binding) {
    FarEnd far_end = binding.far_end.value_or(FarEnd{});
    fmt::print("{} binding {}\n", cache_name(binding.cache.value_or(0)), binding_prefix(binding));
    fmt::print("  far end: {}\n", binding_remote(binding));
    fmt::print("  from: {}\n", binding_local(binding));
    fmt::print("  encapsulation: {}, mtu {}\n", encap_name(far_end.encap.value_or(0)),
               far_end.mtu.value_or(0));
    fmt::print("  expires in: {}\n", binding_expiry(binding));
    fmt::print("  down: {}\n", traffic(binding.down_packets, binding.down_bytes));
    fmt::print("  up: {}\n", traffic(binding.up_packets, binding.up_bytes));
    fmt::print("  cookie {}, owner {}, group {}\n", binding.cookie.value_or(0),
               binding.owner.value_or(0), binding.group.value_or(0));
}

Binding named(const std::string& target, std::optional<std::uint8_t> cache) {
    wire::Prefix prefix = target_of(target);
    Binding binding;
    binding.cache = cache;
    binding.prefix = prefix.address();
    binding.prefix_length = prefix.length();
    return binding;
}

// --- list and flush -----------------------------------------------------------------------------

std::shared_ptr<Filter> add_filter(Command command) {
    auto filter = std::make_shared<Filter>();
    add_cache_option(command, filter->binding.cache);
    command.add_value("--remote", filter->remote, "far end's address").check(Form::address);
    command.add_value("--group", filter->binding.group, "anchor group");
    command.add_value("--owner", filter->binding.owner, "instance that made the binding");
    return filter;
}

Binding filter_of(const Filter& filter) {
    Binding binding = filter.binding;
    if (!filter.remote.empty()) {
        binding.far_end.emplace();
        binding.far_end->remote = address_of(filter.remote);
    }
    return binding;
}

void list(const Options& options, const Filter& filter) {
    NetlinkClient client;
    Message request = request_to(options, ANCHOR6_CMD_BINDING_GET);
    request.binding = filter_of(filter);
    auto bindings = client.dump(request, &Message::binding);
    if (options.json)
        print_array(bindings);
    else
        print_table(bindings);
}

void flush(const Options& options, const Filter& filter) {
    NetlinkClient client;
    Message request = request_to(options, ANCHOR6_CMD_BINDING_FLUSH);
    request.binding = filter_of(filter);
    client.execute(request);
}

// --- show ---------------------------------------------------------------------------------------

std::optional<Binding> get(NetlinkClient& client, Message& request, const Binding& name) {
    request.binding = name;
    try {
        return client.query(request).binding;
    } catch (const Failure& failure) {
        if (failure.status() == exit_not_found)
            return std::nullopt;
        throw;
    }
}

void show(const Options& options, const std::string& target, std::optional<std::uint8_t> cache) {
    NetlinkClient client;
    Message request = request_to(options, ANCHOR6_CMD_BINDING_GET);
    std::vector<Binding> found;
    for (std::uint8_t each : {ANCHOR6_CACHE_HOME, ANCHOR6_CACHE_PROXY})
        if (cache.value_or(each) == each)
            if (auto binding = get(client, request, named(target, each)))
                found.push_back(*binding);
    if (options.json)
        print_array(found);
    else
        for (const Binding& binding : found)
            print_details(binding);
    if (found.empty())
        throw Failure("there is no such binding", exit_not_found);
}

// --- watch --------------------------------------------------------------------------------------

Json notification_json(const Message& message) {
    Json object{{"notification", notification_name(message.command)}};
    if (message.ifindex)
        object["ifindex"] = *message.ifindex;
    if (message.reason)
        object["reason"] = reason_name(*message.reason);
    if (message.binding)
        object["binding"] = to_json(*message.binding);
    if (message.home_prefix)
        object["home_prefix"] = to_json(*message.home_prefix);
    if (message.device)
        object["device"] = to_json(*message.device);
    return object;
}

std::string binding_event(const Binding& binding, std::uint8_t reason) {
    std::string cache(binding.cache ? cache_name(*binding.cache) : "any");
    if (reason == ANCHOR6_REASON_FLUSHED)
        return fmt::format("{} via {}", cache, binding_remote(binding));
    std::string text =
        fmt::format("{} {} via {}", cache, binding_prefix(binding), binding_remote(binding));
    if (reason == ANCHOR6_REASON_SET)
        text += ", expires in " + binding_expiry(binding);
    return text;
}

std::string notification_text(const Message& message) {
    std::uint8_t reason = message.reason.value_or(ANCHOR6_REASON_UNSPEC);
    if (message.binding)
        return fmt::format("{:<8} {}", reason_name(reason),
                           binding_event(*message.binding, reason));
    if (message.home_prefix)
        return fmt::format(
            "{:<8} home prefix {}", reason_name(reason),
            format_prefix(message.home_prefix->address, message.home_prefix->length));
    return fmt::format("{:<8} device", "changed");
}

void watch(const Options& options) {
    NetlinkClient client;
    client.listen([&](Message&& message) {
        fmt::print("{}\n", options.json ? dump_line(notification_json(message))
                                        : notification_text(message));
        std::fflush(stdout);
    });
}

// --- set and del --------------------------------------------------------------------------------

int flags_of(const Settings& settings) {
    if (settings.exclusive)
        return NLM_F_CREATE | NLM_F_EXCL;
    return settings.replace ? NLM_F_REPLACE : NLM_F_CREATE | NLM_F_REPLACE;
}

void set(const Options& options, const Settings& settings) {
    NetlinkClient client;
    Message request = request_to(options, ANCHOR6_CMD_BINDING_SET);
    wire::Prefix prefix = target_of(settings.prefix);
    request.binding = settings.binding;
    request.binding->prefix = prefix.address();
    request.binding->prefix_length = prefix.length();
    request.binding->far_end.emplace();
    request.binding->far_end->local = address_of(settings.local);
    request.binding->far_end->remote = address_of(settings.remote);
    request.binding->lifetime_ms =
        static_cast<std::uint64_t>(parse_duration(settings.lifetime).value().count());
    client.execute(request, flags_of(settings));
}

void del(const Options& options, const Settings& settings) {
    NetlinkClient client;
    Message request = request_to(options, ANCHOR6_CMD_BINDING_DEL);
    request.binding = named(settings.prefix, settings.binding.cache);
    request.binding->cookie = settings.binding.cookie;
    client.execute(request);
}

// --- declarations -------------------------------------------------------------------------------

void add_list(Command noun, const Options& options) {
    const Command command = noun.add_command("list", "the bindings, or those that match");
    auto filter = add_filter(command);
    command.run([&options, filter] { list(options, *filter); });
}

void add_flush(Command noun, const Options& options) {
    const Command command = noun.add_command("flush", "delete all bindings, or those that match");
    auto filter = add_filter(command);
    command.run([&options, filter] { flush(options, *filter); });
}

void add_show(Command noun, const Options& options) {
    const Command command = noun.add_command("show", "everything about the bindings of a prefix");
    auto settings = std::make_shared<Settings>();
    command.add_value("prefix", settings->prefix).required().check(Form::target);
    add_cache_option(command, settings->binding.cache);
    command.run([&options, settings] { show(options, settings->prefix, settings->binding.cache); });
}

void add_watch(Command noun, const Options& options) {
    noun.add_command("watch", "a line for each change, as it happens").run([&options] {
        watch(options);
    });
}

void add_set(Command noun, const Options& options) {
    const Command command = noun.add_command("set", "create or replace a binding");
    auto settings = std::make_shared<Settings>();
    command.add_value("prefix", settings->prefix).required().check(Form::target);
    add_cache_option(command, settings->binding.cache).required();
    command.add_value("--local", settings->local, "source of the outer packets")
        .required()
        .check(Form::address);
    command.add_value("--remote", settings->remote, "care-of address or MAG")
        .required()
        .check(Form::address);
    command.add_value("--lifetime", settings->lifetime, "90s, 5m, 2h, or milliseconds")
        .required()
        .check(Form::duration);
    command.add_value("--cookie", settings->binding.cookie, "the owner's name for it");
    command.add_value("--owner", settings->binding.owner, "instance that makes it");
    command.add_value("--group", settings->binding.group, "anchor group");
    const Argument exclusive =
        command.add_flag("--exclusive", settings->exclusive, "fail if it is there already");
    command.add_flag("--replace", settings->replace, "fail if it is not there yet")
        .excludes(exclusive);
    command.run([&options, settings] { set(options, *settings); });
}

void add_del(Command noun, const Options& options) {
    const Command command = noun.add_command("del", "delete a binding");
    auto settings = std::make_shared<Settings>();
    command.add_value("prefix", settings->prefix).required().check(Form::target);
    add_cache_option(command, settings->binding.cache).required();
    command.add_value("--cookie", settings->binding.cookie, "only if this is its cookie");
    command.run([&options, settings] { del(options, *settings); });
}

} // namespace

void add_binding_commands(Command app, const Options& options) {
    const Command noun = app.add_command("binding", "what the kernel tunnels, and where to");
    noun.require_commands(1, 1);
    add_list(noun, options);
    add_show(noun, options);
    add_watch(noun, options);
    add_set(noun, options);
    add_del(noun, options);
    add_flush(noun, options);
}

} // namespace anchor6::cli
