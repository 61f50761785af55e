// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/deadlines.h"
#include "core/heartbeat.h"
#include "core/proxy_cache.h"
#include "core/proxy_update_check.h"
#include "core/step_context.h"
#include "core/transaction.h"

namespace anchor6::core {

/// The Proxy Mobile IPv6 local mobility anchor (RFC 5213 section 5). It owns the proxy cache and
/// knows nothing of the home cache; what it shares with the home agent is the prefix pool.
class MobilityAnchor {
public:
    const ProxyCache& cache() const { return cache_; }

    /// A Proxy Binding Update.
    void receive(const BindingRequest& request, StepContext& step);
    void receive(const Packet& packet, const wire::Heartbeat& heartbeat, StepContext& step);
    /// False: no transaction of the mobility anchor.
    bool finish(const TransactionEnded& ended, StepContext& step);
    /// Ends one session's lifetime or revival time, if one is due.
    bool expire_one(StepContext& step);
    /// Ends one wait for a de-registration by a previous MAG, if one is due.
    bool end_one_handoff_delay(StepContext& step);
    /// The policy is another one.
    void configure(const StepContext& step) { heartbeats_.configure(step); }
    /// Ends one session that its MAG has lost.
    bool end_one_lost(StepContext& step);
    /// Sends one heartbeat request, if one is due.
    bool ask_one_mag(StepContext& step);
    std::optional<BootTime> next_deadline() const;

    /// A session that the store remembers.
    void restore(const ProxyBinding& binding, StepContext& step);
    /// Puts a node's sessions into the kernel that the kernel lacks.
    void reinstall(const std::string& mn_identifier, StepContext& step);
    bool busy(const ProxyBinding& binding) const { return open_.busy(binding.mn_identifier); }
    const auto& open_transactions() const { return open_; }

private:
    void apply(const ProxyRegistration& registration, StepContext& step);
    void create(const ProxyRegistration& registration, StepContext& step);
    void update(const ProxyRegistration& registration, StepContext& step);
    void deregister(const ProxyRegistration& registration, StepContext& step);
    void delay_handoff(const ProxyRegistration& registration, StepContext& step);
    std::optional<BindingRequest> take_delayed(std::uint64_t session, StepContext& step);

    void begin(Work<ProxyBinding> work, StepContext& step);
    void answer(const Work<ProxyBinding>& work, TransactionEnded::Outcome outcome,
                StepContext& step) const;
    void end_lost(const Heartbeats::Lost& lost, StepContext& step);
    void settle(const Work<ProxyBinding>& work, bool committed, StepContext& step);

    ProxyCache cache_;
    OpenTransactions<std::string, ProxyBinding> open_;
    Deadlines<std::uint64_t> deadlines_;
    /// Nodes with a session whose installation in the kernel failed.
    std::set<std::string> uninstalled_;
    /// By the session whose de-registration is waited for.
    std::map<std::uint64_t, BindingRequest> delayed_;
    Deadlines<std::uint64_t> delays_;
    Heartbeats heartbeats_;

    /// The sessions of a path that were last extended before that moment end, one after the other.
    struct Ending {
        PeerPath path;
        BootTime before;
        std::uint64_t last_id = 0;
    };
    std::deque<Ending> endings_;
};

} // namespace anchor6::core
