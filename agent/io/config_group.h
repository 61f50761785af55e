// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/config.h"
#include "io/config_claims.h"
#include "io/config_report.h"
#include "io/config_table.h"

namespace anchor6::io {

/// Reads one [[group]] with its home prefixes into the config, and notes what it claims.
void read_group(ConfigTable table, core::Config& config, ConfigClaims& claims,
                ConfigReport& report);

} // namespace anchor6::io
