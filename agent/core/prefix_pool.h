// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/prefix_map.h"
#include "core/prefix_plan.h"
#include "core/sorted_set.h"
#include "wire/address.h"

namespace anchor6::core {

/// Which home network prefix belongs to which node: what home agent and local mobility anchor
/// share. A prefix is held once for each binding and each open transaction that needs it; it is
/// free for somebody else when the last of them lets go.
class PrefixPool {
public:
    struct Assignment {
        wire::Prefix prefix;
        /// MN-Identifier; empty: some binding in the kernel that nobody remembers.
        std::string owner;
        PrefixUse use = PrefixUse::home_network;
    };

    /// Takes over home prefixes and what is fixed for nodes; what is held stays held. The slots are
    /// a copy of the plan's, exchanged for those before: with a million prefixes to make and to
    /// free such a copy takes long. Which of them are occupied by what is held is found out by
    /// `take_over_one`, and until then whenever it matters.
    void configure(std::shared_ptr<const PrefixPlan> plan, std::vector<PrefixSlots>& slots);
    /// The next prefix that is held under the new plan. Nothing: they have all been taken over.
    std::optional<wire::Prefix> take_over_one();
    bool is_taking_over() const { return taking_over_; }

    void hold(const wire::Prefix& prefix, const std::string& owner,
              PrefixUse use = PrefixUse::home_network);
    void release(const wire::Prefix& prefix);

    /// Who holds exactly this prefix. Nothing: nobody.
    const std::string* holder(const wire::Prefix& prefix) const {
        const Holding* holding = held_.find(prefix);
        return holding == nullptr ? nullptr : &holding->owner;
    }
    /// How often it is held.
    std::uint32_t holders(const wire::Prefix& prefix) const;
    /// It is some node's by configuration.
    bool is_fixed(const wire::Prefix& prefix) const {
        return plan_->fixed().find(prefix) != nullptr;
    }

    /// Nobody else holds a part of it, and it is no other node's fixed prefix.
    bool may_hold(const wire::Prefix& prefix, std::string_view owner) const;
    /// May hold it, and it is the owner's fixed or held prefix or one that could be assigned.
    bool may_request(const wire::Prefix& prefix, std::string_view owner, std::uint32_t group) const;

    /// It is, or lies within, what the owner holds or is fixed for it, and nobody else has a part.
    bool belongs_to(const wire::Prefix& prefix, std::string_view owner) const;

    /// Whose prefix contains the address: the one who holds it, else the one it is fixed for.
    std::optional<Assignment> assignment(const wire::Address& address) const;
    /// All home network prefixes that a node holds.
    std::vector<wire::Prefix> held_by(const std::string& owner) const;
    /// Any free home network prefix of the group; it is not held yet.
    std::optional<wire::Prefix> find_free(std::uint32_t group);
    /// The prefix that would be assigned with this address in it.
    std::optional<wire::Prefix> enclosing(const wire::Address& address) const;

private:
    struct Holding {
        std::string owner;
        PrefixUse use = PrefixUse::home_network;
        std::uint32_t holders = 0;
    };

    void occupy(const wire::Prefix& prefix);
    void vacate(const wire::Prefix& prefix);
    std::optional<wire::Prefix> next_free(PrefixSlots& slots) const;
    bool is_free(const PrefixSlots& slots, const wire::Prefix& prefix) const;
    bool overlaps_held(const wire::Prefix& prefix) const;

    std::shared_ptr<const PrefixPlan> plan_ = std::make_shared<const PrefixPlan>();
    std::vector<PrefixSlots> slots_;
    bool taking_over_ = false;
    /// The last one taken over.
    std::optional<wire::Prefix> taken_over_;
    PrefixMap<Holding> held_;
    /// Home network prefixes, by a hash of the owner.
    SortedSet<std::pair<std::size_t, wire::Prefix>> by_owner_;
};

} // namespace anchor6::core
