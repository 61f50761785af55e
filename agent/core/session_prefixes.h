// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <vector>

#include "core/prefix_retention.h"
#include "core/proxy_update_check.h"

namespace anchor6::core {

/// The home network prefixes of a new session, or why it gets none (RFC 5213 section 5.3.2).
struct SessionPrefixes {
    std::vector<wire::Prefix> prefixes;
    Verdict verdict;
};

/// The prefixes that the update names, when all of them may be the node's; else those that the
/// anchor chooses.
SessionPrefixes choose_prefixes(const ProxyRegistration& registration, PrefixPool& pool,
                                const PrefixRetention& retention);

/// The fixed prefixes of the node without a session.
std::vector<wire::Prefix> unused_fixed_prefixes(const ProxyRegistration& registration);

/// The session's prefixes still are the node's.
bool may_keep_prefixes(const ProxyRegistration& registration, const ProxyBinding& session);

} // namespace anchor6::core
