// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "core/mobile_node_event.h"

namespace anchor6::core {

/// What the home agent says of the home network prefix while the node is away (RFC 6275 sections
/// 11.4.2 and 11.4.3).
class PrefixSolicitor {
public:
    struct Advertised {
        BootTime valid_until;
        BootTime preferred_until;
    };

    /// The first solicitation carries the number after this one.
    explicit PrefixSolicitor(std::uint16_t identifier) : identifier_(identifier) {}

    /// Asks, and again until an answer or stop().
    void start(const wire::Address& home_agent, MobileNodeContext& step);
    void stop() { due_.reset(); }
    void resend_when_due(MobileNodeContext& step);
    std::optional<BootTime> next_deadline() const { return due_; }

    /// The answer, or what the home agent says unasked: that is acknowledged by asking.
    void receive(const Packet& packet, const wire::MobilePrefixAdvertisement& advertisement,
                 const wire::Address& home_agent, MobileNodeContext& step);
    /// The home network prefix as last advertised; nothing: not yet.
    const std::optional<Advertised>& home_network_prefix() const { return advertised_; }

private:
    void send(MobileNodeContext& step);
    void learn(const wire::MobilePrefixAdvertisement& advertisement, MobileNodeContext& step);

    std::uint16_t identifier_;
    wire::Address home_agent_;
    BootClock::duration wait_{};
    std::optional<BootTime> due_;
    std::optional<Advertised> advertised_;
};

} // namespace anchor6::core
