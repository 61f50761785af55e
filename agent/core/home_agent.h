// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <optional>
#include <set>
#include <unordered_map>
#include <vector>

#include "core/binding_update_check.h"
#include "core/deadlines.h"
#include "core/home_cache.h"
#include "core/step_context.h"
#include "core/transaction.h"

namespace anchor6::core {

/// The Mobile IPv6 home agent (RFC 6275 section 10). It owns the home cache and knows nothing of
/// the proxy cache; what it shares with the local mobility anchor is the prefix pool.
class HomeAgent {
public:
    const HomeCache& cache() const { return cache_; }

    /// A Binding Update without the P flag.
    void receive(const BindingRequest& request, StepContext& step);
    /// False: no transaction of the home agent.
    bool finish(const TransactionEnded& ended, StepContext& step);
    /// The end of a duplicate address detection.
    void finish(const AddressProbed& probed, StepContext& step);
    /// Ends the lifetime of one binding or asks for its refresh, if that is due.
    bool expire_one(StepContext& step);
    std::optional<BootTime> next_deadline() const { return deadlines_.next(); }

    /// A binding that the store remembers.
    void restore(const HomeBinding& binding, StepContext& step);
    /// Puts a binding into the kernel that the kernel lacks.
    void reinstall(const HomeBinding& binding, StepContext& step);
    bool busy(const HomeBinding& binding) const { return open_.busy(binding.home_address); }
    const auto& open_transactions() const { return open_; }

private:
    void probe(const HomeRegistration& registration, StepContext& step);
    void accept(const HomeRegistration& registration, StepContext& step);
    void deregister(const HomeRegistration& registration, StepContext& step);
    void begin(Work<HomeBinding> work, StepContext& step);
    void answer(const Work<HomeBinding>& work, TransactionEnded::Outcome outcome,
                StepContext& step) const;

    void request_refresh(const HomeBinding& binding, StepContext& step);
    std::optional<BootTime> refresh_due(const HomeBinding& binding, const Timers& timers) const;
    void set_deadline(const HomeBinding& binding, bool committed, StepContext& step);

    void take_prefixes(const HomeBinding& binding, StepContext& step);
    void release_networks(const HomeBinding& binding, StepContext& step);
    template <class Visit>
    void each_network(const HomeBinding& binding, Visit visit) const;
    void settle(const Work<HomeBinding>& work, bool committed, StepContext& step);

    HomeCache cache_;
    OpenTransactions<wire::Address, HomeBinding> open_;
    HashedDeadlines<wire::Address> deadlines_;
    /// Home addresses whose installation in the kernel failed.
    std::set<wire::Address> uninstalled_;
    /// Open transactions that only probe; their identifiers are those of the probes.
    std::set<ProbeId> probes_;
    /// Home addresses that have been asked to refresh in this lifetime of their binding.
    std::set<wire::Address> asked_;
    /// The home network prefix that each active home address holds.
    std::unordered_map<wire::Address, wire::Prefix> homes_;
};

} // namespace anchor6::core
