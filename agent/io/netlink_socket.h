// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <libmnl/libmnl.h>

#include "io/netlink_message.h"

namespace anchor6::io {

/// What the kernel said to one request.
struct Acknowledgement {
    /// errno; ETIMEDOUT when the kernel said nothing.
    int error = 0;
    /// Its extended acknowledgement, a sentence or nothing.
    std::string text;

    bool ok() const { return error == 0; }
    /// "TEXT (STRERROR)" or "STRERROR".
    std::string describe() const;
};

/// A netlink socket to the kernel. The kernel serves a request before it has been sent, so only a
/// dump is ever waited for, and that not without end.
class NetlinkSocket {
public:
    using Visitor = std::function<void(const nlmsghdr*)>;

    /// `bus` as NETLINK_GENERIC. Throws std::system_error.
    explicit NetlinkSocket(int bus);

    /// Sends the requests in their order, many in a datagram, and matches the acknowledgements.
    /// One request failing stops no other.
    std::vector<Acknowledgement> transact(std::span<NetlinkMessage> requests);
    /// One request; `visit` sees what the kernel answers besides the acknowledgement.
    Acknowledgement transact(NetlinkMessage request, const Visitor& visit = {});
    /// EINTR: the table changed meanwhile and the answer may be torn.
    Acknowledgement dump(NetlinkMessage request, const Visitor& visit);

private:
    struct Close {
        void operator()(mnl_socket* socket) const { mnl_socket_close(socket); }
    };
    struct Exchange;

    int send(std::span<const std::uint8_t> datagram);
    int receive(Exchange& exchange, int flags);
    void transact_datagram(std::span<NetlinkMessage> requests,
                           std::span<Acknowledgement> acknowledgements, const Visitor& visit);

    std::unique_ptr<mnl_socket, Close> socket_;
    std::uint32_t port_ = 0;
    std::uint32_t sequence_ = 0;
    std::vector<std::uint8_t> buffer_;
};

} // namespace anchor6::io
