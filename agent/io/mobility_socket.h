// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <span>

#include "core/counter.h"
#include "core/event.h"
#include "io/raw_socket.h"

namespace anchor6::io {

/// The raw socket of Mobility Header messages (IPv6 next header 135).
class MobilitySocket {
public:
    struct Settings {
        /// A message that arrived through this device came out of a tunnel.
        std::uint32_t anchor_ifindex = 0;
        /// Mark of the answers to a node at home.
        std::uint32_t reply_mark = 0;
    };

    MobilitySocket(Settings settings, core::Counters& counters);

    int fd() const { return socket_.fd(); }
    void receive(const RawSocket::Receiver& receiver) {
        socket_.receive(settings_.anchor_ifindex, receiver);
    }
    void send(std::span<const core::Send> messages);

private:
    Settings settings_;
    RawSocket socket_;
};

} // namespace anchor6::io
