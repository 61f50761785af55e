// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "core/binding_update_list.h"
#include "core/home_agent_search.h"
#include "core/mobile_node_event.h"
#include "core/movement_detection.h"
#include "core/node_paths.h"
#include "core/prefix_solicitor.h"

namespace anchor6::core {

/// What no state machine may choose itself.
struct MobileNodeSeed {
    std::uint16_t sequence = 0;
    std::uint16_t identifier = 0;
};

/// A mobile node, for a person.
struct MobileNodeStatus {
    enum class State : std::uint8_t {
        nowhere,     ///< no link with a router and an address
        preparing,   ///< the way to the home agent is being made
        searching,   ///< home agents are being discovered
        registering, ///< the home agent is asked for a binding that there is not yet
        registered,  ///< away, reached by a binding
        returning,   ///< at home, the binding is not yet ended
        home,
    };
    State state = State::nowhere;
    std::optional<Attachment> attachment;
    std::optional<wire::Address> home_agent;
    /// What the home agent knows.
    std::optional<wire::Address> registered_care_of_address;
    std::optional<BootTime> expires;
    std::optional<BootTime> next_update;
    std::uint16_t sequence = 0;
    /// Of the last answer.
    std::optional<wire::Status> status;
    /// The home agent has accepted the prefixes, not only the home address.
    bool mobile_router = false;
    std::optional<PrefixSolicitor::Advertised> home_network_prefix;
};

/// A Mobile IPv6 node (RFC 6275 section 11), or mobile router (RFC 3963), as a value: it reads no
/// clock, opens nothing and logs nothing.
class MobileNode {
public:
    MobileNode(std::shared_ptr<const MobileNodeConfig> config, MobileNodeSeed seed);

    /// The only way to change it. Never throws for anything that a peer can send.
    MobileNodeEffects step(const MobileNodeEvent& event, Now now);
    /// When the next Tick is due.
    std::optional<BootTime> next_deadline() const;

    MobileNodeStatus status(BootTime now) const;
    const std::optional<Attachment>& attachment() const { return attachment_; }
    const MobileNodeConfig& config() const { return *config_; }
    const Counters& counters() const { return counters_; }

private:
    /// What the Binding Update that is under way is for.
    enum class Request : std::uint8_t {
        none,
        registration,
        deregistration,
        /// The home agent holds a binding of the other type (status 139): it has to go first.
        clearing,
    };

    void handle(const MessageReceived& event, MobileNodeContext& step);
    void handle(const IcmpReceived& event, MobileNodeContext& step);
    void handle(const Tick& event, MobileNodeContext& step);
    void handle(const InterfaceChanged& event, MobileNodeContext& step);
    void handle(const AddressChanged& event, MobileNodeContext& step);
    void handle(const RouterLost& event, MobileNodeContext& step);
    void handle(const PathPrepared& event, MobileNodeContext& step);
    void handle(const MobileNodeConfigChanged& event, MobileNodeContext& step);

    void receive(const Packet& packet, const wire::BindingAcknowledgement& answer,
                 MobileNodeContext& step);
    void receive(const Packet& packet, const wire::BindingRefreshRequest& request,
                 MobileNodeContext& step);
    void receive(const Packet& packet, const wire::BindingError& error, MobileNodeContext& step);
    void receive(const IcmpReceived& received, const wire::RouterAdvertisement& advertisement,
                 MobileNodeContext& step);
    void receive(const IcmpReceived& received, const wire::HomeAgentDiscoveryReply& reply,
                 MobileNodeContext& step);
    void receive(const IcmpReceived& received, const wire::MobilePrefixAdvertisement& advertisement,
                 MobileNodeContext& step);

    bool is_credible(const Packet& packet, const wire::BindingAcknowledgement& answer,
                     MobileNodeContext& step) const;
    bool is_authenticated(const wire::BindingAcknowledgement& answer,
                          MobileNodeContext& step) const;
    bool is_from_home_agent(const Packet& packet) const;
    /// And to the home address.
    bool is_of_home_agent(const Packet& packet) const;
    void accept(const wire::BindingAcknowledgement& answer, MobileNodeContext& step);
    void accept_registration(const wire::BindingAcknowledgement& answer, MobileNodeContext& step);
    void refuse(const wire::BindingAcknowledgement& answer, MobileNodeContext& step);
    void correct(const wire::BindingAcknowledgement& answer, MobileNodeContext& step);
    void follow_clock(wire::MessageId id, MobileNodeContext& step);
    void give_up(MobileNodeContext& step);
    void avoid_care_of_address(MobileNodeContext& step);

    void reconsider(MobileNodeContext& step);
    void prepare(MobileNodeContext& step);
    void arrive(MobileNodeContext& step);
    void arrive_home(MobileNodeContext& step);
    bool is_still_registered(BootTime now);
    void end_deregistration(MobileNodeContext& step);
    void be_home(MobileNodeContext& step);
    void ask(Request request, MobileNodeContext& step);
    void ask_when_due(MobileNodeContext& step);
    bool is_hopeless(BootTime now) const;
    void transmit(MobileNodeContext& step);
    wire::BindingUpdate binding_update(const NodePath& path, MobileNodeContext& step);
    void authenticate_update(wire::BindingUpdate& update, const NodePath& path,
                             MobileNodeContext& step);
    bool is_away() const;

    std::shared_ptr<const MobileNodeConfig> config_;
    Counters counters_;
    MovementDetection movement_;
    HomeAgentSearch search_;
    PrefixSolicitor solicitor_;
    NodePaths paths_;
    BindingUpdateListEntry entry_;
    std::optional<Attachment> attachment_;
    Request request_ = Request::none;
    /// The home agent may hold a binding: from an earlier life, or since a Binding Update was sent.
    bool may_be_bound_ = true;
    std::optional<wire::Address> registered_care_of_address_;
    bool is_mobile_router_ = false;
    /// The message identifier sent last, and the home agent's clock minus ours (RFC 4285 section
    /// 6).
    wire::MessageId message_id_ = 0;
    wire::MessageId message_id_offset_ = 0;
    bool message_id_demanded_ = false;
    std::optional<wire::Status> last_status_;
};

} // namespace anchor6::core
