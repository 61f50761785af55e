// SPDX-License-Identifier: GPL-2.0-or-later
#include "format.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <utility>

#include <fmt/format.h>

namespace anchor6::cli {

namespace {

using std::chrono::milliseconds;

struct Unit {
    std::string_view name;
    std::int64_t milliseconds;
};

constexpr std::array<Unit, 4> written_units{{
    {"d", 86'400'000},
    {"h", 3'600'000},
    {"m", 60'000},
    {"s", 1'000},
}};

std::optional<std::int64_t> unit_of(std::string_view name) {
    if (name.empty() || name == "ms")
        return 1;
    for (const Unit& unit : written_units)
        if (unit.name == name)
            return unit.milliseconds;
    return std::nullopt;
}

template <class Value>
void add(Json& object, const char* name, const std::optional<Value>& value) {
    if (value)
        object[name] = *value;
}

void add(Json& object, const char* name, const std::optional<wire::Address>& address) {
    if (address)
        object[name] = address->to_string();
}

} // namespace

std::string format_duration(milliseconds duration) {
    if (duration < std::chrono::seconds(1))
        return fmt::format("{}ms", duration.count());
    std::string text;
    std::int64_t rest = duration.count();
    for (const Unit& unit : written_units) {
        if (rest >= unit.milliseconds)
            text +=
                fmt::format("{}{}{}", text.empty() ? "" : " ", rest / unit.milliseconds, unit.name);
        rest %= unit.milliseconds;
    }
    return text;
}

std::optional<milliseconds> parse_duration(std::string_view text) {
    std::int64_t value = 0;
    const char* end = text.data() + text.size();
    auto [rest, error] = std::from_chars(text.data(), end, value);
    if (error != std::errc() || value < 0)
        return std::nullopt;
    auto unit = unit_of({rest, static_cast<std::size_t>(end - rest)});
    std::int64_t milliseconds_of_value = 0;
    if (!unit || __builtin_mul_overflow(value, *unit, &milliseconds_of_value))
        return std::nullopt;
    return milliseconds(milliseconds_of_value);
}

std::string format_bytes(std::uint64_t bytes) {
    static constexpr std::array<std::string_view, 7> units{"B",   "KiB", "MiB", "GiB",
                                                           "TiB", "PiB", "EiB"};
    auto value = static_cast<double>(bytes);
    std::size_t unit = 0;
    for (; value >= 1024 && unit + 1 < units.size(); ++unit)
        value /= 1024;
    return unit == 0 ? fmt::format("{} B", bytes) : fmt::format("{:.1f} {}", value, units[unit]);
}

std::string format_prefix(const wire::Address& address, std::uint8_t length) {
    return fmt::format("{}/{}", address.to_string(), length);
}

std::optional<wire::Prefix> parse_target(std::string_view text) {
    if (text.find('/') != std::string_view::npos)
        return wire::Prefix::parse(text);
    auto address = wire::Address::parse(text);
    return address ? std::optional(wire::Prefix::host(*address)) : std::nullopt;
}

std::string printable(std::string_view text) {
    std::string clean(text);
    std::replace_if(
        clean.begin(), clean.end(), [](char c) { return c < ' ' || c > '~'; }, '?');
    return clean;
}

std::string format_table(const std::vector<std::vector<std::string>>& rows) {
    if (rows.size() < 2)
        return {};
    std::vector<std::size_t> widths(rows.front().size());
    for (const auto& row : rows)
        for (std::size_t column = 0; column < row.size(); ++column)
            widths[column] = std::max(widths[column], row[column].size());
    std::string text;
    for (const auto& row : rows) {
        for (std::size_t column = 0; column < row.size(); ++column)
            text += fmt::format("{:<{}}  ", row[column], widths[column]);
        text.erase(text.find_last_not_of(' ') + 1);
        text += '\n';
    }
    return text;
}

Json to_json(const Device& device) {
    Json object = Json::object();
    add(object, "reply_mark", device.reply_mark);
    add(object, "reply_mask", device.reply_mask);
    add(object, "bindings_max", device.bindings_max);
    add(object, "home_bindings", device.home_bindings);
    add(object, "proxy_bindings", device.proxy_bindings);
    add(object, "far_ends", device.far_ends);
    if (device.mode)
        object["mode"] = mode_name(*device.mode);
    add(object, "outer_mark", device.outer_mark);
    add(object, "outer_vrf", device.outer_vrf);
    return object;
}

Json to_json(const HomePrefix& home_prefix) {
    Json object{{"prefix", format_prefix(home_prefix.address, home_prefix.length)}};
    add(object, "bindings", home_prefix.bindings);
    return object;
}

Json to_json(const FarEnd& far_end) {
    Json object = Json::object();
    add(object, "local", far_end.local);
    add(object, "remote", far_end.remote);
    if (far_end.encap)
        object["encap"] = encap_name(*far_end.encap);
    add(object, "mtu", far_end.mtu);
    add(object, "bindings", far_end.bindings);
    return object;
}

Json to_json(const Binding& binding) {
    Json object = Json::object();
    if (binding.cache)
        object["cache"] = cache_name(*binding.cache);
    if (binding.prefix)
        object["prefix"] = format_prefix(*binding.prefix, binding.prefix_length.value_or(0));
    if (binding.far_end)
        object["far_end"] = to_json(*binding.far_end);
    add(object, "lifetime_ms", binding.lifetime_ms);
    add(object, "cookie", binding.cookie);
    add(object, "owner", binding.owner);
    add(object, "group", binding.group);
    add(object, "down_packets", binding.down_packets);
    add(object, "down_bytes", binding.down_bytes);
    add(object, "up_packets", binding.up_packets);
    add(object, "up_bytes", binding.up_bytes);
    return object;
}

Json to_json(const Lookup& lookup) {
    Json object{{"address", lookup.address.to_string()}};
    add(object, "mark", lookup.mark);
    if (lookup.verdict)
        object["verdict"] = verdict_name(*lookup.verdict);
    return object;
}

Json to_json(const Counter& counter) {
    return {{"name", counter.name}, {"value", counter.value}, {"text", counter.text}};
}

void print_array(const std::vector<Json>& elements) {
    std::fputs("[", stdout);
    for (std::size_t index = 0; index < elements.size(); ++index)
        fmt::print("{}\n{}", index == 0 ? "" : ",", dump_line(elements[index]));
    std::fputs(elements.empty() ? "]\n" : "\n]\n", stdout);
}

std::string dump_line(const Json& value) {
    return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

} // namespace anchor6::cli
