// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/config.h"
#include "io/config_claims.h"
#include "io/config_report.h"
#include "io/config_table.h"

namespace anchor6::io {

/// Each reads one [[mag]] or [[node]] into the config, and notes what it claims. The groups must
/// have been read before.
void read_mag(ConfigTable table, core::Config& config, ConfigClaims& claims, ConfigReport& report);
void read_node(ConfigTable table, core::Config& config, ConfigClaims& claims, ConfigReport& report);

} // namespace anchor6::io
