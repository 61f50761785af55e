// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "core/config.h"
#include "core/event.h"
#include "core/message_authentication.h"
#include "core/transaction.h"
#include "wire/address.h"
#include "wire/message.h"

/// The network of the core's tests: its configuration, its addresses and its messages.
namespace anchor6::laboratory {

inline wire::Address address(std::string_view text) {
    return *wire::Address::parse(text);
}
inline wire::Prefix prefix(std::string_view text) {
    return *wire::Prefix::parse(text);
}

inline const wire::Address home_agent = address("2001:db8:f::1");
inline const wire::Address lma = address("2001:db8:f::2");
inline const wire::Address mag1 = address("2001:db8:a:1::1");
inline const wire::Address mag2 = address("2001:db8:a:2::1");
/// Authentication is not configured.
inline const wire::Address mag3 = address("2001:db8:a:3::1");
/// May serve nobody but mn1.
inline const wire::Address mag4 = address("2001:db8:a:4::1");
inline const wire::Address care_of = address("2001:db8:c::10");
inline const wire::Address other_care_of = address("2001:db8:c::20");

/// A node with a fixed prefix.
inline const std::string mn1 = "mn1@example.org";
inline const wire::Prefix prefix1 = prefix("2001:db8:2000:1::/64");
inline const wire::Address home1 = address("2001:db8:2000:1::10");
/// A node with two fixed prefixes.
inline const std::string mn2 = "mn2@example.org";
inline const wire::Prefix prefix2a = prefix("2001:db8:2000:2a::/64");
inline const wire::Prefix prefix2b = prefix("2001:db8:2000:2b::/64");
inline const wire::Address home2 = address("2001:db8:2000:2a::10");
/// Nodes with the realm's profile: their prefixes are assigned.
inline const std::string guest = "guest@example.org";
inline const std::string visitor = "visitor@example.org";

/// A node on the physical home link.
inline const std::string linked = "linked@example.org";
inline const std::string home_link = "eth1";
inline const wire::Address home_linked = address("2001:db8:88::10");
inline const wire::Address link_local_linked = address("fe80::10");
/// A mobile router there, with a prefix table.
inline const std::string routing = "routing@example.org";
inline const wire::Address home_routing = address("2001:db8:88::20");
inline const wire::Prefix network = prefix("2001:db8:2000:100::/56");
inline const wire::Prefix other_network = prefix("2001:db8:2000:200::/56");
/// A node with a key.
inline const std::string keyed = "keyed@example.org";
inline const wire::Address home_keyed = address("2001:db8:2000:5::10");
inline constexpr std::uint32_t spi = 4711;

inline core::Node node(std::string identifier, std::vector<wire::Prefix> prefixes) {
    core::Node result;
    result.identifier = std::move(identifier);
    result.home_network_prefixes = std::move(prefixes);
    result.authentication = core::Authentication::none;
    result.group = "north";
    return result;
}

inline core::Mag mag(std::string name, const wire::Address& where, std::vector<std::string> nodes) {
    core::Mag result;
    result.name = std::move(name);
    result.addresses = {where};
    result.nodes = std::move(nodes);
    result.authentication = core::Authentication::none;
    return result;
}

/// A virtual home prefix.
inline core::HomePrefix home_prefix(const char* text, std::optional<std::uint8_t> length = {}) {
    core::HomePrefix result;
    result.prefix = prefix(text);
    result.assign_length = length;
    return result;
}

inline core::Node node_on_link(std::string identifier, const wire::Address& home) {
    core::Node result = node(std::move(identifier), {});
    result.home_addresses = {home};
    return result;
}

inline core::HomePrefix prefix_of_link() {
    core::HomePrefix result = home_prefix("2001:db8:88::/64");
    result.link = home_link;
    return result;
}

inline core::Node node_with_key() {
    core::Node result = node(keyed, {prefix("2001:db8:2000:5::/64")});
    result.authentication = core::Authentication::mn_ha;
    result.mn_ha = {spi, std::vector<std::uint8_t>(16, 0x42), true};
    return result;
}

inline core::Config config() {
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

/// Lifetimes in messages, units of 4 s.
inline constexpr std::uint16_t two_minutes = 30;

inline wire::BindingUpdate binding_update(std::uint16_t sequence,
                                          std::uint16_t lifetime = two_minutes,
                                          std::uint16_t more_flags = 0) {
    wire::BindingUpdate update;
    update.sequence = sequence;
    update.lifetime = lifetime;
    update.flags = static_cast<std::uint16_t>(wire::bu_flag::acknowledge |
                                              wire::bu_flag::home_registration | more_flags);
    return update;
}

/// The authentication option of the node with the key, as it would arrive.
inline wire::BindingUpdate signed_update(wire::BindingUpdate update, const core::Packet& packet) {
    const core::MnHaAssociation association = *node_with_key().mn_ha;
    const core::BindingRequest request{packet, update, {}, {}, {}};
    auto& option = update.options.authentication.emplace();
    option.spi = association.spi;
    option.covered = wire::authenticated_octets(update);
    option.authenticator = core::mn_ha_authenticator(
        association, {request.care_of_address(), request.home_address()}, option.covered);
    return update;
}

/// A node away from home writes from its care-of address with a Home Address option.
inline core::Packet away(const wire::Address& home, const wire::Address& from = care_of) {
    return {from, home_agent, home, false};
}

/// A node at home writes from its home address, through its MAG.
inline core::Packet at_home(const wire::Address& home) {
    return {home, home_agent, std::nullopt, true};
}

inline core::Packet gateway(const wire::Address& from) {
    return {from, lma, std::nullopt, false};
}

/// A Proxy Binding Update as gateways in the field send them: handoff unknown, no timestamp.
inline wire::BindingUpdate proxy_update(const std::string& mn_identifier, std::uint16_t sequence,
                                        std::uint16_t lifetime = two_minutes) {
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

inline void name_prefix(wire::BindingUpdate& update, const wire::Prefix& named) {
    auto& options = update.options.home_network_prefixes;
    if (options.size() == 1 && options.front().prefix.is_unspecified())
        options.clear();
    options.push_back({named.length(), named.address()});
}

} // namespace anchor6::laboratory
