// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>

#include "io/config_report.h"
#include "io/settings.h"

namespace anchor6::io {

struct ConfigFile {
    /// Meaningful only when the report has no error.
    Settings settings;
    ConfigReport report;
};

/// Reads and checks a whole config file; what is wrong stands in the report, nothing is thrown.
ConfigFile read_config_file(const std::string& path);

} // namespace anchor6::io
