// SPDX-License-Identifier: GPL-2.0-or-later
#include "hex.h"

#include <charconv>

#include <fmt/format.h>

namespace anchor6::load {

std::optional<std::vector<std::uint8_t>> parse_hex(std::string_view text) {
    constexpr std::string_view separators = ": \t\r\n";
    std::vector<std::uint8_t> octets;
    while (true) {
        text.remove_prefix(std::min(text.find_first_not_of(separators), text.size()));
        if (text.empty()) {
            return octets;
        }
        const std::string_view pair = text.substr(0, 2);
        std::uint8_t octet = 0;
        const auto [stop, error] =
            std::from_chars(pair.data(), pair.data() + pair.size(), octet, 16);
        if (error != std::errc{} || stop != pair.data() + 2) {
            return std::nullopt;
        }
        octets.push_back(octet);
        text.remove_prefix(2);
    }
}

std::string to_hex(std::span<const std::uint8_t> octets) {
    return fmt::format("{:02x}", fmt::join(octets, ""));
}

} // namespace anchor6::load
