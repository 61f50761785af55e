// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "core/anchor.h"
#include "io/address_announcements.h"
#include "io/address_probes.h"
#include "io/clock_watch.h"
#include "io/config_reader.h"
#include "io/control_anchor.h"
#include "io/icmp_socket.h"
#include "io/kernel_watch.h"
#include "io/role_services.h"
#include "io/router.h"
#include "io/settings.h"
#include "io/sqlite_store.h"
#include "io/transaction_runner.h"

namespace anchor6::io {

/// The anchor at work: brings what happens in the world to the core as events, and carries out the
/// effects. One thread decides; the store has its own.
class AnchorRole {
public:
    /// Opens everything. Throws std::exception with a reason for a person.
    AnchorRole(Settings settings, std::shared_ptr<const core::Policy> policy,
               RoleServices services);

    /// Adopts what an earlier run left.
    void begin();

    /// A Mobility Header message to that address is this role's.
    bool serves(const wire::Address& destination) const {
        return own_addresses_.contains(destination);
    }
    void receive(core::MessageReceived received, core::Now time) {
        decide(std::move(received), time);
    }
    /// After each event: hands on the effects.
    void settle(core::BootTime time);
    /// There is room for more messages.
    bool ready() const;
    /// Nothing is under way.
    bool idle() const { return runner_.size() == 0; }
    std::optional<core::BootTime> next_deadline() const;
    void on_deadline();

    /// `reader` frees what is no longer used.
    void apply(const Settings& settings, core::ConfigChanged changed, ConfigReader& reader);

    /// The device that holds the bindings.
    std::uint32_t device() const { return router_.device(); }
    AnchorView view();
    const core::Counters& counters() const { return anchor_.counters(); }

private:
    void watch();
    KernelWatch::Handlers watch_handlers();
    void decide(const core::Event& event);
    void decide(const core::Event& event, core::Now time);
    void carry_out(core::Effect& effect);

    void on_icmp();
    void on_store();
    void on_clock_step(std::chrono::nanoseconds step);
    void withdraw_when_drained();
    /// Soon, once for all that happens until then.
    void compare_with_kernel();
    void compare_when_due();

    Settings settings_;
    std::shared_ptr<const core::Policy> policy_;
    RoleServices services_;
    SqliteStore store_;
    AddressAnnouncements announcements_;
    Router router_;
    IcmpSocket icmp_socket_;
    core::Anchor anchor_;
    TransactionRunner runner_;
    AddressProbes probes_;
    KernelWatch kernel_watch_;
    ClockWatch clock_watch_;
    std::set<wire::Address> own_addresses_;
    std::vector<core::SendIcmp> icmp_sends_;
    bool withdrawal_pending_ = true;
    std::optional<core::BootTime> compare_at_;

    EventSource icmp_source_;
    EventSource store_source_;
};

} // namespace anchor6::io
