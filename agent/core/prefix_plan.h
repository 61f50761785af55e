// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "core/config.h"
#include "core/prefix_map.h"
#include "core/slot_ranges.h"
#include "wire/address.h"

namespace anchor6::core {

/// Only a home network prefix is ever given to a mobility session.
enum class PrefixUse : std::uint8_t { home_network, home_address, mobile_network };

/// A home prefix cut into slots of the length that is assigned.
struct PrefixSlots {
    wire::Prefix base;
    std::uint8_t length = 0;
    /// Identifier of the group.
    std::uint32_t group = 0;
    SlotRanges free;

    wire::Prefix prefix(std::uint64_t slot) const;
    /// A part of it is free no longer.
    void occupy(const wire::Prefix& part);
    void vacate(const wire::Prefix& part);
    bool is_free(const wire::Prefix& prefix) const;

private:
    std::uint64_t slot(const wire::Address& address) const;
    SlotRanges::Range range(const wire::Prefix& prefix) const;
};

/// What the configuration says of prefixes: those that belong to nodes, and what is left of the
/// home prefixes for the others. Never changed, so that it can be made and freed by any thread.
class PrefixPlan {
public:
    struct Fixed {
        std::string_view owner;
        PrefixUse use = PrefixUse::home_network;
    };

    PrefixPlan() = default;
    /// The configuration must stay where it is as long as the plan.
    explicit PrefixPlan(const Config& config);

    const std::vector<PrefixSlots>& slots() const { return slots_; }
    const PrefixMap<Fixed>& fixed() const { return fixed_; }

private:
    void add_slots(const Group& group, const HomePrefix& home);
    void fix(const Node& node);
    void fix(const wire::Prefix& prefix, const Fixed& fixed);

    std::vector<PrefixSlots> slots_;
    PrefixMap<Fixed> fixed_;
};

} // namespace anchor6::core
