// SPDX-License-Identifier: GPL-2.0-or-later
#include "io/neighbour_packet.h"

#include <algorithm>
#include <array>

#include <linux/filter.h>
#include <sys/socket.h>

#include "io/system_error.h"
#include "wire/ipv6_packet.h"

namespace anchor6::io {

namespace {

constexpr std::uint8_t neighbour_hop_limit = 255;
constexpr std::uint32_t next_header_offset = 6;
constexpr std::uint32_t options_offset = 40;
constexpr std::uint32_t type_offset = 40;
constexpr std::uint32_t type_behind_options_offset = 48;
constexpr std::array<std::uint8_t, 2> report_types{131, 143};
constexpr std::uint32_t whole_packet = 0xffff;

bool is_of_neighbour(const wire::Ipv6Packet& packet) {
    return packet.hop_limit == neighbour_hop_limit &&
           packet.protocol == wire::next_header::icmpv6 &&
           wire::checksum(packet.source, packet.destination, packet.protocol, packet.payload) == 0;
}

} // namespace

std::vector<std::uint8_t> write_neighbour_packet(const NeighbourPacket& packet) {
    wire::Ipv6Packet written;
    written.source = packet.source;
    written.destination = packet.destination;
    written.hop_limit = neighbour_hop_limit;
    written.protocol = wire::next_header::icmpv6;
    written.payload = wire::serialise_icmp(packet.message, packet.source, packet.destination);
    return wire::serialise_packet(written);
}

std::optional<NeighbourPacket> read_neighbour_packet(std::span<const std::uint8_t> octets) {
    const auto content = wire::parse_packet(octets);
    const auto* packet = std::get_if<wire::Ipv6Packet>(&content);
    if (packet == nullptr || !is_of_neighbour(*packet))
        return {};
    auto message = wire::parse_icmp(packet->payload);
    auto* icmp = std::get_if<wire::IcmpMessage>(&message);
    if (icmp == nullptr)
        return {};
    return NeighbourPacket{packet->source, packet->destination, std::move(*icmp)};
}

bool is_listener_report(std::span<const std::uint8_t> octets) {
    return octets.size() > type_behind_options_offset &&
           octets[next_header_offset] == wire::next_header::hop_by_hop &&
           octets[options_offset] == wire::next_header::icmpv6 &&
           std::ranges::find(report_types, octets[type_behind_options_offset]) !=
               report_types.end();
}

void hear_icmp_types(int fd, std::initializer_list<std::uint8_t> types) {
    // A message that is one of them jumps to the last instruction, any other one falls on the
    // refusal before it.
    std::vector<sock_filter> code{
        BPF_STMT(BPF_LD | BPF_B | BPF_ABS, next_header_offset),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, wire::next_header::hop_by_hop, 0, 4),
        // The one option of a report, a router alert, fills 8 octets.
        BPF_STMT(BPF_LD | BPF_B | BPF_ABS, type_behind_options_offset),
    };
    const auto left = [&types](std::size_t compared) {
        return static_cast<std::uint8_t>(types.size() + 5 - compared);
    };
    code.push_back(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, report_types[0], left(0), 0));
    code.push_back(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, report_types[1], left(1), 0));
    code.push_back(BPF_STMT(BPF_RET | BPF_K, 0));
    code.push_back(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, wire::next_header::icmpv6, 0,
                            static_cast<std::uint8_t>(types.size() + 1)));
    code.push_back(BPF_STMT(BPF_LD | BPF_B | BPF_ABS, type_offset));
    for (auto more = static_cast<std::uint8_t>(types.size()); const std::uint8_t type : types)
        code.push_back(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, type, more--, 0));
    code.push_back(BPF_STMT(BPF_RET | BPF_K, 0));
    code.push_back(BPF_STMT(BPF_RET | BPF_K, whole_packet));
    const sock_fprog filter{static_cast<unsigned short>(code.size()), code.data()};
    if (setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof(filter)) < 0)
        throw system_error("SO_ATTACH_FILTER");
}

} // namespace anchor6::io
