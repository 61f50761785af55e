// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/transaction.h"

#include <algorithm>

namespace anchor6::core {

namespace {

StoreChange put(const HomeBinding& binding) {
    return PutHomeBinding{binding};
}
StoreChange put(const ProxyBinding& binding) {
    return PutProxyBinding{binding};
}
StoreChange erase(const HomeBinding& binding) {
    return DeleteHomeBinding{binding.home_address};
}
StoreChange erase(const ProxyBinding& binding) {
    return DeleteProxyBinding{binding.id};
}

KernelChange erase(const KernelBinding& binding) {
    return DeleteKernelBinding{binding.cache, binding.prefix};
}

template <class Binding>
StoreChange store_value(const std::optional<Binding>& value, const std::optional<Binding>& other) {
    return value ? put(*value) : erase(*other);
}

template <class Binding>
std::vector<KernelBinding> kernel_value(const std::optional<Binding>& value, BootTime now) {
    return value ? kernel_bindings(*value, now) : std::vector<KernelBinding>{};
}

// From what the kernel holds to what it shall hold: what stays is set again, for its lifetime.
std::vector<KernelChange> kernel_changes(std::span<const KernelBinding> from,
                                         std::span<const KernelBinding> to) {
    std::vector<KernelChange> changes;
    changes.reserve(from.size() + to.size());
    for (const KernelBinding& binding : to)
        changes.emplace_back(SetKernelBinding{binding});
    for (const KernelBinding& old : from) {
        const bool stays = std::ranges::any_of(
            to, [&](const KernelBinding& binding) { return binding.prefix == old.prefix; });
        if (!stays)
            changes.push_back(erase(old));
    }
    return changes;
}

// A binding whose lifetime is over may still be in the kernel for a moment; it must go as well.
template <class Binding>
std::vector<KernelBinding> kernel_remains(const std::optional<Binding>& value, BootTime now) {
    return value ? kernel_bindings(*value, std::min(now, value->expires - BootClock::duration{1}))
                 : std::vector<KernelBinding>{};
}

// Also of a binding whose lifetime is over: its addresses are defended until it is ended.
std::vector<DefendedAddress> defended_value(const std::optional<HomeBinding>& value) {
    return value ? defended_addresses(*value) : std::vector<DefendedAddress>{};
}
std::vector<DefendedAddress> defended_value(const std::optional<ProxyBinding>& /*value*/) {
    return {};
}

// What a packet takes is there before the link sends packets here, and goes after it.
std::vector<KernelChange> with_defence(std::vector<KernelChange> tunnels,
                                       std::span<const DefendedAddress> from,
                                       std::span<const DefendedAddress> to) {
    if (from.empty() && to.empty())
        return tunnels;
    std::vector<KernelChange> changes;
    for (const DefendedAddress& address : difference(from, to))
        changes.emplace_back(ReleaseAddress{address});
    std::ranges::move(tunnels, std::back_inserter(changes));
    for (const DefendedAddress& address : difference(to, from))
        changes.emplace_back(DefendAddress{address});
    return changes;
}

template <class Binding, class Prefixes>
std::vector<KernelBinding> tunnels(const Binding& binding, Cache cache, const Prefixes& prefixes,
                                   const wire::Address& local, const wire::Address& remote,
                                   std::uint64_t cookie, BootTime now) {
    std::vector<KernelBinding> result;
    if (binding.state != Binding::State::active || binding.expires <= now)
        return result;
    result.reserve(prefixes.size());
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(binding.expires - now);
    for (const wire::Prefix& prefix : prefixes)
        result.push_back({cache, prefix, local, remote, left, cookie, binding.group});
    return result;
}

} // namespace

std::vector<KernelBinding> kernel_bindings(const HomeBinding& binding, BootTime now) {
    return tunnels(binding, Cache::home, binding.prefixes, binding.home_agent,
                   binding.care_of_address, binding.cookie, now);
}

std::vector<KernelBinding> kernel_bindings(const ProxyBinding& binding, BootTime now) {
    return tunnels(binding, Cache::proxy, binding.home_network_prefixes, binding.lma_address,
                   binding.proxy_care_of_address, binding.id, now);
}

std::vector<DefendedAddress> defended_addresses(const HomeBinding& binding) {
    std::vector<DefendedAddress> result;
    if (binding.state != HomeBinding::State::active || binding.link.empty())
        return result;
    const bool router = (binding.flags & wire::bu_flag::mobile_router) != 0;
    result.push_back({binding.link, binding.home_address, router});
    if ((binding.flags & wire::bu_flag::link_local) != 0)
        result.push_back({binding.link, wire::link_local(binding.home_address), router});
    return result;
}

std::vector<DefendedAddress> difference(std::span<const DefendedAddress> addresses,
                                        std::span<const DefendedAddress> others) {
    std::vector<DefendedAddress> result;
    std::ranges::copy_if(addresses, std::back_inserter(result), [&](const DefendedAddress& one) {
        return std::ranges::find(others, one) == others.end();
    });
    return result;
}

BootTime deadline_after(BootTime expires, bool committed, bool uninstalled, BootTime now) {
    const BootTime retry = now + retry_delay;
    const BootTime deadline = committed ? expires : std::max(expires, retry);
    return uninstalled ? std::min(deadline, retry) : deadline;
}

template <class Binding>
Transaction make_transaction(TransactionId id, const Change<Binding>& change, BootTime now) {
    const auto old = kernel_value(change.before, now);
    const auto fresh = kernel_value(change.after, now);
    Transaction transaction;
    transaction.id = id;
    transaction.store.push_back(store_value(change.after, change.before));
    transaction.undo_store.push_back(store_value(change.before, change.after));
    const auto defended = defended_value(change.before);
    const auto to_defend = defended_value(change.after);
    transaction.kernel = with_defence(kernel_changes(kernel_remains(change.before, now), fresh),
                                      defended, to_defend);
    transaction.undo_kernel = with_defence(kernel_changes(fresh, old), to_defend, defended);
    return transaction;
}

Transaction make_retention_end(TransactionId id, const wire::Prefix& prefix) {
    Transaction transaction;
    transaction.id = id;
    transaction.store.emplace_back(DeleteRetainedPrefix{prefix});
    return transaction;
}

void add_retentions(Transaction& transaction, std::span<const RetainedPrefix> taken,
                    std::span<const RetainedPrefix> kept) {
    for (const RetainedPrefix& retained : taken) {
        transaction.store.emplace_back(DeleteRetainedPrefix{retained.prefix});
        transaction.undo_store.emplace_back(PutRetainedPrefix{retained});
    }
    for (const RetainedPrefix& retained : kept) {
        transaction.store.emplace_back(PutRetainedPrefix{retained});
        transaction.undo_store.emplace_back(DeleteRetainedPrefix{retained.prefix});
    }
}

Transaction make_installation(TransactionId id, std::span<const KernelBinding> bindings,
                              std::span<const DefendedAddress> defended) {
    Transaction transaction;
    transaction.id = id;
    transaction.kernel = with_defence(kernel_changes({}, bindings), {}, defended);
    return transaction;
}

Transaction make_removal(TransactionId id, const KernelBinding& binding) {
    Transaction transaction;
    transaction.id = id;
    transaction.kernel.push_back(erase(binding));
    return transaction;
}

Transaction make_release(TransactionId id, const DefendedAddress& address) {
    Transaction transaction;
    transaction.id = id;
    transaction.kernel.emplace_back(ReleaseAddress{address});
    return transaction;
}

template Transaction make_transaction(TransactionId, const Change<HomeBinding>&, BootTime);
template Transaction make_transaction(TransactionId, const Change<ProxyBinding>&, BootTime);

} // namespace anchor6::core
