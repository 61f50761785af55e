// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "core/binding.h"
#include "core/config.h"
#include "core/counter.h"
#include "core/deadlines.h"
#include "core/discovery.h"
#include "core/event.h"
#include "core/home_agent.h"
#include "core/mobility_anchor.h"
#include "core/policy.h"
#include "core/prefix_advertiser.h"
#include "core/prefix_pool.h"
#include "core/rate_limit.h"
#include "core/step_context.h"
#include "core/time.h"

namespace anchor6::core {

/// What a store remembers of an earlier run.
struct Remembered {
    std::vector<HomeBinding> home_bindings;
    std::vector<ProxyBinding> proxy_bindings;
    std::vector<RetainedPrefix> retained_prefixes;
    /// Of heartbeats (RFC 5847): another one when bindings were lost, and only then.
    std::uint32_t restart_counter = 0;
    /// The store remembers nothing: MAGs may believe in sessions that are lost.
    bool bindings_lost = false;
    /// How often the store has been opened: different for each run, so that session identifiers
    /// and cookies built on it are never used twice while the store lives.
    std::uint64_t restarts = 0;
};

/// A MAG of the configuration, for a person.
struct MagEntry {
    struct Path {
        PeerPath path;
        PeerState state;
    };
    std::string name;
    std::size_t sessions = 0;
    /// Its clock minus ours when its last timestamp came.
    std::optional<std::chrono::nanoseconds> offset;
    /// Since its last message.
    std::optional<BootClock::duration> silence;
    /// Those with sessions.
    std::vector<Path> paths;
    /// It has said that it does not know revocations.
    bool revocation_refused = false;
};

/// A place in the list of all sessions, home cache first.
struct SessionPlace {
    Cache cache = Cache::home;
    PagePlace page;
};

/// Some of the sessions.
struct SessionPage {
    std::vector<HomeBinding> home_bindings;
    std::vector<ProxyBinding> proxy_bindings;
    /// Where the others are.
    std::optional<SessionPlace> next;
};

/// Home agent and local mobility anchor of the same mobile nodes, as a value that can be moved. It
/// reads no clock, opens nothing and logs nothing.
class Anchor {
public:
    Anchor(std::shared_ptr<const Policy> policy, const Remembered& remembered, Now now);

    /// The only way to change an anchor. Never throws for anything that a peer can send.
    Effects step(const Event& event, Now now);

    /// When the next Tick is due.
    std::optional<BootTime> next_deadline() const;

    /// A part of the list of all sessions. Nothing: so many have come that the place is not there
    /// any more.
    std::optional<SessionPage> session_page(SessionPlace from) const;
    /// What is known of each MAG of the configuration, in its order.
    std::vector<MagEntry> mags(BootTime now) const;
    /// The home agents of each group, in the order of the groups and of their preference.
    std::vector<HomeAgentEntry> home_agents(BootTime now) const;
    /// The sessions of a node; with an identifier only that one.
    std::vector<ProxyBinding> sessions(std::string_view mn_identifier,
                                       std::optional<std::uint64_t> id) const;
    std::size_t home_binding_count() const { return home_agent_.cache().size(); }
    std::size_t proxy_binding_count() const { return mobility_anchor_.cache().size(); }
    /// At most so many of them, those that come after the prefix.
    std::vector<RetainedPrefix> retained_page(const std::optional<wire::Prefix>& after,
                                              std::size_t count) const {
        return mobility_anchor_.retention().page(after, count);
    }
    /// Binding Revocation Indications without an answer yet.
    std::size_t pending_revocation_count() const {
        return mobility_anchor_.pending_revocation_count();
    }
    std::size_t retained_prefix_count() const { return mobility_anchor_.retention().size(); }
    const Policy& policy() const { return *policy_; }
    const Counters& counters() const { return counters_; }

private:
    StepContext context(Now now, Effects& effects);
    void handle(const MessageReceived& event, StepContext& step);
    void handle(const TransactionEnded& event, StepContext& step);
    void handle(const AddressProbed& event, StepContext& step);
    void handle(const IcmpReceived& event, StepContext& step);
    void handle(const HomeAddressRejected& event, StepContext& step);
    void handle(const Tick& event, StepContext& step);
    void handle(const KernelDumped& event, StepContext& step);
    void handle(const ConfigChanged& event, StepContext& step);
    void handle(const ClockStepped& event, StepContext& step);
    void handle(const RevokeSessions& event, StepContext& step);
    void handle(const RevokeMag& event, StepContext& step);

    void receive(const Packet& packet, const wire::Message& message, StepContext& step);
    bool receive_of_mag(const Packet& packet, const wire::Message& message, StepContext& step);
    void refuse(const Packet& packet, const wire::ParseError& error, StepContext& step);
    void receive(const IcmpReceived& received, const wire::MobilePrefixSolicitation& solicitation,
                 StepContext& step);
    void report(const Packet& packet, std::uint8_t status, StepContext& step);
    MagEntry entry(const Mag& mag, BootTime now) const;
    void leave_alone(const KernelBinding& binding, StepContext& step);
    bool forget_one_unknown(StepContext& step);
    void configure_prefixes(std::vector<PrefixSlots>* slots);
    bool take_over_one_prefix(StepContext& step);

    std::shared_ptr<const Policy> policy_;
    PrefixPool prefixes_;
    Occupancy occupancy_;
    Counters counters_;
    std::uint32_t restart_counter_;
    /// Until MAGs have been told.
    bool bindings_lost_;
    Identifiers bindings_;
    Identifiers transactions_{0};
    RateLimit binding_errors_;
    HomeAgent home_agent_;
    MobilityAnchor mobility_anchor_;
    Discovery discovery_;
    PrefixAdvertiser prefix_advertiser_;
    /// Prefixes of bindings in the kernel that nobody knows, until they have expired there.
    Deadlines<wire::Prefix> unknown_;
};

} // namespace anchor6::core
