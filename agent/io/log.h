// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>

#include <fmt/core.h>

#include "io/settings.h"

namespace anchor6::io {

/// Where the log goes: the journal for a service, else standard error.
enum class LogTarget : std::uint8_t { journal, standard_error };

void open_log(LogTarget target);
void set_log_level(LogLevel level);

/// Lines of the log. They hide the library that writes them: its headers cost each file that logs
/// more than all others together.
namespace log {

void write(LogLevel level, fmt::string_view format, fmt::format_args values);

template <class... Values>
void debug(fmt::format_string<const Values&...> format, const Values&... values) {
    write(LogLevel::debug, format, fmt::make_format_args(values...));
}
template <class... Values>
void info(fmt::format_string<const Values&...> format, const Values&... values) {
    write(LogLevel::info, format, fmt::make_format_args(values...));
}
template <class... Values>
void warn(fmt::format_string<const Values&...> format, const Values&... values) {
    write(LogLevel::warning, format, fmt::make_format_args(values...));
}
template <class... Values>
void error(fmt::format_string<const Values&...> format, const Values&... values) {
    write(LogLevel::error, format, fmt::make_format_args(values...));
}

} // namespace log

} // namespace anchor6::io
