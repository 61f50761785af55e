// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/binding.h"
#include "core/hash_map.h"
#include "core/page.h"
#include "core/sorted_set.h"
#include "core/transaction.h"
#include "wire/address.h"

namespace anchor6::core {

/// The mobility sessions made by Proxy Binding Updates, with the three ways to find one (RFC 5213
/// section 5.1). A session keeps its identifier, its node and its prefixes as long as it lives.
class ProxyCache {
public:
    const ProxyBinding* find(std::uint64_t id) const;
    /// By home network prefix.
    const ProxyBinding* find(const wire::Prefix& home_network_prefix) const;
    /// By the interface of a node.
    const ProxyBinding* find(std::string_view mn_identifier, std::uint8_t access_technology,
                             std::span<const std::uint8_t> link_layer_identifier) const;
    /// By node: all of its sessions, until the next commit.
    std::span<const ProxyBinding* const> sessions(std::string_view mn_identifier) const;

    /// By the way to their MAG, in the order of their identifiers: the next after `last_id`.
    const ProxyBinding* next_of(const PeerPath& path, std::uint64_t last_id) const;

    void commit(const Change<ProxyBinding>& change);

    std::size_t size() const { return bindings_.size(); }
    /// Some of them, see visit_page().
    template <class Visit>
    std::optional<PagePlace> page(std::size_t bucket, Visit visit) const {
        return visit_page(bindings_, bucket, visit);
    }
    std::size_t bucket_count() const { return bindings_.bucket_count(); }
    auto begin() const { return bindings_.begin(); }
    auto end() const { return bindings_.end(); }

private:
    void replace(const ProxyBinding& before, const ProxyBinding& after);
    void insert(const ProxyBinding& binding);
    void erase(const ProxyBinding& binding);

    std::unordered_map<std::uint64_t, ProxyBinding> bindings_;
    /// Into `bindings_`, where each stays in its place.
    using Place = const ProxyBinding*;
    HashMap<wire::Prefix, Place> by_prefix_;
    HashMap<std::string, std::vector<Place>, wire::KeyedTextHash, std::equal_to<>> by_node_;
    SortedSet<std::pair<PeerPath, std::uint64_t>> by_path_;
};

} // namespace anchor6::core
