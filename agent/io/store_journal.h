// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/event.h"
#include "io/binding_rows.h"
#include "io/change_run.h"
#include "io/sqlite.h"
#include "io/store_change.h"
#include "io/store_clock.h"

namespace anchor6::io {

/// How much a store may put off.
struct JournalLimits {
    /// Changes in the journal from which on they are folded into the tables.
    std::size_t fold_from = 262144;
    /// When folding does not work, or not fast enough: commits fail from then on.
    std::size_t full_from = 1048576;
    /// Rows of the tables that one slice of this work writes at the most.
    std::size_t slice_rows = 512;
    /// Octets of the journal that one slice takes out at the most, and at least one row.
    std::size_t slice_octets = 512 << 10;
};

/// The table in which a commit ends: a row for each batch of changes, however many bindings that
/// are. What is in it counts more than the tables of BindingRows, its later rows more than the
/// earlier ones. Later it is folded into those tables, in the order of their keys, a slice at a
/// time: what was changed often is then written once, and neighbours share a page.
///
/// Memory: the changes in the journal, encoded: at most about twice `fold_from` of them, while
/// folding works.
class StoreJournal {
public:
    /// Makes the table.
    static void create(sqlite::Database& database);

    StoreJournal(sqlite::Database& database, const StoreClock& clock, JournalLimits limits);

    /// Reads what the last run left. What is damaged is left out, and `refuse` told why.
    void replay(const std::function<void(const std::string&)>& refuse);
    /// After replay(): the last change of each key, in the order of the keys.
    template <class Visit>
    void each(Visit visit) const {
        ChangeMerge changes{recent_};
        while (const auto change = changes.next())
            visit(key_of(*change), *decode(*change, clock_));
    }

    /// Adds a row in a transaction of its own, which is synced. Throws when nothing was added.
    void append(const std::vector<core::StoreChange>& changes);

    /// There is a slice of work to be done.
    bool wants_folding() const;
    /// Does it, in a transaction of its own, which is not synced: the journal has everything until
    /// the next commit has synced both. Throws when nothing was done.
    void fold(BindingRows& rows);

private:
    struct Row {
        std::int64_t id = 0;
        std::size_t octets = 0;
    };

    void replay_row(std::int64_t id, std::int64_t checksum, std::span<const std::uint8_t> octets,
                    const std::function<void(const std::string&)>& refuse);
    bool is_folding() const { return !rows_.empty() && rows_.front().id <= folding_to_; }
    void fold_changes(BindingRows& rows, sqlite::Transaction& transaction);
    void drop_rows(sqlite::Transaction& transaction);

    sqlite::Database* database_;
    StoreClock clock_;
    JournalLimits limits_;
    sqlite::Statement append_;
    sqlite::Statement drop_;
    std::deque<Row> rows_;
    /// Of this file since it was opened, so that a gap shows.
    std::int64_t last_id_ = 0;
    /// The changes of each row that is not being folded.
    std::vector<ChangeRun> recent_;
    std::size_t recent_count_ = 0;
    /// Being folded: all of the rows up to this one, which go when nothing is left of them.
    std::vector<ChangeRun> folding_;
    std::int64_t folding_to_ = 0;
    ChangeMerge unfolded_;
    /// Of what is being folded, until its slice is in the tables.
    std::vector<std::span<const std::uint8_t>> slice_;
};

} // namespace anchor6::io
