// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string_view>
#include <utility>

#include "core/binding.h"
#include "core/hash_map.h"
#include "core/sorted_set.h"
#include "core/transaction.h"
#include "wire/address.h"

namespace anchor6::core {

/// The mobility sessions made by Proxy Binding Updates, with the ways to find one (RFC 5213
/// section 5.1). A session keeps its identifier, its node and its prefixes as long as it lives.
class ProxyCache {
public:
    ProxyCache() = default;
    ProxyCache(const ProxyCache&) = delete;
    ProxyCache& operator=(const ProxyCache&) = delete;
    ProxyCache(ProxyCache&&) = default;
    ProxyCache& operator=(ProxyCache&&) = default;
    ~ProxyCache() = default;

    const ProxyBinding* find(std::uint64_t id) const;
    /// Of a node, by home network prefix. Whose it is knows the prefix pool.
    const ProxyBinding* find(std::string_view mn_identifier,
                             const wire::Prefix& home_network_prefix) const;
    /// Of a node, by its interface.
    const ProxyBinding* find(std::string_view mn_identifier, std::uint8_t access_technology,
                             std::span<const std::uint8_t> link_layer_identifier) const;
    /// All of a node, until the next commit.
    auto sessions(std::string_view mn_identifier) const { return by_node_.equal(mn_identifier); }

    /// By the way to their MAG, in the order of their identifiers: the next after `last_id`.
    const ProxyBinding* next_of(const PeerPath& path, std::uint64_t last_id) const;

    void commit(const Change<ProxyBinding>& change);

    std::size_t size() const { return bindings_.size(); }
    const auto& bindings() const { return bindings_; }

private:
    void replace(const ProxyBinding& before, const ProxyBinding& after);
    void insert(const ProxyBinding& binding);
    void erase(const ProxyBinding& binding);
    void leave_path(const ProxyBinding& binding);

    /// Into `bindings_`, where each stays in its place.
    using Place = const ProxyBinding*;

    static std::string_view node_of(std::string_view mn_identifier) { return mn_identifier; }
    static std::string_view node_of(Place session) { return session->mn_identifier; }
    struct NodeHash {
        using is_transparent = void;
        std::size_t operator()(const auto& key) const {
            return wire::KeyedTextHash{}(node_of(key));
        }
    };
    struct SameNode {
        using is_transparent = void;
        bool operator()(const auto& key, const auto& other) const {
            return node_of(key) == node_of(other);
        }
    };

    HashMap<std::uint64_t, ProxyBinding> bindings_;
    HashMultiset<Place, NodeHash, SameNode> by_node_;
    std::map<PeerPath, SortedSet<std::uint64_t>> by_path_;
};

} // namespace anchor6::core
