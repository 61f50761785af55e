// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <istream>
#include <string>

#include "io/config_report.h"
#include "io/config_value.h"

namespace anchor6::io {

/// The table of a TOML file; what is no TOML stands in the report.
ConfigValue parse_toml(std::istream& stream, const std::string& path, ConfigReport& report);

} // namespace anchor6::io
