// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/binding.h"
#include "core/event.h"
#include "core/transaction.h"
#include "wire/status.h"

namespace anchor6::core {

/// Proxy Binding Acknowledgements (RFC 5213 section 5.3.6): to the source of the update, never with
/// a routing header.
Send proxy_acknowledgement(const BindingRequest& request, const ProxyBinding& session);
/// A refusal carries the anchor's clock, so that the gateway can set its own (RFC 5213 5.5).
Send proxy_refusal(const BindingRequest& request, wire::Status status, std::uint16_t sequence,
                   Now now);

} // namespace anchor6::core
