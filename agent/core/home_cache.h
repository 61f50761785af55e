// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/binding.h"
#include "core/hash_map.h"
#include "core/prefix_map.h"
#include "core/transaction.h"
#include "wire/address.h"

namespace anchor6::core {

/// The bindings made by Binding Updates, by home address (RFC 6275 section 9.1).
class HomeCache {
public:
    const HomeBinding* find(const wire::Address& home_address) const;
    /// The care-of addresses to which a packet to this address may go, now or when what is under
    /// way commits; `except` is a home address that does not count.
    std::vector<wire::Address> next_hops(const wire::Address& destination,
                                         const wire::Address& except) const;

    /// The home address that has this prefix or is about to get it.
    const wire::Address* claimant(const wire::Prefix& prefix) const;
    /// The home address whose node is defended there, or is about to be.
    const wire::Address* defender(const std::string& link, const wire::Address& address) const;
    /// Home addresses of a node, remembered ones and those in the making included.
    std::size_t count(const std::string& node) const;

    /// Claims what a change needs; then it is committed or abandoned.
    void prepare(const Change<HomeBinding>& change);
    void commit(const Change<HomeBinding>& change);
    void abandon(const Change<HomeBinding>& change);

    std::size_t size() const { return bindings_.size(); }
    const auto& bindings() const { return bindings_; }

private:
    struct Claim {
        wire::Address home_address;
        std::uint32_t holders = 0;
    };

    void claim(const HomeBinding& binding);
    void disclaim(const HomeBinding& binding);

    HashMap<wire::Address, HomeBinding> bindings_;
    PrefixMap<Claim> claims_;
    std::map<std::pair<std::string, wire::Address>, Claim> defended_;
    /// Care-of addresses of changes that are prepared and not yet committed.
    std::unordered_map<wire::Address, wire::Address> pending_;
    std::map<std::string, std::size_t, std::less<>> nodes_;
};

} // namespace anchor6::core
