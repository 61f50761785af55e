// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/core_laboratory.h"

#include <chrono>
#include <utility>

#include "core/message_authentication.h"
#include "core/transaction.h"

namespace anchor6::laboratory {

core::Node node(std::string identifier, std::vector<wire::Prefix> prefixes) {
    core::Node result;
    result.identifier = std::move(identifier);
    result.home_network_prefixes = std::move(prefixes);
    result.authentication = core::Authentication::none;
    result.group = "north";
    return result;
}

core::Mag mag(std::string name, const wire::Address& where, std::vector<std::string> nodes) {
    core::Mag result;
    result.name = std::move(name);
    result.addresses = {where};
    result.nodes = std::move(nodes);
    result.authentication = core::Authentication::none;
    return result;
}

core::HomePrefix home_prefix(const char* text, std::optional<std::uint8_t> length) {
    core::HomePrefix result;
    result.prefix = prefix(text);
    result.assign_length = length;
    return result;
}

core::Node node_on_link(std::string identifier, const wire::Address& home) {
    core::Node result = node(std::move(identifier), {});
    result.home_addresses = {home};
    return result;
}

core::HomePrefix prefix_of_link() {
    core::HomePrefix result = home_prefix("2001:db8:88::/64");
    result.link = home_link;
    return result;
}

core::Node node_with_key() {
    core::Node result = node(keyed, {prefix("2001:db8:2000:5::/64")});
    result.authentication = core::Authentication::mn_ha;
    result.mn_ha = {spi, std::vector<std::uint8_t>(16, 0x42), true};
    return result;
}

core::Config config() {
    core::Config result;
    result.timers.refresh_request_before_expiry = std::chrono::seconds{0};
    result.timers.prefix_retention = std::chrono::seconds{0};
    result.groups.push_back({"north",
                             1,
                             1,
                             home_agent,
                             lma,
                             {home_prefix("2001:db8:1000::/36", 64),
                              home_prefix("2001:db8:2000::/36"), prefix_of_link()}});
    result.groups.push_back({"south",
                             2,
                             1,
                             address("2001:db8:f::11"),
                             address("2001:db8:f::12"),
                             {home_prefix("2001:db8:3000::/36", 64)}});
    result.mags = {mag("mag1", mag1, {"*@example.org"}),
                   mag("mag2", mag2, {"*@example.org", "mn9@example.net"}),
                   mag("mag3", mag3, {"*"}), mag("mag4", mag4, {mn1})};
    result.mags[2].authentication.reset();
    result.nodes = {
        node(mn1, {prefix1}),
        node(mn2, {prefix2a, prefix2b}),
        node("*@example.org", {}),
        node("closed@example.org", {prefix("2001:db8:2000:c::/64")}),
        node("nohost@example.org", {prefix("2001:db8:2000:d::/64")}),
        node("norouter@example.org", {prefix("2001:db8:2000:e::/64")}),
        node("noproxy@example.org", {prefix("2001:db8:2000:f::/64")}),
        node("southern@example.org", {prefix("2001:db8:3000:1::/64")}),
        node_on_link(linked, home_linked),
        node_on_link(routing, home_routing),
        node_with_key(),
    };
    result.nodes[3].authentication.reset();
    result.nodes[4].host_mobility = false;
    result.nodes[5].mobile_router = false;
    result.nodes[6].proxy_mobility = false;
    result.nodes[7].group = "south";
    result.nodes[9].mobile_network_prefixes = {network, other_network};
    return result;
}

wire::BindingUpdate binding_update(std::uint16_t sequence, std::uint16_t lifetime,
                                   std::uint16_t more_flags) {
    wire::BindingUpdate update;
    update.sequence = sequence;
    update.lifetime = lifetime;
    update.flags = static_cast<std::uint16_t>(wire::bu_flag::acknowledge |
                                              wire::bu_flag::home_registration | more_flags);
    return update;
}

wire::BindingUpdate signed_update(wire::BindingUpdate update, const core::Packet& packet) {
    const core::MnHaAssociation association = *node_with_key().mn_ha;
    const core::BindingRequest request{packet, update, {}, {}, {}};
    auto& option = update.options.authentication.emplace();
    option.spi = association.spi;
    option.covered = wire::authenticated_octets(update);
    option.authenticator = core::mn_ha_authenticator(
        association, {request.care_of_address(), request.home_address()}, option.covered);
    return update;
}

core::Packet away(const wire::Address& home, const wire::Address& from) {
    return {from, home_agent, home, false};
}

core::Packet at_home(const wire::Address& home) {
    return {home, home_agent, std::nullopt, true};
}

core::Packet gateway(const wire::Address& from) {
    return {from, lma, std::nullopt, false};
}

wire::BindingUpdate proxy_update(const std::string& mn_identifier, std::uint16_t sequence,
                                 std::uint16_t lifetime) {
    wire::BindingUpdate update;
    update.sequence = sequence;
    update.lifetime = lifetime;
    update.flags = wire::bu_flag::acknowledge | wire::bu_flag::proxy_registration;
    update.options.mn_identifier = {wire::MnIdentifier::nai, mn_identifier};
    update.options.home_network_prefixes.emplace_back();
    update.options.handoff_indicator = 4;
    update.options.access_technology_type = 0;
    return update;
}

wire::BindingUpdate by_interface(std::uint8_t number, wire::BindingUpdate update) {
    update.options.link_layer_identifier = {{number}};
    update.options.handoff_indicator =
        static_cast<std::uint8_t>(wire::HandoffIndicator::new_interface);
    return update;
}

void name_prefix(wire::BindingUpdate& update, const wire::Prefix& named) {
    auto& options = update.options.home_network_prefixes;
    if (options.size() == 1 && options.front().prefix.is_unspecified())
        options.clear();
    options.push_back({named.length(), named.address()});
}

} // namespace anchor6::laboratory
