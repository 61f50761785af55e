// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/gateway_profiles.h"

#include <algorithm>

namespace anchor6::core {

namespace {

// RFC 4282 section 2.2.
constexpr std::size_t identifier_max = 253;

Admission refused(Counter why) {
    return {{}, NodeMobility::refused, why};
}

Admission admit_proxy(std::string_view identifier, const GatewayConfig& config) {
    if (identifier.size() > identifier_max)
        return refused(Counter::gateway_identifiers_too_long);
    if (!config.authentication)
        return refused(Counter::gateway_no_authentication);
    return {std::string{identifier}, NodeMobility::proxy, {}};
}

Admission admit_local(std::string_view identifier, const AccessLink& link) {
    if (!link.local_prefix)
        return refused(Counter::gateway_no_local_prefix);
    return {std::string{identifier}, NodeMobility::host, {}};
}

} // namespace

const AccessLink* access_link(std::string_view interface, const GatewayConfig& config) {
    const auto found = std::ranges::find(config.access_links, interface, &AccessLink::interface);
    return found != config.access_links.end() ? &*found : nullptr;
}

GatewayProfiles::GatewayProfiles(const GatewayConfig& config) {
    for (std::size_t index = 0; index < config.nodes.size(); ++index) {
        const GatewayNode& node = config.nodes[index];
        by_identifier_.emplace(node.identifier, index);
        if (!node.link_layer_address.empty())
            by_link_layer_address_.emplace(node.link_layer_address, index);
    }
}

const GatewayNode* GatewayProfiles::profile(std::string_view identifier,
                                            const GatewayConfig& config) const {
    const auto found = by_identifier_.find(identifier);
    return found != by_identifier_.end() ? &config.nodes[found->second] : nullptr;
}

// Who names a node without a profile has authenticated it elsewhere: it gets proxy mobility.
Admission GatewayProfiles::admit(const AccessPoint& at, std::string_view identifier,
                                 const GatewayConfig& config) const {
    const AccessLink* link = access_link(at.interface, config);
    if (link == nullptr)
        return refused(Counter::gateway_attachments_elsewhere);
    const auto seen = by_link_layer_address_.find(at.link_layer_address);
    if (identifier.empty() && seen != by_link_layer_address_.end())
        identifier = config.nodes[seen->second].identifier;
    if (identifier.empty())
        return link->unknown_nodes == NodeMobility::host ? admit_local({}, *link)
                                                         : refused(Counter::gateway_nodes_unknown);
    const GatewayNode* node = profile(identifier, config);
    const NodeMobility mobility = node != nullptr ? node->mobility : NodeMobility::proxy;
    if (mobility == NodeMobility::refused)
        return refused(Counter::gateway_nodes_refused);
    return mobility == NodeMobility::host ? admit_local(identifier, *link)
                                          : admit_proxy(identifier, config);
}

std::vector<wire::Prefix> GatewayProfiles::named_prefixes(std::string_view identifier,
                                                          const GatewayConfig& config) const {
    const GatewayNode* node = profile(identifier, config);
    return node != nullptr ? node->home_network_prefixes : std::vector<wire::Prefix>{};
}

wire::Address GatewayProfiles::lma_address(std::string_view identifier,
                                           const GatewayConfig& config) const {
    const GatewayNode* node = profile(identifier, config);
    return node != nullptr ? node->lma_address.value_or(config.lma_address) : config.lma_address;
}

} // namespace anchor6::core
