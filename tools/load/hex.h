// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace anchor6::load {

/// Octets from pairs of hexadecimal digits; colons, blanks and line ends between pairs are skipped.
std::optional<std::vector<std::uint8_t>> parse_hex(std::string_view text);
std::string to_hex(std::span<const std::uint8_t> octets);

} // namespace anchor6::load
