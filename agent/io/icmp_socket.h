// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>

#include "core/counter.h"
#include "core/event.h"
#include "io/raw_socket.h"

namespace anchor6::io {

/// The raw socket of the ICMPv6 messages that a home agent or a mobile node receives: discovery of
/// home agents and prefixes (RFC 6275 sections 6.5 to 6.8), and router advertisements on its links.
class IcmpSocket {
public:
    enum class Use : std::uint8_t { home_agent, mobile_node };

    IcmpSocket(Use use, std::uint32_t anchor_ifindex, core::Counters& counters);

    int fd() const { return socket_.fd(); }

    /// The link of ours with that interface index; empty: none.
    using LinkNames = std::function<std::string(std::uint32_t)>;
    using Receiver = std::function<void(const core::IcmpReceived&)>;
    /// Hands over what has arrived and is well-formed, a bounded batch at most.
    void receive(const LinkNames& links, const Receiver& receiver);
    void send(std::span<const core::SendIcmp> messages);
    /// Asks for the routers of the link with that interface index (RFC 4861 section 4.1).
    void solicit_routers(std::uint32_t interface);

private:
    void parse(const Incoming& incoming, const LinkNames& links, const Receiver& receiver);
    bool accepts(const Incoming& incoming, const wire::IcmpMessage& message);

    std::uint32_t anchor_ifindex_;
    core::Counters* counters_;
    RawSocket socket_;
};

} // namespace anchor6::io
