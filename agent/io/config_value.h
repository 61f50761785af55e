// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/time.h"

namespace anchor6::io {

struct ConfigEntry;

/// A value of a config file, whichever language it is written in, and its line.
struct ConfigValue {
    /// What no key has: a number with a fraction, a local time, null.
    struct Other {};
    using Array = std::vector<ConfigValue>;
    /// In the order of the file, each key once.
    using Table = std::vector<ConfigEntry>;

    std::variant<Other, bool, std::int64_t, std::string, core::RealTime, Array, Table> content;
    std::uint32_t line = 0;

    template <class Kind>
    const Kind* get() const {
        return std::get_if<Kind>(&content);
    }
};

struct ConfigEntry {
    std::string key;
    ConfigValue value;
};

} // namespace anchor6::io
