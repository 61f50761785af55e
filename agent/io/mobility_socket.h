// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "core/counter.h"
#include "core/event.h"
#include "io/file_descriptor.h"

namespace anchor6::io {

/// The raw socket of Mobility Header messages (IPv6 next header 135). The kernel verifies and
/// fills in checksums.
class MobilitySocket {
public:
    struct Settings {
        /// A message that arrived through this device came out of a tunnel.
        std::uint32_t anchor_ifindex = 0;
        /// Mark of the answers to a node at home.
        std::uint32_t reply_mark = 0;
    };

    MobilitySocket(Settings settings, core::Counters& counters);
    ~MobilitySocket();
    MobilitySocket(const MobilitySocket&) = delete;
    MobilitySocket& operator=(const MobilitySocket&) = delete;

    int fd() const { return fd_.get(); }

    using Receiver = std::function<void(const core::Packet&, std::span<const std::uint8_t>)>;
    /// Hands over what has arrived, a bounded batch at most.
    void receive(const Receiver& receiver);
    /// Sends all; what the kernel refuses is counted, and the peer will ask again.
    void send(std::span<const core::Send> messages);

private:
    struct ReceiveBatch;

    Settings settings_;
    core::Counters* counters_;
    FileDescriptor fd_;
    std::unique_ptr<ReceiveBatch> batch_;
};

} // namespace anchor6::io
