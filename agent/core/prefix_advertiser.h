// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <unordered_map>
#include <vector>

#include "core/event.h"
#include "core/hash_map.h"
#include "core/home_cache.h"
#include "core/rate_limit.h"
#include "core/step_context.h"

namespace anchor6::core {

/// Tells nodes that are away what their home prefix is and how long it lasts (RFC 6275 sections
/// 10.6.2 and 10.6.3).
class PrefixAdvertiser {
public:
    /// False: no active binding is between these two addresses.
    bool receive(const Packet& packet, const wire::MobilePrefixSolicitation& solicitation,
                 const HomeCache& cache, StepContext& step);

    /// Another configuration is in force: nodes whose prefix got other lifetimes hear of it.
    void compare(const Config& before, const Config& after);
    /// Looks for such nodes in a part of the cache. A million of them are not looked at in one
    /// step.
    void look_for_some(const HomeCache& cache, BootTime now);
    /// Sends the next unsolicited advertisement, if one is due.
    bool advertise_one(const HomeCache& cache, StepContext& step);
    std::optional<BootTime> next_deadline() const;

private:
    /// A node that is told of a change until it is heard of.
    struct Pending {
        std::uint16_t identifier = 0;
        /// Of the binding; another one: the node has refreshed it.
        std::uint16_t sequence = 0;
        int transmissions = 0;
        bool heard = false;
        /// In which it was found.
        std::uint32_t search = 0;
    };
    /// For the nodes of prefixes that have changed, from a place of the cache on.
    struct Search {
        std::vector<wire::Prefix> changed;
        PagePlace place;
    };
    struct Turn {
        wire::Address home_address;
        BootTime due;
    };

    std::optional<BootTime> next_turn() const;
    void await(const HomeBinding& binding, BootTime now);

    std::optional<Search> search_;
    std::uint32_t searches_ = 0;
    std::unordered_map<wire::Address, Pending> pending_;
    /// One a pending node, in the order of their time.
    std::deque<Turn> turns_;
    BootTime not_before_{};
    std::uint16_t identifier_ = 0;
    RateLimit answers_;
};

} // namespace anchor6::core
