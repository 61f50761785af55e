// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "core/anchor.h"
#include "core/time.h"
#include "io/binding_rows.h"
#include "io/file_descriptor.h"
#include "io/sqlite.h"
#include "io/store.h"
#include "io/store_clock.h"

namespace anchor6::io {

/// A store in one SQLite file, written by a thread of its own. The file belongs to one agent at a
/// time.
class SqliteStore final : public Store {
public:
    /// Opens or makes the file. A damaged one is moved aside and a new one begun. Throws
    /// std::runtime_error for a file of another instance, of a later version, or in use.
    SqliteStore(const std::string& path, std::uint64_t instance, core::Now now);
    ~SqliteStore() override;

    /// What was in the file when it was opened.
    const core::Remembered& remembered() const { return remembered_; }
    std::size_t refused_rows() const { return refused_rows_; }

    /// Whether every binding that this instance has in the kernel must be in the store. Not so for
    /// a new store, as the one before it may be lost, until what the kernel held has expired.
    bool is_complete(core::BootTime now) const { return clock_->to_stored(now) >= complete_from_; }
    bool is_new() const { return is_new_; }
    void set_complete_from(core::BootTime when);
    /// Somebody has set the clock, as far forward or back: it counts if a reboot follows.
    void note_clock_step(std::chrono::nanoseconds step);

    void commit(std::uint64_t id, std::vector<core::StoreChange> changes) override;
    int completion_fd() const override { return event_.get(); }
    std::vector<StoreCompletion> completions() override;

private:
    struct Batch {
        std::uint64_t id = 0;
        std::vector<core::StoreChange> changes;
    };

    void open(const std::string& path, std::uint64_t instance, core::Now now);
    void open_clock(core::Now now);
    void read_bindings(core::BootTime now);
    void serve(const std::stop_token& stop);
    StoreCompletion write(const Batch& batch);
    void report(StoreCompletion completion);

    // The database is the opening thread's until the worker starts, then the mutex guards it:
    // set_complete_from() and note_clock_step() are the calls that meet the worker.
    std::unique_ptr<sqlite::Database> database_;
    std::optional<StoreClock> clock_;
    std::unique_ptr<BindingRows> rows_;
    core::Remembered remembered_;
    std::size_t refused_rows_ = 0;
    bool is_new_ = false;
    /// By the store's clock.
    std::int64_t complete_from_ = 0;

    FileDescriptor event_;
    std::mutex database_mutex_;
    std::mutex queue_mutex_;
    std::condition_variable_any queue_filled_;
    std::deque<Batch> queue_;
    std::vector<StoreCompletion> completions_;
    std::jthread worker_;
};

} // namespace anchor6::io
