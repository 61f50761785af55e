// SPDX-License-Identifier: GPL-2.0-or-later
#include "io/node_role.h"

#include <random>
#include <utility>

#include <sys/epoll.h>

#include "io/clock.h"
#include "io/log.h"

namespace anchor6::io {

namespace {

core::MobileNodeSeed make_seed() {
    std::random_device random;
    return {static_cast<std::uint16_t>(random()), static_cast<std::uint16_t>(random())};
}

// What the kernel holds under names that the configuration gives.
bool needs_restart(const core::MobileNodeConfig& before, const core::MobileNodeConfig& after) {
    return before.home_address != after.home_address || before.home_agent != after.home_agent ||
           before.home_network_prefix != after.home_network_prefix ||
           before.mobile_router != after.mobile_router ||
           before.mobile_network_prefixes != after.mobile_network_prefixes ||
           before.device != after.device || before.routing_table != after.routing_table ||
           before.rule_priority != after.rule_priority;
}

std::string_view text_of(const core::NodePath& path) {
    return path.at_home() ? "home" : "away";
}

} // namespace

NodeRole::NodeRole(std::shared_ptr<const core::MobileNodeConfig> config, RoleServices services)
    : config_(std::move(config)), services_(std::move(services)), node_(config_, make_seed()),
      forwarding_(*config_), xfrm_(config_->home_address),
      icmp_socket_(IcmpSocket::Use::mobile_node, 0, services_.counters),
      announcements_(services_.loop, services_.counters),
      solicitations_(services_.loop,
                     [this](const std::string& interface) {
                         icmp_socket_.solicit_routers(watch_.index_of(interface));
                     }),
      watch_(services_.loop, services_.counters,
             {[this](const core::MobileNodeEvent& event) { decide(event); },
              [this] { services_.settle(); }}) {
    services_.loop.watch_fd(icmp_source_, icmp_socket_.fd(), EPOLLIN, EventLoop::Urgency::discovery,
                            [this](std::uint32_t) { on_icmp(); });
}

void NodeRole::begin() {
    watch_.watch(config_->interfaces);
    log::info("mobile node: home address {} on device {}", config_->home_address.to_string(),
              config_->device);
}

// Binding Errors come to the address that the message left from.
bool NodeRole::serves(const wire::Address& destination) const {
    if (destination == config_->home_address)
        return true;
    const auto& attachment = node_.attachment();
    return attachment && attachment->care_of_address == destination;
}

void NodeRole::settle(core::BootTime /*time*/) {
    icmp_socket_.send(icmp_sends_);
    icmp_sends_.clear();
}

void NodeRole::on_deadline() {
    decide(core::Tick{});
}

void NodeRole::decide(const core::MobileNodeEvent& event) {
    decide(event, now());
}

void NodeRole::decide(const core::MobileNodeEvent& event, core::Now time) {
    step(event, time);
    while (!events_.empty()) {
        const core::MobileNodeEvent next = std::move(events_.front());
        events_.pop_front();
        step(next, time);
    }
}

void NodeRole::step(const core::MobileNodeEvent& event, core::Now time) {
    if (const auto* interface = std::get_if<core::InterfaceChanged>(&event)) {
        log::debug("interface {} is {}", interface->name, interface->up ? "up" : "down");
        if (interface->up)
            solicitations_.begin(interface->name);
        else
            solicitations_.stop(interface->name);
    }
    for (core::MobileNodeEffect& effect : node_.step(event, time))
        carry_out(effect);
}

void NodeRole::carry_out(core::MobileNodeEffect& effect) {
    if (auto* send = std::get_if<core::Send>(&effect))
        services_.sends.push_back(std::move(*send));
    else if (auto* send_icmp = std::get_if<core::SendIcmp>(&effect))
        icmp_sends_.push_back(std::move(*send_icmp));
    else if (const auto* preparation = std::get_if<core::PreparePath>(&effect))
        events_.emplace_back(core::PathPrepared{preparation->path.id, prepare(preparation->path)});
    else if (const auto* use = std::get_if<core::UsePath>(&effect))
        use_path(use->id);
    else if (const auto* release = std::get_if<core::ReleasePath>(&effect))
        forwarding_.release(release->id);
    else if (const auto* probe = std::get_if<core::ProbeRouter>(&effect))
        watch_.probe(*probe);
    else if (const auto* announcement = std::get_if<core::AnnounceReturn>(&effect))
        announcements_.begin(
            {announcement->interface, announcement->home_address, config_->mobile_router});
}

// The registration stands, and the path before it carries the packets on.
void NodeRole::use_path(core::PathId id) {
    if (!forwarding_.use(id))
        services_.counters.add(core::Counter::node_path_failures);
}

bool NodeRole::prepare(const core::NodePath& path) {
    try {
        std::optional<NodeXfrm::Way> way;
        if (!path.at_home() && path.home_agent)
            way = {path.home_address, *path.home_agent, path.care_of_address};
        forwarding_.prepare(path);
        xfrm_.use(way);
        NodeXfrm::use(icmp_socket_.fd(), way);
        log::info("{} on {}: address {}, router {}", text_of(path), path.interface,
                  path.care_of_address.to_string(), path.router.to_string());
        return true;
    } catch (const std::exception& error) {
        log::error("no path from {} on {}: {}", path.care_of_address.to_string(), path.interface,
                   error.what());
        forwarding_.release(path.id);
        return false;
    }
}

void NodeRole::on_icmp() {
    icmp_socket_.receive([this](std::uint32_t index) { return watch_.name_of(index); },
                         [this](const core::IcmpReceived& received) {
                             solicitations_.stop(received.link);
                             decide(received);
                         });
    services_.settle();
}

void NodeRole::apply(std::shared_ptr<const core::MobileNodeConfig> config) {
    if (needs_restart(*config_, *config)) {
        log::error("[node] has other addresses, prefixes or kernel names: it stays as it was "
                   "until a restart");
        return;
    }
    config_ = std::move(config);
    decide(core::MobileNodeConfigChanged{config_});
    watch_.watch(config_->interfaces);
}

} // namespace anchor6::io
