// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/anchor.h"
#include "io/address_announcements.h"
#include "io/address_probes.h"
#include "io/clock_watch.h"
#include "io/config_reader.h"
#include "io/control_server.h"
#include "io/event_loop.h"
#include "io/icmp_socket.h"
#include "io/kernel_watch.h"
#include "io/mobility_socket.h"
#include "io/router.h"
#include "io/settings.h"
#include "io/sqlite_store.h"
#include "io/transaction_runner.h"

namespace anchor6::io {

/// The anchor at work: brings what happens in the world to the core as events, and carries out the
/// effects. One thread decides; the store has its own.
class Agent {
public:
    /// Opens everything. Throws std::exception with a reason for a person.
    Agent(Settings settings, std::shared_ptr<const core::Policy> policy,
          const std::string& config_path);

    /// Adopts what an earlier run left, then serves until SIGTERM or SIGINT.
    void run();

private:
    void adopt();
    void watch();
    KernelWatch::Handlers watch_handlers();
    void decide(const core::Event& event);
    void decide(const core::Event& event, core::Now time);
    void carry_out(core::Effect& effect);
    /// After each event: hands on the effects and waits for the next deadline.
    void settle();

    void on_messages();
    void on_message(const Incoming& incoming, core::Now time);
    void on_icmp();
    void on_store();
    void on_clock_step(std::chrono::nanoseconds step);
    void on_deadline();
    void on_terminate();
    void on_reload();
    void on_config(ConfigFile file);
    void apply(const Settings& settings, std::shared_ptr<const core::Policy> policy);
    std::string answer(std::string_view line);
    void stop_when_drained();
    void withdraw_when_drained();
    /// Soon, once for all that happens until then.
    void compare_with_kernel();
    void compare_when_due();

    Settings settings_;
    std::shared_ptr<const core::Policy> policy_;
    core::Counters counters_;
    // Before the store, whose thread must inherit the blocked signals.
    EventLoop loop_;
    SqliteStore store_;
    AddressAnnouncements announcements_;
    Router router_;
    MobilitySocket socket_;
    IcmpSocket icmp_socket_;
    core::Anchor anchor_;
    TransactionRunner runner_;
    AddressProbes probes_;
    KernelWatch kernel_watch_;
    ClockWatch clock_watch_;
    ConfigReader config_reader_;
    std::set<wire::Address> own_addresses_;
    std::vector<core::Send> sends_;
    std::vector<core::SendIcmp> icmp_sends_;
    bool withdrawal_pending_ = true;
    std::optional<core::BootTime> compare_at_;
    std::optional<core::BootTime> stop_at_;

    EventSource message_source_;
    EventSource icmp_source_;
    EventSource store_source_;
    EventSource deadline_source_;
    EventSource terminate_source_;
    EventSource interrupt_source_;
    EventSource reload_source_;
    std::optional<ControlServer> control_;
};

} // namespace anchor6::io
