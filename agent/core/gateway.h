// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/counter.h"
#include "core/gateway_anchors.h"
#include "core/gateway_event.h"
#include "core/gateway_profiles.h"
#include "core/gateway_sessions.h"

namespace anchor6::core {

/// What no state machine may choose itself.
struct GatewaySeed {
    /// Before the first sequence number of each node.
    std::uint16_t sequence = 0;
    /// Another one after each start, since a gateway that starts knows no bindings (RFC 5847
    /// section 3.2).
    std::uint32_t restart_counter = 0;
};

/// A node of a gateway, for a person.
struct GatewayNodeStatus {
    enum class State : std::uint8_t {
        registering, ///< the anchor is asked for a binding that there is not yet
        refused,     ///< the anchor has refused, and is asked again later
        denied,      ///< the anchor has refused, and is asked when the node attaches again
        installing,  ///< there is a binding or local prefix, and packets cannot pass yet
        registered,  ///< served by a binding of the anchor
        local,       ///< served by the local prefix
        releasing,   ///< the node has left, and the anchor has not yet answered
    };
    std::uint64_t id = 0;
    std::string identifier;
    AccessPoint at;
    State state = State::registering;
    bool by_command = false;
    /// Nothing: the local prefix.
    std::optional<wire::Address> lma_address;
    std::vector<wire::Prefix> prefixes;
    std::optional<BootTime> expires;
    std::optional<BootTime> next_update;
    std::uint16_t sequence = 0;
    wire::HandoffIndicator handoff = wire::HandoffIndicator::unknown;
    /// Of the last answer.
    std::optional<wire::Status> status;
};

/// Some of the nodes, and where the others are.
struct GatewayNodePage {
    std::vector<GatewayNodeStatus> nodes;
    std::optional<std::uint64_t> next;
};

/// A mobile access gateway (RFC 5213 section 6), as a value: it reads no clock, opens nothing and
/// logs nothing.
class Gateway {
public:
    Gateway(std::shared_ptr<const GatewayConfig> config, GatewaySeed seed);

    /// The only way to change it. Never throws for anything that a peer can send.
    GatewayEffects step(const GatewayEvent& event, Now now);
    /// When the next Tick is due; in the past when one Tick has not done all.
    std::optional<BootTime> next_deadline() const;

    /// From the first one, or where the page before says.
    GatewayNodePage nodes(BootTime now, std::uint64_t from = 0) const;
    std::optional<GatewayNodeStatus> node(std::string_view identifier, BootTime now) const;
    /// Who is there, not who has left.
    std::optional<GatewayNodeStatus> node(const AccessPoint& at, BootTime now) const;
    std::size_t node_count() const { return sessions_.size(); }
    /// The anchors of the configuration.
    std::vector<GatewayAnchorStatus> anchors() const { return anchors_.status(); }
    const GatewayConfig& config() const { return *config_; }
    const Counters& counters() const { return counters_; }

private:
    void handle(const MessageReceived& event, GatewayContext& step);
    void handle(const AccessIcmpReceived& event, GatewayContext& step);
    void handle(const Tick& event, GatewayContext& step);
    void handle(const NodeAttached& event, GatewayContext& step);
    void handle(const NodeDetached& event, GatewayContext& step);
    void handle(const AccessLinkChanged& event, GatewayContext& step);
    void handle(const ForwardingInstalled& event, GatewayContext& step);
    void handle(const NodeProbed& event, GatewayContext& step);
    void handle(const ClockStepped& event, GatewayContext& step);
    void handle(const GatewayConfigChanged& event, GatewayContext& step);

    void receive(const Packet& packet, const wire::BindingAcknowledgement& answer,
                 GatewayContext& step);
    void receive(const Packet& packet, const wire::Heartbeat& heartbeat, GatewayContext& step);
    void receive(const Packet& packet, const wire::BindingRevocationIndication& indication,
                 GatewayContext& step);
    void receive(const Packet& packet, const wire::BindingError& error, GatewayContext& step);

    // Nodes come and go.
    bool admits(const NodeAttached& event, const Admission& admission, GatewayContext& step) const;
    void attach(const NodeAttached& event, GatewayContext& step);
    bool continues(const GatewaySession& session, const Admission& admission) const;
    void attach_again(GatewaySession& session, const NodeAttached& event, GatewayContext& step);
    void attach_new(const NodeAttached& event, const Admission& admission, GatewayContext& step);
    void move(GatewaySession& session, const NodeAttached& event, GatewayContext& step);
    void detach(GatewaySession& session, GatewayContext& step);
    void release(GatewaySession& session, GatewayContext& step);
    void serve(GatewaySession& session, const NodeAttached& event, GatewayContext& step);
    void serve_locally(GatewaySession& session, GatewayContext& step);
    void confirm(GatewaySession& session, bool present, GatewayContext& step);
    void reconsider(GatewaySession& session, GatewayContext& step);
    void settle(GatewaySession& session, GatewayContext& step);
    void act(GatewaySession& session, GatewayContext& step);

    // Registrations.
    void register_node(GatewaySession& session, wire::HandoffIndicator handoff,
                       GatewayContext& step);
    void deregister(GatewaySession& session, GatewayContext& step);
    void refresh(GatewaySession& session, GatewayContext& step);
    void transmit(GatewaySession& session, GatewayContext& step);
    void probe(GatewaySession& session, GatewayContext& step);
    void transmit_when_due(GatewaySession& session, GatewayContext& step);
    wire::BindingUpdate binding_update(GatewaySession& session, GatewayContext& step);
    std::vector<wire::Prefix> prefixes_to_ask(const GatewaySession& session) const;
    void expire(GatewaySession& session, GatewayContext& step);
    void accept(GatewaySession& session, const wire::BindingAcknowledgement& answer,
                GatewayContext& step);
    void grant(GatewaySession& session, const wire::BindingAcknowledgement& answer,
               GatewayContext& step);
    void refuse(GatewaySession& session, const wire::BindingAcknowledgement& answer,
                GatewayContext& step);
    void correct(GatewaySession& session, GatewayContext& step);
    void end_registration(GatewaySession& session, GatewayContext& step);
    void retry_later(GatewaySession& session, GatewayContext& step);
    void deny(GatewaySession& session, GatewayContext& step);
    void ask_for_any_prefix(GatewaySession& session, GatewayContext& step);
    void renew_all(const wire::Address& lma_address, GatewayContext& step);

    // The home link.
    void install(GatewaySession& session, GatewayContext& step);
    void advertise(GatewaySession& session, GatewayContext& step);
    void advertise(GatewaySession& session, const wire::Address& destination, GatewayContext& step);
    void solicited(const AccessPoint& at, const wire::Address& source, GatewayContext& step);
    void withdraw(GatewaySession& session, GatewayContext& step);
    void end_service(GatewaySession& session, GatewayContext& step);

    // Revocations.
    wire::RevocationStatus revoke(const Packet& packet,
                                  const wire::BindingRevocationIndication& indication,
                                  GatewayContext& step);
    wire::RevocationStatus revoke_all(const wire::Address& lma_address, GatewayContext& step);
    GatewaySession* revoked_session(const Packet& packet,
                                    const wire::BindingRevocationIndication& indication);
    bool defer(const Packet& packet, const wire::BindingRevocationIndication& indication,
               GatewayContext& step);
    static void answer_revocation(GatewaySession& session, wire::RevocationStatus status,
                                  GatewayContext& step);

    std::shared_ptr<const GatewayConfig> config_;
    GatewayProfiles profiles_;
    Counters counters_;
    GatewaySeed seed_;
    GatewaySessions sessions_;
    GatewayAnchors anchors_;
    bool announced_ = false;
    /// The latest timestamp of those that have left: a node that comes back begins after it.
    wire::Timestamp past_timestamp_ = 0;
};

} // namespace anchor6::core
