// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "io/config_value.h"

namespace anchor6::io {

/// Why a text is no flat JSON object; it repeats nothing of the text but names of keys, since the
/// rest may be secret.
struct JsonFault {
    std::string text;
};

/// A JSON object of one line (RFC 8259): scalars and arrays of scalars, each key once.
std::variant<ConfigValue, JsonFault> parse_json(std::string_view text, std::uint32_t line);

} // namespace anchor6::io
