// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/event.h"
#include "core/home_agents_list.h"
#include "core/rate_limit.h"
#include "core/step_context.h"

namespace anchor6::core {

/// Dynamic Home Agent Address Discovery (RFC 6275 section 10.5): which routers are home agents for
/// a home prefix.
class Discovery {
public:
    void receive(const IcmpReceived& received, const wire::HomeAgentDiscoveryRequest& request,
                 StepContext& step);
    void receive(const IcmpReceived& received, const wire::RouterAdvertisement& advertisement,
                 StepContext& step);
    bool expire_one(BootTime now) { return home_agents_.expire_one(now); }
    std::optional<BootTime> next_deadline() const { return home_agents_.next_deadline(); }

    const HomeAgentsList& home_agents() const { return home_agents_; }

private:
    HomeAgentsList home_agents_;
    RateLimit replies_;
};

} // namespace anchor6::core
