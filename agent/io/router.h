// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/config.h"
#include "core/event.h"
#include "io/address_announcements.h"
#include "io/address_defence.h"
#include "io/home_address_policy.h"
#include "io/home_links.h"
#include "io/home_prefixes.h"
#include "io/kernel_client.h"
#include "io/kernel_tables.h"
#include "io/link.h"
#include "io/settings.h"

namespace anchor6::io {

/// What the anchor makes of this machine: its device, the home prefixes and home links, what the
/// kernel must let in, and the tables that transactions change. Failures that leave it no router
/// are std::runtime_error.
class Router {
public:
    Router(const Settings& settings, const core::Config& config,
           AddressAnnouncements& announcements);

    /// Brings the machine to what the configuration says.
    void configure(const core::Config& config);
    /// Withdraws home prefixes that are no longer configured. True: none is left.
    bool withdraw_others() { return home_prefixes_.withdraw_others(); }

    /// What the kernel holds of this instance.
    core::KernelDumped dump();

    std::uint32_t device() const { return link_.index(); }
    const KernelClient& kernel() const { return kernel_; }
    KernelTable& tables() { return tables_; }
    HomeLinks& home_links() { return home_links_; }

private:
    Link link_;
    KernelClient kernel_;
    HomePrefixes home_prefixes_;
    HomeAddressPolicy home_address_policy_;
    HomeLinks home_links_;
    AddressDefence defence_;
    KernelTables tables_;
};

} // namespace anchor6::io
