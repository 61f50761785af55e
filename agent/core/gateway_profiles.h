// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/counter.h"
#include "core/gateway_event.h"

namespace anchor6::core {

/// What a node gets at a place, or why it gets nothing.
struct Admission {
    std::string identifier;
    NodeMobility mobility = NodeMobility::refused;
    /// With NodeMobility::refused.
    Counter refusal{};
};

/// The profiles of a gateway's nodes (RFC 5213 section 6.2), found by what is known of a node.
class GatewayProfiles {
public:
    explicit GatewayProfiles(const GatewayConfig& config);

    Admission admit(const AccessPoint& at, std::string_view identifier,
                    const GatewayConfig& config) const;
    /// Asked for by name; empty: the anchor chooses.
    std::vector<wire::Prefix> named_prefixes(std::string_view identifier,
                                             const GatewayConfig& config) const;
    wire::Address lma_address(std::string_view identifier, const GatewayConfig& config) const;

private:
    const GatewayNode* profile(std::string_view identifier, const GatewayConfig& config) const;

    std::map<std::string, std::size_t, std::less<>> by_identifier_;
    std::map<wire::LinkLayerAddress, std::size_t> by_link_layer_address_;
};

/// Nothing: it is no access link.
const AccessLink* access_link(std::string_view interface, const GatewayConfig& config);

} // namespace anchor6::core
