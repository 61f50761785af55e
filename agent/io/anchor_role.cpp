// SPDX-License-Identifier: GPL-2.0-or-later
#include "io/anchor_role.h"

#include <algorithm>

#include <sys/epoll.h>

#include "io/clock.h"
#include "io/local_address.h"
#include "io/log.h"

namespace anchor6::io {

namespace {

/// Beyond it messages wait in the socket: the store is slower than the peers. What is under way
/// shall fit the cache of a processor.
constexpr std::size_t transactions_max = 1024;
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
            log::warn("{} is no address of this machine yet", address.to_string());
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
           before.store != after.store || before.reply_mark != after.reply_mark ||
           before.reply_mask != after.reply_mask;
}

} // namespace

AnchorRole::AnchorRole(Settings settings, std::shared_ptr<const core::Policy> policy,
                       RoleServices services)
    : settings_(std::move(settings)), policy_(std::move(policy)), services_(std::move(services)),
      store_(settings_.store, settings_.instance, now()),
      announcements_(services_.loop, services_.counters),
      router_(settings_, policy_->config(), announcements_),
      icmp_socket_(IcmpSocket::Use::home_agent, router_.device(), services_.counters),
      anchor_(policy_, store_.remembered(), now()),
      runner_(store_, router_.tables(), services_.counters),
      probes_(services_.loop,
              [this](const core::AddressProbed& probed) {
                  decide(probed);
                  services_.settle();
              }),
      kernel_watch_(services_.loop, router_.kernel(), services_.counters, watch_handlers()),
      clock_watch_(services_.loop, [this](std::chrono::nanoseconds step) { on_clock_step(step); }),
      own_addresses_(anchor_addresses(policy_->config())) {
    for (std::size_t row = 0; row < store_.refused_rows(); ++row)
        services_.counters.add(core::Counter::store_rows_refused);
    warn_of_missing(own_addresses_);
    watch();
}

void AnchorRole::watch() {
    services_.loop.watch_fd(icmp_source_, icmp_socket_.fd(), EPOLLIN, EventLoop::Urgency::discovery,
                            [this](std::uint32_t) { on_icmp(); });
    services_.loop.watch_fd(store_source_, store_.completion_fd(), EPOLLIN,
                            EventLoop::Urgency::completion, [this](std::uint32_t) { on_store(); });
}

KernelWatch::Handlers AnchorRole::watch_handlers() {
    return {[this] {
                if (router_.home_links().refresh())
                    compare_with_kernel();
            },
            [this] { compare_with_kernel(); },
            [this](const core::HomeAddressRejected& rejected) { decide(rejected); },
            [this] { services_.settle(); }};
}

void AnchorRole::begin() {
    core::KernelDumped dump = router_.dump();
    core::BootTime time = now().boot;
    if (store_.is_new())
        store_.set_complete_from(time + longest_of(dump.bindings));
    dump.store_clean = store_.is_complete(time);
    log::info("adopting: {} home and {} proxy bindings from the store, {} bindings and {} defended "
              "addresses in the kernel{}",
              anchor_.home_binding_count(), anchor_.proxy_binding_count(), dump.bindings.size(),
              dump.defended.size(),
              dump.store_clean ? ""
                               : "; the store is not complete, unknown ones are left to expire");
    decide(dump);
    log::info("anchor: instance {}, device {}", settings_.instance, settings_.device);
}

void AnchorRole::decide(const core::Event& event) {
    decide(event, now());
}

void AnchorRole::decide(const core::Event& event, core::Now time) {
    for (core::Effect& effect : anchor_.step(event, time))
        carry_out(effect);
}

void AnchorRole::carry_out(core::Effect& effect) {
    if (auto* transaction = std::get_if<core::Transaction>(&effect))
        runner_.submit(std::move(*transaction));
    else if (auto* send = std::get_if<core::Send>(&effect))
        services_.sends.push_back(std::move(*send));
    else if (auto* send_icmp = std::get_if<core::SendIcmp>(&effect))
        icmp_sends_.push_back(std::move(*send_icmp));
    else if (auto* probe = std::get_if<core::ProbeAddress>(&effect))
        probes_.begin(*probe);
    else if (auto* announcement = std::get_if<core::AnnounceAddress>(&effect))
        announcements_.begin(announcement->address);
}

void AnchorRole::settle(core::BootTime time) {
    runner_.start(time);
    icmp_socket_.send(icmp_sends_);
    icmp_sends_.clear();
    withdraw_when_drained();
}

bool AnchorRole::ready() const {
    return runner_.size() < transactions_max;
}

std::optional<core::BootTime> AnchorRole::next_deadline() const {
    return core::earliest({anchor_.next_deadline(), runner_.next_deadline(), compare_at_});
}

void AnchorRole::on_icmp() {
    icmp_socket_.receive(
        [this](std::uint32_t index) { return router_.home_links().name_of(index); },
        [this](const core::IcmpReceived& received) { decide(received); });
    services_.settle();
}

void AnchorRole::on_store() {
    const core::Now time = services_.loop.now();
    for (const core::TransactionEnded& ended : runner_.proceed(time.boot))
        decide(ended, time);
    services_.settle();
}

void AnchorRole::on_clock_step(std::chrono::nanoseconds step) {
    log::warn("the clock was set {} by {:.3f} s: from now on gateways are judged by its new time",
              step.count() < 0 ? "back" : "forward",
              std::chrono::abs(std::chrono::duration<double>(step)).count());
    store_.note_clock_step(step);
    decide(core::ClockStepped{step});
    services_.settle();
}

void AnchorRole::on_deadline() {
    compare_when_due();
    decide(core::Tick{});
}

void AnchorRole::compare_with_kernel() {
    if (!compare_at_)
        compare_at_ = now().boot + comparison_delay;
    services_.settle();
}

void AnchorRole::compare_when_due() {
    core::BootTime time = now().boot;
    if (!compare_at_ || *compare_at_ > time)
        return;
    compare_at_.reset();
    try {
        core::KernelDumped dump = router_.dump();
        dump.store_clean = store_.is_complete(time);
        services_.counters.add(core::Counter::kernel_resyncs);
        decide(dump);
    } catch (const std::runtime_error& error) {
        // A table that changes all the time cannot be dumped whole: no reason to stop serving.
        log::warn("no comparison with the kernel: {}", error.what());
        compare_at_ = time + comparison_delay;
    }
}

void AnchorRole::withdraw_when_drained() {
    if (!withdrawal_pending_ || runner_.size() != 0)
        return;
    withdrawal_pending_ = false;
    if (!router_.withdraw_others())
        log::warn("a home prefix that is no longer configured still has bindings and stays");
}

void AnchorRole::apply(const Settings& settings, core::ConfigChanged changed,
                       ConfigReader& reader) {
    const core::Config& config = changed.policy->config();
    if (needs_restart(settings_, settings))
        log::warn("[agent] has changed: what the anchor has of it waits for a restart");
    own_addresses_ = anchor_addresses(config);
    warn_of_missing(own_addresses_);
    try {
        router_.configure(config);
    } catch (const std::runtime_error& error) {
        log::error("{}", error.what());
    }
    withdrawal_pending_ = true;
    decide(changed);
    reader.free(std::exchange(policy_, std::move(changed.policy)));
    reader.free(std::move(changed.slots));
    log::info("the configuration was read again: {} MAGs, {} nodes", config.mags.size(),
              config.nodes.size());
}

AnchorView AnchorRole::view() {
    return {anchor_,
            [this](const core::Event& event) { decide(event); },
            settings_.instance,
            settings_.device,
            store_.remembered().restarts,
            runner_.size()};
}

} // namespace anchor6::io
