// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/transaction.h"

#include <algorithm>

namespace anchor6::core {

namespace {

// After a store or a kernel that did not work.
constexpr std::chrono::seconds retry_delay{1};

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

template <class Binding, class Prefixes>
std::vector<KernelBinding> tunnels(const Binding& binding, Cache cache, const Prefixes& prefixes,
                                   const wire::Address& local, const wire::Address& remote,
                                   std::uint64_t cookie, BootTime now) {
    std::vector<KernelBinding> result;
    if (binding.state != Binding::State::active || binding.expires <= now)
        return result;
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
    transaction.kernel = kernel_changes(kernel_remains(change.before, now), fresh);
    transaction.undo_kernel = kernel_changes(fresh, old);
    return transaction;
}

Transaction make_installation(TransactionId id, std::span<const KernelBinding> bindings) {
    Transaction transaction;
    transaction.id = id;
    transaction.kernel = kernel_changes({}, bindings);
    return transaction;
}

Transaction make_removal(TransactionId id, const KernelBinding& binding) {
    Transaction transaction;
    transaction.id = id;
    transaction.kernel.push_back(erase(binding));
    return transaction;
}

template Transaction make_transaction(TransactionId, const Change<HomeBinding>&, BootTime);
template Transaction make_transaction(TransactionId, const Change<ProxyBinding>&, BootTime);

} // namespace anchor6::core
