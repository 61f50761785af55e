// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <optional>

#include "core/counter.h"
#include "core/event.h"
#include "core/gateway_config.h"
#include "core/gateway_sessions.h"

namespace anchor6::core {

/// A Proxy Binding Acknowledgement, the session that its identifier names, and what it is checked
/// against.
struct ProxyAnswer {
    const Packet& packet;
    const wire::BindingAcknowledgement& answer;
    const GatewaySession& session;
    const GatewaySessions& sessions;
    const GatewayConfig& config;
};

/// Why it is no answer to what was asked (RFC 5213 section 6.9.1.2); nothing: it is credible.
std::optional<Counter> check_proxy_answer(const ProxyAnswer& answer);

/// Those of the Home Network Prefix options that are prefixes.
std::vector<wire::Prefix> prefixes_of(const wire::Options& options);

} // namespace anchor6::core
