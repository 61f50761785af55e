// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/mobile_node_event.h"

namespace anchor6::core {

/// Which home agent to register with: the configured one, or those that Dynamic Home Agent Address
/// Discovery finds (RFC 6275 section 11.4.1), in the order of the list.
class HomeAgentSearch {
public:
    /// The first request carries the number after this one.
    explicit HomeAgentSearch(std::uint16_t identifier) : identifier_(identifier) {}

    /// The one to register with; nothing: none is known.
    std::optional<wire::Address> home_agent(const MobileNodeConfig& config) const;
    /// It does not serve this node: on to the next of the list. False: there is no other, and a
    /// list that was discovered is forgotten.
    bool reject(const MobileNodeConfig& config);

    bool is_searching() const { return due_.has_value(); }
    /// Asks from this care-of address, and again until stop() or an answer.
    void start(const wire::Address& care_of_address, MobileNodeContext& step);
    void stop() { due_.reset(); }
    /// Asks again when it is time.
    void resend_when_due(MobileNodeContext& step);
    std::optional<BootTime> next_deadline() const { return due_; }

    /// True: home agents are known now.
    bool receive(const Packet& packet, const wire::HomeAgentDiscoveryReply& reply,
                 MobileNodeContext& step);

private:
    void send(MobileNodeContext& step);

    std::vector<wire::Address> found_;
    std::size_t chosen_ = 0;
    std::uint16_t identifier_;
    wire::Address care_of_address_;
    std::uint32_t tries_ = 0;
    std::optional<BootTime> due_;
};

} // namespace anchor6::core
