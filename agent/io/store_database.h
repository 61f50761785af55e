// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/anchor.h"
#include "core/time.h"
#include "io/binding_rows.h"
#include "io/sqlite.h"
#include "io/store_clock.h"
#include "io/store_journal.h"

namespace anchor6::io {

/// The store in one SQLite file, for one thread at a time and one agent at a time.
class StoreDatabase {
public:
    /// Opens or makes the file. A damaged one is moved aside and a new one begun. Throws
    /// std::runtime_error for a file of another instance, of a later version, or in use.
    StoreDatabase(const std::string& path, std::uint64_t instance, core::Now now,
                  JournalLimits limits);

    /// What was in the file when it was opened.
    const core::Remembered& remembered() const { return remembered_; }
    /// Rows of the tables or of the journal that were left out.
    std::size_t refused_rows() const { return refused_rows_; }

    /// Whether every binding that this instance has in the kernel must be in the store. Not so for
    /// a new store, as the one before it may be lost, until what the kernel held has expired.
    bool is_complete(core::BootTime now) const { return clock_->to_stored(now) >= complete_from_; }
    bool is_new() const { return is_new_; }
    void set_complete_from(core::BootTime when);
    /// Somebody has set the clock, as far forward or back: it counts if a reboot follows.
    void note_clock_step(std::chrono::nanoseconds step);

    /// All of the changes or none are on the disk when it returns. Throws when none is.
    void write(const std::vector<core::StoreChange>& changes);
    /// Does a slice of what can wait, which keeps the files and the next start small: folds the
    /// journal, copies the write-ahead log. False: nothing is left to be done, or it cannot be done
    /// now.
    bool tidy();

private:
    void open(const std::string& path, std::uint64_t instance, core::Now now);
    void open_clock(core::Now now);
    void read_bindings(core::BootTime now);
    void remember(core::StoreChange& change);
    void refuse(const std::string& reason);
    bool copy_log();

    JournalLimits limits_;
    std::unique_ptr<sqlite::Database> database_;
    std::optional<StoreClock> clock_;
    std::unique_ptr<BindingRows> rows_;
    std::unique_ptr<StoreJournal> journal_;
    core::Remembered remembered_;
    std::size_t refused_rows_ = 0;
    std::int64_t page_size_ = 0;
    bool is_new_ = false;
    /// By the store's clock.
    std::int64_t complete_from_ = 0;
    /// The last slice failed.
    bool tidying_fails_ = false;
};

} // namespace anchor6::io
