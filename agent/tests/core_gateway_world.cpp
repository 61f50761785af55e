// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/core_gateway_world.h"

#include <algorithm>
#include <memory>
#include <utility>
#include <variant>

namespace anchor6 {

GatewayWorld::GatewayWorld(core::GatewayConfig config, core::GatewaySeed seed)
    : now{core::BootTime{std::chrono::hours{1}}, core::RealTime{std::chrono::hours{500'000}}},
      gateway(std::make_shared<const core::GatewayConfig>(std::move(config)), seed),
      nodes_most(gateway.config().nodes_max) {
}

GatewayWorld::~GatewayWorld() = default;

void GatewayWorld::tell(const core::GatewayEvent& event) {
    note_followed_clock(event);
    step(event);
    while (!installing.empty() && !hold_forwarding)
        end_installation(!refuse_forwarding);
    while (!probes.empty() && !hold_probes)
        end_probe(!absent.contains(probes.front()));
}

void GatewayWorld::end_installation(bool ready) {
    const core::NodeForwarding forwarding = installing.front();
    installing.pop_front();
    if (removed_while_installing.contains(forwarding.id)) {
        if (--removed_while_installing[forwarding.id] == 0)
            removed_while_installing.erase(forwarding.id);
    } else if (ready) {
        judge_prefixes(forwarding);
        forwardings.insert_or_assign(forwarding.id, forwarding);
    } else {
        forwardings.erase(forwarding.id);
    }
    step(core::ForwardingInstalled{forwarding.id, ready});
}

void GatewayWorld::end_probe(bool present) {
    const core::AccessPoint at = probes.front();
    probes.pop_front();
    step(core::NodeProbed{at, present});
}

void GatewayWorld::receive(const core::Packet& packet, const wire::Message& message) {
    tell(core::MessageReceived{packet, message});
}

void GatewayWorld::solicit(const core::AccessPoint& from, const wire::Address& source) {
    core::IcmpReceived received;
    received.packet.source = source;
    received.link = from.interface;
    received.message = wire::RouterSolicitation{};
    tell(core::AccessIcmpReceived{received, from.link_layer_address});
}

void GatewayWorld::configure(core::GatewayConfig config) {
    nodes_most = std::max<std::size_t>(nodes_most, config.nodes_max);
    tell(
        core::GatewayConfigChanged{std::make_shared<const core::GatewayConfig>(std::move(config))});
}

void GatewayWorld::wait(core::BootClock::duration time) {
    now.boot += time;
    now.real += time;
}

void GatewayWorld::tick() {
    tell(core::Tick{});
}

void GatewayWorld::pass(core::BootClock::duration time) {
    const core::BootTime end = now.boot + time;
    while (gateway.next_deadline() && *gateway.next_deadline() <= end) {
        wait(std::max(*gateway.next_deadline() - now.boot, core::BootClock::duration{0}));
        tick();
        complain(gateway.next_deadline() && *gateway.next_deadline() <= now.boot,
                 "a Tick leaves a deadline that has passed");
        if (!complaint.empty())
            return;
    }
    wait(end - now.boot);
}

const core::NodeForwarding* GatewayWorld::forwarding(const core::AccessPoint& at) const {
    for (const auto& [id, forwarding] : forwardings)
        if (forwarding.at == at)
            return &forwarding;
    return nullptr;
}

std::optional<core::GatewayNodeStatus> GatewayWorld::status(const std::string& identifier) const {
    return gateway.node(identifier, now.boot);
}

void GatewayWorld::step(const core::GatewayEvent& event) {
    for (const core::GatewayEffect& effect : gateway.step(event, now))
        std::visit([this](const auto& what) { take(what); }, effect);
    complain(gateway.node_count() > nodes_most, "more nodes than there may be");
    judge_forwardings();
}

// A node's prefixes are nobody else's; the local prefix is everybody's.
void GatewayWorld::judge_prefixes(const core::NodeForwarding& fresh) {
    for (const auto& [id, other] : forwardings)
        for (const wire::Prefix& prefix : fresh.prefixes)
            for (const wire::Prefix& taken : other.prefixes)
                complain(id != fresh.id && (fresh.lma_address || other.lma_address) &&
                             prefix.overlaps(taken),
                         "a prefix is forwarded to two nodes");
}

// Of thousands it would take long.
void GatewayWorld::judge_forwardings() {
    if (forwardings.size() <= judged_most)
        for (const auto& [id, forwarding] : forwardings)
            complain(!is_granted(forwarding), "packets are forwarded without a binding");
}

bool GatewayWorld::is_granted(const core::NodeForwarding& forwarding) const {
    if (!forwarding.lma_address)
        return true;
    const auto node = shown(forwarding.id);
    return node && node->expires.has_value();
}

std::optional<core::GatewayNodeStatus> GatewayWorld::shown(core::ForwardingId id) const {
    const auto page = gateway.nodes(now.boot, id);
    const bool there = !page.nodes.empty() && page.nodes.front().id == id;
    return there ? std::optional{page.nodes.front()} : std::nullopt;
}

void GatewayWorld::take(const core::InstallForwarding& effect) {
    complain(effect.forwarding.prefixes.empty(), "a forwarding of nothing");
    complain(!is_granted(effect.forwarding), "a forwarding without a binding");
    installing.push_back(effect.forwarding);
}

void GatewayWorld::take(const core::RemoveForwarding& effect) {
    const auto pending = static_cast<std::size_t>(std::ranges::count(
        installing, effect.id, [](const core::NodeForwarding& one) { return one.id; }));
    const std::size_t before = removed_while_installing[effect.id];
    complain(forwardings.erase(effect.id) == 0 && pending <= before,
             "what is not forwarded is removed");
    removed_while_installing[effect.id] = pending;
    if (pending == 0)
        removed_while_installing.erase(effect.id);
}

// RFC 5213 6.8: a node hears only of what its packets can use already.
void GatewayWorld::take(const core::SendToNode& effect) {
    heard.push_back(effect);
    const auto& message = std::get<wire::RouterAdvertisement>(effect.message);
    const core::NodeForwarding* there = forwarding(effect.to);
    for (const wire::PrefixInformation& information : message.prefixes) {
        const auto prefix = wire::Prefix::of(information.prefix, information.length);
        const bool forwarded = there != nullptr &&
                               std::ranges::find(there->prefixes, *prefix) != there->prefixes.end();
        complain(information.valid_lifetime != 0 && !forwarded,
                 "a prefix is advertised that is not forwarded");
        complain(information.preferred_lifetime > information.valid_lifetime,
                 "a prefix is preferred longer than valid");
    }
    complain(message.router_lifetime != 0 &&
                 (there == nullptr || effect.source != there->link_local_address),
             "a router that does not forward");
    judge_lifetimes(effect.to, message);
}

void GatewayWorld::judge_lifetimes(const core::AccessPoint& at,
                                   const wire::RouterAdvertisement& message) {
    const core::NodeForwarding* there = forwarding(at);
    if (there == nullptr || !there->lma_address)
        return;
    const auto node = shown(there->id);
    const auto end = node ? node->expires.value_or(now.boot) : now.boot;
    const auto outlives = [&](std::uint32_t lifetime) {
        return lifetime != 0 && now.boot + std::chrono::seconds{lifetime} > end;
    };
    complain(outlives(message.router_lifetime), "a router outlives the binding");
    for (const wire::PrefixInformation& information : message.prefixes)
        complain(outlives(information.valid_lifetime), "a prefix outlives its binding");
}

void GatewayWorld::take(const core::Send& effect) {
    complain(effect.source != gateway.config().address, "a message from another address");
    if (const auto* update = std::get_if<wire::BindingUpdate>(&effect.message))
        judge(*update);
    sent.push_back(effect);
}

// RFC 5213 6.9.1.5: all mandatory options, each time later than before.
void GatewayWorld::judge(const wire::BindingUpdate& update) {
    const wire::Options& options = update.options;
    complain(!update.has(wire::bu_flag::proxy_registration) ||
                 !update.has(wire::bu_flag::acknowledge),
             "a Proxy Binding Update without P or A flag");
    complain(!options.mn_identifier || options.mn_identifier->identifier.empty() ||
                 options.home_network_prefixes.empty() ||
                 options.handoff_indicator.value_or(0) == 0 ||
                 options.access_technology_type.value_or(0) == 0 || !options.timestamp,
             "a Proxy Binding Update lacks an option");
    if (!complaint.empty())
        return;
    auto& last = timestamps[options.mn_identifier->identifier];
    complain(*options.timestamp <= last, "a timestamp that is not later");
    last = *options.timestamp;
    complain(update.lifetime == 0 && is_forwarded(options.mn_identifier->identifier),
             "a node is forwarded whose session is being de-registered");
}

bool GatewayWorld::is_forwarded(const std::string& identifier) const {
    const auto node = status(identifier);
    return node && forwardings.contains(node->id);
}

// The anchor has said what time it is.
void GatewayWorld::note_followed_clock(const core::GatewayEvent& event) {
    const auto* received = std::get_if<core::MessageReceived>(&event);
    const auto* message =
        received != nullptr ? std::get_if<wire::Message>(&received->content) : nullptr;
    const auto* answer =
        message != nullptr ? std::get_if<wire::BindingAcknowledgement>(message) : nullptr;
    if (answer != nullptr && answer->status == wire::Status::timestamp_mismatch &&
        answer->options.mn_identifier)
        timestamps.erase(answer->options.mn_identifier->identifier);
}

} // namespace anchor6
