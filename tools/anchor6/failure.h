// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <stdexcept>
#include <string>

namespace anchor6::cli {

/// Exit statuses, a promise to scripts.
inline constexpr int exit_refused = 1;
inline constexpr int exit_not_found = 2;
inline constexpr int exit_usage = 64;

/// Ends the command with one line on the standard error and an exit status.
class Failure : public std::runtime_error {
public:
    Failure(const std::string& text, int status) : std::runtime_error(text), status_(status) {}
    int status() const { return status_; }

private:
    int status_;
};

} // namespace anchor6::cli
