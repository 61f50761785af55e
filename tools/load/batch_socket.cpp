// SPDX-License-Identifier: GPL-2.0-or-later
#include "batch_socket.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/uio.h>

namespace anchor6::load {

namespace {

constexpr int mobility_header = 135;
constexpr int buffer_size = 64 << 20;

struct SourceControl {
    alignas(cmsghdr) std::array<std::uint8_t, CMSG_SPACE(sizeof(in6_pktinfo))> octets{};
};

} // namespace

struct BatchSocket::Batch {
    std::array<mmsghdr, batch> headers{};
    std::array<iovec, batch> parts{};
    std::array<SourceControl, batch> controls{};
    std::array<std::array<std::uint8_t, message_size_max>, batch> octets{};
    sockaddr_in6 anchor{};

    Batch() {
        for (std::size_t index = 0; index < batch; ++index) {
            parts[index] = {octets[index].data(), octets[index].size()};
            headers[index].msg_hdr.msg_iov = &parts[index];
            headers[index].msg_hdr.msg_iovlen = 1;
        }
    }

    void name_source(std::size_t index, const wire::Address& source) {
        msghdr& header = headers[index].msg_hdr;
        header.msg_name = &anchor;
        header.msg_namelen = sizeof(anchor);
        header.msg_control = controls[index].octets.data();
        header.msg_controllen = controls[index].octets.size();
        in6_pktinfo info{};
        std::ranges::copy(source.octets(), std::begin(info.ipi6_addr.s6_addr));
        cmsghdr* control = CMSG_FIRSTHDR(&header);
        control->cmsg_level = IPPROTO_IPV6;
        control->cmsg_type = IPV6_PKTINFO;
        control->cmsg_len = CMSG_LEN(sizeof(info));
        std::memcpy(CMSG_DATA(control), &info, sizeof(info));
    }
};

BatchSocket::BatchSocket(const wire::Address& anchor)
    : socket_(AF_INET6, SOCK_RAW, mobility_header), sent_(std::make_unique<Batch>()),
      received_(std::make_unique<Batch>()) {
    for (const int option : {SO_RCVBUFFORCE, SO_SNDBUFFORCE})
        if (setsockopt(socket_.get(), SOL_SOCKET, option, &buffer_size, sizeof(buffer_size)) != 0)
            fail("SO_RCVBUFFORCE");
    sent_->anchor = socket_address(anchor);
}

BatchSocket::~BatchSocket() = default;

std::span<std::uint8_t> BatchSocket::add(const wire::Address& source, std::size_t size) {
    if (added_ == batch)
        flush();
    const std::size_t index = added_++;
    sent_->name_source(index, source);
    sent_->parts[index].iov_len = size;
    return std::span{sent_->octets[index]}.first(size);
}

void BatchSocket::flush() {
    for (std::size_t done = 0; done < added_;) {
        const int count =
            sendmmsg(socket_.get(), &sent_->headers[done], static_cast<unsigned>(added_ - done), 0);
        if (count < 0 && errno != EINTR && errno != ENOBUFS)
            fail("send");
        done += static_cast<std::size_t>(std::max(count, 0));
    }
    added_ = 0;
}

std::size_t BatchSocket::receive() {
    const int count =
        recvmmsg(socket_.get(), received_->headers.data(), batch, MSG_DONTWAIT, nullptr);
    if (count < 0 && errno != EAGAIN && errno != EINTR)
        fail("receive");
    return static_cast<std::size_t>(std::max(count, 0));
}

std::span<const std::uint8_t> BatchSocket::received(std::size_t index) const {
    return std::span{received_->octets[index]}.first(
        std::min<std::size_t>(received_->headers[index].msg_len, message_size_max));
}

void BatchSocket::wait(std::chrono::nanoseconds timeout) const {
    wait_readable(socket_.get(), timeout);
}

} // namespace anchor6::load
