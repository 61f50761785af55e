// SPDX-License-Identifier: GPL-2.0-or-later
#include "packet_socket.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>

#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/ipv6.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace anchor6::load {

namespace {

const sockaddr* generic(const sockaddr_in6& address) {
    return reinterpret_cast<const sockaddr*>(&address);
}

} // namespace

void fail(const char* what) {
    throw std::system_error(errno, std::generic_category(), what);
}

sockaddr_in6 socket_address(const wire::Address& address) {
    sockaddr_in6 result{};
    result.sin6_family = AF_INET6;
    std::ranges::copy(address.octets(), std::begin(result.sin6_addr.s6_addr));
    return result;
}

bool wait_readable(int fd, std::chrono::nanoseconds timeout) {
    const auto clamped = std::max(timeout, std::chrono::nanoseconds::zero());
    const timespec limit{
        std::chrono::duration_cast<std::chrono::seconds>(clamped).count(),
        (clamped % std::chrono::seconds(1)).count(),
    };
    pollfd entry{fd, POLLIN, 0};
    const int ready = ppoll(&entry, 1, &limit, nullptr);
    if (ready < 0 && errno != EINTR) {
        fail("poll");
    }
    return ready > 0;
}

Socket::Socket(int domain, int type, int protocol)
    : fd_(socket(domain, type | SOCK_CLOEXEC, protocol)) {
    if (fd_ < 0) {
        fail("socket");
    }
}

Socket::~Socket() {
    close(fd_);
}

PacketSender::PacketSender(const wire::Address& source) : socket_(AF_INET6, SOCK_RAW, IPPROTO_RAW) {
    const int on = 1;
    if (setsockopt(socket_.get(), IPPROTO_IPV6, IPV6_FREEBIND, &on, sizeof(on)) != 0) {
        fail("IPV6_FREEBIND");
    }
    const sockaddr_in6 local = socket_address(source);
    if (bind(socket_.get(), generic(local), sizeof(local)) != 0) {
        fail("bind");
    }
}

void PacketSender::send(const wire::Address& destination, std::span<const std::uint8_t> packet) {
    const sockaddr_in6 peer = socket_address(destination);
    if (sendto(socket_.get(), packet.data(), packet.size(), 0, generic(peer), sizeof(peer)) < 0) {
        fail("send");
    }
}

PacketListener::PacketListener()
    : socket_(AF_PACKET, SOCK_DGRAM, htons(ETH_P_IPV6)), buffer_(0x10000 + sizeof(ipv6hdr)) {
}

std::span<const std::uint8_t> PacketListener::receive(std::chrono::nanoseconds timeout) {
    const auto deadline = std::chrono::steady_clock::now() + timeout;
    while (wait_readable(socket_.get(), deadline - std::chrono::steady_clock::now())) {
        sockaddr_ll from{};
        socklen_t length = sizeof(from);
        const ssize_t size = recvfrom(socket_.get(), buffer_.data(), buffer_.size(), MSG_DONTWAIT,
                                      reinterpret_cast<sockaddr*>(&from), &length);
        if (size > 0 && from.sll_pkttype != PACKET_OUTGOING) {
            return std::span(buffer_).first(static_cast<std::size_t>(size));
        }
    }
    return {};
}

} // namespace anchor6::load
