// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/counter.h"
#include "core/event.h"
#include "core/time.h"
#include "io/kernel_table.h"
#include "io/store.h"

namespace anchor6::io {

/// Carries out transactions: all that wait share one commit of the store, then one batch of kernel
/// requests. What the kernel refuses is undone in the kernel and in the store before it is
/// reported, however long that takes. Only those wait for it that change the same binding: what
/// changes one binding of the kernel does so in the order of submission.
class TransactionRunner {
public:
    TransactionRunner(Store& store, KernelTable& kernel, core::Counters& counters);

    void submit(core::Transaction transaction);
    /// Hands what waits to the store, unless it is busy with the batch before.
    void start(core::BootTime now);
    /// Takes what the store has finished and goes on with it. Returns what has ended.
    std::vector<core::TransactionEnded> proceed(core::BootTime now);

    /// When start() has an undo to try again.
    std::optional<core::BootTime> next_deadline() const { return retry_at_; }
    /// Transactions that have not ended.
    std::size_t size() const;

private:
    /// A refused transaction on its way back, the kernel's part first.
    struct Undo {
        core::Transaction transaction;
        int error = 0;
        bool kernel_undone = false;
    };
    using Ended = std::vector<core::TransactionEnded>;

    void commit(std::vector<core::StoreChange> changes);
    void commit_waiting();
    std::vector<core::Transaction> take_independent();
    void commit_undos();
    void undo_in_kernel(core::BootTime now);
    void install(Ended& ended);
    void finish_transactions(const std::string& failure, Ended& ended);
    void finish_undos(const std::string& failure, core::BootTime now, Ended& ended);
    void postpone_undos(core::BootTime now);

    Store* store_;
    KernelTable* kernel_;
    core::Counters* counters_;
    std::uint64_t batch_ = 0;
    bool committing_ = false;
    std::vector<core::Transaction> waiting_;
    /// At most one of these two is in the store at a time: an undo that cannot be committed must
    /// not take other transactions down with it.
    std::vector<core::Transaction> in_store_;
    std::vector<Undo> undos_in_store_;
    std::vector<Undo> undos_;
    std::chrono::nanoseconds retry_delay_;
    std::optional<core::BootTime> retry_at_;
};

} // namespace anchor6::io
