// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/proxy_cache.h"

#include <algorithm>

namespace anchor6::core {

const ProxyBinding* ProxyCache::find(std::uint64_t id) const {
    auto entry = bindings_.find(id);
    return entry == bindings_.end() ? nullptr : &entry->second;
}

const ProxyBinding* ProxyCache::find(const wire::Prefix& home_network_prefix) const {
    const Place* place = by_prefix_.find(home_network_prefix);
    return place == nullptr ? nullptr : *place;
}

const ProxyBinding* ProxyCache::find(std::string_view mn_identifier, std::uint8_t access_technology,
                                     std::span<const std::uint8_t> link_layer_identifier) const {
    for (const ProxyBinding* session : sessions(mn_identifier))
        if (session->access_technology == access_technology &&
            std::ranges::equal(session->link_layer_identifier, link_layer_identifier))
            return session;
    return nullptr;
}

std::span<const ProxyBinding* const> ProxyCache::sessions(std::string_view mn_identifier) const {
    const auto* places = by_node_.find(mn_identifier);
    return places == nullptr ? std::span<const Place>{} : *places;
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

void ProxyCache::replace(const ProxyBinding& before, const ProxyBinding& after) {
    if (path_of(before) != path_of(after)) {
        by_path_.erase({path_of(before), before.id});
        by_path_.insert({path_of(after), after.id});
    }
    bindings_.at(after.id) = after;
}

void ProxyCache::insert(const ProxyBinding& binding) {
    const Place place = &bindings_.emplace(binding.id, binding).first->second;
    for (const wire::Prefix& prefix : binding.home_network_prefixes)
        by_prefix_[prefix] = place;
    by_node_[binding.mn_identifier].push_back(place);
    by_path_.insert({path_of(binding), binding.id});
}

void ProxyCache::erase(const ProxyBinding& binding) {
    for (const wire::Prefix& prefix : binding.home_network_prefixes)
        by_prefix_.erase(prefix);
    by_path_.erase({path_of(binding), binding.id});
    auto& places = *by_node_.find(binding.mn_identifier);
    std::erase(places, find(binding.id));
    if (places.empty())
        by_node_.erase(binding.mn_identifier);
    bindings_.erase(binding.id);
}

} // namespace anchor6::core
