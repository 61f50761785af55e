// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/binding_update_list.h"
#include "core/config.h"
#include "wire/address.h"

namespace anchor6::core {

/// An interface that the node may be reached by.
struct AccessInterface {
    std::string name;
    /// The higher one is taken; of equal ones the present one, then the first.
    std::uint32_t preference = 0;
    friend bool operator==(const AccessInterface&, const AccessInterface&) = default;
};

/// The defaults are those of RFC 6275 section 12.
struct MobileNodeTimers {
    RetransmissionTimers retransmission;
    /// INITIAL_DHAAD_TIMEOUT, doubled each time, and DHAAD_RETRIES.
    std::chrono::milliseconds initial_discovery{3000};
    std::uint32_t discovery_retries = 4;
    /// INITIAL_SOLICIT_TIMER
    std::chrono::milliseconds initial_solicitation{3000};
    /// After a refusal for a reason that does not go away by itself.
    std::chrono::seconds refusal_delay{60};
    /// What was on its way through the old tunnel when the home agent learned of the new one.
    std::chrono::milliseconds old_path{3000};
    friend bool operator==(const MobileNodeTimers&, const MobileNodeTimers&) = default;
};

/// What a mobile node is told (RFC 6275 section 11).
struct MobileNodeConfig {
    wire::Address home_address;
    wire::Prefix home_network_prefix;
    /// Nothing: found by Dynamic Home Agent Address Discovery.
    std::optional<wire::Address> home_agent;
    std::vector<AccessInterface> interfaces;
    /// Asked for; the home agent may grant less.
    std::chrono::seconds lifetime{420};
    /// The R flag (RFC 3963): with no mobile network prefixes the home agent knows which.
    bool mobile_router = false;
    std::vector<wire::Prefix> mobile_network_prefixes;
    /// The L and K flags.
    bool link_local = false;
    bool key_management = false;
    /// For the Mobile Node Identifier option (RFC 4283); empty: none.
    std::string identifier;
    std::optional<Authentication> authentication;
    /// With Authentication::mn_ha.
    std::optional<MnHaAssociation> mn_ha;
    MobileNodeTimers timers;
    /// Has the home address wherever the node is; the tunnels' names begin with it.
    std::string device = "mip6";
    /// First of the routing tables that the node fills.
    std::uint32_t routing_table = 6275;
    /// Of its first rule for packets; the next numbers are its others.
    std::uint32_t rule_priority = 6275;

    /// What moves with the node, the home address or its prefix among them: with the R flag its
    /// home network prefix or, when they are named, its mobile network prefixes (RFC 3963
    /// section 5.2).
    std::vector<wire::Prefix> moving_prefixes() const;
    friend bool operator==(const MobileNodeConfig&, const MobileNodeConfig&) = default;
};

} // namespace anchor6::core
