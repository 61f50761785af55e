// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "io/file_descriptor.h"
#include "wire/address.h"
#include "wire/icmpv6.h"

namespace anchor6::io {

/// Neighbour discovery on one Ethernet link, past the kernel's own: by a packet socket, so that
/// what is said for another node never ends in our own neighbour cache.
class NeighbourSocket {
public:
    enum class Use : std::uint8_t { speak, speak_and_listen };

    /// Throws std::system_error for a link that is missing, down or no Ethernet.
    NeighbourSocket(const std::string& link, Use use);

    int fd() const { return fd_.get(); }
    /// This router's own on the link; unspecified: it has none.
    const wire::Address& link_local_address() const { return link_local_address_; }

    /// Asks whether anybody has the address (RFC 4862 section 5.4.2). False: not sent.
    bool solicit(const wire::Address& address) const;
    /// Tells all nodes that the address is here (RFC 6275 section 10.4.1). False: not sent.
    bool advertise(const wire::Address& address, bool router) const;

    /// Who shows by a message that it has an address, or wants it as well.
    using Listener = std::function<void(const wire::Address&)>;
    /// Hands over what was heard, a bounded batch at most. False: the link is gone.
    bool listen(const Listener& listener) const;

private:
    bool send(const wire::IcmpMessage& message, const wire::Address& source,
              const wire::Address& destination) const;

    std::uint32_t index_ = 0;
    wire::LinkLayerAddress link_layer_address_;
    wire::Address link_local_address_;
    FileDescriptor fd_;
};

} // namespace anchor6::io
