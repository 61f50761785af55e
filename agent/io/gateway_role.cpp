// SPDX-License-Identifier: GPL-2.0-or-later
#include "io/gateway_role.h"

#include <algorithm>
#include <chrono>
#include <fstream>

#include <sys/random.h>

#include "io/clock.h"
#include "io/local_address.h"
#include "io/log.h"
#include "io/system_error.h"

namespace anchor6::io {

namespace {

core::GatewaySeed make_seed() {
    core::GatewaySeed seed;
    if (getrandom(&seed.sequence, sizeof(seed.sequence), 0) < 0)
        throw system_error("getrandom");
    // Seconds: a service manager does not start it twice in one.
    seed.restart_counter = static_cast<std::uint32_t>(
        std::chrono::duration_cast<std::chrono::seconds>(now().real.time_since_epoch()).count());
    return seed;
}

void warn_of_missing(const core::GatewayConfig& config) {
    if (!is_local_address(config.address))
        log::warn("no device has the address {} of the gateway", config.address.to_string());
    std::string forwarding;
    std::ifstream{"/proc/sys/net/ipv6/conf/all/forwarding"} >> forwarding;
    if (forwarding != "1")
        log::warn("net.ipv6.conf.all.forwarding is not 1: no packet of a node is forwarded");
}

} // namespace

GatewayRole::GatewayRole(std::shared_ptr<const core::GatewayConfig> config, RoleServices services)
    : config_(std::move(config)), services_(std::move(services)), gateway_(config_, make_seed()),
      earlier_(GatewayLinks::neighbours(*config_)), paths_(*config_),
      probes_(
          services_.loop,
          [this](const core::AccessPoint& at, const wire::Address& target) { solicit(at, target); },
          [this](const core::NodeProbed& probed) { on_probed(probed); }),
      links_(services_.loop, services_.counters, link_handlers()),
      clock_watch_(services_.loop, [this](std::chrono::nanoseconds step) {
          decide(core::ClockStepped{step});
          services_.settle();
      }) {
    warn_of_missing(*config_);
}

GatewayLinks::Handlers GatewayRole::link_handlers() {
    return {[this](const core::AccessLinkChanged& changed) { decide(changed); },
            [this](const core::AccessPoint& at, const NeighbourPacket& packet) {
                on_heard(at, packet);
            },
            [this](const core::AccessPoint& at, bool there) { on_noticed(at, there); },
            [this] { services_.settle(); }};
}

// Who answers is seen like anybody else.
void GatewayRole::begin() {
    links_.configure(*config_);
    for (const core::AccessPoint& at : earlier_)
        if (has_link_events(at.interface))
            probes_.begin(at, config_->confirmation_timeout);
    log::info("gateway: address {}, {} access links, {} nodes of an earlier run asked",
              config_->address.to_string(), config_->access_links.size(), earlier_.size());
    earlier_.clear();
    // The anchors hear of the start now, not with the first node.
    decide(core::Tick{});
}

void GatewayRole::decide(const core::GatewayEvent& event) {
    decide(event, now());
}

// What an effect leads to comes after all effects of the event before it.
void GatewayRole::decide(const core::GatewayEvent& event, core::Now time) {
    events_.push_back(event);
    if (deciding_)
        return;
    deciding_ = true;
    while (!events_.empty()) {
        const core::GatewayEvent next = std::move(events_.front());
        events_.pop_front();
        step(next, time);
    }
    deciding_ = false;
}

void GatewayRole::step(const core::GatewayEvent& event, core::Now time) {
    for (const core::GatewayEffect& effect : gateway_.step(event, time))
        carry_out(effect);
}

void GatewayRole::carry_out(const core::GatewayEffect& effect) {
    if (const auto* send = std::get_if<core::Send>(&effect)) {
        services_.sends.push_back(*send);
    } else if (const auto* install_ = std::get_if<core::InstallForwarding>(&effect)) {
        events_.emplace_back(
            core::ForwardingInstalled{install_->forwarding.id, install(install_->forwarding)});
    } else if (const auto* remove = std::get_if<core::RemoveForwarding>(&effect)) {
        paths_.remove(remove->id);
    } else if (const auto* probe = std::get_if<core::ProbeNode>(&effect)) {
        probes_.begin(probe->at, config_->confirmation_timeout);
    } else if (const auto* message = std::get_if<core::SendToNode>(&effect)) {
        if (!links_.send(*message))
            services_.counters.add(core::Counter::icmp_not_sent);
    }
}

bool GatewayRole::install(const core::NodeForwarding& forwarding) {
    const core::AccessPoint& at = forwarding.at;
    if (links_.hold_address(at.interface, forwarding.link_local_address))
        return paths_.install(forwarding);
    log::error("gateway: no way for {}: access link {} is not ready",
               wire::link_layer_text(at.link_layer_address), at.interface);
    paths_.remove(forwarding.id);
    return false;
}

void GatewayRole::on_deadline() {
    decide(core::Tick{});
}

void GatewayRole::on_heard(const core::AccessPoint& at, const NeighbourPacket& packet) {
    doubtful_.erase(at);
    probes_.heard(at, packet.source);
    if (std::holds_alternative<wire::RouterSolicitation>(packet.message)) {
        core::AccessIcmpReceived received;
        received.received.packet.source = packet.source;
        received.received.packet.destination = packet.destination;
        received.received.link = at.interface;
        received.received.message = packet.message;
        received.link_layer_address = at.link_layer_address;
        decide(received);
    } else if (has_link_events(at.interface)) {
        decide(core::NodeAttached{at, {}, {}, false});
    }
}

void GatewayRole::on_noticed(const core::AccessPoint& at, bool there) {
    if (!has_link_events(at.interface))
        return;
    if (there) {
        decide(core::NodeAttached{at, {}, {}, false});
    } else if (doubtful_.insert(at).second) {
        probes_.begin(at, config_->confirmation_timeout);
    }
}

void GatewayRole::on_probed(const core::NodeProbed& probed) {
    decide(probed);
    if (doubtful_.erase(probed.at) != 0 && !probed.present)
        decide(core::NodeDetached{probed.at, {}, false});
    services_.settle();
}

void GatewayRole::solicit(const core::AccessPoint& at, const wire::Address& target) {
    const auto source = links_.address(at.interface);
    if (!source)
        return;
    wire::NeighbourSolicitation solicitation{target, {}};
    if (!config_->link_layer_address.empty())
        solicitation.source_link_layer_address = config_->link_layer_address;
    links_.send({at, *source, target, solicitation});
}

bool GatewayRole::has_link_events(const std::string& interface) const {
    const core::AccessLink* access = core::access_link(interface, *config_);
    return access != nullptr && access->link_events;
}

void GatewayRole::apply(const core::GatewayConfig& read) {
    auto usable = std::make_shared<const core::GatewayConfig>(core::until_restart(*config_, read));
    if (*usable != read)
        log::warn("[gateway] has changed: address, routing_table and rule_priority wait for a "
                  "restart");
    config_ = std::move(usable);
    try {
        paths_.configure(*config_);
        links_.configure(*config_);
    } catch (const std::runtime_error& error) {
        log::error("{}", error.what());
    }
    decide(core::GatewayConfigChanged{config_});
    warn_of_missing(*config_);
    log::info("the configuration was read again: {} access links, {} nodes",
              config_->access_links.size(), config_->nodes.size());
}

GatewayView GatewayRole::view() {
    return {gateway_, [this](const core::GatewayEvent& event) { decide(event); }};
}

} // namespace anchor6::io
