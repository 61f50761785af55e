// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "io/settings.h"

namespace anchor6::io {

/// Where the log goes: the journal for a service, else standard error.
enum class LogTarget : std::uint8_t { journal, standard_error };

void open_log(LogTarget target);
void set_log_level(LogLevel level);

} // namespace anchor6::io
