// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/home_cache.h"

namespace anchor6::core {

const HomeBinding* HomeCache::find(const wire::Address& home_address) const {
    return bindings_.find(home_address);
}

std::vector<wire::Address> HomeCache::next_hops(const wire::Address& destination,
                                                const wire::Address& except) const {
    std::vector<wire::Address> hops;
    const auto* claim = claims_.longest(destination);
    if (claim == nullptr || claim->second.home_address == except)
        return hops;
    const wire::Address& home_address = claim->second.home_address;
    const HomeBinding* binding = find(home_address);
    if (binding != nullptr && binding->state == HomeBinding::State::active)
        hops.push_back(binding->care_of_address);
    if (const auto pending = pending_.find(home_address); pending != pending_.end())
        hops.push_back(pending->second);
    return hops;
}

const wire::Address* HomeCache::claimant(const wire::Prefix& prefix) const {
    const Claim* claim = claims_.find(prefix);
    return claim != nullptr ? &claim->home_address : nullptr;
}

const wire::Address* HomeCache::defender(const std::string& link,
                                         const wire::Address& address) const {
    auto claim = defended_.find({link, address});
    return claim != defended_.end() ? &claim->second.home_address : nullptr;
}

std::size_t HomeCache::count(const std::string& node) const {
    auto entry = nodes_.find(node);
    return entry == nodes_.end() ? 0 : entry->second;
}

void HomeCache::claim(const HomeBinding& binding) {
    ++nodes_[binding.node];
    if (binding.state != HomeBinding::State::active)
        return;
    for (const wire::Prefix& prefix : binding.prefixes) {
        Claim& claim = claims_[prefix];
        claim.home_address = binding.home_address;
        ++claim.holders;
    }
    for (const DefendedAddress& defended : defended_addresses(binding)) {
        Claim& claim = defended_[{defended.link, defended.address}];
        claim.home_address = binding.home_address;
        ++claim.holders;
    }
}

void HomeCache::disclaim(const HomeBinding& binding) {
    if (auto entry = nodes_.find(binding.node); --entry->second == 0)
        nodes_.erase(entry);
    if (binding.state != HomeBinding::State::active)
        return;
    for (const wire::Prefix& prefix : binding.prefixes)
        if (--claims_[prefix].holders == 0)
            claims_.erase(prefix);
    for (const DefendedAddress& defended : defended_addresses(binding))
        if (auto claim = defended_.find({defended.link, defended.address});
            --claim->second.holders == 0)
            defended_.erase(claim);
}

void HomeCache::prepare(const Change<HomeBinding>& change) {
    if (!change.after)
        return;
    claim(*change.after);
    if (change.after->state == HomeBinding::State::active)
        pending_.insert_or_assign(change.after->home_address, change.after->care_of_address);
}

void HomeCache::commit(const Change<HomeBinding>& change) {
    if (change.before)
        disclaim(*change.before);
    if (change.after)
        pending_.erase(change.after->home_address);
    if (change.after)
        bindings_[change.after->home_address] = *change.after;
    else
        bindings_.erase(change.before->home_address);
}

void HomeCache::abandon(const Change<HomeBinding>& change) {
    if (!change.after)
        return;
    disclaim(*change.after);
    pending_.erase(change.after->home_address);
}

} // namespace anchor6::core
