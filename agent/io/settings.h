// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <string>

namespace anchor6::io {

enum class LogLevel : std::uint8_t { debug, info, warning, error };

/// Where and how the agent runs.
struct Settings {
    std::uint64_t instance = 0;
    std::string device = "anchor0";
    std::string store = "/var/lib/anchor6/anchor6.db";
    /// The policy file; empty: none.
    std::string policy;
    std::string control = "/run/anchor6/control";
    /// Empty: the user that started the agent.
    std::string user = "anchor6";
    LogLevel log_level = LogLevel::info;
    std::uint32_t reply_mark = 0xa6;
    std::uint32_t reply_mask = 0xff;
};

} // namespace anchor6::io
