// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/config.h"
#include "core/event.h"
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

core::Node node(std::string identifier, std::vector<wire::Prefix> prefixes);

core::Mag mag(std::string name, const wire::Address& where, std::vector<std::string> nodes);

/// A virtual home prefix.
core::HomePrefix home_prefix(const char* text, std::optional<std::uint8_t> length = {});

core::Node node_on_link(std::string identifier, const wire::Address& home);

core::HomePrefix prefix_of_link();

core::Node node_with_key();

core::Config config();

/// Lifetimes in messages, units of 4 s.
inline constexpr std::uint16_t two_minutes = 30;

wire::BindingUpdate binding_update(std::uint16_t sequence, std::uint16_t lifetime = two_minutes,
                                   std::uint16_t more_flags = 0);

/// The authentication option of the node with the key, as it would arrive.
wire::BindingUpdate signed_update(wire::BindingUpdate update, const core::Packet& packet);

/// A node away from home writes from its care-of address with a Home Address option.
core::Packet away(const wire::Address& home, const wire::Address& from = care_of);

/// A node at home writes from its home address, through its MAG.
core::Packet at_home(const wire::Address& home);

core::Packet gateway(const wire::Address& from);

/// A Proxy Binding Update as gateways in the field send them: handoff unknown, no timestamp.
wire::BindingUpdate proxy_update(const std::string& mn_identifier, std::uint16_t sequence,
                                 std::uint16_t lifetime = two_minutes);

/// The update when the node attaches by a new interface of this number.
wire::BindingUpdate by_interface(std::uint8_t number, wire::BindingUpdate update);

void name_prefix(wire::BindingUpdate& update, const wire::Prefix& named);

} // namespace anchor6::laboratory
