// SPDX-License-Identifier: GPL-2.0-or-later
#include "io/raw_socket.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include <linux/filter.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "io/log.h"
#include "io/system_error.h"

namespace anchor6::io {

namespace {

constexpr std::size_t batch_size = 256;
/// Header Len of a Mobility Header is an octet of units of 8 octets, not counting the first; no
/// ICMPv6 message of interest is longer.
constexpr std::size_t message_size_max = 2048;
/// Destination options have the same bound; room for the packet information beside it.
constexpr std::size_t control_size = message_size_max + 256;
constexpr int buffer_size = 8 << 20;
constexpr int link_hop_limit = 255;

template <class Value>
void set_option(int fd, int level, int option, const Value& value, const char* what) {
    if (setsockopt(fd, level, option, &value, sizeof(value)) < 0)
        throw system_error(what);
}

sockaddr_in6 socket_address(const wire::Address& address) {
    sockaddr_in6 result{};
    result.sin6_family = AF_INET6;
    result.sin6_addr = to_in6_addr(address);
    return result;
}

FileDescriptor open_socket(int protocol) {
    FileDescriptor fd{socket(AF_INET6, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, protocol)};
    if (!fd)
        throw system_error("raw socket");
    set_option(fd.get(), SOL_SOCKET, SO_SNDBUFFORCE, buffer_size, "SO_SNDBUFFORCE");
    // What is for a link must be seen not to come from elsewhere.
    set_option(fd.get(), IPPROTO_IPV6, IPV6_MULTICAST_HOPS, link_hop_limit, "IPV6_MULTICAST_HOPS");
    return fd;
}

void receive_nothing(int fd) {
    sock_filter nothing = BPF_STMT(BPF_RET | BPF_K, 0);
    sock_fprog filter{1, &nothing};
    set_option(fd, SOL_SOCKET, SO_ATTACH_FILTER, filter, "SO_ATTACH_FILTER");
}

/// One message as sendmsg() takes it.
struct Envelope {
    sockaddr_in6 to{};
    iovec part{};
    SendControl control;

    void fill(msghdr& header, const Outgoing& message) {
        to = socket_address(message.path.destination);
        // sendmsg() only reads it.
        part = {const_cast<std::uint8_t*>(message.octets.data()), message.octets.size()};
        header = {};
        header.msg_name = &to;
        header.msg_namelen = sizeof(to);
        header.msg_iov = &part;
        header.msg_iovlen = 1;
        control.fill(header, message.path);
    }
};

} // namespace

/// Buffers of one recvmmsg(), used again for each.
struct RawSocket::ReceiveBatch {
    struct Slot {
        sockaddr_in6 from;
        std::array<std::uint8_t, message_size_max> octets;
        alignas(cmsghdr) std::array<std::byte, control_size> control;
        iovec part;
    };

    std::array<Slot, batch_size> slots;
    std::array<mmsghdr, batch_size> headers;

    /// Those from the first one on that the kernel may have written to.
    std::size_t used = batch_size;

    void prepare() {
        for (std::size_t index = 0; index < used; ++index) {
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

/// What one sendmmsg() takes.
struct RawSocket::SendBatch {
    std::vector<Envelope> envelopes;
    std::vector<mmsghdr> headers;
    std::vector<const Outgoing*> messages;

    explicit SendBatch(std::size_t size) : envelopes(size) {
        headers.reserve(size);
        messages.reserve(size);
    }
    void add(const Outgoing& message) {
        mmsghdr header{};
        envelopes[headers.size()].fill(header.msg_hdr, message);
        headers.push_back(header);
        messages.push_back(&message);
    }
};

RawSocket::RawSocket(int protocol, const RawSocketCounters& names, core::Counters& counters)
    : names_(names), counters_(&counters), fd_(open_socket(protocol)),
      interface_fd_(open_socket(protocol)), batch_(std::make_unique<ReceiveBatch>()) {
    receive_nothing(interface_fd_.get());
    set_option(fd(), IPPROTO_IPV6, IPV6_RECVPKTINFO, 1, "IPV6_RECVPKTINFO");
    set_option(fd(), IPPROTO_IPV6, IPV6_RECVHOPLIMIT, 1, "IPV6_RECVHOPLIMIT");
    set_option(fd(), IPPROTO_IPV6, IPV6_RECVDSTOPTS, 1, "IPV6_RECVDSTOPTS");
    set_option(fd(), SOL_SOCKET, SO_RCVBUFFORCE, buffer_size, "SO_RCVBUFFORCE");
}

RawSocket::~RawSocket() = default;

void RawSocket::receive(std::uint32_t anchor_ifindex, const Receiver& receiver) {
    batch_->prepare();
    int count = recvmmsg(fd(), batch_->headers.data(), batch_size, MSG_DONTWAIT, nullptr);
    batch_->used = static_cast<std::size_t>(std::max(count, 0));
    if (count < 0) {
        if (errno != EAGAIN && errno != EINTR)
            counters_->add(names_.receive_failures);
        return;
    }
    for (std::size_t index = 0; index < batch_->used; ++index)
        hand_over(index, anchor_ifindex, receiver);
}

void RawSocket::hand_over(std::size_t index, std::uint32_t anchor_ifindex,
                          const Receiver& receiver) {
    counters_->add(names_.received);
    mmsghdr& header = batch_->headers[index];
    if ((header.msg_hdr.msg_flags & MSG_TRUNC) != 0) {
        counters_->add(names_.too_long);
        return;
    }
    auto packet = read_packet(header.msg_hdr, anchor_ifindex);
    if (packet && (header.msg_hdr.msg_flags & MSG_CTRUNC) == 0)
        receiver({*packet, read_hop_limit(header.msg_hdr),
                  std::span{batch_->slots[index].octets}.first(header.msg_len)});
    else
        counters_->add(names_.without_addresses);
}

void RawSocket::count_failure(const wire::Address& destination) {
    log::debug("message to {} not sent: {}", destination.to_string(), std::strerror(errno));
    counters_->add(names_.not_sent);
}

void RawSocket::send(std::span<const Outgoing> messages) {
    SendBatch batch{messages.size()};
    for (const Outgoing& message : messages) {
        if (message.octets.empty()) {
            log::warn("an answer to {} is too long to be written",
                      message.path.destination.to_string());
            counters_->add(names_.not_written);
        } else if (message.path.interface != 0) {
            send_through_interface(message);
        } else {
            batch.add(message);
        }
    }
    std::size_t done = 0;
    while (done < batch.headers.size()) {
        auto left = static_cast<unsigned>(batch.headers.size() - done);
        int sent = sendmmsg(fd(), batch.headers.data() + done, left, MSG_DONTWAIT);
        if (sent > 0) {
            for (int message = 0; message < sent; ++message)
                counters_->add(names_.sent);
            done += static_cast<std::size_t>(sent);
        } else if (errno != EINTR) {
            count_failure(batch.messages[done]->path.destination);
            ++done;
        }
    }
}

// An interface that only the control message names does not bind: the route to a defended address
// would still lead into the anchor's device.
void RawSocket::send_through_interface(const Outgoing& message) {
    Envelope envelope;
    msghdr header{};
    envelope.fill(header, message);
    bool sent = setsockopt(interface_fd_.get(), SOL_SOCKET, SO_BINDTOIFINDEX,
                           &message.path.interface, sizeof(message.path.interface)) == 0 &&
                sendmsg(interface_fd_.get(), &header, MSG_DONTWAIT) >= 0;
    if (sent)
        counters_->add(names_.sent);
    else
        count_failure(message.path.destination);
}

} // namespace anchor6::io
