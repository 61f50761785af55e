// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include <netinet/in.h>
#include <sys/socket.h>

#include "core/event.h"
#include "wire/address.h"

namespace anchor6::io {

wire::Address to_address(const in6_addr& address);
in6_addr to_in6_addr(const wire::Address& address);

/// The address in the first Home Address option of a destination options header (RFC 6275 section
/// 6.3).
std::optional<wire::Address> find_home_address_option(std::span<const std::uint8_t> header);

/// The addresses of a message from what recvmsg() gave. With a Home Address option the kernel has
/// swapped the two: the socket address is the home address, the option holds the care-of address.
/// Nothing without IPV6_PKTINFO.
std::optional<core::Packet> read_packet(msghdr& message, std::uint32_t anchor_ifindex);

/// The hop limit with which a message arrived; 0 when the kernel did not tell.
std::uint8_t read_hop_limit(msghdr& message);

/// Where a message comes from, and how it gets to its destination.
struct SendPath {
    wire::Address source;
    wire::Address destination;
    /// Through this address, by a type 2 routing header.
    std::optional<wire::Address> care_of_address;
    /// Index of the interface that it leaves by; 0: as routed.
    std::uint32_t interface = 0;
    /// Nothing: the socket's own.
    std::optional<std::uint32_t> mark;
};

/// The control messages of a message to be sent: source address, type 2 routing header, mark.
class SendControl {
public:
    void fill(msghdr& message, const SendPath& path);

private:
    /// Routing header of type 2 (RFC 6275 section 6.4).
    struct RoutingHeader {
        std::uint8_t next_header = 0;
        std::uint8_t length = 2;
        std::uint8_t type = 2;
        std::uint8_t segments_left = 1;
        std::uint32_t reserved = 0;
        in6_addr first_hop{};
    };

    alignas(cmsghdr)
        std::array<std::byte, CMSG_SPACE(sizeof(in6_pktinfo)) + CMSG_SPACE(sizeof(RoutingHeader)) +
                                  CMSG_SPACE(sizeof(std::uint32_t))> buffer_{};
};

} // namespace anchor6::io
