// SPDX-License-Identifier: GPL-2.0-or-later
#include "io/netlink_socket.h"

#include <algorithm>
#include <cstring>

#include <linux/netlink.h>
#include <sys/socket.h>
#include <sys/time.h>

#include "io/system_error.h"

namespace anchor6::io {

namespace {

/// Requests a datagram: far from the limit of the send buffer, and the refusals of all of them,
/// about 1 kB of kernel memory each, far from that of the receive buffer.
constexpr std::size_t datagram_requests = 256;
constexpr int receive_buffer_size = 4 << 20;
constexpr std::size_t receive_size = 64 << 10;
constexpr timeval dump_timeout{2, 0};

void set_option(int fd, int level, int option, const auto& value, const char* what) {
    if (setsockopt(fd, level, option, &value, sizeof(value)) < 0)
        throw system_error(what);
}

std::string extended_text(const nlmsghdr* message) {
    if ((message->nlmsg_flags & NLM_F_ACK_TLVS) == 0)
        return {};
    const auto* error = static_cast<const nlmsgerr*>(mnl_nlmsg_get_payload(message));
    std::size_t fixed = sizeof(nlmsgerr);
    if ((message->nlmsg_flags & NLM_F_CAPPED) == 0)
        fixed += error->msg.nlmsg_len - sizeof(nlmsghdr);
    if (fixed > mnl_nlmsg_get_payload_len(message))
        return {};
    NetlinkAttributes<NLMSGERR_ATTR_MAX> attributes{message, fixed};
    return std::string{attributes.text(NLMSGERR_ATTR_MSG)};
}

} // namespace

std::string Acknowledgement::describe() const {
    std::string reason = std::strerror(error);
    return text.empty() ? reason : text + " (" + reason + ")";
}

/// The requests of one datagram, whose sequence numbers follow each other.
struct NetlinkSocket::Exchange {
    std::uint32_t first_sequence;
    std::span<Acknowledgement> acknowledgements;
    const Visitor& visit;
    bool interrupted = false;
    /// Answers did not fit the receive buffer.
    bool lost = false;

    bool knows_last() const { return acknowledgements.back().error != ETIMEDOUT; }

    void take(const nlmsghdr* message) {
        std::size_t index = message->nlmsg_seq - first_sequence;
        if (index >= acknowledgements.size())
            return;
        interrupted = interrupted || (message->nlmsg_flags & NLM_F_DUMP_INTR) != 0;
        if (message->nlmsg_type == NLMSG_ERROR || message->nlmsg_type == NLMSG_DONE)
            end(index, message);
        else if (visit)
            visit(message);
    }

    // Both carry a negative errno first; an NLMSG_DONE may come without.
    void end(std::size_t index, const nlmsghdr* message) {
        int error = 0;
        if (mnl_nlmsg_get_payload_len(message) >= sizeof(error))
            std::memcpy(&error, mnl_nlmsg_get_payload(message), sizeof(error));
        bool whole = message->nlmsg_type == NLMSG_ERROR &&
                     mnl_nlmsg_get_payload_len(message) >= sizeof(nlmsgerr);
        acknowledgements[index] = {-error, whole ? extended_text(message) : std::string{}};
    }
};

NetlinkSocket::NetlinkSocket(int bus)
    : socket_(mnl_socket_open2(bus, SOCK_CLOEXEC)), buffer_(receive_size) {
    if (!socket_)
        throw system_error("netlink socket");
    if (mnl_socket_bind(socket_.get(), 0, MNL_SOCKET_AUTOPID) < 0)
        throw system_error("netlink bind");
    port_ = mnl_socket_get_portid(socket_.get());
    int fd = mnl_socket_get_fd(socket_.get());
    set_option(fd, SOL_NETLINK, NETLINK_EXT_ACK, 1, "NETLINK_EXT_ACK");
    set_option(fd, SOL_NETLINK, NETLINK_CAP_ACK, 1, "NETLINK_CAP_ACK");
    set_option(fd, SOL_SOCKET, SO_RCVBUFFORCE, receive_buffer_size, "SO_RCVBUFFORCE");
    set_option(fd, SOL_SOCKET, SO_RCVTIMEO, dump_timeout, "SO_RCVTIMEO");
}

void NetlinkSocket::demand_strict_checks() {
    set_option(mnl_socket_get_fd(socket_.get()), SOL_NETLINK, NETLINK_GET_STRICT_CHK, 1,
               "NETLINK_GET_STRICT_CHK");
}

int NetlinkSocket::send(std::span<const std::uint8_t> datagram) {
    auto sent = mnl_socket_sendto(socket_.get(), datagram.data(), datagram.size());
    return sent < 0 ? errno : 0;
}

// One datagram of the kernel's. A datagram of anybody else's is left aside.
int NetlinkSocket::receive(Exchange& exchange, int flags) {
    sockaddr_nl from{};
    iovec part{buffer_.data(), buffer_.size()};
    msghdr datagram{};
    datagram.msg_name = &from;
    datagram.msg_namelen = sizeof(from);
    datagram.msg_iov = &part;
    datagram.msg_iovlen = 1;
    ssize_t size = recvmsg(mnl_socket_get_fd(socket_.get()), &datagram, flags);
    if (size < 0)
        return errno;
    if (from.nl_pid != 0)
        return 0;
    int left = static_cast<int>(size);
    const auto* message = reinterpret_cast<const nlmsghdr*>(buffer_.data());
    for (; mnl_nlmsg_ok(message, left); message = mnl_nlmsg_next(message, &left))
        if (message->nlmsg_pid == port_)
            exchange.take(message);
    return 0;
}

// The kernel goes through a datagram in order, and a refusal is queued at once: when the answer to
// the last request is there without a loss, what has no answer was carried out.
void NetlinkSocket::transact_datagram(std::span<NetlinkMessage> requests,
                                      std::span<Acknowledgement> acknowledgements,
                                      const Visitor& visit) {
    Exchange exchange{sequence_ + 1, acknowledgements, visit};
    std::vector<std::uint8_t> datagram;
    for (NetlinkMessage& request : requests) {
        request.header()->nlmsg_seq = ++sequence_;
        if (&request == &requests.back())
            request.header()->nlmsg_flags |= NLM_F_ACK;
        auto octets = request.octets();
        datagram.insert(datagram.end(), octets.begin(), octets.end());
    }
    int error = send(datagram);
    if (error != 0)
        std::ranges::fill(acknowledgements, Acknowledgement{error, {}});
    // After ENOBUFS what did arrive is still there; what did not stays a failure.
    while (error == 0 && !exchange.knows_last()) {
        error = receive(exchange, MSG_DONTWAIT);
        exchange.lost = exchange.lost || error == ENOBUFS;
        if (error == ENOBUFS || error == EINTR)
            error = 0;
    }
    if (exchange.knows_last() && !exchange.lost)
        std::ranges::replace_if(
            acknowledgements, [](const auto& answer) { return answer.error == ETIMEDOUT; },
            Acknowledgement{0, {}});
}

std::vector<Acknowledgement> NetlinkSocket::transact(std::span<NetlinkMessage> requests) {
    std::vector<Acknowledgement> all(requests.size(), Acknowledgement{ETIMEDOUT, {}});
    std::span<Acknowledgement> left = all;
    while (!requests.empty()) {
        std::size_t count = std::min(requests.size(), datagram_requests);
        transact_datagram(requests.first(count), left.first(count), {});
        requests = requests.subspan(count);
        left = left.subspan(count);
    }
    return all;
}

Acknowledgement NetlinkSocket::transact(NetlinkMessage request, const Visitor& visit) {
    Acknowledgement acknowledgement{ETIMEDOUT, {}};
    transact_datagram({&request, 1}, {&acknowledgement, 1}, visit);
    return acknowledgement;
}

Acknowledgement NetlinkSocket::dump(NetlinkMessage request, const Visitor& visit) {
    Acknowledgement end{ETIMEDOUT, {}};
    Exchange exchange{++sequence_, {&end, 1}, visit};
    request.header()->nlmsg_seq = sequence_;
    request.header()->nlmsg_flags |= NLM_F_DUMP;
    int error = send(request.octets());
    while (error == 0 && !exchange.knows_last())
        if (error = receive(exchange, 0); error == EINTR)
            error = 0;
    if (!exchange.knows_last())
        return {error == EAGAIN ? ETIMEDOUT : error, {}};
    if (end.ok() && exchange.interrupted)
        return {EINTR, {}};
    return end;
}

} // namespace anchor6::io
