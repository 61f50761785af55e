// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "io/address_announcements.h"
#include "io/address_defence.h"
#include "io/kernel_client.h"
#include "io/kernel_table.h"

namespace anchor6::io {

/// The module's bindings and what is defended on home links, as transactions change both. Bindings
/// come first: what is defended already has where to go.
class KernelTables final : public KernelTable {
public:
    KernelTables(KernelClient& bindings, AddressDefence& defence,
                 AddressAnnouncements& announcements)
        : bindings_(&bindings), defence_(&defence), announcements_(&announcements) {}

    std::vector<int> apply(std::span<const core::KernelChange> changes) override;

private:
    KernelClient* bindings_;
    AddressDefence* defence_;
    AddressAnnouncements* announcements_;
};

} // namespace anchor6::io
