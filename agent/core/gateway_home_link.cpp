// SPDX-License-Identifier: GPL-2.0-or-later
// The home link as a node sees it at any gateway (RFC 5213 sections 6.7 and 6.8).
#include <algorithm>
#include <chrono>

#include "core/gateway.h"

namespace anchor6::core {

namespace {

using namespace std::chrono_literals;
using Forwarding = GatewaySession::Forwarding;

constexpr wire::Address all_nodes_address{{0xff, 0x02, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}};

// RFC 4861 section 6.2.1: AdvDefaultLifetime, MaxRtrAdvInterval, AdvValidLifetime and
// AdvPreferredLifetime. The first advertisements follow each other sooner (section 6.2.4).
constexpr std::chrono::seconds router_lifetime_max = 1800s;
constexpr std::chrono::seconds advertisement_interval = 600s;
constexpr std::chrono::seconds local_valid_lifetime = 2592000s;
constexpr std::chrono::seconds local_preferred_lifetime = 604800s;
constexpr std::uint32_t initial_advertisements = 3;
constexpr std::chrono::seconds initial_interval = 5s;
constexpr std::uint32_t solicitations_per_second = 2;
// Only then a node makes an address of it (RFC 4862 section 5.5.3).
constexpr std::uint8_t autonomous_length = 64;

struct Lifetimes {
    std::chrono::seconds router{0};
    std::chrono::seconds valid{0};
    std::chrono::seconds preferred{0};
};

// Nothing that is advertised outlives the binding.
Lifetimes lifetimes_of(const GatewaySession& session, BootTime now) {
    if (session.mobility == NodeMobility::host)
        return {router_lifetime_max, local_valid_lifetime, local_preferred_lifetime};
    const auto left =
        std::chrono::floor<std::chrono::seconds>(session.entry.expires().value_or(now) - now);
    return {std::min(left, router_lifetime_max), left, left};
}

wire::PrefixInformation information(const wire::Prefix& prefix, const Lifetimes& lifetimes) {
    wire::PrefixInformation information;
    information.length = prefix.length();
    information.prefix = prefix.address();
    information.on_link = true;
    information.autonomous = prefix.length() == autonomous_length;
    information.valid_lifetime = static_cast<std::uint32_t>(lifetimes.valid.count());
    information.preferred_lifetime = static_cast<std::uint32_t>(lifetimes.preferred.count());
    return information;
}

// What the node has heard and what it has no longer goes with lifetimes of 0.
wire::RouterAdvertisement advertisement(const GatewaySession& session, const Lifetimes& lifetimes,
                                        const GatewayConfig& config) {
    wire::RouterAdvertisement result;
    result.router_lifetime = static_cast<std::uint16_t>(lifetimes.router.count());
    if (!config.link_layer_address.empty())
        result.source_link_layer_address = config.link_layer_address;
    if (lifetimes.router.count() != 0)
        for (const wire::Prefix& prefix : session.prefixes)
            result.prefixes.push_back(information(prefix, lifetimes));
    for (const wire::Prefix& prefix : session.advertised)
        if (lifetimes.router.count() == 0 ||
            std::ranges::find(session.prefixes, prefix) == session.prefixes.end())
            result.prefixes.push_back(information(prefix, {}));
    return result;
}

NodeForwarding forwarding_of(const GatewaySession& session) {
    NodeForwarding forwarding{session.id, session.at, session.prefixes, std::nullopt,
                              session.link_local_address};
    if (session.mobility == NodeMobility::proxy)
        forwarding.lma_address = session.lma_address;
    return forwarding;
}

} // namespace

// Nothing to be changed: then the node hears that it goes on.
void Gateway::install(GatewaySession& session, GatewayContext& step) {
    session.install_due.reset();
    NodeForwarding forwarding = forwarding_of(session);
    if (session.forwarding != Forwarding::none && session.installed == forwarding) {
        if (session.forwarding == Forwarding::installed)
            advertise(session, step);
        return;
    }
    session.installed = forwarding;
    session.forwarding = Forwarding::installing;
    session.advertise_due.reset();
    ++session.installations;
    step.effects.emplace_back(InstallForwarding{std::move(forwarding)});
}

// The last answer counts: what was asked for before is no more.
void Gateway::handle(const ForwardingInstalled& event, GatewayContext& step) {
    GatewaySession* session = sessions_.find(event.id);
    if (session == nullptr || session->installations == 0 || --session->installations != 0 ||
        session->forwarding != Forwarding::installing)
        return;
    if (event.ready) {
        session->forwarding = Forwarding::installed;
        session->advertisements = 0;
        advertise(*session, step);
    } else {
        counters_.add(Counter::gateway_forwarding_failures);
        session->forwarding = Forwarding::none;
        session->installed.reset();
        session->install_due = step.now.boot + config_->retry_after_refusal;
        withdraw(*session, step);
    }
    settle(*session, step);
}

void Gateway::advertise(GatewaySession& session, GatewayContext& step) {
    advertise(session, all_nodes_address, step);
    session.advertise_due = step.now.boot + (++session.advertisements < initial_advertisements
                                                 ? initial_interval
                                                 : advertisement_interval);
}

void Gateway::advertise(GatewaySession& session, const wire::Address& destination,
                        GatewayContext& step) {
    const Lifetimes lifetimes = lifetimes_of(session, step.now.boot);
    if (lifetimes.router.count() == 0)
        return;
    counters_.add(Counter::gateway_advertisements);
    step.effects.emplace_back(SendToNode{session.at, session.link_local_address, destination,
                                         advertisement(session, lifetimes, *config_)});
    session.advertised = session.prefixes;
}

// A solicitation is how a link without better signs shows a node.
void Gateway::solicited(const AccessPoint& at, const wire::Address& source, GatewayContext& step) {
    GatewaySession* session = sessions_.find(at);
    if (session == nullptr) {
        const AccessLink* link = access_link(at.interface, *config_);
        if (link != nullptr && link->link_events)
            attach({at, {}, {}, false}, step);
        else
            counters_.add(Counter::gateway_solicitations_ignored);
        return;
    }
    if (session->forwarding != Forwarding::installed)
        return counters_.add(Counter::gateway_solicitations_unserved);
    if (!session->solicitations.take(solicitations_per_second, step.now.boot))
        return counters_.add(Counter::gateway_solicitations_suppressed);
    counters_.add(Counter::gateway_solicitations);
    advertise(*session, source.is_link_local() ? source : all_nodes_address, step);
}

void Gateway::withdraw(GatewaySession& session, GatewayContext& step) {
    session.advertise_due.reset();
    if (session.advertised.empty())
        return;
    counters_.add(Counter::gateway_withdrawals);
    step.effects.emplace_back(SendToNode{session.at, session.link_local_address, all_nodes_address,
                                         advertisement(session, {}, *config_)});
    session.advertised.clear();
}

void Gateway::end_service(GatewaySession& session, GatewayContext& step) {
    session.install_due.reset();
    withdraw(session, step);
    if (session.forwarding != Forwarding::none)
        step.effects.emplace_back(RemoveForwarding{session.id});
    session.forwarding = Forwarding::none;
    session.installed.reset();
}

} // namespace anchor6::core
