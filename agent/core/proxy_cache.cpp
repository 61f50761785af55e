// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/proxy_cache.h"

#include <algorithm>

namespace anchor6::core {

const ProxyBinding* ProxyCache::find(std::uint64_t id) const {
    return bindings_.find(id);
}

const ProxyBinding* ProxyCache::find(std::string_view mn_identifier,
                                     const wire::Prefix& home_network_prefix) const {
    for (const ProxyBinding* session : sessions(mn_identifier))
        if (std::ranges::count(session->home_network_prefixes, home_network_prefix) != 0)
            return session;
    return nullptr;
}

const ProxyBinding* ProxyCache::find(std::string_view mn_identifier, std::uint8_t access_technology,
                                     std::span<const std::uint8_t> link_layer_identifier) const {
    for (const ProxyBinding* session : sessions(mn_identifier))
        if (session->access_technology == access_technology &&
            std::ranges::equal(session->link_layer_identifier, link_layer_identifier))
            return session;
    return nullptr;
}

const ProxyBinding* ProxyCache::next_of(const PeerPath& path, std::uint64_t last_id) const {
    const auto ids = by_path_.find(path);
    const ProxyBinding* next = nullptr;
    if (ids != by_path_.end())
        ids->second.each_from(last_id + 1, [&](std::uint64_t id) {
            next = find(id);
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
        leave_path(before);
        by_path_[path_of(after)].insert(after.id);
    }
    *bindings_.find(after.id) = after;
}

void ProxyCache::insert(const ProxyBinding& binding) {
    by_node_.insert(bindings_.try_emplace(binding.id, binding).first);
    by_path_[path_of(binding)].insert(binding.id);
}

void ProxyCache::erase(const ProxyBinding& binding) {
    by_node_.erase(find(binding.id));
    leave_path(binding);
    bindings_.erase(binding.id);
}

void ProxyCache::leave_path(const ProxyBinding& binding) {
    const auto ids = by_path_.find(path_of(binding));
    ids->second.erase(binding.id);
    if (ids->second.empty())
        by_path_.erase(ids);
}

} // namespace anchor6::core
