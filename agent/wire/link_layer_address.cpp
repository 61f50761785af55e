// SPDX-License-Identifier: GPL-2.0-or-later
#include "wire/link_layer_address.h"

#include <charconv>

namespace anchor6::wire {

namespace {

constexpr std::size_t octets_max = 16;

} // namespace

std::optional<LinkLayerAddress> parse_link_layer_address(std::string_view text) {
    LinkLayerAddress address;
    while (address.size() < octets_max) {
        constexpr std::size_t digits = 2;
        std::uint8_t octet = 0;
        const std::string_view pair = text.substr(0, digits);
        const auto [end, fault] = std::from_chars(pair.begin(), pair.end(), octet, 16);
        if (pair.size() != digits || fault != std::errc{} || end != pair.end())
            return std::nullopt;
        address.push_back(octet);
        text.remove_prefix(digits);
        if (text.empty())
            return address;
        if (text.front() != ':')
            return std::nullopt;
        text.remove_prefix(1);
    }
    return std::nullopt;
}

std::string link_layer_text(const LinkLayerAddress& address) {
    static constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    for (const std::uint8_t octet : address) {
        if (!text.empty())
            text += ':';
        text += digits[octet >> 4U];
        text += digits[octet & 0xfU];
    }
    return text;
}

} // namespace anchor6::wire
