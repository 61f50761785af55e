// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <variant>
#include <vector>

#include "wire/address.h"
#include "wire/link_layer_address.h"

namespace anchor6::wire {

/// Type numbers of the ICMPv6 messages below (IANA "ICMPv6 Parameters").
namespace icmp_type {
inline constexpr std::uint8_t router_solicitation = 133;
inline constexpr std::uint8_t router_advertisement = 134;
inline constexpr std::uint8_t neighbour_solicitation = 135;
inline constexpr std::uint8_t neighbour_advertisement = 136;
inline constexpr std::uint8_t home_agent_discovery_request = 144;
inline constexpr std::uint8_t home_agent_discovery_reply = 145;
inline constexpr std::uint8_t mobile_prefix_solicitation = 146;
inline constexpr std::uint8_t mobile_prefix_advertisement = 147;
} // namespace icmp_type

/// Home Agent Address Discovery Request (RFC 6275 section 6.5; R flag: RFC 3963 section 7.1).
struct HomeAgentDiscoveryRequest {
    std::uint16_t identifier = 0;
    bool mobile_router = false;
    friend bool operator==(const HomeAgentDiscoveryRequest&,
                           const HomeAgentDiscoveryRequest&) = default;
};

/// Home Agent Address Discovery Reply (RFC 6275 section 6.6), the preferred home agent first.
struct HomeAgentDiscoveryReply {
    std::uint16_t identifier = 0;
    bool mobile_router = false;
    std::vector<Address> home_agents;
    friend bool operator==(const HomeAgentDiscoveryReply&,
                           const HomeAgentDiscoveryReply&) = default;
};

/// Home agents that fit a reply whose packet, with no header but that of IPv6, has 1280 octets.
inline constexpr std::size_t max_home_agents = (1280 - 40 - 8) / Address::size;

/// Mobile Prefix Solicitation (RFC 6275 section 6.7).
struct MobilePrefixSolicitation {
    std::uint16_t identifier = 0;
    friend bool operator==(const MobilePrefixSolicitation&,
                           const MobilePrefixSolicitation&) = default;
};

/// Prefix Information option (RFC 4861 section 4.6.2, R flag: RFC 6275 section 7.2), the octets as
/// received: with the R flag the prefix is a router's full address, the length may be anything.
struct PrefixInformation {
    static constexpr std::uint32_t infinite = 0xffffffff;
    std::uint8_t length = 0;
    Address prefix;
    bool on_link = false;
    bool autonomous = false;
    bool router_address = false;
    /// Seconds.
    std::uint32_t valid_lifetime = 0;
    std::uint32_t preferred_lifetime = 0;
    friend bool operator==(const PrefixInformation&, const PrefixInformation&) = default;
};

/// Mobile Prefix Advertisement (RFC 6275 section 6.8).
struct MobilePrefixAdvertisement {
    std::uint16_t identifier = 0;
    bool managed = false;
    bool other = false;
    std::vector<PrefixInformation> prefixes;
    friend bool operator==(const MobilePrefixAdvertisement&,
                           const MobilePrefixAdvertisement&) = default;
};

/// Home Agent Information option (RFC 6275 section 7.4).
struct HomeAgentInformation {
    std::int16_t preference = 0;
    /// Seconds; 0 is not valid on the wire.
    std::uint16_t lifetime = 0;
    friend bool operator==(const HomeAgentInformation&, const HomeAgentInformation&) = default;
};

/// Router Solicitation (RFC 4861 section 4.1).
struct RouterSolicitation {
    std::optional<LinkLayerAddress> source_link_layer_address;
    friend bool operator==(const RouterSolicitation&, const RouterSolicitation&) = default;
};

/// Router Advertisement (RFC 4861 section 4.2, H flag: RFC 6275 section 7.1): what home agents and
/// gateways need of it; the rest is skipped, and written as zero.
struct RouterAdvertisement {
    bool home_agent = false;
    /// Seconds; 0 is no default router.
    std::uint16_t router_lifetime = 0;
    std::vector<PrefixInformation> prefixes;
    std::optional<HomeAgentInformation> home_agent_information;
    std::optional<LinkLayerAddress> source_link_layer_address{};
    friend bool operator==(const RouterAdvertisement&, const RouterAdvertisement&) = default;
};

/// Neighbor Solicitation (RFC 4861 section 4.3); a Nonce option is skipped.
struct NeighbourSolicitation {
    Address target;
    std::optional<LinkLayerAddress> source_link_layer_address;
    friend bool operator==(const NeighbourSolicitation&, const NeighbourSolicitation&) = default;
};

/// Neighbor Advertisement (RFC 4861 section 4.4).
struct NeighbourAdvertisement {
    Address target;
    bool router = false;
    bool solicited = false;
    bool override = false;
    std::optional<LinkLayerAddress> target_link_layer_address;
    friend bool operator==(const NeighbourAdvertisement&, const NeighbourAdvertisement&) = default;
};

using IcmpMessage =
    std::variant<HomeAgentDiscoveryRequest, HomeAgentDiscoveryReply, MobilePrefixSolicitation,
                 MobilePrefixAdvertisement, RouterAdvertisement, NeighbourSolicitation,
                 NeighbourAdvertisement, RouterSolicitation>;

/// Why an ICMPv6 message was refused, in the order of the checks.
enum class IcmpFault : std::uint8_t {
    truncated,    ///< shorter than its type needs, or an address list that ends within an address
    unknown_type, ///< none of those above
    bad_code,     ///< not 0
    bad_option,   ///< an option of length 0, beyond the message, or not of its own length
};

std::string_view fault_text(IcmpFault fault);

/// Reads one message from the first octet of its ICMPv6 header; the kernel has verified the
/// checksum. Unknown options are skipped, of one that may not repeat the first counts. What else
/// neighbour discovery asks for (hop limit 255, a target that is not multicast) is the caller's.
std::variant<IcmpMessage, IcmpFault> parse_icmp(std::span<const std::uint8_t> octets);

/// Writes a message with checksum 0, for a raw ICMPv6 socket, where the kernel fills it in. Empty
/// when a link-layer address is too long.
std::vector<std::uint8_t> serialise_icmp(const IcmpMessage& message);

/// The same with its checksum, for a packet socket. The addresses are those that the checksum
/// covers: behind a type 2 routing header or a Home Address option they are the home address.
std::vector<std::uint8_t> serialise_icmp(const IcmpMessage& message, const Address& source,
                                         const Address& destination);

} // namespace anchor6::wire
