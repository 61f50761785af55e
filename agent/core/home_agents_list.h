// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/config.h"
#include "core/deadlines.h"
#include "core/step_context.h"
#include "core/time.h"
#include "wire/address.h"
#include "wire/icmpv6.h"

namespace anchor6::core {

/// One home agent, as discovery reports it.
struct HomeAgentEntry {
    /// The home link that it was heard on; empty: ourselves.
    std::string link;
    wire::Address address;
    std::int16_t preference = 0;
    std::chrono::seconds lifetime{0};
    bool self = false;
    friend bool operator==(const HomeAgentEntry&, const HomeAgentEntry&) = default;
};

/// The home agents of the physical home links, from their router advertisements (RFC 6275
/// sections 10.1 and 10.5). Memory is bounded: what does not fit is counted and left out.
class HomeAgentsList {
public:
    /// A router advertisement; `router` is its link-local source.
    void hear(const std::string& link, const wire::Address& router,
              const wire::RouterAdvertisement& advertisement, StepContext& step);
    /// Forgets one router whose lifetime has ended, if there is one.
    bool expire_one(BootTime now);
    std::optional<BootTime> next_deadline() const { return lifetimes_.next(); }

    /// Ourselves and all others on the group's links: the preferred first, and of equal ones those
    /// with lower addresses, so that every home agent gives the same answer.
    std::vector<HomeAgentEntry> of_group(const Group& group, BootTime now) const;

private:
    struct Router {
        std::string link;
        wire::Address link_local;
        friend auto operator<=>(const Router&, const Router&) = default;
    };
    struct Heard {
        std::vector<wire::Address> addresses;
        std::int16_t preference = 0;
    };

    void forget(const Router& router);

    std::map<Router, Heard> routers_;
    Deadlines<Router> lifetimes_;
};

} // namespace anchor6::core
