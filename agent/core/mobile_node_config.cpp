// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/mobile_node_config.h"

#include <algorithm>

namespace anchor6::core {

std::vector<wire::Prefix> MobileNodeConfig::moving_prefixes() const {
    const wire::Prefix host = wire::Prefix::host(home_address);
    if (!mobile_router)
        return {host};
    std::vector<wire::Prefix> prefixes = mobile_network_prefixes;
    const bool covered = std::ranges::any_of(
        prefixes, [&](const wire::Prefix& prefix) { return prefix.contains(host); });
    if (prefixes.empty())
        prefixes.push_back(home_network_prefix);
    else if (!covered)
        prefixes.push_back(host);
    return prefixes;
}

} // namespace anchor6::core
