// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/gateway_config.h"
#include "io/config_report.h"
#include "io/config_table.h"

namespace anchor6::io {

/// Reads the table [gateway] and those within it.
core::GatewayConfig read_gateway(ConfigTable table, ConfigReport& report);

} // namespace anchor6::io
