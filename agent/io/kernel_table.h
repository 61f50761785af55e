// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <span>
#include <vector>

#include "core/event.h"

namespace anchor6::io {

/// The binding tables of the kernel, as a transaction changes them.
class KernelTable {
public:
    KernelTable() = default;
    KernelTable(const KernelTable&) = delete;
    KernelTable& operator=(const KernelTable&) = delete;
    virtual ~KernelTable() = default;

    /// Makes the changes in their order, each on its own. One errno a change, 0: acknowledged.
    virtual std::vector<int> apply(std::span<const core::KernelChange> changes) = 0;
};

} // namespace anchor6::io
