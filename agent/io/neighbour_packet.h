// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <vector>

#include "wire/address.h"
#include "wire/icmpv6.h"

namespace anchor6::io {

/// A message of neighbour discovery (RFC 4861) as a packet socket reads and writes it.
struct NeighbourPacket {
    wire::Address source;
    wire::Address destination;
    wire::IcmpMessage message;
};

/// The whole IPv6 packet, with hop limit 255 and its checksum.
std::vector<std::uint8_t> write_neighbour_packet(const NeighbourPacket& packet);

/// Nothing for what is no such message, and for what a router has forwarded or its checksum does
/// not cover.
std::optional<NeighbourPacket> read_neighbour_packet(std::span<const std::uint8_t> octets);

/// A report of multicast listener discovery (RFC 2710, RFC 3810): of who has come to a link a host
/// may say no more than this.
bool is_listener_report(std::span<const std::uint8_t> octets);

/// The packet socket, which sees packets from their IPv6 header on, hears only ICMPv6 messages of
/// these types without extension headers, and listener reports. Throws std::system_error.
void hear_icmp_types(int fd, std::initializer_list<std::uint8_t> types);

} // namespace anchor6::io
