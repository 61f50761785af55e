// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "io/file_descriptor.h"
#include "io/neighbour_packet.h"
#include "wire/link_layer_address.h"

namespace anchor6::io {

/// What the nodes on an access link say by neighbour discovery, and who it is that says so: a
/// packet socket, since a gateway goes by the link-layer address, and speaks to one node in a frame
/// of its own.
class AccessSocket {
public:
    /// Of an Ethernet interface. Throws std::system_error.
    explicit AccessSocket(std::uint32_t interface);

    int fd() const { return fd_.get(); }

    /// Nothing in place of a packet: the node is there, by a multicast listener report.
    using Receiver = std::function<void(const std::optional<NeighbourPacket>&,
                                        const wire::LinkLayerAddress& sender)>;
    /// Hands over the solicitations, neighbour advertisements and reports that have come, a bounded
    /// batch at most.
    void receive(const Receiver& receiver) const;
    /// False: not sent.
    bool send(const NeighbourPacket& packet, const wire::LinkLayerAddress& to) const;

private:
    std::uint32_t interface_;
    FileDescriptor fd_;
};

} // namespace anchor6::io
