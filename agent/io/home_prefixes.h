// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <vector>

#include "core/config.h"
#include "io/kernel_client.h"
#include "io/link.h"
#include "wire/address.h"

namespace anchor6::io {

/// Keeps the home prefixes of the kernel, and their routes to the device, as the config has them.
class HomePrefixes {
public:
    HomePrefixes(KernelClient& kernel, Link& link) : kernel_(&kernel), link_(&link) {}

    /// Declares those of the config, and routes those that lie on no physical home link, after
    /// withdrawing what is in their way. Throws std::runtime_error.
    void declare(const core::Config& config);
    /// Withdraws the others, as far as no binding lies inside. True: none is left.
    bool withdraw_others();

private:
    KernelClient* kernel_;
    Link* link_;
    std::vector<wire::Prefix> wanted_;
};

} // namespace anchor6::io
