// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <stop_token>
#include <string>

#include "core/config.h"
#include "io/config_claims.h"
#include "io/config_report.h"

namespace anchor6::io {

/// Adds the profiles of a policy file to the nodes of the configuration: one JSON object a line,
/// with the keys of a [[node]]. A line without anything is skipped. What is wrong stands in the
/// report, a request to stop as well.
void read_policy_file(const std::string& path, core::Config& config, ConfigClaims& claims,
                      ConfigReport& report, const std::stop_token& stop);

} // namespace anchor6::io
