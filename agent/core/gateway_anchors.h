// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "core/deadlines.h"
#include "core/gateway_event.h"
#include "core/heartbeat.h"
#include "wire/message.h"

namespace anchor6::core {

/// An anchor of a gateway, for a person.
struct GatewayAnchorStatus {
    wire::Address lma_address;
    /// With bindings.
    std::size_t sessions = 0;
    PeerState state;
    /// It has said that it does not know heartbeats.
    bool heartbeats_refused = false;
    /// Its clock minus ours, as far as a refusal has told.
    std::chrono::nanoseconds clock_offset{0};
};

/// What a gateway knows of its anchors: heartbeats (RFC 5847) and clocks (RFC 5213 section 5.5).
/// Memory: one entry an anchor of the configuration.
class GatewayAnchors {
public:
    explicit GatewayAnchors(const GatewayConfig& config) { configure(config); }
    void configure(const GatewayConfig& config);
    bool knows(const wire::Address& lma_address) const { return anchors_.contains(lma_address); }

    /// The configuration is another one: asks whom it asks now.
    void resume(GatewayContext& step);

    /// A gateway that starts has no bindings, whatever the anchors believe.
    void announce_loss(std::uint32_t restart_counter, GatewayContext& step) const;

    /// A binding has come, or is gone.
    void enter(const wire::Address& lma_address, GatewayContext& step);
    void leave(const wire::Address& lma_address);

    /// True: the anchor may have lost its bindings.
    bool receive(const Packet& packet, const wire::Heartbeat& heartbeat,
                 std::uint32_t restart_counter, GatewayContext& step);
    /// It does not know heartbeats.
    void refuse_heartbeats(const wire::Address& lma_address);
    void ask_when_due(GatewayContext& step);
    std::optional<BootTime> next_deadline() const { return due_.next(); }

    /// What the anchor's clock says now.
    wire::Timestamp clock(const wire::Address& lma_address, Now now) const;
    /// The anchor has said what its clock says now, or that ours is right.
    void follow_clock(const wire::Address& lma_address, wire::Timestamp told, Now now);
    void agree(const wire::Address& lma_address);
    /// Our clock has been set: those of the anchors have not.
    void step_clock(std::chrono::nanoseconds step);

    std::vector<GatewayAnchorStatus> status() const;

private:
    struct Anchor {
        GatewayAnchorStatus status;
        std::uint32_t sequence = 0;
        /// The request of that sequence number has no answer yet.
        bool waits = false;
        /// A timestamp by the offset was accepted.
        bool agrees = false;
    };

    static bool answered(Anchor& anchor, const wire::Heartbeat& heartbeat, GatewayContext& step);
    void ask(Anchor& anchor, GatewayContext& step);
    void watch(const Anchor& anchor, GatewayContext& step);

    std::map<wire::Address, Anchor> anchors_;
    Deadlines<wire::Address> due_;
};

} // namespace anchor6::core
