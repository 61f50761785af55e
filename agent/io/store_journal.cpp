// SPDX-License-Identifier: GPL-2.0-or-later
#include "io/store_journal.h"

#include <bit>
#include <iterator>
#include <limits>
#include <stdexcept>
#include <utility>

#include "wire/reader.h"

namespace anchor6::io {

namespace {

/// In front of each change: how many octets it has.
constexpr std::size_t length_size = 2;

/// Finds damage, not malice: the octets of a row, and which row it is.
std::int64_t checksum(std::int64_t id, std::span<const std::uint8_t> octets) {
    constexpr std::uint64_t factor = 0x9e3779b97f4a7c15;
    std::uint64_t sum = static_cast<std::uint64_t>(id) * factor + octets.size();
    wire::Reader reader{octets};
    while (reader.remaining() != 0) {
        const std::uint64_t part =
            reader.remaining() >= sizeof(std::uint64_t) ? reader.u64() : reader.u8();
        sum = std::rotl((sum ^ part) * factor, 29);
    }
    return std::bit_cast<std::int64_t>(sum);
}

/// What is written meanwhile reaches the disk with the next synced commit, in its order.
class Unsynced {
public:
    explicit Unsynced(sqlite::Database& database) : database_(database) {
        database_.execute("PRAGMA synchronous = NORMAL");
    }
    Unsynced(const Unsynced&) = delete;
    Unsynced& operator=(const Unsynced&) = delete;
    ~Unsynced() {
        sqlite3_exec(database_.get(), "PRAGMA synchronous = FULL", nullptr, nullptr, nullptr);
    }

private:
    sqlite::Database& database_;
};

/// The octets of a row, and where in them each change begins.
struct EncodedRow {
    std::vector<std::uint8_t> octets;
    std::vector<std::uint32_t> starts;
};

EncodedRow encode_row(const std::vector<core::StoreChange>& changes, const StoreClock& clock) {
    constexpr std::size_t usual_size = 160;
    wire::Writer writer{changes.size() * usual_size};
    std::vector<std::uint32_t> starts;
    starts.reserve(changes.size());
    for (const core::StoreChange& change : changes) {
        const std::size_t start = writer.size();
        starts.push_back(static_cast<std::uint32_t>(start));
        writer.zeros(length_size);
        encode(change, clock, writer);
        const std::size_t size = writer.size() - start - length_size;
        if (size > std::numeric_limits<std::uint16_t>::max())
            throw std::invalid_argument("a binding too large for the journal");
        writer.set(start, static_cast<std::uint8_t>(size >> 8));
        writer.set(start + 1, static_cast<std::uint8_t>(size));
    }
    return {std::move(writer).finish(), std::move(starts)};
}

std::string row_name(std::int64_t id) {
    return "journal row " + std::to_string(id);
}

} // namespace

void StoreJournal::create(sqlite::Database& database) {
    database.execute("CREATE TABLE journal(id INTEGER PRIMARY KEY, checksum INTEGER NOT NULL, "
                     "changes BLOB NOT NULL) STRICT");
}

StoreJournal::StoreJournal(sqlite::Database& database, const StoreClock& clock,
                           JournalLimits limits)
    : database_(&database), clock_(clock), limits_(limits),
      append_(database, "INSERT INTO journal(id, checksum, changes) VALUES(?1, ?2, ?3)"),
      drop_(database, "DELETE FROM journal WHERE id <= ?1") {
}

void StoreJournal::replay(const std::function<void(const std::string&)>& refuse) {
    sqlite::Statement statement{*database_,
                                "SELECT id, checksum, changes FROM journal ORDER BY id"};
    while (statement.step()) {
        const std::int64_t id = statement.integer(0);
        if (!rows_.empty() && last_id_ + 1 != id)
            refuse(row_name(last_id_ + 1) + " is missing");
        replay_row(id, statement.integer(1), statement.blob(2), refuse);
    }
}

void StoreJournal::replay_row(std::int64_t id, std::int64_t sum,
                              std::span<const std::uint8_t> octets,
                              const std::function<void(const std::string&)>& refuse) {
    last_id_ = id;
    rows_.push_back({id, octets.size()});
    if (checksum(id, octets) != sum)
        return refuse(row_name(id) + ": the checksum does not fit");
    std::vector<std::uint32_t> starts;
    wire::Reader reader{octets};
    for (std::size_t number = 1; reader.remaining() != 0; ++number) {
        const auto start = static_cast<std::uint32_t>(reader.offset());
        const auto change = reader.take(reader.u16());
        const auto name = [&] { return row_name(id) + ", change " + std::to_string(number); };
        if (!reader.ok())
            refuse(name() + ": cut short");
        else if (decode(change, clock_))
            starts.push_back(start);
        else
            refuse(name() + ": makes no sense");
    }
    recent_count_ += starts.size();
    recent_.emplace_back(std::vector(octets.begin(), octets.end()), starts);
}

void StoreJournal::append(const std::vector<core::StoreChange>& changes) {
    if (recent_count_ >= limits_.full_from)
        throw std::runtime_error("the journal is full, and cannot be folded into the tables");
    EncodedRow row = encode_row(changes, clock_);
    const std::int64_t id = last_id_ + 1;
    sqlite::Transaction transaction{*database_};
    append_.bind(1, id).bind(2, checksum(id, row.octets)).bind(3, row.octets).step();
    transaction.commit();
    last_id_ = id;
    rows_.push_back({id, row.octets.size()});
    recent_count_ += changes.size();
    recent_.emplace_back(std::move(row.octets), row.starts);
}

bool StoreJournal::wants_folding() const {
    return recent_count_ >= limits_.fold_from || is_folding();
}

void StoreJournal::fold(BindingRows& rows) {
    if (!is_folding()) {
        // The runs stay where they are when their vector moves.
        unfolded_ = ChangeMerge{recent_};
        folding_ = std::exchange(recent_, {});
        recent_count_ = 0;
        folding_to_ = last_id_;
    }
    const Unsynced unsynced{*database_};
    sqlite::Transaction transaction{*database_};
    if (!slice_.empty() || !unfolded_.empty())
        fold_changes(rows, transaction);
    else
        drop_rows(transaction);
}

// A slice that the tables refused is tried again.
void StoreJournal::fold_changes(BindingRows& rows, sqlite::Transaction& transaction) {
    slice_.reserve(limits_.slice_rows);
    while (slice_.size() < limits_.slice_rows && !unfolded_.empty())
        slice_.push_back(*unfolded_.next());
    for (const auto change : slice_)
        rows.apply(*decode(change, clock_));
    transaction.commit();
    slice_.clear();
    if (unfolded_.empty())
        folding_.clear();
}

// The oldest first: what is left is always newer than the tables, or the same.
void StoreJournal::drop_rows(sqlite::Transaction& transaction) {
    std::size_t octets = 0;
    auto end = rows_.begin();
    for (std::size_t left = limits_.slice_rows;
         left != 0 && end != rows_.end() && end->id <= folding_to_ &&
         (octets == 0 || octets + end->octets <= limits_.slice_octets);
         --left, ++end)
        octets += end->octets;
    drop_.bind(1, std::prev(end)->id).step();
    transaction.commit();
    rows_.erase(rows_.begin(), end);
}

} // namespace anchor6::io
