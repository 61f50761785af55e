// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <vector>

#include "core/binding.h"
#include "core/home_agent.h"
#include "core/mobility_anchor.h"
#include "core/time.h"

namespace anchor6::core {

/// How the kernel's bindings differ from what the anchor knows.
struct Adoption {
    std::size_t kept = 0;
    /// Home addresses and nodes with something that the kernel lacks.
    std::set<wire::Address> missing_home;
    std::set<std::string> missing_proxy;
    /// What the kernel has and nobody knows.
    std::vector<KernelBinding> unknown;
    std::vector<DefendedAddress> unknown_defended;
};

/// What an open transaction is about to change counts neither as missing nor as unknown; nor does
/// anything else of a node with one count as missing.
Adoption compare_with_kernel(const HomeAgent& home_agent, const MobilityAnchor& mobility_anchor,
                             const KernelDumped& dumped, BootTime now);

} // namespace anchor6::core
