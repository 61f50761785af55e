// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/mobile_node.h"

#include <algorithm>
#include <utility>

namespace anchor6::core {

namespace {

bool advertises(const wire::RouterAdvertisement& advertisement, const wire::Address& address) {
    return std::ranges::any_of(
        advertisement.prefixes, [&](const wire::PrefixInformation& information) {
            const auto prefix = wire::Prefix::of(information.prefix, information.length);
            return prefix && prefix->contains(address);
        });
}

} // namespace

MobileNode::MobileNode(std::shared_ptr<const MobileNodeConfig> config, MobileNodeSeed seed)
    : config_(std::move(config)), search_(seed.identifier), solicitor_(seed.identifier),
      entry_(Sequence{seed.sequence}) {
}

MobileNodeEffects MobileNode::step(const MobileNodeEvent& event, Now now) {
    MobileNodeEffects effects;
    MobileNodeContext step{*config_, counters_, now, effects};
    std::visit([&](const auto& what) { handle(what, step); }, event);
    return effects;
}

void MobileNode::handle(const MessageReceived& event, MobileNodeContext& step) {
    const auto* message = std::get_if<wire::Message>(&event.content);
    if (message == nullptr) {
        counters_.add(Counter::node_messages_malformed);
        return;
    }
    std::visit(
        [&](const auto& value) {
            constexpr bool known = requires {
                receive(event.packet, value, step);
            };
            if constexpr (known)
                receive(event.packet, value, step);
            else
                counters_.add(Counter::node_messages_ignored);
        },
        *message);
}

void MobileNode::handle(const IcmpReceived& event, MobileNodeContext& step) {
    std::visit(
        [&](const auto& value) {
            constexpr bool known = requires {
                receive(event, value, step);
            };
            if constexpr (known)
                receive(event, value, step);
            else
                counters_.add(Counter::node_messages_ignored);
        },
        event.message);
}

void MobileNode::handle(const Tick& /*event*/, MobileNodeContext& step) {
    movement_.expire(step.now.boot);
    reconsider(step);
    search_.resend_when_due(step);
    solicitor_.resend_when_due(step);
    ask_when_due(step);
    paths_.release_when_due(step);
}

void MobileNode::handle(const InterfaceChanged& event, MobileNodeContext& step) {
    movement_.change(event);
    reconsider(step);
}

void MobileNode::handle(const AddressChanged& event, MobileNodeContext& step) {
    movement_.change(event, step);
    reconsider(step);
}

void MobileNode::handle(const RouterLost& event, MobileNodeContext& step) {
    movement_.lose(event);
    reconsider(step);
}

void MobileNode::handle(const PathPrepared& event, MobileNodeContext& step) {
    if (paths_.finish(event, step))
        arrive(step);
    else if (!event.ready)
        entry_.postpone(config_->timers.retransmission.initial, step.now.boot);
}

// Other addresses of home agent or node wait for a restart of whoever runs the node.
void MobileNode::handle(const MobileNodeConfigChanged& event, MobileNodeContext& step) {
    config_ = event.config;
    MobileNodeContext after{*config_, counters_, step.now, step.effects};
    reconsider(after);
    if (is_away() && paths_.ready() != nullptr)
        prepare(after);
    registered_care_of_address_.reset();
}

void MobileNode::receive(const IcmpReceived& received,
                         const wire::RouterAdvertisement& advertisement, MobileNodeContext& step) {
    const wire::Address& router = received.packet.source;
    if (received.link.empty() || !router.is_link_local()) {
        counters_.add(Counter::node_router_advertisements_ignored);
        return;
    }
    movement_.hear(received.link, router, advertisement, step);
    // Another network on the same link: the node may have moved without the link going down.
    if (attachment_ && attachment_->interface == received.link && attachment_->router != router &&
        !advertises(advertisement, attachment_->care_of_address))
        step.effects.emplace_back(ProbeRouter{attachment_->interface, attachment_->router});
    reconsider(step);
}

void MobileNode::receive(const IcmpReceived& received, const wire::HomeAgentDiscoveryReply& reply,
                         MobileNodeContext& step) {
    if (search_.receive(received.packet, reply, step) && attachment_)
        prepare(step);
}

void MobileNode::receive(const IcmpReceived& received,
                         const wire::MobilePrefixAdvertisement& advertisement,
                         MobileNodeContext& step) {
    const auto home_agent = search_.home_agent(*config_);
    if (home_agent && is_away())
        solicitor_.receive(received.packet, advertisement, *home_agent, step);
    else
        counters_.add(Counter::node_prefix_advertisements_ignored);
}

bool MobileNode::is_away() const {
    return attachment_ && attachment_->care_of_address != config_->home_address;
}

void MobileNode::reconsider(MobileNodeContext& step) {
    auto best = movement_.choose(*config_, attachment_);
    if (best == attachment_)
        return;
    const bool moved = !best || !attachment_ || !best->is_same_place(*attachment_);
    attachment_ = std::move(best);
    if (moved) {
        counters_.add(attachment_ ? Counter::node_movements : Counter::node_links_lost);
        entry_.cancel();
        request_ = Request::none;
        search_.stop();
        solicitor_.stop();
    }
    if (attachment_)
        prepare(step);
}

void MobileNode::prepare(MobileNodeContext& step) {
    NodePath path;
    path.interface = attachment_->interface;
    path.router = attachment_->router;
    path.care_of_address = attachment_->care_of_address;
    path.home_address = config_->home_address;
    path.home_agent = search_.home_agent(*config_);
    path.prefixes = config_->moving_prefixes();
    paths_.prepare(std::move(path), step);
}

// The path is ready: of a place where the node has just come, or where only the router has changed.
void MobileNode::arrive(MobileNodeContext& step) {
    if (const NodePath* used = paths_.used(); used != nullptr && used->id == paths_.ready()->id)
        paths_.use(step);
    if (request_ != Request::none)
        return;
    if (!is_away())
        arrive_home(step);
    else if (!paths_.ready()->home_agent)
        search_.start(attachment_->care_of_address, step);
    else if (!is_still_registered(step.now.boot))
        ask(Request::registration, step);
}

// RFC 6275 11.7.1: only another care-of address is news for the home agent, not a link that broke
// and came back, by a gateway of the same Proxy Mobile IPv6 domain for one.
bool MobileNode::is_still_registered(BootTime now) {
    return registered_care_of_address_ == attachment_->care_of_address &&
           (entry_.due() || entry_.resume(now));
}

// At home the node is a host like any other: its packets need not wait for the home agent.
void MobileNode::arrive_home(MobileNodeContext& step) {
    paths_.use(step);
    if (may_be_bound_ && paths_.ready()->home_agent)
        ask(Request::deregistration, step);
    else
        paths_.retire_others(step);
}

std::optional<BootTime> MobileNode::next_deadline() const {
    return earliest({movement_.next_deadline(), search_.next_deadline(), solicitor_.next_deadline(),
                     paths_.next_deadline(), entry_.due()});
}

MobileNodeStatus MobileNode::status(BootTime now) const {
    using State = MobileNodeStatus::State;
    MobileNodeStatus status;
    status.attachment = attachment_;
    status.home_agent = search_.home_agent(*config_);
    status.sequence = entry_.last().value();
    status.next_update = entry_.due();
    status.status = last_status_;
    status.home_network_prefix = solicitor_.home_network_prefix();
    if (entry_.is_bound(now)) {
        status.registered_care_of_address = registered_care_of_address_;
        status.expires = entry_.expires();
        status.mobile_router = is_mobile_router_;
    }
    if (!attachment_)
        status.state = State::nowhere;
    else if (paths_.ready() == nullptr)
        status.state = State::preparing;
    else if (!is_away())
        status.state = request_ == Request::deregistration ? State::returning : State::home;
    else if (search_.is_searching())
        status.state = State::searching;
    else if (entry_.is_bound(now) && registered_care_of_address_ == attachment_->care_of_address)
        status.state = State::registered;
    else
        status.state = State::registering;
    return status;
}

} // namespace anchor6::core
