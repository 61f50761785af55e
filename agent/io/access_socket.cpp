// SPDX-License-Identifier: GPL-2.0-or-later
#include "io/access_socket.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <span>

#include <arpa/inet.h>
#include <linux/if_arp.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <sys/socket.h>

#include "io/system_error.h"

namespace anchor6::io {

namespace {

constexpr int batch_size = 64;

sockaddr_ll link_address(std::uint32_t interface) {
    sockaddr_ll address{};
    address.sll_family = AF_PACKET;
    address.sll_protocol = htons(ETH_P_IPV6);
    address.sll_ifindex = static_cast<int>(interface);
    return address;
}

} // namespace

AccessSocket::AccessSocket(std::uint32_t interface)
    : interface_(interface), fd_(socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    if (!fd_)
        throw system_error("packet socket");
    hear_icmp_types(fd(),
                    {wire::icmp_type::router_solicitation, wire::icmp_type::neighbour_solicitation,
                     wire::icmp_type::neighbour_advertisement});
    sockaddr_ll local = link_address(interface);
    socklen_t size = sizeof(local);
    if (bind(fd(), reinterpret_cast<sockaddr*>(&local), sizeof(local)) < 0 ||
        getsockname(fd(), reinterpret_cast<sockaddr*>(&local), &size) < 0)
        throw system_error("packet socket");
    if (local.sll_hatype != ARPHRD_ETHER)
        throw system_error("access link", EPROTONOSUPPORT);
}

// What a link that goes down says once, as ENETDOWN, it says better by netlink.
void AccessSocket::receive(const Receiver& receiver) const {
    std::array<std::uint8_t, ETH_DATA_LEN> buffer{};
    for (int packets = 0; packets < batch_size; ++packets) {
        sockaddr_ll from{};
        socklen_t size = sizeof(from);
        const ssize_t length = recvfrom(fd(), buffer.data(), buffer.size(), MSG_DONTWAIT,
                                        reinterpret_cast<sockaddr*>(&from), &size);
        if (length < 0)
            return;
        if (from.sll_pkttype == PACKET_OUTGOING || from.sll_halen != ETH_ALEN)
            continue;
        const auto octets = std::span{buffer}.first(static_cast<std::size_t>(length));
        const auto packet = read_neighbour_packet(octets);
        if (packet || is_listener_report(octets))
            receiver(packet, {&from.sll_addr[0], &from.sll_addr[ETH_ALEN]});
    }
}

bool AccessSocket::send(const NeighbourPacket& packet, const wire::LinkLayerAddress& to) const {
    sockaddr_ll address = link_address(interface_);
    if (to.size() != ETH_ALEN)
        return false;
    address.sll_halen = ETH_ALEN;
    std::ranges::copy(to, &address.sll_addr[0]);
    const auto octets = write_neighbour_packet(packet);
    return sendto(fd(), octets.data(), octets.size(), MSG_DONTWAIT,
                  reinterpret_cast<const sockaddr*>(&address), sizeof(address)) >= 0;
}

} // namespace anchor6::io
