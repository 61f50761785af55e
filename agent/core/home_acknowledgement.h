// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>

#include "core/binding.h"
#include "core/event.h"
#include "core/step_context.h"
#include "core/transaction.h"
#include "wire/status.h"

namespace anchor6::core {

// Binding Acknowledgements (RFC 6275 sections 9.5.4 and 10.3.1): to the source of the update, with
// a type 2 routing header when that is no home address; from home the answer goes the way the
// update came. A node with a key gets them authenticated (RFC 4285).

Send home_acknowledgement(const BindingRequest& request, const HomeBinding& binding,
                          const StepContext& step);

/// `node` is nobody for a home address of no known node.
Send home_refusal(const BindingRequest& request, wire::Status status, std::uint16_t sequence,
                  const Node* node, Now now);

/// Asks a node to refresh its binding (RFC 6275 section 6.1.2).
Send refresh_request(const HomeBinding& binding);

} // namespace anchor6::core
