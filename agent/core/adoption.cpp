// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/adoption.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

namespace anchor6::core {

namespace {

// Lifetimes are counted twice, here and in the kernel: so much may they differ.
constexpr std::chrono::seconds lifetime_tolerance{1};

bool serves(const KernelBinding& present, const KernelBinding& wanted) {
    return present.local == wanted.local && present.remote == wanted.remote &&
           present.cookie == wanted.cookie && present.group == wanted.group &&
           present.lifetime + lifetime_tolerance >= wanted.lifetime;
}

// The kernel's bindings, each to be claimed by whoever knows it.
class Unclaimed {
public:
    explicit Unclaimed(const std::vector<KernelBinding>& dumped) {
        for (const KernelBinding& binding : dumped)
            cache(binding.cache).emplace(binding.prefix, &binding);
    }

    // The binding in the place of this one, at most once.
    const KernelBinding* claim(const KernelBinding& wanted) {
        auto& bindings = cache(wanted.cache);
        auto found = bindings.find(wanted.prefix);
        if (found == bindings.end())
            return nullptr;
        const KernelBinding* present = found->second;
        bindings.erase(found);
        return present;
    }

    template <class Binding>
    void claim_all(const std::optional<Binding>& binding, BootTime now) {
        if (binding)
            for (const KernelBinding& wanted : kernel_bindings(*binding, now))
                claim(wanted);
    }

    // In a fixed order: the hash of a prefix is another one in each run.
    std::vector<KernelBinding> rest() const {
        std::vector<KernelBinding> result;
        for (const auto* bindings : {&home_, &proxy_})
            for (const auto& [prefix, binding] : *bindings)
                result.push_back(*binding);
        std::ranges::sort(result, {}, [](const KernelBinding& binding) {
            return std::pair{binding.cache, binding.prefix};
        });
        return result;
    }

private:
    using Bindings = std::unordered_map<wire::Prefix, const KernelBinding*>;

    Bindings& cache(Cache cache) { return cache == Cache::home ? home_ : proxy_; }

    Bindings home_;
    Bindings proxy_;
};

// Claims what the kernel has of a binding. True: something is missing or different.
template <class Binding>
bool is_missing(const Binding& binding, Unclaimed& unclaimed, std::size_t& kept, BootTime now) {
    bool missing = false;
    for (const KernelBinding& wanted : kernel_bindings(binding, now)) {
        const KernelBinding* present = unclaimed.claim(wanted);
        if (present != nullptr && serves(*present, wanted))
            ++kept;
        else
            missing = true;
    }
    return missing;
}

// What is defended on the links, likewise. The flag of a router counts for what is missing only.
class UnclaimedAddresses {
public:
    explicit UnclaimedAddresses(const std::vector<DefendedAddress>& dumped)
        : dumped_(dumped.begin(), dumped.end()), rest_(dumped_) {}

    void claim(const HomeBinding& binding) {
        for (const DefendedAddress& wanted : defended_addresses(binding))
            for (const bool router : {false, true})
                rest_.erase({wanted.link, wanted.address, router});
    }
    bool lacks(const HomeBinding& binding) const {
        return !std::ranges::all_of(
            defended_addresses(binding),
            [this](const DefendedAddress& wanted) { return dumped_.contains(wanted); });
    }

    std::vector<DefendedAddress> rest() const { return {rest_.begin(), rest_.end()}; }

private:
    std::set<DefendedAddress> dumped_;
    std::set<DefendedAddress> rest_;
};

template <class Role>
void claim_open_transactions(const Role& role, Unclaimed& unclaimed, BootTime now) {
    role.open_transactions().each([&](const auto& change) {
        unclaimed.claim_all(change.before, now);
        unclaimed.claim_all(change.after, now);
    });
}

} // namespace

Adoption compare_with_kernel(const HomeAgent& home_agent, const MobilityAnchor& mobility_anchor,
                             const KernelDumped& dumped, BootTime now) {
    Adoption adoption;
    Unclaimed unclaimed{dumped.bindings};
    UnclaimedAddresses addresses{dumped.defended};
    claim_open_transactions(home_agent, unclaimed, now);
    claim_open_transactions(mobility_anchor, unclaimed, now);
    // What they replace is in the cache.
    home_agent.open_transactions().each([&](const auto& change) {
        if (change.after)
            addresses.claim(*change.after);
    });
    home_agent.cache().bindings().each([&](const auto& entry) {
        const auto& [home_address, binding] = entry;
        const bool missing = is_missing(binding, unclaimed, adoption.kept, now);
        if ((missing || (binding.expires > now && addresses.lacks(binding))) &&
            !home_agent.busy(binding))
            adoption.missing_home.insert(home_address);
        addresses.claim(binding);
    });
    mobility_anchor.cache().bindings().each([&](const auto& entry) {
        const ProxyBinding& session = entry.second;
        if (is_missing(session, unclaimed, adoption.kept, now) && !mobility_anchor.busy(session))
            adoption.missing_proxy.insert(session.mn_identifier);
    });
    adoption.unknown = unclaimed.rest();
    adoption.unknown_defended = addresses.rest();
    return adoption;
}

} // namespace anchor6::core
