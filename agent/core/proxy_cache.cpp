// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/proxy_cache.h"

#include <algorithm>

namespace anchor6::core {

const ProxyBinding* ProxyCache::find(std::uint64_t id) const {
    auto entry = bindings_.find(id);
    return entry == bindings_.end() ? nullptr : &entry->second;
}

const ProxyBinding* ProxyCache::find(const wire::Prefix& home_network_prefix) const {
    const std::uint64_t* id = by_prefix_.find(home_network_prefix);
    return id == nullptr ? nullptr : find(*id);
}

const ProxyBinding* ProxyCache::find(std::string_view mn_identifier, std::uint8_t access_technology,
                                     std::span<const std::uint8_t> link_layer_identifier) const {
    for (const ProxyBinding* session : sessions(mn_identifier))
        if (session->access_technology == access_technology &&
            std::ranges::equal(session->link_layer_identifier, link_layer_identifier))
            return session;
    return nullptr;
}

std::vector<const ProxyBinding*> ProxyCache::sessions(std::string_view mn_identifier) const {
    std::vector<const ProxyBinding*> result;
    if (const auto* ids = by_node_.find(mn_identifier))
        for (const std::uint64_t id : *ids)
            result.push_back(find(id));
    return result;
}

const ProxyBinding* ProxyCache::next_of(const PeerPath& path, std::uint64_t last_id) const {
    const ProxyBinding* next = nullptr;
    by_path_.each_from({path, last_id + 1}, [&](const auto& entry) {
        if (entry.first == path)
            next = find(entry.second);
        return false;
    });
    return next;
}

void ProxyCache::commit(const Change<ProxyBinding>& change) {
    if (change.before && change.after) {
        replace(*change.before, *change.after);
    } else if (change.before) {
        erase(*change.before);
    } else if (change.after) {
        insert(*change.after);
    }
}

// The node and its identifier stay, most often all else that it is found by.
void ProxyCache::replace(const ProxyBinding& before, const ProxyBinding& after) {
    if (before.home_network_prefixes != after.home_network_prefixes) {
        for (const wire::Prefix& prefix : before.home_network_prefixes)
            by_prefix_.erase(prefix);
        for (const wire::Prefix& prefix : after.home_network_prefixes)
            by_prefix_[prefix] = after.id;
    }
    if (path_of(before) != path_of(after)) {
        by_path_.erase({path_of(before), before.id});
        by_path_.insert({path_of(after), after.id});
    }
    bindings_.at(after.id) = after;
}

void ProxyCache::insert(const ProxyBinding& binding) {
    for (const wire::Prefix& prefix : binding.home_network_prefixes)
        by_prefix_[prefix] = binding.id;
    by_node_[binding.mn_identifier].push_back(binding.id);
    by_path_.insert({path_of(binding), binding.id});
    bindings_.emplace(binding.id, binding);
}

void ProxyCache::erase(const ProxyBinding& binding) {
    for (const wire::Prefix& prefix : binding.home_network_prefixes)
        by_prefix_.erase(prefix);
    by_path_.erase({path_of(binding), binding.id});
    auto& ids = *by_node_.find(binding.mn_identifier);
    std::erase(ids, binding.id);
    if (ids.empty())
        by_node_.erase(binding.mn_identifier);
    bindings_.erase(binding.id);
}

} // namespace anchor6::core
