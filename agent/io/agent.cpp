// SPDX-License-Identifier: GPL-2.0-or-later
#include "io/agent.h"

#include <algorithm>
#include <csignal>
#include <ctime>

#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <sys/epoll.h>
#include <systemd/sd-daemon.h>

#include "io/clock.h"
#include "io/config_file.h"
#include "io/control_protocol.h"
#include "io/local_address.h"
#include "io/log.h"
#include "wire/message.h"

namespace anchor6::io {

namespace {

/// Beyond it messages wait in the socket: the store is slower than the peers.
constexpr std::size_t transactions_max = 4096;
constexpr std::chrono::seconds stop_patience{2};
/// Between what somebody else does to the kernel's bindings and the comparison with them.
constexpr std::chrono::seconds comparison_delay{1};

std::set<wire::Address> anchor_addresses(const core::Config& config) {
    std::set<wire::Address> addresses;
    for (const core::Group& group : config.groups)
        addresses.insert({group.home_agent_address, group.lma_address});
    return addresses;
}

void warn_of_missing(const std::set<wire::Address>& addresses) {
    for (const wire::Address& address : addresses)
        if (!is_local_address(address))
            spdlog::warn("{} is no address of this machine yet", address.to_string());
}

/// The later of what the kernel holds: from then on nothing of a lost store is left in it.
std::chrono::milliseconds longest_of(const std::vector<core::KernelBinding>& bindings) {
    std::chrono::milliseconds longest{0};
    for (const core::KernelBinding& binding : bindings)
        longest = std::max(longest, binding.lifetime);
    return longest;
}

bool needs_restart(const Settings& before, const Settings& after) {
    return before.instance != after.instance || before.device != after.device ||
           before.store != after.store || before.control != after.control ||
           before.user != after.user || before.reply_mark != after.reply_mark ||
           before.reply_mask != after.reply_mask;
}

} // namespace

Agent::Agent(Settings settings, std::shared_ptr<const core::Policy> policy,
             const std::string& config_path)
    : settings_(std::move(settings)), policy_(std::move(policy)),
      store_(settings_.store, settings_.instance, now().real), announcements_(loop_, counters_),
      router_(settings_, policy_->config(), announcements_),
      socket_({router_.device(), settings_.reply_mark}, counters_),
      icmp_socket_(router_.device(), counters_), anchor_(policy_, store_.remembered(), now()),
      runner_(store_, router_.tables(), counters_),
      probes_(loop_,
              [this](const core::AddressProbed& probed) {
                  decide(probed);
                  settle();
              }),
      kernel_watch_(loop_, router_.kernel(), counters_, watch_handlers()),
      clock_watch_(loop_, [this](std::chrono::nanoseconds step) { on_clock_step(step); }),
      config_reader_(loop_, config_path, [this](ConfigFile file) { on_config(std::move(file)); }),
      own_addresses_(anchor_addresses(policy_->config())) {
    for (std::size_t row = 0; row < store_.refused_rows(); ++row)
        counters_.add(core::Counter::store_rows_refused);
    warn_of_missing(own_addresses_);
    watch();
    control_.emplace(settings_.control, loop_, counters_,
                     [this](std::string_view line) { return answer(line); });
}

void Agent::watch() {
    loop_.watch_fd(message_source_, socket_.fd(), EPOLLIN, EventLoop::Urgency::message,
                   [this](std::uint32_t) { on_messages(); });
    loop_.watch_fd(icmp_source_, icmp_socket_.fd(), EPOLLIN, EventLoop::Urgency::discovery,
                   [this](std::uint32_t) { on_icmp(); });
    loop_.watch_fd(store_source_, store_.completion_fd(), EPOLLIN, EventLoop::Urgency::completion,
                   [this](std::uint32_t) { on_store(); });
    loop_.watch_time(deadline_source_, [this] { on_deadline(); });
    loop_.watch_signal(terminate_source_, SIGTERM, [this] { on_terminate(); });
    loop_.watch_signal(interrupt_source_, SIGINT, [this] { on_terminate(); });
    loop_.watch_signal(reload_source_, SIGHUP, [this] { on_reload(); });
}

KernelWatch::Handlers Agent::watch_handlers() {
    return {[this] {
                if (router_.home_links().refresh())
                    compare_with_kernel();
            },
            [this] { compare_with_kernel(); },
            [this](const core::HomeAddressRejected& rejected) { decide(rejected); },
            [this] { settle(); }};
}

void Agent::run() {
    adopt();
    sd_notify(0, "READY=1");
    spdlog::info("ready: instance {}, device {}", settings_.instance, settings_.device);
    loop_.run();
    spdlog::info("stopped; the kernel keeps its bindings until their lifetimes end");
}

void Agent::adopt() {
    core::KernelDumped dump = router_.dump();
    core::RealTime real = now().real;
    if (store_.is_new())
        store_.set_complete_from(real + longest_of(dump.bindings));
    dump.store_clean = store_.is_complete(real);
    spdlog::info(
        "adopting: {} home and {} proxy bindings from the store, {} bindings and {} defended "
        "addresses in the kernel{}",
        anchor_.home_bindings().size(), anchor_.proxy_bindings().size(), dump.bindings.size(),
        dump.defended.size(),
        dump.store_clean ? "" : "; the store is not complete, unknown ones are left to expire");
    decide(dump);
    settle();
}

void Agent::decide(const core::Event& event) {
    decide(event, now());
}

void Agent::decide(const core::Event& event, core::Now time) {
    for (core::Effect& effect : anchor_.step(event, time))
        carry_out(effect);
}

void Agent::carry_out(core::Effect& effect) {
    if (auto* transaction = std::get_if<core::Transaction>(&effect))
        runner_.submit(std::move(*transaction));
    else if (auto* send = std::get_if<core::Send>(&effect))
        sends_.push_back(std::move(*send));
    else if (auto* send_icmp = std::get_if<core::SendIcmp>(&effect))
        icmp_sends_.push_back(std::move(*send_icmp));
    else if (auto* probe = std::get_if<core::ProbeAddress>(&effect))
        probes_.begin(*probe);
    else if (auto* announcement = std::get_if<core::AnnounceAddress>(&effect))
        announcements_.begin(announcement->address);
}

void Agent::settle() {
    core::BootTime time = now().boot;
    runner_.start(time);
    socket_.send(sends_);
    sends_.clear();
    icmp_socket_.send(icmp_sends_);
    icmp_sends_.clear();
    message_source_.enable(!stop_at_ && runner_.size() < transactions_max);
    withdraw_when_drained();
    stop_when_drained();
    loop_.arm(deadline_source_, core::earliest({anchor_.next_deadline(), runner_.next_deadline(),
                                                compare_at_, stop_at_}));
}

void Agent::on_messages() {
    // What comes together has one time: a clock is a system call where there is no vDSO.
    std::optional<core::Now> time;
    socket_.receive([this, &time](const Incoming& incoming) {
        if (!time)
            time = now();
        on_message(incoming, *time);
    });
    settle();
}

void Agent::on_message(const Incoming& incoming, core::Now time) {
    if (!own_addresses_.contains(incoming.packet.destination)) {
        counters_.add(core::Counter::messages_elsewhere);
        return;
    }
    core::MessageReceived received{incoming.packet, {}};
    std::visit([&received](const auto& content) { received.content = content; },
               wire::parse(incoming.octets));
    decide(received, time);
}

void Agent::on_icmp() {
    icmp_socket_.receive(
        [this](std::uint32_t index) { return router_.home_links().name_of(index); },
        [this](const core::IcmpReceived& received) { decide(received); });
    settle();
}

void Agent::on_store() {
    const core::Now time = now();
    for (const core::TransactionEnded& ended : runner_.proceed(time.boot))
        decide(ended, time);
    settle();
}

void Agent::on_clock_step(std::chrono::nanoseconds step) {
    spdlog::warn(
        "the clock was set {} by {:.3f} s: from now on gateways are judged by its new time",
        step.count() < 0 ? "back" : "forward",
        std::chrono::abs(std::chrono::duration<double>(step)).count());
    decide(core::ClockStepped{step});
    settle();
}

void Agent::on_deadline() {
    compare_when_due();
    decide(core::Tick{});
    settle();
}

void Agent::compare_with_kernel() {
    if (!compare_at_)
        compare_at_ = now().boot + comparison_delay;
    settle();
}

void Agent::compare_when_due() {
    core::Now time = now();
    if (!compare_at_ || *compare_at_ > time.boot)
        return;
    compare_at_.reset();
    try {
        core::KernelDumped dump = router_.dump();
        dump.store_clean = store_.is_complete(time.real);
        counters_.add(core::Counter::kernel_resyncs);
        decide(dump);
    } catch (const std::runtime_error& error) {
        // A table that changes all the time cannot be dumped whole: no reason to stop serving.
        spdlog::warn("no comparison with the kernel: {}", error.what());
        compare_at_ = time.boot + comparison_delay;
    }
}

void Agent::withdraw_when_drained() {
    if (!withdrawal_pending_ || runner_.size() != 0)
        return;
    withdrawal_pending_ = false;
    if (!router_.withdraw_others())
        spdlog::warn("a home prefix that is no longer configured still has bindings and stays");
}

void Agent::on_terminate() {
    sd_notify(0, "STOPPING=1");
    stop_at_ = now().boot + stop_patience;
    settle();
}

void Agent::stop_when_drained() {
    if (stop_at_ && (runner_.size() == 0 || now().boot >= *stop_at_))
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
        spdlog::error("the configuration stays as it was");
    else
        apply(file.settings, std::move(file.policy));
    sd_notify(0, "READY=1");
}

void Agent::apply(const Settings& settings, std::shared_ptr<const core::Policy> policy) {
    const core::Config& config = policy->config();
    if (needs_restart(settings_, settings))
        spdlog::warn("[agent] has changed: all but log_level and policy waits for a restart");
    set_log_level(settings.log_level);
    own_addresses_ = anchor_addresses(config);
    warn_of_missing(own_addresses_);
    try {
        router_.configure(config);
    } catch (const std::runtime_error& error) {
        spdlog::error("{}", error.what());
    }
    withdrawal_pending_ = true;
    decide(core::ConfigChanged{policy});
    settle();
    config_reader_.free(std::exchange(policy_, std::move(policy)));
    spdlog::info("the configuration was read again: {} MAGs, {} nodes", config.mags.size(),
                 config.nodes.size());
}

std::string Agent::answer(std::string_view line) {
    ControlAnswer answer = answer_control_request(
        line, {anchor_, [this](const core::Event& event) { decide(event); }, counters_, now(),
               settings_.instance, settings_.device, store_.remembered().restarts, runner_.size()});
    settle();
    if (!answer.ok)
        counters_.add(core::Counter::control_bad_requests);
    return std::move(answer.line);
}

} // namespace anchor6::io
