// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "message.h"

namespace anchor6::cli {

/// Keeps the order in which members are written.
using Json = nlohmann::ordered_json;

/// "1m 23s", "2d 4h", "420ms".
std::string format_duration(std::chrono::milliseconds duration);

/// "90s", "5m", "2h", "1d", "250ms", or milliseconds without a unit; nothing for anything else.
std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);

/// "1.5 KiB"
std::string format_bytes(std::uint64_t bytes);

/// "2001:db8::/64", and "2001:db8::1/128" for a host.
std::string format_prefix(const wire::Address& address, std::uint8_t length);

/// "2001:db8::/64", or an address, which is a /128. Nothing for anything else.
std::optional<wire::Prefix> parse_target(std::string_view text);

/// Without what could steer a terminal.
std::string printable(std::string_view text);

/// Columns padded to their longest cell, no spaces at the end of a line. The first row is the
/// heading; nothing at all when there is no other.
std::string format_table(const std::vector<std::vector<std::string>>& rows);

/// The objects with the names of the specification, "-" written as "_"; but an address and its
/// length are one "prefix".
Json to_json(const Device& device);
Json to_json(const HomePrefix& home_prefix);
Json to_json(const FarEnd& far_end);
Json to_json(const Binding& binding);
Json to_json(const Lookup& lookup);
Json to_json(const Counter& counter);
/// An array, whose elements stand on a line each.
void print_array(const std::vector<Json>& elements);

template <class Object>
void print_array(const std::vector<Object>& objects) {
    std::vector<Json> elements;
    elements.reserve(objects.size());
    for (const Object& object : objects)
        elements.push_back(to_json(object));
    print_array(elements);
}

/// One line, even with texts that are not UTF-8.
std::string dump_line(const Json& value);

} // namespace anchor6::cli
