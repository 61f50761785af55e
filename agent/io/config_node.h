// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/mobile_node_config.h"
#include "io/config_claims.h"
#include "io/config_report.h"
#include "io/config_table.h"

namespace anchor6::io {

/// Reads the table [node] and those within it.
core::MobileNodeConfig read_mobile_node(ConfigTable table, ConfigClaims& claims,
                                        ConfigReport& report);

} // namespace anchor6::io
