// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <string>

namespace anchor6::io {

enum class LogLevel : std::uint8_t { debug, info, warning, error };

/// What the agent is; one of them at least.
struct Roles {
    /// Home agent and local mobility anchor.
    bool anchor = false;
    /// Mobile access gateway.
    bool gateway = false;
    /// Mobile node.
    bool node = false;
    friend bool operator==(const Roles&, const Roles&) = default;
};

/// Where and how the agent runs.
struct Settings {
    Roles roles{true, false, false};
    // Of the role anchor only, up to `policy`.
    std::uint64_t instance = 0;
    std::string device = "anchor0";
    std::string store = "/var/lib/anchor6/anchor6.db";
    std::uint32_t reply_mark = 0xa6;
    std::uint32_t reply_mask = 0xff;
    /// The policy file; empty: none.
    std::string policy;
    std::string control = "/run/anchor6/control";
    /// Empty: the user that started the agent.
    std::string user = "anchor6";
    LogLevel log_level = LogLevel::info;
};

} // namespace anchor6::io
