// SPDX-License-Identifier: GPL-2.0-or-later
#include "io/neighbour_socket.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <span>

#include <arpa/inet.h>
#include <linux/filter.h>
#include <linux/if_arp.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "io/interface.h"
#include "io/system_error.h"
#include "wire/ipv6_packet.h"

namespace anchor6::io {

namespace {

constexpr std::uint8_t neighbour_hop_limit = 255;
constexpr int batch_size = 64;

const wire::Address all_nodes = *wire::Address::parse("ff02::1");

// Neighbour solicitations and advertisements without extension headers.
void listen_to_neighbours(int fd) {
    constexpr std::uint32_t next_header_offset = 6;
    constexpr std::uint32_t type_offset = 40;
    std::array<sock_filter, 7> code{{
        BPF_STMT(BPF_LD | BPF_B | BPF_ABS, next_header_offset),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, wire::next_header::icmpv6, 0, 4),
        BPF_STMT(BPF_LD | BPF_B | BPF_ABS, type_offset),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, wire::icmp_type::neighbour_solicitation, 1, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, wire::icmp_type::neighbour_advertisement, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, 0xffff),
        BPF_STMT(BPF_RET | BPF_K, 0),
    }};
    sock_fprog filter{code.size(), code.data()};
    if (setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof(filter)) < 0)
        throw system_error("SO_ATTACH_FILTER");
}

// RFC 2464 section 7.
sockaddr_ll multicast_address(const wire::Address& group, std::uint32_t index) {
    sockaddr_ll to{};
    to.sll_family = AF_PACKET;
    to.sll_protocol = htons(ETH_P_IPV6);
    to.sll_ifindex = static_cast<int>(index);
    to.sll_halen = ETH_ALEN;
    to.sll_addr[0] = to.sll_addr[1] = 0x33;
    std::ranges::copy(std::span{group.octets()}.last(4), &to.sll_addr[2]);
    return to;
}

/// The address that the sender of a packet has or wants.
std::optional<wire::Address> address_claimed(std::span<const std::uint8_t> octets) {
    auto content = wire::parse_packet(octets);
    const auto* packet = std::get_if<wire::Ipv6Packet>(&content);
    if (packet == nullptr || packet->hop_limit != neighbour_hop_limit ||
        packet->protocol != wire::next_header::icmpv6 ||
        wire::checksum(packet->source, packet->destination, packet->protocol, packet->payload) != 0)
        return {};
    auto message = wire::parse_icmp(packet->payload);
    const auto* icmp = std::get_if<wire::IcmpMessage>(&message);
    if (icmp == nullptr)
        return {};
    if (const auto* advertisement = std::get_if<wire::NeighbourAdvertisement>(icmp))
        return advertisement->target;
    // A solicitation with a source only looks for the address.
    const auto* solicitation = std::get_if<wire::NeighbourSolicitation>(icmp);
    if (solicitation != nullptr && packet->source == wire::Address{})
        return solicitation->target;
    return {};
}

} // namespace

NeighbourSocket::NeighbourSocket(const std::string& link, Use use)
    : index_(interface_in_use(link)), fd_(socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    if (index_ == 0)
        throw system_error("link " + link, ENETDOWN);
    if (!fd_)
        throw system_error("packet socket");
    sockaddr_ll local{};
    local.sll_family = AF_PACKET;
    local.sll_ifindex = static_cast<int>(index_);
    if (use == Use::speak_and_listen) {
        listen_to_neighbours(fd());
        local.sll_protocol = htons(ETH_P_IPV6);
    }
    socklen_t size = sizeof(local);
    if (bind(fd(), reinterpret_cast<sockaddr*>(&local), sizeof(local)) < 0 ||
        getsockname(fd(), reinterpret_cast<sockaddr*>(&local), &size) < 0)
        throw system_error("link " + link);
    if (local.sll_hatype != ARPHRD_ETHER)
        throw system_error("link " + link, EPROTONOSUPPORT);
    link_layer_address_.assign(&local.sll_addr[0], &local.sll_addr[ETH_ALEN]);
    link_local_address_ = io::link_local_address(link).value_or(wire::Address{});
}

bool NeighbourSocket::send(const wire::IcmpMessage& message, const wire::Address& source,
                           const wire::Address& destination) const {
    wire::Ipv6Packet packet;
    packet.source = source;
    packet.destination = destination;
    packet.hop_limit = neighbour_hop_limit;
    packet.protocol = wire::next_header::icmpv6;
    packet.payload = wire::serialise_icmp(message, source, destination);
    auto octets = wire::serialise_packet(packet);
    sockaddr_ll to = multicast_address(destination, index_);
    return sendto(fd(), octets.data(), octets.size(), MSG_DONTWAIT,
                  reinterpret_cast<const sockaddr*>(&to), sizeof(to)) >= 0;
}

bool NeighbourSocket::solicit(const wire::Address& address) const {
    return send(wire::NeighbourSolicitation{address, {}}, {}, wire::solicited_node(address));
}

bool NeighbourSocket::advertise(const wire::Address& address, bool router) const {
    if (link_local_address_ == wire::Address{})
        return false;
    wire::NeighbourAdvertisement advertisement;
    advertisement.target = address;
    advertisement.router = router;
    advertisement.override = true;
    advertisement.target_link_layer_address = link_layer_address_;
    return send(advertisement, link_local_address_, all_nodes);
}

bool NeighbourSocket::listen(const Listener& listener) const {
    std::array<std::uint8_t, ETH_DATA_LEN> buffer{};
    for (int packets = 0; packets < batch_size; ++packets) {
        ssize_t size = recv(fd(), buffer.data(), buffer.size(), MSG_DONTWAIT);
        if (size < 0)
            return errno == EAGAIN || errno == EINTR;
        if (auto address = address_claimed(std::span{buffer}.first(static_cast<std::size_t>(size))))
            listener(*address);
    }
    return true;
}

} // namespace anchor6::io
