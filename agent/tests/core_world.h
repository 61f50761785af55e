// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <algorithm>
#include <chrono>
#include <deque>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "core/anchor.h"
#include "core/sequence.h"
#include "wire/timestamp.h"

namespace anchor6 {

/// An anchor with a clock, a store and a kernel that do what the test says, and a judge that looks
/// at each step. What it found first stands in `complaint`; fuzzers and tests share it.
class World {
public:
    using Outcome = core::TransactionEnded::Outcome;
    using KernelKey = std::pair<core::Cache, wire::Prefix>;

    explicit World(core::Config config, const core::Remembered& remembered = {})
        : now{core::BootTime{std::chrono::hours{1}}, core::RealTime{std::chrono::hours{500'000}}},
          anchor(std::move(config), remembered, now) {}

    /// Another anchor starts with what this one stored; the kernel still is as it was.
    void restart(core::Config config) {
        core::Remembered remembered;
        for (const auto& [address, binding] : stored_home)
            remembered.home_bindings.push_back(binding);
        for (const auto& [id, binding] : stored_proxy)
            remembered.proxy_bindings.push_back(binding);
        remembered.restarts = ++restarts;
        open.clear();
        received = {};
        anchor = core::Anchor{std::move(config), remembered, now};
    }

    void receive(const core::Packet& packet, const wire::Message& message) {
        step(core::MessageReceived{packet, message}, {});
    }
    void receive(const core::Packet& packet, const wire::ParseError& error) {
        step(core::MessageReceived{packet, error}, {});
    }

    /// Ends the open transaction in that place of the queue.
    void end(Outcome outcome = Outcome::committed, std::size_t place = 0) {
        const core::Transaction transaction = std::move(open[place]);
        open.erase(open.begin() + static_cast<std::ptrdiff_t>(place));
        note_doubt(transaction, outcome);
        if (outcome != Outcome::store_failed)
            apply(transaction.store, transaction.kernel);
        if (outcome == Outcome::kernel_failed)
            apply(transaction.undo_store, transaction.undo_kernel);
        step(core::TransactionEnded{transaction.id, outcome, 0}, transaction);
    }

    /// The first open transaction that changes a kernel binding which the one in that place
    /// changes as well: it must go first.
    std::size_t first_of_its_kind(std::size_t place) const {
        const auto keys = kernel_keys(open[place]);
        for (std::size_t earlier = 0; earlier < place; ++earlier)
            for (const KernelKey& key : kernel_keys(open[earlier]))
                if (keys.contains(key))
                    return earlier;
        return place;
    }

    void run() {
        while (!open.empty())
            end();
    }

    void wait(core::BootClock::duration time) {
        now.boot += time;
        now.real += time;
    }

    void tick() { step(core::Tick{}, {}); }

    /// Lets time pass with a Tick at each deadline, and all transactions commit.
    void pass(core::BootClock::duration time) {
        const core::BootTime end_of_pass = now.boot + time;
        run();
        while (anchor.next_deadline() && *anchor.next_deadline() <= end_of_pass) {
            wait(std::max(*anchor.next_deadline() - now.boot, core::BootClock::duration{0}));
            tick();
            run();
        }
        wait(end_of_pass - now.boot);
    }

    void configure(core::Config config) { step(core::ConfigChanged{std::move(config)}, {}); }

    void adopt(bool store_clean = true) {
        core::KernelDumped dumped;
        dumped.store_clean = store_clean;
        dumped.defended = {defended.begin(), defended.end()};
        for (const auto& [key, binding] : kernel)
            dumped.bindings.push_back(binding);
        step(dumped, {});
    }

    /// The binding that the kernel would take for a packet: home first, longest first.
    const core::KernelBinding* route(const wire::Address& destination) const {
        const core::KernelBinding* best = nullptr;
        for (const auto& [key, binding] : kernel)
            if (binding.prefix.contains(destination) &&
                (best == nullptr ||
                 (binding.cache == best->cache && binding.prefix.length() > best->prefix.length())))
                best = &binding;
        return best;
    }

    std::uint64_t count(core::Counter counter) const { return anchor.counters().value(counter); }
    std::uint64_t timestamp() const { return wire::to_timestamp(now.real.time_since_epoch()); }

    core::Now now;
    core::Anchor anchor;
    std::deque<core::Transaction> open;
    std::vector<core::Send> sent;
    std::set<core::DefendedAddress> defended;
    std::map<wire::Address, core::HomeBinding> stored_home;
    std::map<std::uint64_t, core::ProxyBinding> stored_proxy;
    std::map<KernelKey, core::KernelBinding> kernel;
    std::string complaint;
    /// Messages that may wait.
    std::size_t queued_most = 65536;
    /// False: the kernel is not what the anchor made it, as after a lost store.
    bool judge_kernel = true;

private:
    struct Received {
        std::uint64_t messages = 0;
        std::uint64_t answers = 0;
    };

    void complain(bool bad, const char* what) {
        if (bad && complaint.empty())
            complaint = what;
    }

    void step(const core::Event& event, const core::Transaction& ended) {
        const auto home_before = sorted(anchor.home_bindings());
        const auto proxy_before = sorted(anchor.proxy_bindings());
        received.messages += std::holds_alternative<core::MessageReceived>(event) ? 1 : 0;
        for (const core::Effect& effect : anchor.step(event, now))
            take(effect, event);
        judge_caches(event, ended, home_before, proxy_before);
        judge_orders(home_before, proxy_before);
        judge_prefixes();
        judge_queues();
        if (open.empty())
            judge_store_and_kernel();
    }

    void take(const core::Effect& effect, const core::Event& event) {
        if (const auto* transaction = std::get_if<core::Transaction>(&effect)) {
            judge_transaction(*transaction);
            open.push_back(*transaction);
            return;
        }
        sent.push_back(std::get<core::Send>(effect));
        ++received.answers;
        complain(received.answers > received.messages, "more answers than messages");
        const auto* ended = std::get_if<core::TransactionEnded>(&event);
        const bool committed = ended != nullptr && ended->outcome == Outcome::committed;
        const auto* answer = std::get_if<wire::BindingAcknowledgement>(&sent.back().message);
        complain(answer != nullptr && !wire::is_refusal(answer->status) && !committed,
                 "a success was answered before its commit");
    }

    // Invariant 1: what one role asks for concerns one cache.
    void judge_transaction(const core::Transaction& transaction) {
        bool home = false;
        bool proxy = false;
        for (const auto* changes : {&transaction.store, &transaction.undo_store})
            for (const core::StoreChange& change : *changes)
                (is_home(change) ? home : proxy) = true;
        for (const auto* changes : {&transaction.kernel, &transaction.undo_kernel})
            for (const core::KernelChange& change : *changes)
                (is_home(change) ? home : proxy) = true;
        complain(home && proxy, "one transaction changes both caches");
    }

    void judge_caches(const core::Event& event, const core::Transaction& ended,
                      const std::vector<core::HomeBinding>& home,
                      const std::vector<core::ProxyBinding>& proxy) {
        const bool home_changed = home != sorted(anchor.home_bindings());
        const bool proxy_changed = proxy != sorted(anchor.proxy_bindings());
        const auto* end_event = std::get_if<core::TransactionEnded>(&event);
        const bool committed = end_event != nullptr && end_event->outcome == Outcome::committed;
        complain((home_changed || proxy_changed) && !committed, "a cache changed without commit");
        complain(home_changed && proxy_changed, "both caches changed in one step");
        complain(home_changed && !std::ranges::any_of(ended.store, is_home_store),
                 "the home cache changed for something else");
        complain(proxy_changed && std::ranges::any_of(ended.store, is_home_store),
                 "a Binding Update changed the proxy cache");
    }

    // Invariant 3: within one life of a binding its order only goes forward.
    void judge_orders(const std::vector<core::HomeBinding>& home,
                      const std::vector<core::ProxyBinding>& proxy) {
        std::map<wire::Address, core::HomeBinding> bindings;
        for (const core::HomeBinding& binding : anchor.home_bindings())
            bindings.emplace(binding.home_address, binding);
        for (const core::HomeBinding& old : home)
            if (const auto fresh = bindings.find(old.home_address);
                fresh != bindings.end() && fresh->second.node == old.node)
                complain(old.sequence != fresh->second.sequence &&
                             !core::Sequence{fresh->second.sequence}.newer_than(
                                 core::Sequence{old.sequence}),
                         "an old Binding Update replaced a newer one");
        std::map<std::uint64_t, core::ProxyBinding> sessions;
        for (const core::ProxyBinding& session : anchor.proxy_bindings())
            sessions.emplace(session.id, session);
        for (const core::ProxyBinding& old : proxy)
            if (const auto fresh = sessions.find(old.id); fresh != sessions.end())
                complain(fresh->second.timestamp < old.timestamp,
                         "an old Proxy Binding Update replaced a newer one");
    }

    // Each message is counted under one name when it is done with.
    void judge_queues() {
        std::uint64_t waiting =
            count(core::Counter::binding_updates) + count(core::Counter::proxy_binding_updates);
        for (std::size_t index = 0; index < static_cast<std::size_t>(core::Counter::count); ++index)
            if (const auto counter = static_cast<core::Counter>(index); is_fate(counter))
                waiting -= count(counter);
        complain(waiting > open.size() + queued_most, "too many messages wait");
        complain(waiting != 0 && open.empty() && !anchor.next_deadline(), "a message was lost");
    }

    static bool is_fate(core::Counter counter) {
        using core::Counter;
        const std::string_view name = core::counter_name(counter);
        return name.starts_with("bu_") || name.starts_with("pbu_") ||
               counter == Counter::home_registrations || counter == Counter::home_deregistrations ||
               counter == Counter::proxy_registrations || counter == Counter::proxy_extensions ||
               counter == Counter::proxy_handoffs || counter == Counter::proxy_deregistrations;
    }

    void judge_prefixes() {
        std::map<wire::Prefix, std::string> owners;
        for (const core::ProxyBinding& session : anchor.proxy_bindings())
            for (const wire::Prefix& prefix : session.home_network_prefixes) {
                for (const auto& [other, owner] : owners)
                    complain(other.overlaps(prefix), "a prefix was assigned twice");
                owners.emplace(prefix, session.mn_identifier);
            }
        for (const core::HomeBinding& binding : anchor.home_bindings())
            for (const auto& [prefix, owner] : owners)
                complain(binding.state == core::HomeBinding::State::active &&
                             prefix.contains(binding.home_address) && owner != binding.node,
                         "a bound home address is in another node's prefix");
    }

    static std::set<KernelKey> kernel_keys(const core::Transaction& transaction) {
        std::set<KernelKey> keys;
        for (const core::KernelChange& change : transaction.kernel)
            if (const auto* set = std::get_if<core::SetKernelBinding>(&change))
                keys.emplace(set->binding.cache, set->binding.prefix);
            else if (const auto* gone = std::get_if<core::DeleteKernelBinding>(&change))
                keys.emplace(gone->cache, gone->prefix);
        return keys;
    }

    // An adoption that failed leaves the kernel as it is until it is tried again.
    void note_doubt(const core::Transaction& transaction, Outcome outcome) {
        for (const KernelKey& key : kernel_keys(transaction)) {
            if (outcome == Outcome::committed)
                doubt.erase(key);
            else if (transaction.store.empty())
                doubt.insert(key);
        }
    }

    void judge_store_and_kernel() {
        complain(sorted(anchor.home_bindings()) != values(stored_home) ||
                     sorted(anchor.proxy_bindings()) != values(stored_proxy),
                 "the store differs from the caches");
        std::map<KernelKey, core::KernelBinding> wanted;
        collect(anchor.home_bindings(), wanted);
        collect(anchor.proxy_bindings(), wanted);
        for (const auto& [key, binding] : kernel)
            complain(!wanted.contains(key) && is_known(key), "the kernel has an unknown binding");
        for (const auto& [key, binding] : wanted) {
            const auto present = kernel.find(key);
            const bool expired = binding.lifetime.count() <= 0;
            complain(present == kernel.end() && !expired && is_known(key),
                     "the kernel lacks a binding");
            complain(present != kernel.end() && is_known(key) &&
                         (present->second.remote != binding.remote ||
                          present->second.cookie != binding.cookie),
                     "the kernel has another far end");
        }
    }

    template <class Binding>
    void collect(const std::vector<Binding>& bindings,
                 std::map<KernelKey, core::KernelBinding>& wanted) const {
        for (Binding binding : bindings) {
            const auto left = binding.expires - now.boot;
            binding.expires = std::max(binding.expires, now.boot + std::chrono::seconds{1});
            for (core::KernelBinding entry : core::kernel_bindings(binding, now.boot)) {
                entry.lifetime = std::chrono::duration_cast<std::chrono::milliseconds>(left);
                wanted.emplace(KernelKey{entry.cache, entry.prefix}, entry);
            }
        }
    }

    void apply(const std::vector<core::StoreChange>& store,
               const std::vector<core::KernelChange>& changes) {
        for (const core::StoreChange& change : store)
            std::visit([this](const auto& what) { apply(what); }, change);
        for (const core::KernelChange& change : changes)
            std::visit([this](const auto& what) { apply(what); }, change);
    }
    void apply(const core::PutHomeBinding& put) {
        stored_home.insert_or_assign(put.binding.home_address, put.binding);
    }
    void apply(const core::DeleteHomeBinding& gone) { stored_home.erase(gone.home_address); }
    void apply(const core::PutProxyBinding& put) {
        stored_proxy.insert_or_assign(put.binding.id, put.binding);
    }
    void apply(const core::DeleteProxyBinding& gone) { stored_proxy.erase(gone.id); }
    void apply(const core::SetKernelBinding& set) {
        kernel.insert_or_assign(KernelKey{set.binding.cache, set.binding.prefix}, set.binding);
        complain(set.binding.lifetime.count() <= 0, "a kernel binding without lifetime");
    }
    void apply(const core::DeleteKernelBinding& gone) { kernel.erase({gone.cache, gone.prefix}); }
    void apply(const core::DefendAddress& change) { defended.insert(change.address); }
    void apply(const core::ReleaseAddress& change) { defended.erase(change.address); }

    static bool is_home_store(const core::StoreChange& change) { return is_home(change); }
    static bool is_home(const core::StoreChange& change) {
        return std::holds_alternative<core::PutHomeBinding>(change) ||
               std::holds_alternative<core::DeleteHomeBinding>(change);
    }
    static bool is_home(const core::KernelChange& change) {
        if (const auto* set = std::get_if<core::SetKernelBinding>(&change))
            return set->binding.cache == core::Cache::home;
        const auto* gone = std::get_if<core::DeleteKernelBinding>(&change);
        return gone == nullptr || gone->cache == core::Cache::home;
    }

    static std::vector<core::HomeBinding> sorted(std::vector<core::HomeBinding> bindings) {
        std::ranges::sort(bindings, {}, &core::HomeBinding::home_address);
        return bindings;
    }
    static std::vector<core::ProxyBinding> sorted(std::vector<core::ProxyBinding> bindings) {
        std::ranges::sort(bindings, {}, &core::ProxyBinding::id);
        return bindings;
    }
    template <class Map>
    static std::vector<typename Map::mapped_type> values(const Map& map) {
        std::vector<typename Map::mapped_type> result;
        for (const auto& [key, value] : map)
            result.push_back(value);
        return result;
    }

    bool is_known(const KernelKey& key) const { return judge_kernel && !doubt.contains(key); }

    Received received;
    std::set<KernelKey> doubt;
    std::uint64_t restarts = 0;
};

} // namespace anchor6
