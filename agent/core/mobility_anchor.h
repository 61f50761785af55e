// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/deadlines.h"
#include "core/heartbeat.h"
#include "core/mag_table.h"
#include "core/mag_turns.h"
#include "core/prefix_retention.h"
#include "core/proxy_cache.h"
#include "core/proxy_update_check.h"
#include "core/revocation.h"
#include "core/session_endings.h"
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
    void receive(const Packet& packet, const wire::BindingRevocationIndication& indication,
                 StepContext& step);
    void receive(const Packet& packet,
                 const wire::BindingRevocationAcknowledgement& acknowledgement, StepContext& step);
    void receive(const Packet& packet, const wire::BindingError& error, StepContext& step);
    void revoke(const RevokeSessions& which, StepContext& step);
    void revoke(const RevokeMag& which, StepContext& step);
    /// False: no transaction of the mobility anchor.
    bool finish(const TransactionEnded& ended, StepContext& step);
    /// Ends one session's lifetime or revival time, if one is due.
    bool expire_one(StepContext& step);
    /// Ends one wait for a de-registration by a previous MAG, if one is due.
    bool end_one_handoff_delay(StepContext& step);
    /// The policy is another one.
    void configure(const StepContext& step);
    /// By that policy the retained prefix may be another node's.
    void reconsider(const wire::Prefix& prefix, const StepContext& step);
    /// Goes on with what has been lost or revoked, if it is time.
    bool end_one_lost(StepContext& step);
    /// Sends one revocation again, or gives it up, if one is due.
    bool revoke_one_again(StepContext& step);
    /// Ends one retention of a prefix, if one is due.
    bool end_one_retention(StepContext& step);
    /// Sends one heartbeat request, if one is due.
    bool ask_one_mag(StepContext& step);
    std::optional<BootTime> next_deadline() const;

    /// A session that the store remembers.
    void restore(const ProxyBinding& binding, StepContext& step);
    void restore(const RetainedPrefix& retained, StepContext& step);
    /// Puts a node's sessions into the kernel that the kernel lacks.
    void reinstall(const std::string& mn_identifier, StepContext& step);
    bool busy(const ProxyBinding& binding) const { return open_.busy(binding.mn_identifier); }
    const auto& open_transactions() const { return open_; }

    const PrefixRetention& retention() const { return retention_; }
    MagState mag_state(const Mag& mag) const { return mags_.state(mag.name); }
    const PeerState* peer_state(const PeerPath& path) const { return heartbeats_.find(path); }
    std::size_t pending_revocation_count() const { return revocations_.pending_count(); }
    bool is_revocation_refused_by(const wire::Address& mag) const {
        return revocations_.is_refused_by(mag);
    }

private:
    void answer_refusal(const Refusal& refusal, const ProxyRegistration& registration,
                        StepContext& step);
    void apply(const ProxyRegistration& registration, StepContext& step);
    void create(const ProxyRegistration& registration, StepContext& step);
    void update(const ProxyRegistration& registration, StepContext& step);
    void deregister(const ProxyRegistration& registration, StepContext& step);
    void delay_handoff(const ProxyRegistration& registration, StepContext& step);
    std::optional<BindingRequest> take_delayed(std::uint64_t session, StepContext& step);

    void begin(Work<ProxyBinding> work, StepContext& step);
    void answer(const Work<ProxyBinding>& work, TransactionEnded::Outcome outcome,
                StepContext& step) const;
    /// What a transaction changes in what is kept for nodes.
    struct RetentionChange {
        std::vector<RetainedPrefix> taken;
        std::vector<RetainedPrefix> kept;
    };
    RetentionChange retention_change(const Change<ProxyBinding>& change, StepContext& step);
    void finish_retention_change(TransactionId id, bool committed, StepContext& step);
    bool finish_retention(const TransactionEnded& ended, StepContext& step);
    bool wait(const std::string& mn_identifier, const BindingRequest& request, StepContext& step);
    bool enqueue(const BindingRequest& request, StepContext& step);
    void dequeue(const BindingRequest& request, StepContext& step);
    void wait_for_turn(const BindingRequest& request, StepContext& step);
    void take_turns(const wire::Address& mag, StepContext& step);
    void receive_again(const BindingRequest& request, StepContext& step);
    bool admit(const Mag* mag, const StepContext& step);
    void end_lost(const Heartbeats::Lost& lost, StepContext& step);
    void end_sessions(SessionEndings::Ending ending, StepContext& step);
    void revoke(const ProxyBinding& session, StepContext& step);
    void revoke_at_previous_mag(const Change<ProxyBinding>& change, StepContext& step);
    void conclude(const Revocations::Purpose& purpose, StepContext& step);
    std::vector<std::uint64_t> named_sessions(const PeerPath& path,
                                              const wire::Options& options) const;
    static void release(const ProxyBinding& gone, StepContext& step);
    void settle(const Work<ProxyBinding>& work, bool committed, StepContext& step);

    ProxyCache cache_;
    OpenTransactions<std::string, ProxyBinding, wire::KeyedTextHash> open_;
    HashedDeadlines<std::uint64_t> deadlines_;
    /// Nodes with a session whose installation in the kernel failed.
    std::set<std::string> uninstalled_;
    /// By the session whose de-registration is waited for.
    std::map<std::uint64_t, BindingRequest> delayed_;
    Deadlines<std::uint64_t> delays_;
    PrefixRetention retention_;
    std::map<TransactionId, RetentionChange> retention_changes_;
    /// Retentions whose end is being stored.
    std::map<TransactionId, wire::Prefix> retention_ends_;
    MagTable mags_;
    MagTurns turns_;
    RateLimit stranger_refusals_;
    Heartbeats heartbeats_;
    Revocations revocations_;
    SessionEndings endings_;
};

} // namespace anchor6::core
