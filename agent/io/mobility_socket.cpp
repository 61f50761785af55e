// SPDX-License-Identifier: GPL-2.0-or-later
#include "io/mobility_socket.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include <netinet/in.h>
#include <spdlog/spdlog.h>
#include <sys/socket.h>

#include "io/ancillary_data.h"
#include "io/system_error.h"
#include "wire/message.h"

namespace anchor6::io {

namespace {

constexpr std::size_t batch_size = 64;
/// Header Len is an octet of units of 8 octets, not counting the first.
constexpr std::size_t message_size_max = 2048;
/// Destination options have the same bound; room for the packet information beside it.
constexpr std::size_t control_size = message_size_max + 256;
constexpr int buffer_size = 8 << 20;

void set_option(int fd, int level, int option, int value, const char* what) {
    if (setsockopt(fd, level, option, &value, sizeof(value)) < 0)
        throw system_error(what);
}

sockaddr_in6 socket_address(const wire::Address& address) {
    sockaddr_in6 result{};
    result.sin6_family = AF_INET6;
    result.sin6_addr = to_in6_addr(address);
    return result;
}

struct Outgoing {
    std::vector<std::uint8_t> octets;
    sockaddr_in6 to{};
    iovec part{};
    SendControl control;

    void fill(msghdr& header, const core::Send& send, std::uint32_t reply_mark) {
        octets = wire::serialise(send.message);
        to = socket_address(send.destination);
        part = {octets.data(), octets.size()};
        header.msg_name = &to;
        header.msg_namelen = sizeof(to);
        header.msg_iov = &part;
        header.msg_iovlen = 1;
        control.fill(header, send, send.reply_home ? std::optional{reply_mark} : std::nullopt);
    }
};

} // namespace

/// Buffers of one recvmmsg(), used again for each.
struct MobilitySocket::ReceiveBatch {
    struct Slot {
        sockaddr_in6 from;
        std::array<std::uint8_t, message_size_max> octets;
        alignas(cmsghdr) std::array<std::byte, control_size> control;
        iovec part;
    };

    std::array<Slot, batch_size> slots;
    std::array<mmsghdr, batch_size> headers;

    void prepare() {
        for (std::size_t index = 0; index < batch_size; ++index) {
            Slot& slot = slots[index];
            slot.part = {slot.octets.data(), slot.octets.size()};
            msghdr& header = headers[index].msg_hdr;
            header = {};
            header.msg_name = &slot.from;
            header.msg_namelen = sizeof(slot.from);
            header.msg_iov = &slot.part;
            header.msg_iovlen = 1;
            header.msg_control = slot.control.data();
            header.msg_controllen = slot.control.size();
        }
    }
};

MobilitySocket::MobilitySocket(Settings settings, core::Counters& counters)
    : settings_(settings), counters_(&counters),
      fd_(socket(AF_INET6, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, IPPROTO_MH)),
      batch_(std::make_unique<ReceiveBatch>()) {
    if (!fd_)
        throw system_error("Mobility Header socket");
    set_option(fd(), IPPROTO_IPV6, IPV6_RECVPKTINFO, 1, "IPV6_RECVPKTINFO");
    set_option(fd(), IPPROTO_IPV6, IPV6_RECVDSTOPTS, 1, "IPV6_RECVDSTOPTS");
    set_option(fd(), SOL_SOCKET, SO_RCVBUFFORCE, buffer_size, "SO_RCVBUFFORCE");
    set_option(fd(), SOL_SOCKET, SO_SNDBUFFORCE, buffer_size, "SO_SNDBUFFORCE");
}

MobilitySocket::~MobilitySocket() = default;

void MobilitySocket::receive(const Receiver& receiver) {
    batch_->prepare();
    int count = recvmmsg(fd(), batch_->headers.data(), batch_size, MSG_DONTWAIT, nullptr);
    if (count < 0) {
        if (errno != EAGAIN && errno != EINTR)
            counters_->add(core::Counter::receive_failures);
        return;
    }
    for (std::size_t index = 0; index < static_cast<std::size_t>(count); ++index) {
        counters_->add(core::Counter::messages_received);
        mmsghdr& header = batch_->headers[index];
        if ((header.msg_hdr.msg_flags & MSG_TRUNC) != 0) {
            counters_->add(core::Counter::messages_too_long);
            continue;
        }
        auto packet = read_packet(header.msg_hdr, settings_.anchor_ifindex);
        if (packet && (header.msg_hdr.msg_flags & MSG_CTRUNC) == 0)
            receiver(*packet, std::span{batch_->slots[index].octets}.first(header.msg_len));
        else
            counters_->add(core::Counter::messages_without_addresses);
    }
}

void MobilitySocket::send(std::span<const core::Send> messages) {
    std::vector<Outgoing> outgoing(messages.size());
    std::vector<mmsghdr> headers(messages.size());
    for (std::size_t index = 0; index < messages.size(); ++index)
        outgoing[index].fill(headers[index].msg_hdr, messages[index], settings_.reply_mark);
    std::size_t done = 0;
    while (done < headers.size()) {
        auto left = static_cast<unsigned>(headers.size() - done);
        int sent = sendmmsg(fd(), headers.data() + done, left, MSG_DONTWAIT);
        if (sent > 0) {
            for (int message = 0; message < sent; ++message)
                counters_->add(core::Counter::messages_sent);
            done += static_cast<std::size_t>(sent);
        } else if (errno != EINTR) {
            spdlog::debug("message to {} not sent: {}", messages[done].destination.to_string(),
                          std::strerror(errno));
            counters_->add(core::Counter::messages_not_sent);
            ++done;
        }
    }
}

} // namespace anchor6::io
