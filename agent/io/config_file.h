// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "core/gateway_config.h"
#include "core/mobile_node_config.h"
#include "core/policy.h"
#include "io/config_report.h"
#include "io/settings.h"

namespace anchor6::io {

/// A configuration: the config file and the policy file that it names.
struct ConfigFile {
    Settings settings;
    // What each role decides by; nothing for a role that the agent has not, and nothing at all when
    // the report has an error.
    std::shared_ptr<const core::Policy> policy;
    /// Of the policy's prefix plan, to be used by one anchor.
    std::shared_ptr<std::vector<core::PrefixSlots>> slots;
    std::shared_ptr<const core::GatewayConfig> gateway;
    std::shared_ptr<const core::MobileNodeConfig> node;
    ConfigReport report;
};

/// What the report says, to the log.
void log_report(const ConfigReport& report);

/// Reads and checks a whole configuration; what is wrong stands in the report, nothing is thrown.
/// A request to stop is an error, too. Of a million nodes it takes seconds.
ConfigFile read_config_file(const std::string& path, const std::stop_token& stop = {});

} // namespace anchor6::io
