// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace anchor6::wire {

/// As many octets as the link layer has: 6 on Ethernet. An option of an ICMPv6 message holds at
/// most 2038, and has zeros behind them when they do not end at a multiple of 8 octets. Up to 15
/// need no memory besides the object.
using LinkLayerAddress = std::basic_string<std::uint8_t>;

/// Reads octets in hexadecimal with colons between them, "02:00:00:00:00:10": one at least, 16 at
/// most.
std::optional<LinkLayerAddress> parse_link_layer_address(std::string_view text);
/// The same form, lower case.
std::string link_layer_text(const LinkLayerAddress& address);

} // namespace anchor6::wire
