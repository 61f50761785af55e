// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <variant>
#include <vector>

#include "wire/address.h"

namespace anchor6::wire {

/// Next Header values (IANA "Protocol Numbers").
namespace next_header {
inline constexpr std::uint8_t hop_by_hop = 0;
inline constexpr std::uint8_t ipv6 = 41;
inline constexpr std::uint8_t routing = 43;
inline constexpr std::uint8_t fragment = 44;
inline constexpr std::uint8_t icmpv6 = 58;
inline constexpr std::uint8_t none = 59;
inline constexpr std::uint8_t destination_options = 60;
inline constexpr std::uint8_t mobility = 135;
} // namespace next_header

/// What anchor6 reads of an IPv6 packet: its headers up to the first that is no extension header.
struct Ipv6Packet {
    /// As in the IPv6 header.
    Address source;
    Address destination;
    /// Home Address destination option (RFC 6275 section 6.3).
    std::optional<Address> home_address;
    /// Address in a type 2 routing header (RFC 6275 section 6.4).
    std::optional<Address> routing_address;
    std::uint8_t hop_limit = 0;
    /// What the payload is, and the octet of the packet where it begins.
    std::uint8_t protocol = next_header::none;
    std::size_t offset = 0;
    std::vector<std::uint8_t> payload;

    /// The addresses that a checksum covers: those that mobility put elsewhere count.
    const Address& checksum_source() const { return home_address ? *home_address : source; }
    const Address& checksum_destination() const {
        return routing_address ? *routing_address : destination;
    }
    friend bool operator==(const Ipv6Packet&, const Ipv6Packet&) = default;
};

enum class PacketFault : std::uint8_t {
    truncated,        ///< a header or the payload ends beyond the octets
    not_ipv6,         ///< the version is not 6
    bad_header,       ///< a routing header or a Home Address option of another length
    too_many_headers, ///< more extension headers than any sensible packet has
    fragment,         ///< a fragment other than a whole packet
};

/// Reads a packet from the first octet of its IPv6 header. Octets beyond its Payload Length are
/// link-layer padding.
std::variant<Ipv6Packet, PacketFault> parse_packet(std::span<const std::uint8_t> octets);

/// Writes a packet: type 2 routing header, Destination Options with the Home Address option, then
/// the payload as it is. `offset` is not used.
std::vector<std::uint8_t> serialise_packet(const Ipv6Packet& packet);

/// The Home Address option of a Destination Options header, as the kernel gives one in a control
/// message; nothing when there is none or the header is malformed.
std::optional<Address> find_home_address(std::span<const std::uint8_t> destination_options);

/// A Destination Options header with a Home Address option; Next Header is left for the kernel.
std::vector<std::uint8_t> home_address_header(const Address& home_address);

/// A type 2 routing header; Next Header is left for the kernel.
std::vector<std::uint8_t> routing_header(const Address& address);

/// The Internet checksum over pseudo-header and payload (RFC 8200 section 8.1), 0 when the payload
/// holds its right checksum.
std::uint16_t checksum(const Address& source, const Address& destination, std::uint8_t protocol,
                       std::span<const std::uint8_t> payload);

} // namespace anchor6::wire
