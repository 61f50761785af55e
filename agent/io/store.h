// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/anchor.h"
#include "core/event.h"

namespace anchor6::io {

/// The end of one commit.
struct StoreCompletion {
    std::uint64_t id = 0;
    /// Empty: committed. Else nothing of the batch is in the store.
    std::string failure;
};

/// Where bindings outlive the agent. A commit ends in the order of the calls or overlaps others, as
/// the store likes.
class Store {
public:
    Store() = default;
    Store(const Store&) = delete;
    Store& operator=(const Store&) = delete;
    virtual ~Store() = default;

    /// Starts to commit all of the changes in their order, or none.
    virtual void commit(std::uint64_t id, std::vector<core::StoreChange> changes) = 0;
    /// Becomes readable when completions() has something.
    virtual int completion_fd() const = 0;
    virtual std::vector<StoreCompletion> completions() = 0;
};

} // namespace anchor6::io
