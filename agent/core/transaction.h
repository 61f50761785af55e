// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/binding.h"
#include "core/config.h"
#include "core/event.h"
#include "core/time.h"

namespace anchor6::core {

/// A Binding Update or Proxy Binding Update and how it came.
struct BindingRequest {
    Packet packet;
    wire::BindingUpdate update;
    /// When it arrived; it may have waited since.
    Now received;
    /// It has waited for the de-registration by the previous MAG, in vain.
    bool handoff_delay_over = false;
    /// The physical home link on which its addresses were found to be unique; empty: none.
    std::string probed_link;

    wire::Address home_address() const { return packet.home_address.value_or(packet.source); }
    wire::Address care_of_address() const {
        return update.options.alternate_care_of_address.value_or(packet.source);
    }
};

/// What one transaction does to one binding: nothing before is a new one, nothing after its end.
template <class Binding>
struct Change {
    std::optional<Binding> before;
    std::optional<Binding> after;
};

/// A change under way, and the request that it answers; expiry answers nobody.
template <class Binding>
struct Work {
    Change<Binding> change;
    std::optional<BindingRequest> request;

    /// Only the kernel is brought to what store and cache hold.
    bool is_installation() const { return !request && change.before == change.after; }
};

/// What the kernel must hold for a binding: nothing for one that no packet takes.
std::vector<KernelBinding> kernel_bindings(const HomeBinding& binding, BootTime now);
std::vector<KernelBinding> kernel_bindings(const ProxyBinding& binding, BootTime now);

/// What is defended for a binding on its physical home link: the home address and, with the L flag,
/// the link-local address with its interface identifier.
std::vector<DefendedAddress> defended_addresses(const HomeBinding& binding);

/// The transaction that makes a change, and undoes it with what was there before.
template <class Binding>
Transaction make_transaction(TransactionId id, const Change<Binding>& change, BootTime now);
/// The end of what was kept for a node.
Transaction make_retention_end(TransactionId id, const wire::Prefix& prefix);
/// With a change of a session: what is no longer kept for its node, and what is from now on.
void add_retentions(Transaction& transaction, std::span<const RetainedPrefix> taken,
                    std::span<const RetainedPrefix> kept);
/// Puts into the kernel what it lacks; store and caches have it.
Transaction make_installation(TransactionId id, std::span<const KernelBinding> bindings,
                              std::span<const DefendedAddress> defended = {});
/// Takes from the kernel what nobody knows.
Transaction make_removal(TransactionId id, const KernelBinding& binding);
Transaction make_release(TransactionId id, const DefendedAddress& address);

/// The first without the second.
std::vector<DefendedAddress> difference(std::span<const DefendedAddress> addresses,
                                        std::span<const DefendedAddress> others);

/// Notes with each transaction that ends which keys the kernel does not have as it should.
template <class Key, class Binding>
void note_installation(std::set<Key>& uninstalled, const Key& key, const Work<Binding>& work,
                       bool committed) {
    if (!work.is_installation())
        return;
    if (committed)
        uninstalled.erase(key);
    else
        uninstalled.insert(key);
}

/// Until what could not be done is tried again.
inline constexpr std::chrono::seconds retry_delay{1};

/// When to look at a binding next. What was to end or to be installed, and could not, is tried
/// again in a while.
BootTime deadline_after(BootTime expires, bool committed, bool uninstalled, BootTime now);

/// What both roles count together against the limits.
struct Occupancy {
    /// In both caches, those in the making included.
    std::size_t bindings = 0;
    /// Requests that wait, for a transaction or for another MAG.
    std::size_t queued = 0;
};

/// The sessions with a transaction under way: one at a time, later requests wait in order.
template <class Key, class Binding, class Hash = std::hash<Key>>
class OpenTransactions {
public:
    struct Ended {
        Key key;
        Work<Binding> work;
        std::vector<BindingRequest> waiting;
    };

    bool busy(const Key& key) const { return sessions_.contains(key); }

    void open(TransactionId id, const Key& key, Work<Binding> work) {
        if (spare_.empty()) {
            sessions_.emplace(key, Session{std::move(work), {}});
        } else {
            spare_.back().key() = key;
            spare_.back().mapped().work = std::move(work);
            sessions_.insert(std::move(spare_.back()));
            spare_.pop_back();
        }
        keys_.emplace(id, key);
    }

    /// False: no room, the request is lost.
    bool wait(const Key& key, const BindingRequest& request, const Limits& limits,
              Occupancy& occupancy) {
        auto& waiting = sessions_.at(key).waiting;
        if (waiting.size() >= limits.queued_per_session || occupancy.queued >= limits.queued_total)
            return false;
        waiting.push_back(request);
        ++occupancy.queued;
        return true;
    }

    /// Whoever waits is the caller's from now on.
    std::optional<Ended> close(TransactionId id, Occupancy& occupancy) {
        auto key = keys_.find(id);
        if (key == keys_.end())
            return std::nullopt;
        auto session = sessions_.extract(key->second);
        keys_.erase(key);
        occupancy.queued -= session.mapped().waiting.size();
        Ended ended{std::move(session.key()), std::move(session.mapped().work),
                    std::exchange(session.mapped().waiting, {})};
        if (spare_.size() < spare_max)
            spare_.push_back(std::move(session));
        return ended;
    }

    template <class Visit>
    void each(Visit visit) const {
        for (const auto& [key, session] : sessions_)
            visit(session.work.change);
    }

private:
    struct Session {
        Work<Binding> work;
        std::vector<BindingRequest> waiting;
    };
    using Sessions = std::unordered_map<Key, Session, Hash>;

    Sessions sessions_;
    std::unordered_map<TransactionId, Key> keys_;
    /// Of those that ended: a kilobyte each is what malloc is slow with.
    static constexpr std::size_t spare_max = 1024;
    std::vector<typename Sessions::node_type> spare_;
};

} // namespace anchor6::core
