// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/home_cache.h"
#include "core/refusal.h"
#include "core/step_context.h"

namespace anchor6::core {

/// A Binding Update before the anchor, with what its checks go by.
struct HomeRegistration {
    HomeRegistration(const BindingRequest& request, const HomeCache& cache,
                     const StepContext& step);

    const BindingRequest& request;
    const HomeCache& cache;
    const StepContext& step;

    wire::Address home_address;
    wire::Address care_of_address;
    /// The binding of this home address. One that is remembered of another node does not count.
    const HomeBinding* binding = nullptr;
    /// The group whose home agent was addressed.
    const Group* group = nullptr;
    /// The group's home prefix with the home address.
    const HomePrefix* home_prefix = nullptr;
    /// The home network prefix (on a physical link the home address), and whose it is.
    std::optional<PrefixPool::Assignment> home;
    const Node* node = nullptr;

    const wire::BindingUpdate& update() const { return request.update; }
    bool from_home() const { return !request.packet.home_address; }
    bool is_active() const;
    bool is_deregistration() const;
    bool is_mobile_router() const { return update().has(wire::bu_flag::mobile_router); }
    /// Implicit mode (RFC 3963 section 6.2): the anchor knows the prefixes.
    bool is_implicit() const {
        return is_mobile_router() && update().options.mobile_network_prefixes.empty();
    }
    /// Its addresses must be unique on the physical home link, and nobody has looked yet.
    bool needs_probe() const;
    /// What shall follow the care-of address, sorted; prefixes that are malformed are left out.
    std::vector<wire::Prefix> prefixes() const;
};

/// The checks that need nothing but the message and the node's key. None of them costs state,
/// whoever wrote the message.
std::optional<Refusal> check_message(const HomeRegistration& registration);
/// The checks of RFC 6275 9.5.1 and 10.3.1 (and RFC 3963) in their order: the first that fails.
std::optional<Refusal> check_registration(const HomeRegistration& registration);

} // namespace anchor6::core
