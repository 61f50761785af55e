// SPDX-License-Identifier: GPL-2.0-or-later
#include "io/netlink_listener.h"

#include <array>
#include <cerrno>
#include <cstddef>

#include <arpa/inet.h>
#include <linux/filter.h>
#include <linux/netlink.h>
#include <sys/socket.h>

#include "io/system_error.h"

namespace anchor6::io {

namespace {

constexpr std::size_t receive_size = 64 << 10;
constexpr int batch_size = 64;

} // namespace

NetlinkListener::NetlinkListener(int bus, std::uint32_t group)
    : fd_(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, bus)), buffer_(receive_size) {
    sockaddr_nl local{};
    local.nl_family = AF_NETLINK;
    if (!fd_ || bind(fd(), reinterpret_cast<sockaddr*>(&local), sizeof(local)) < 0)
        throw system_error("netlink listener");
    join(group);
}

void NetlinkListener::join(std::uint32_t group) {
    if (setsockopt(fd(), SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &group, sizeof(group)) < 0)
        throw system_error("NETLINK_ADD_MEMBERSHIP");
}

void NetlinkListener::ignore(std::uint32_t port) {
    std::array<sock_filter, 4> code{{
        // The machine of the filter reads big-endian numbers.
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(nlmsghdr, nlmsg_pid)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, htonl(port), 0, 1),
        BPF_STMT(BPF_RET | BPF_K, 0),
        BPF_STMT(BPF_RET | BPF_K, UINT32_MAX),
    }};
    sock_fprog filter{code.size(), code.data()};
    if (setsockopt(fd(), SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof(filter)) < 0)
        throw system_error("SO_ATTACH_FILTER");
}

bool NetlinkListener::receive(const Visitor& visit) {
    for (int datagrams = 0; datagrams < batch_size; ++datagrams) {
        sockaddr_nl from{};
        socklen_t from_size = sizeof(from);
        ssize_t size = recvfrom(fd(), buffer_.data(), buffer_.size(), MSG_DONTWAIT,
                                reinterpret_cast<sockaddr*>(&from), &from_size);
        if (size < 0)
            return errno != ENOBUFS;
        if (from.nl_pid != 0)
            continue;
        int left = static_cast<int>(size);
        const auto* message = reinterpret_cast<const nlmsghdr*>(buffer_.data());
        for (; mnl_nlmsg_ok(message, left); message = mnl_nlmsg_next(message, &left))
            visit(message);
    }
    return true;
}

} // namespace anchor6::io
