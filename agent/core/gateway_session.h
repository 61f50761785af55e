// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/binding_update_list.h"
#include "core/gateway_event.h"
#include "core/rate_limit.h"
#include "wire/message.h"

namespace anchor6::core {

/// A node on an access link and its registration: the gateway's entry of the Binding Update List
/// (RFC 5213 section 6.1). One a node: it is at one place at a time.
struct GatewaySession {
    enum class Request : std::uint8_t { none, registration, deregistration };
    enum class Forwarding : std::uint8_t { none, installing, installed };

    explicit GatewaySession(Sequence last) : entry(last) {}

    /// Never used twice; that of its forwarding as well.
    ForwardingId id = 0;
    /// Empty: nobody has named the node.
    std::string identifier;
    NodeMobility mobility = NodeMobility::proxy;
    AccessPoint at;
    /// False: it has left, and the anchor is being told.
    bool attached = true;
    bool by_command = false;

    wire::Address lma_address;
    BindingUpdateListEntry entry;
    Request request = Request::none;
    wire::HandoffIndicator handoff = wire::HandoffIndicator::unknown;
    /// Of the Proxy Binding Update that was sent last: empty is "any".
    std::vector<wire::Prefix> asked;
    wire::Timestamp timestamp = 0;
    std::uint8_t access_technology = 0;
    /// The anchor may hold a binding, though it has not said so.
    bool may_be_bound = false;
    /// The anchor counts this session among those of its path.
    bool watched = false;
    /// The anchor has forgotten the session, or may have.
    bool lost = false;
    /// The anchor does not serve this node: nothing is asked until it attaches again.
    bool denied = false;
    /// A refusal has said that the named prefixes will not do.
    bool any_prefix = false;
    /// Since the last success: what a refusal corrects was sent again so often, and the delay
    /// before the next try.
    std::uint32_t corrections = 0;
    std::chrono::seconds retry_after{0};
    std::optional<wire::Status> status;

    /// Granted, or local.
    std::vector<wire::Prefix> prefixes;
    /// Granted until the binding expired.
    std::vector<wire::Prefix> remembered;
    /// The gateway's address on this link.
    wire::Address link_local_address;

    /// The last one asked for; answers to earlier ones are to come as well.
    std::optional<NodeForwarding> installed;
    Forwarding forwarding = Forwarding::none;
    std::uint32_t installations = 0;
    std::optional<BootTime> install_due;

    /// What the node has heard.
    std::vector<wire::Prefix> advertised;
    std::uint32_t advertisements = 0;
    std::optional<BootTime> advertise_due;
    RateLimit solicitations;

    /// Whether it is still there is being found out.
    bool probing = false;
    /// A revocation is answered when that is known.
    std::optional<Send> revocation;
};

} // namespace anchor6::core
