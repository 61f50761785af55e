// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "core/counter.h"
#include "core/event.h"
#include "io/ancillary_data.h"
#include "io/file_descriptor.h"

namespace anchor6::io {

/// Where a raw socket counts.
struct RawSocketCounters {
    core::Counter received;
    core::Counter too_long;
    core::Counter without_addresses;
    core::Counter receive_failures;
    core::Counter sent;
    core::Counter not_sent;
    core::Counter not_written;
};

/// A message that has come in by a raw socket.
struct Incoming {
    core::Packet packet;
    std::uint8_t hop_limit = 0;
    std::span<const std::uint8_t> octets;
};

/// A message to be sent by a raw socket; without octets there was no way to write it.
struct Outgoing {
    std::vector<std::uint8_t> octets;
    SendPath path;
};

/// A raw IPv6 socket that is read and written in batches. The kernel verifies and fills in
/// checksums.
class RawSocket {
public:
    RawSocket(int protocol, const RawSocketCounters& names, core::Counters& counters);
    ~RawSocket();
    RawSocket(const RawSocket&) = delete;
    RawSocket& operator=(const RawSocket&) = delete;

    int fd() const { return fd_.get(); }

    using Receiver = std::function<void(const Incoming&)>;
    /// Hands over what has arrived, a bounded batch at most. What arrived through the interface
    /// `anchor_ifindex` came out of a tunnel.
    void receive(std::uint32_t anchor_ifindex, const Receiver& receiver);
    /// Sends all; what cannot be sent is counted, and the peer will ask again.
    void send(std::span<const Outgoing> messages);

private:
    struct ReceiveBatch;
    struct SendBatch;

    void hand_over(std::size_t index, std::uint32_t anchor_ifindex, const Receiver& receiver);
    void send_through_interface(const Outgoing& message);
    void count_failure(const wire::Address& destination);

    RawSocketCounters names_;
    core::Counters* counters_;
    FileDescriptor fd_;
    /// Bound to one interface after the other; it receives nothing.
    FileDescriptor interface_fd_;
    std::unique_ptr<ReceiveBatch> batch_;
};

} // namespace anchor6::io
