// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/anchor.h"
#include "tests/core_judge.h"
#include "wire/timestamp.h"

namespace anchor6 {

/// All of them, page by page as the control socket reads them.
std::vector<core::HomeBinding> home_bindings(const core::Anchor& anchor);
std::vector<core::ProxyBinding> proxy_bindings(const core::Anchor& anchor);

/// An anchor with a clock, a store and a kernel that do what the test says, and a judge that looks
/// at each step. What it found first stands in `complaint`; fuzzers and tests share it.
class World : public Judge {
public:
    using Outcome = core::TransactionEnded::Outcome;
    using KernelKey = std::pair<core::Cache, wire::Prefix>;
    using LinkKey = std::pair<std::string, wire::Address>;

    explicit World(core::Config config, const core::Remembered& remembered = {});
    ~World();

    /// Boot time begins again; the store says what is left of each lifetime.
    void reboot(std::chrono::seconds off);

    /// Another anchor starts with what this one stored; the kernel still is as it was.
    void restart(core::Config config);

    void receive(const core::Packet& packet, const wire::Message& message);
    void receive(const core::Packet& packet, const wire::ParseError& error);
    void receive(const core::Packet& packet, const wire::IcmpMessage& message,
                 const std::string& link = {});
    void reject_home_address(const core::Packet& packet);

    /// Ends the open transaction in that place of the queue.
    void end(Outcome outcome = Outcome::committed, std::size_t place = 0);

    /// The first open transaction that changes something in the kernel, or what is kept of a
    /// prefix, which the one in that place changes as well: it must go first.
    std::size_t first_of_its_kind(std::size_t place) const;

    /// Ends the duplicate address detection in that place of the queue.
    void probed(core::AddressProbed::Outcome outcome, std::size_t place = 0);

    /// Everything commits, every address is unique.
    void run();

    void wait(core::BootClock::duration time);

    void tick();
    void tell(const core::Event& event);

    /// Lets time pass with a Tick at each deadline, and all transactions commit.
    void pass(core::BootClock::duration time);

    void configure(core::Config config);

    void adopt(bool store_clean = true);

    /// The binding that the kernel would take for a packet: home first, longest first.
    const core::KernelBinding* route(const wire::Address& destination) const;

    std::uint64_t count(core::Counter counter) const { return anchor.counters().value(counter); }
    std::uint64_t timestamp() const { return wire::to_timestamp(now.real.time_since_epoch()); }

    core::Now now;
    core::Anchor anchor;
    std::deque<core::Transaction> open;
    std::deque<core::ProbeAddress> probes;
    std::vector<core::Send> sent;
    std::vector<core::SendIcmp> icmp_sent;
    std::vector<core::DefendedAddress> announced;
    std::set<core::DefendedAddress> defended;
    std::map<wire::Address, core::HomeBinding> stored_home;
    std::map<std::uint64_t, core::ProxyBinding> stored_proxy;
    std::map<wire::Prefix, core::RetainedPrefix> retained;
    std::map<KernelKey, core::KernelBinding> kernel;
    /// Messages that may wait.
    std::size_t queued_most = 65536;
    /// Probes that may be out at a time.
    std::size_t probes_most = 1024;
    /// Revocations that may wait for an answer.
    std::size_t revocations_most = 65536;
    /// False: the kernel is not what the anchor made it, as after a lost store.
    bool judge_kernel = true;
    /// False: a clock was set, so timestamps may go back.
    bool judge_order = true;

private:
    struct Received {
        std::uint64_t messages = 0;
        std::uint64_t answers = 0;
    };

    void step(const core::Event& event, const core::Transaction& ended);
    void take(const core::Effect& effect, const core::Event& event);
    void take(const core::Transaction& transaction, const core::Event& /*event*/);
    void take(const core::Send& send, const core::Event& event);
    void take(const core::SendIcmp& send, const core::Event& /*event*/);
    void take(const core::ProbeAddress& probe, const core::Event& /*event*/);
    void take(const core::AnnounceAddress& announcement, const core::Event& event);
    void judge_transaction(const core::Transaction& transaction);
    void note_endings(const core::Event& event);
    void note_request(const wire::Address& source, const wire::Message& message);
    void note_global_ending(const wire::Address& source);
    bool may_end(const core::ProxyBinding& session) const;
    void judge_authority(const core::Transaction& transaction);
    void judge_handoff(const core::ProxyBinding& before, const core::ProxyBinding& after);
    void judge_peers();
    void judge_caches(const core::Event& event, const core::Transaction& ended,
                      const std::vector<core::HomeBinding>& home,
                      const std::vector<core::ProxyBinding>& proxy);
    void judge_orders(const std::vector<core::HomeBinding>& home,
                      const std::vector<core::ProxyBinding>& proxy);
    void judge_queues();
    void judge_retained(const std::map<wire::Prefix, std::string>& owners);
    void judge_prefixes();
    void note_doubt(const core::Transaction& transaction, Outcome outcome);
    void judge_links();
    void judge_store_and_kernel();
    void apply(const std::vector<core::StoreChange>& store,
               const std::vector<core::KernelChange>& changes);
    void apply(const core::PutHomeBinding& put);
    void apply(const core::DeleteHomeBinding& gone) { stored_home.erase(gone.home_address); }
    void apply(const core::PutProxyBinding& put);
    void apply(const core::DeleteProxyBinding& gone) { stored_proxy.erase(gone.id); }
    void apply(const core::PutRetainedPrefix& put);
    void apply(const core::DeleteRetainedPrefix& gone) { retained.erase(gone.prefix); }
    void apply(const core::SetKernelBinding& set);
    void apply(const core::DeleteKernelBinding& gone) { kernel.erase({gone.cache, gone.prefix}); }
    void apply(const core::DefendAddress& change) { defended.insert(change.address); }
    void apply(const core::ReleaseAddress& change) { defended.erase(change.address); }
    bool is_known(const KernelKey& key) const { return judge_kernel && !doubt.contains(key); }
    bool is_known(const core::DefendedAddress& address) const;

    Received received;
    /// Sessions, addresses of MAGs and, by address, nodes whose sessions may end before their time.
    std::set<std::uint64_t> endable;
    std::set<wire::Address> endable_at;
    std::map<wire::Address, std::set<std::string>> asked_at;
    std::set<KernelKey> doubt;
    std::set<LinkKey> link_doubt;
    std::uint64_t restarts = 0;
};

} // namespace anchor6
