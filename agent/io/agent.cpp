// SPDX-License-Identifier: GPL-2.0-or-later
#include "io/agent.h"

#include <csignal>
#include <ctime>
#include <utility>

#include <fmt/format.h>
#include <sys/epoll.h>
#include <systemd/sd-daemon.h>

#include "io/clock.h"
#include "io/log.h"
#include "wire/message.h"

namespace anchor6::io {

namespace {

constexpr std::chrono::seconds stop_patience{2};

bool needs_restart(const Settings& before, const Settings& after) {
    return before.roles != after.roles || before.control != after.control ||
           before.user != after.user;
}

} // namespace

Agent::Agent(ConfigFile config, const std::string& config_path)
    : settings_(std::move(config.settings)),
      anchor_(config.policy ? std::make_optional<AnchorRole>(settings_, config.policy, services())
                            : std::nullopt),
      node_(config.node ? std::make_optional<NodeRole>(config.node, services()) : std::nullopt),
      gateway_(config.gateway ? std::make_optional<GatewayRole>(config.gateway, services())
                              : std::nullopt),
      socket_({anchor_ ? anchor_->device() : 0, settings_.reply_mark}, counters_),
      config_reader_(loop_, config_path, [this](ConfigFile file) { on_config(std::move(file)); }) {
    watch();
    control_.emplace(settings_.control, loop_, counters_,
                     [this](std::string_view line) { return answer(line); });
}

RoleServices Agent::services() {
    return {loop_, counters_, sends_, [this] { settle(); }};
}

void Agent::watch() {
    loop_.watch_fd(message_source_, socket_.fd(), EPOLLIN, EventLoop::Urgency::message,
                   [this](std::uint32_t) { on_messages(); });
    loop_.watch_time(deadline_source_, [this] { on_deadline(); });
    loop_.watch_signal(terminate_source_, SIGTERM, [this] { on_terminate(); });
    loop_.watch_signal(interrupt_source_, SIGINT, [this] { on_terminate(); });
    loop_.watch_signal(reload_source_, SIGHUP, [this] { on_reload(); });
}

void Agent::run() {
    each_role([](auto& role) { role.begin(); });
    settle();
    sd_notify(0, "READY=1");
    log::info("ready");
    loop_.run();
    log::info("stopped{}",
              anchor_ ? "; the kernel keeps its bindings until their lifetimes end" : "");
}

void Agent::settle() {
    const core::BootTime time = loop_.now().boot;
    bool ready = !stop_at_;
    std::optional<core::BootTime> deadline = stop_at_;
    each_role([&](auto& role) {
        role.settle(time);
        ready = ready && role.ready();
    });
    socket_.send(sends_);
    sends_.clear();
    message_source_.enable(ready);
    stop_when_drained();
    each_role([&](auto& role) { deadline = core::earliest({deadline, role.next_deadline()}); });
    loop_.arm(deadline_source_, deadline);
}

void Agent::on_messages() {
    // What comes together has one time.
    const core::Now time = loop_.now();
    socket_.receive([this, time](const Incoming& incoming) { on_message(incoming, time); });
    settle();
}

void Agent::on_message(const Incoming& incoming, core::Now time) {
    bool taken = false;
    each_role([&](auto& role) {
        if (taken || !role.serves(incoming.packet.destination))
            return;
        taken = true;
        core::MessageReceived received{incoming.packet, {}};
        std::visit([&received]<class Content>(
                       Content&& content) { received.content = std::forward<Content>(content); },
                   wire::parse(incoming.octets));
        role.receive(std::move(received), time);
    });
    if (!taken)
        counters_.add(core::Counter::messages_elsewhere);
}

void Agent::on_deadline() {
    each_role([](auto& role) { role.on_deadline(); });
    settle();
}

void Agent::on_terminate() {
    sd_notify(0, "STOPPING=1");
    stop_at_ = now().boot + stop_patience;
    settle();
}

void Agent::stop_when_drained() {
    if (!stop_at_)
        return;
    bool idle = true;
    each_role([&idle](const auto& role) { idle = idle && role.idle(); });
    if (idle || now().boot >= *stop_at_)
        loop_.stop();
}

void Agent::on_reload() {
    auto since_boot = [] {
        timespec time{};
        clock_gettime(CLOCK_MONOTONIC, &time);
        return time.tv_sec * 1000000LL + time.tv_nsec / 1000;
    };
    sd_notify(0, fmt::format("RELOADING=1\nMONOTONIC_USEC={}", since_boot()).c_str());
    config_reader_.begin();
}

void Agent::on_config(ConfigFile file) {
    log_report(file.report);
    if (file.report.failed())
        log::error("the configuration stays as it was");
    else
        apply(std::move(file));
    sd_notify(0, "READY=1");
}

void Agent::apply(ConfigFile file) {
    if (needs_restart(settings_, file.settings))
        log::warn("[agent] has changed: roles, control and user wait for a restart");
    set_log_level(file.settings.log_level);
    if (anchor_ && file.policy)
        anchor_->apply(file.settings, {std::move(file.policy), std::move(file.slots)},
                       config_reader_);
    if (node_ && file.node)
        node_->apply(std::move(file.node));
    if (gateway_ && file.gateway)
        gateway_->apply(*file.gateway);
    settle();
}

ControlView Agent::control_view() {
    ControlView view{{&counters_}, now(), {}};
    each_role([&view](const auto& role) { view.counters.push_back(&role.counters()); });
    if (anchor_)
        view.anchor.emplace(anchor_->view());
    if (node_)
        view.node.emplace(node_->view());
    if (gateway_)
        view.gateway.emplace(gateway_->view());
    return view;
}

std::string Agent::answer(std::string_view line) {
    ControlAnswer answer = answer_control_request(line, control_view());
    settle();
    if (!answer.ok)
        counters_.add(core::Counter::control_bad_requests);
    return std::move(answer.line);
}

} // namespace anchor6::io
