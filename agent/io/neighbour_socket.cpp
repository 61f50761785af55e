// SPDX-License-Identifier: GPL-2.0-or-later
#include "io/neighbour_socket.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <span>

#include <arpa/inet.h>
#include <linux/if_arp.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <sys/socket.h>

#include "io/interface.h"
#include "io/neighbour_packet.h"
#include "io/system_error.h"

namespace anchor6::io {

namespace {

constexpr int batch_size = 64;

const wire::Address all_nodes = *wire::Address::parse("ff02::1");

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
    const auto packet = read_neighbour_packet(octets);
    if (!packet)
        return {};
    if (const auto* advertisement = std::get_if<wire::NeighbourAdvertisement>(&packet->message))
        return advertisement->target;
    // A solicitation with a source only looks for the address.
    const auto* solicitation = std::get_if<wire::NeighbourSolicitation>(&packet->message);
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
        hear_icmp_types(fd(), {wire::icmp_type::neighbour_solicitation,
                               wire::icmp_type::neighbour_advertisement});
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
    const auto octets = write_neighbour_packet({source, destination, message});
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
