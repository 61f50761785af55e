// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cerrno>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
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

    std::uint32_t port() const { return port_; }

    /// Sends the requests in their order, many in a datagram, and matches the acknowledgements.
    /// One request failing stops no other.
    std::vector<Acknowledgement> transact(std::span<NetlinkMessage> requests);
    /// One request; `visit` sees what the kernel answers besides the acknowledgement.
    Acknowledgement transact(NetlinkMessage request, const Visitor& visit = {});
    /// The kernel applies every field of a dump request as a filter; rtnetlink only.
    void demand_strict_checks();
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

/// Dumps until no change of the table came in between; `read` says what a message holds, or that it
/// holds nothing of interest. Throws std::runtime_error.
template <class Value, class Read>
std::vector<Value> dump_values(NetlinkSocket& socket, const NetlinkMessage& request, Read read,
                               const std::string& what) {
    constexpr int attempts = 10;
    std::vector<Value> values;
    Acknowledgement end{EINTR, {}};
    for (int attempt = 0; attempt < attempts && end.error == EINTR; ++attempt) {
        values.clear();
        end = socket.dump(request, [&values, &read](const nlmsghdr* message) {
            if (std::optional<Value> value = read(message))
                values.push_back(std::move(*value));
        });
    }
    if (!end.ok())
        throw std::runtime_error("kernel: " + what + ": " + end.describe());
    return values;
}

} // namespace anchor6::io
