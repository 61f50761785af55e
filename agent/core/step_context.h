// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>

#include "core/counter.h"
#include "core/event.h"
#include "core/policy.h"
#include "core/prefix_pool.h"
#include "core/time.h"
#include "core/transaction.h"

namespace anchor6::core {

/// Source of identifiers that are never used twice.
class Identifiers {
public:
    explicit Identifiers(std::uint64_t last) : last_(last) {}
    std::uint64_t next() { return ++last_; }

private:
    std::uint64_t last_;
};

/// What both roles use during one step. Neither cache is here: each role has its own, and no role
/// sees the other's.
struct StepContext {
    const Policy& policy;
    PrefixPool& prefixes;
    Occupancy& occupancy;
    Counters& counters;
    /// Ours, for heartbeats (RFC 5847 section 3.2).
    std::uint32_t restart_counter;
    /// Of bindings: session identifiers and cookies.
    Identifiers& bindings;
    Identifiers& transactions;
    Now now;
    Effects& effects;
};

} // namespace anchor6::core
