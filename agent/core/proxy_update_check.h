// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string_view>

#include "core/existence_test.h"
#include "core/proxy_cache.h"
#include "core/refusal.h"
#include "core/step_context.h"

namespace anchor6::core {

/// A Proxy Binding Update before the anchor, with what its checks go by.
struct ProxyRegistration {
    ProxyRegistration(const BindingRequest& request, const ProxyCache& cache,
                      const StepContext& step);

    const BindingRequest& request;
    const ProxyCache& cache;
    const StepContext& step;

    wire::Address proxy_care_of_address;
    /// Of the request; empty when there is none.
    std::string_view mn_identifier;
    const Mag* mag = nullptr;
    const Node* node = nullptr;
    const Group* group = nullptr;
    SessionQuery query;
    /// Looked up ahead of its turn, since the order of messages is one of a session.
    Existence existence;

    const wire::BindingUpdate& update() const { return request.update; }
    const wire::Options& options() const { return request.update.options; }
    bool is_deregistration() const { return request.update.lifetime == 0; }
    /// Of the MAG that the session has left last.
    bool is_of_previous_mag() const;
};

/// The checks of RFC 5213 5.3.1 that depend on no session, in their order.
Verdict check_message(const ProxyRegistration& registration);
/// Those that follow, when no transaction of the node is open.
Verdict check_registration(const ProxyRegistration& registration);

} // namespace anchor6::core
