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

#include "io/file_descriptor.h"
#include "io/store.h"
#include "io/store_database.h"

namespace anchor6::io {

/// A store in one SQLite file, written by a thread of its own.
class SqliteStore final : public Store {
public:
    /// As StoreDatabase.
    SqliteStore(const std::string& path, std::uint64_t instance, core::Now now,
                JournalLimits limits = {});
    ~SqliteStore() override;

    // These are of the database as it was opened, and change before the first commit only.
    const core::Remembered& remembered() const { return database_.remembered(); }
    std::size_t refused_rows() const { return database_.refused_rows(); }
    bool is_complete(core::BootTime now) const { return database_.is_complete(now); }
    bool is_new() const { return database_.is_new(); }

    void set_complete_from(core::BootTime when);
    void note_clock_step(std::chrono::nanoseconds step);

    void commit(std::uint64_t id, std::vector<core::StoreChange> changes) override;
    int completion_fd() const override { return event_.get(); }
    std::vector<StoreCompletion> completions() override;

private:
    struct Batch {
        std::uint64_t id = 0;
        std::vector<core::StoreChange> changes;
    };

    void serve(const std::stop_token& stop);
    std::optional<Batch> next_batch(const std::stop_token& stop);
    StoreCompletion write(const Batch& batch);
    bool tidy(std::size_t changes);
    void report(StoreCompletion completion);

    JournalLimits limits_;
    /// Guarded by the mutex: set_complete_from() and note_clock_step() meet the worker.
    StoreDatabase database_;
    std::mutex database_mutex_;

    FileDescriptor event_;
    std::mutex queue_mutex_;
    std::condition_variable_any queue_filled_;
    std::deque<Batch> queue_;
    std::vector<StoreCompletion> completions_;
    /// The worker's.
    bool untidy_ = true;
    std::jthread worker_;
};

} // namespace anchor6::io
