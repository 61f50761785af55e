// SPDX-License-Identifier: GPL-2.0-or-later
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "io/sqlite.h"
#include "io/store_change.h"
#include "io/store_database.h"
#include "tests/io_scratch.h"
#include "tests/io_store_values.h"

#include <CppUTest/TestHarness.h>

namespace {

using namespace anchor6;
using tests::home_binding;
using tests::proxy_binding;

using Changes = std::vector<core::StoreChange>;

constexpr io::JournalLimits at_once{.fold_from = 1};
constexpr io::JournalLimits one_by_one{.fold_from = 1, .slice_rows = 1, .slice_octets = 1};

core::ProxyBinding session(std::uint64_t id, std::uint16_t sequence = 3) {
    core::ProxyBinding binding = proxy_binding();
    binding.id = id;
    binding.sequence = sequence;
    return binding;
}

Changes puts(std::uint64_t first, std::uint64_t count, std::uint16_t sequence) {
    Changes changes;
    for (std::uint64_t id = first; id < first + count; ++id)
        changes.emplace_back(core::PutProxyBinding{session(id, sequence)});
    return changes;
}

core::RetainedPrefix retained_prefix() {
    return {tests::prefix("2001:db8:77:9::/64"), "a\xff@example.org",
            core::BootTime{std::chrono::hours{1}}};
}

} // namespace

TEST_GROUP(StoreJournal) {
    tests::Scratch scratch;
    std::string path = scratch.file("store.db");
    core::Now now{core::BootTime{std::chrono::seconds{1000}},
                  core::RealTime{std::chrono::seconds{1795471000}}};

    // The logger lives as long as the program.
    void setup() override {
        IGNORE_ALL_LEAKS_IN_TEST();
    }

    std::unique_ptr<io::StoreDatabase> open(io::JournalLimits limits = {}) {
        return std::make_unique<io::StoreDatabase>(path, 1, now, limits);
    }
    void write(const Changes& changes) {
        open()->write(changes);
    }
    std::int64_t number(const char* sql) {
        const io::sqlite::Database database{path};
        io::sqlite::Statement statement{database, sql};
        statement.step();
        return statement.integer(0);
    }
    void execute(const char* sql) {
        io::sqlite::Database{path}.execute(sql);
    }
    static void fold(io::StoreDatabase & database) {
        while (database.tidy())
            ;
    }
    std::vector<core::ProxyBinding> sessions() {
        return open()->remembered().proxy_bindings;
    }
};

TEST(StoreJournal, a_batch_is_one_row_and_touches_no_table) {
    write(puts(1, 100, 1));
    LONGS_EQUAL(1, number("SELECT count(*) FROM journal"));
    LONGS_EQUAL(0, number("SELECT count(*) FROM proxy_binding"));
    LONGS_EQUAL(100, sessions().size());
}

TEST(StoreJournal, each_kind_of_change_comes_back_as_it_was) {
    write({core::PutHomeBinding{home_binding()}, core::PutProxyBinding{proxy_binding()},
           core::PutRetainedPrefix{retained_prefix()}});
    auto database = open();
    CHECK_TRUE(database->remembered().home_bindings == std::vector{home_binding()});
    CHECK_TRUE(database->remembered().proxy_bindings == std::vector{proxy_binding()});
    CHECK_TRUE(database->remembered().retained_prefixes == std::vector{retained_prefix()});
    database->write({core::DeleteHomeBinding{home_binding().home_address},
                     core::DeleteProxyBinding{proxy_binding().id},
                     core::DeleteRetainedPrefix{retained_prefix().prefix}});
    database.reset();
    database = open();
    CHECK_TRUE(database->remembered().home_bindings.empty());
    CHECK_TRUE(database->remembered().proxy_bindings.empty());
    CHECK_TRUE(database->remembered().retained_prefixes.empty());
}

TEST(StoreJournal, the_last_change_of_a_key_counts) {
    write(puts(1, 2, 1));
    write(puts(2, 2, 2));
    CHECK_TRUE((sessions() == std::vector{session(1, 1), session(2, 2), session(3, 2)}));
}

TEST(StoreJournal, it_counts_more_than_the_tables) {
    {
        auto database = open(at_once);
        database->write(puts(1, 3, 1));
        fold(*database);
    }
    write({core::PutProxyBinding{session(2, 9)}, core::DeleteProxyBinding{3}});
    CHECK_TRUE((sessions() == std::vector{session(1, 1), session(2, 9)}));
}

TEST(StoreJournal, folding_leaves_what_was_there_and_an_empty_journal) {
    {
        auto database = open(at_once);
        database->write(
            {core::PutHomeBinding{home_binding()}, core::PutRetainedPrefix{retained_prefix()}});
        database->write(puts(1, 10, 1));
        database->write({core::DeleteProxyBinding{4}});
        fold(*database);
    }
    LONGS_EQUAL(0, number("SELECT count(*) FROM journal"));
    LONGS_EQUAL(9, number("SELECT count(*) FROM proxy_binding"));
    auto database = open();
    LONGS_EQUAL(9, database->remembered().proxy_bindings.size());
    CHECK_TRUE(database->remembered().home_bindings == std::vector{home_binding()});
    CHECK_TRUE(database->remembered().retained_prefixes == std::vector{retained_prefix()});
    LONGS_EQUAL(0, database->refused_rows());
}

TEST(StoreJournal, an_end_between_two_slices_loses_and_revives_nothing) {
    write(puts(1, 4, 1));
    write({core::DeleteProxyBinding{1}});
    write(puts(2, 1, 2));
    const std::vector expected{session(2, 2), session(3, 1), session(4, 1)};
    std::size_t slices = 0;
    for (bool more = true; more; ++slices) {
        more = open(one_by_one)->tidy();
        auto found = sessions();
        std::ranges::sort(found, {}, &core::ProxyBinding::id);
        CHECK_TRUE(found == expected);
        CHECK_TRUE(slices < 100);
        // Each start folds from the beginning: let it get on a slice further each time.
        auto database = open(one_by_one);
        for (std::size_t done = 0; done < slices; ++done)
            more = database->tidy();
    }
    LONGS_EQUAL(0, number("SELECT count(*) FROM journal"));
}

TEST(StoreJournal, what_comes_during_folding_waits_for_the_next) {
    auto database = open(one_by_one);
    database->write(puts(1, 3, 1));
    CHECK_TRUE(database->tidy());
    database->write(puts(1, 3, 2));
    database->write({core::DeleteProxyBinding{2}});
    fold(*database);
    database.reset();
    LONGS_EQUAL(0, number("SELECT count(*) FROM journal"));
    CHECK_TRUE((sessions() == std::vector{session(1, 2), session(3, 2)}));
}

TEST(StoreJournal, what_came_during_folding_stays_in_the_journal) {
    auto database = open({.fold_from = 3, .slice_rows = 1});
    database->write(puts(1, 3, 1));
    CHECK_TRUE(database->tidy());
    database->write(puts(1, 1, 2));
    fold(*database);
    database->write(puts(2, 1, 2));
    CHECK_FALSE(database->tidy());
    database.reset();
    LONGS_EQUAL(2, number("SELECT count(*) FROM journal"));
    auto found = sessions();
    std::ranges::sort(found, {}, &core::ProxyBinding::id);
    CHECK_TRUE((found == std::vector{session(1, 2), session(2, 2), session(3, 1)}));
}

TEST(StoreJournal, rows_after_folding_are_not_taken_for_folded_ones) {
    auto database = open(at_once);
    database->write(puts(1, 3, 1));
    fold(*database);
    database.reset();
    database = open({.fold_from = 2});
    database->write(puts(1, 1, 2));
    CHECK_FALSE(database->tidy());
    database.reset();
    LONGS_EQUAL(1, number("SELECT count(*) FROM journal"));
    LONGS_EQUAL(2, sessions().front().sequence == 2 ? 2 : sessions().back().sequence);
}

TEST(StoreJournal, a_row_whose_octets_changed_is_refused_and_the_others_count) {
    write(puts(1, 1, 1));
    write(puts(2, 1, 1));
    open()->set_complete_from(now.boot);
    execute("UPDATE journal SET changes = CAST(substr(changes, 1, 40) || x'ff' || "
            "substr(changes, 42) AS BLOB) "
            "WHERE id = 1");
    auto database = open();
    LONGS_EQUAL(1, database->refused_rows());
    CHECK_TRUE(database->remembered().proxy_bindings == std::vector{session(2, 1)});
    CHECK_FALSE(database->is_complete(now.boot));
}

TEST(StoreJournal, a_changed_octet_anywhere_in_a_row_is_noticed) {
    write(puts(1, 1, 1));
    const std::int64_t size = number("SELECT length(changes) FROM journal");
    for (std::int64_t octet = 1; octet <= size; octet += 11) {
        const tests::Scratch other;
        const std::string copy = other.file("store.db");
        std::filesystem::copy(path, copy);
        io::sqlite::Database{copy}.execute(
            ("UPDATE journal SET changes = CAST(substr(changes, 1, " + std::to_string(octet - 1) +
             ") || CASE substr(changes, " + std::to_string(octet) +
             ", 1) WHEN x'55' THEN x'54' ELSE x'55' END || substr(changes, " +
             std::to_string(octet + 1) + ") AS BLOB)")
                .c_str());
        const io::StoreDatabase database{copy, 1, now, {}};
        LONGS_EQUAL(1, database.refused_rows());
        CHECK_TRUE(database.remembered().proxy_bindings.empty());
    }
}

TEST(StoreJournal, a_row_cut_short_anywhere_is_refused) {
    write(puts(1, 2, 1));
    const std::int64_t size = number("SELECT length(changes) FROM journal");
    for (std::int64_t left = 0; left < size; left += 13) {
        const tests::Scratch other;
        const std::string copy = other.file("store.db");
        std::filesystem::copy(path, copy);
        io::sqlite::Database{copy}.execute(
            ("UPDATE journal SET changes = CAST(substr(changes, 1, " + std::to_string(left) +
             ") AS BLOB)")
                .c_str());
        const io::StoreDatabase database{copy, 1, now, {}};
        LONGS_EQUAL(1, database.refused_rows());
        CHECK_TRUE(database.remembered().proxy_bindings.empty());
    }
}

TEST(StoreJournal, rows_that_changed_places_are_refused) {
    write(puts(1, 1, 1));
    write(puts(1, 1, 2));
    execute("UPDATE journal SET id = 3 WHERE id = 1; UPDATE journal SET id = 1 WHERE id = 2; "
            "UPDATE journal SET id = 2 WHERE id = 3");
    auto database = open();
    LONGS_EQUAL(2, database->refused_rows());
}

TEST(StoreJournal, a_missing_row_is_noticed) {
    for (std::uint64_t id = 1; id <= 3; ++id)
        write(puts(id, 1, 1));
    execute("DELETE FROM journal WHERE id = 2");
    auto database = open();
    LONGS_EQUAL(1, database->refused_rows());
    LONGS_EQUAL(2, database->remembered().proxy_bindings.size());
}

TEST(StoreJournal, a_damaged_row_goes_when_the_others_are_folded) {
    write(puts(1, 1, 1));
    write(puts(2, 1, 1));
    execute("UPDATE journal SET checksum = checksum + 1 WHERE id = 2");
    {
        auto database = open(at_once);
        LONGS_EQUAL(1, database->refused_rows());
        fold(*database);
    }
    LONGS_EQUAL(0, number("SELECT count(*) FROM journal"));
    auto database = open();
    LONGS_EQUAL(0, database->refused_rows());
    CHECK_TRUE(database->remembered().proxy_bindings == std::vector{session(1, 1)});
}

TEST(StoreJournal, a_write_ahead_log_cut_short_loses_whole_batches_from_the_end_only) {
    const tests::Scratch other;
    {
        auto database = open();
        for (std::uint16_t batch = 1; batch <= 3; ++batch)
            database->write(puts(batch, 1, batch));
        for (const char* file : {"store.db", "store.db-wal"})
            std::filesystem::copy(scratch.file(file), other.file(file));
    }
    const auto size = std::filesystem::file_size(other.file("store.db-wal"));
    std::size_t most = 0;
    for (std::uintmax_t left = 0; left <= size;
         left += left + 4096 > size && left < size ? size - left : 4096) {
        const tests::Scratch cut;
        for (const char* file : {"store.db", "store.db-wal"})
            std::filesystem::copy(other.file(file), cut.file(file));
        std::filesystem::resize_file(cut.file("store.db-wal"), left);
        const io::StoreDatabase database{cut.file("store.db"), 1, now, {}};
        const auto& found = database.remembered().proxy_bindings;
        LONGS_EQUAL(0, database.refused_rows());
        for (std::size_t batch = 0; batch < found.size(); ++batch)
            CHECK_TRUE(found[batch] == session(batch + 1, static_cast<std::uint16_t>(batch + 1)));
        CHECK_TRUE(found.size() >= most);
        most = found.size();
    }
    LONGS_EQUAL(3, most);
}

TEST(StoreJournal, a_store_of_the_version_before_is_upgraded) {
    {
        auto database = open(at_once);
        database->write(puts(1, 2, 1));
        fold(*database);
    }
    execute("DROP TABLE journal; UPDATE meta SET value = 3 WHERE name = 'schema_version'");
    const std::int64_t created = number("SELECT value FROM meta WHERE name = 'created_s'");
    now.real += std::chrono::hours{1};
    write(puts(2, 1, 2));
    CHECK_TRUE((sessions() == std::vector{session(1, 1), session(2, 2)}));
    LONGS_EQUAL(4, number("SELECT value FROM meta WHERE name = 'schema_version'"));
    LONGS_EQUAL(created, number("SELECT value FROM meta WHERE name = 'created_s'"));
}

TEST(StoreJournal, a_failed_commit_leaves_nothing_in_the_journal) {
    open();
    execute("CREATE TRIGGER full BEFORE INSERT ON journal "
            "BEGIN SELECT RAISE(ABORT, 'disk full'); END");
    {
        auto database = open(at_once);
        CHECK_THROWS(io::sqlite::Error, database->write(puts(1, 1, 1)));
        CHECK_FALSE(database->tidy());
    }
    execute("DROP TRIGGER full");
    CHECK_TRUE(sessions().empty());
}

TEST(StoreJournal, when_the_tables_refuse_the_journal_grows_to_its_bound_and_then_commits_fail) {
    open();
    execute("CREATE TRIGGER full BEFORE INSERT ON proxy_binding "
            "BEGIN SELECT RAISE(ABORT, 'no'); END");
    auto database = open({.fold_from = 10, .full_from = 40});
    for (std::uint64_t id = 1; id <= 4; ++id) {
        database->write(puts(10 * id, 10, 1));
        database->tidy();
    }
    database->write(puts(100, 10, 1));
    CHECK_THROWS(std::runtime_error, database->write(puts(200, 1, 1)));
    database.reset();
    execute("DROP TRIGGER full");
    database = open({.fold_from = 10});
    LONGS_EQUAL(50, database->remembered().proxy_bindings.size());
    fold(*database);
    database->write(puts(200, 1, 1));
}

TEST(StoreJournal, a_slice_that_the_tables_refuse_once_is_not_lost) {
    open();
    execute("CREATE TRIGGER full BEFORE INSERT ON proxy_binding "
            "WHEN (SELECT count(*) FROM journal) < 2 BEGIN SELECT RAISE(ABORT, 'no'); END");
    auto database = open({.fold_from = 4, .slice_rows = 2});
    database->write(puts(1, 4, 1));
    CHECK_FALSE(database->tidy());
    database->write(puts(9, 1, 1));
    fold(*database);
    database.reset();
    LONGS_EQUAL(1, number("SELECT count(*) FROM journal"));
    LONGS_EQUAL(4, number("SELECT count(*) FROM proxy_binding"));
}

TEST(StoreJournal, what_no_row_can_hold_is_not_acknowledged) {
    core::ProxyBinding binding = session(1);
    binding.mag = std::string(256, 'm');
    auto database = open();
    CHECK_THROWS(std::invalid_argument, database->write({core::PutProxyBinding{binding}}));
    binding.mag.pop_back();
    database->write({core::PutProxyBinding{binding}});
}

TEST(StoreJournal, the_write_ahead_log_stays_within_its_bound) {
    auto database = open({.fold_from = 1000});
    for (std::uint16_t round = 1; round <= 100; ++round) {
        database->write(puts(1, 1000, round));
        fold(*database);
    }
    CHECK_TRUE(std::filesystem::file_size(path + "-wal") < 8 << 20);
    CHECK_TRUE(std::filesystem::file_size(path) < 8 << 20);
}

TEST(StoreJournal, octets_that_are_no_change_are_not_decoded) {
    const io::StoreClock clock{std::nullopt, 1, now};
    for (const core::StoreChange& change :
         {core::StoreChange{core::PutHomeBinding{home_binding()}},
          core::StoreChange{core::PutProxyBinding{proxy_binding()}},
          core::StoreChange{core::DeleteProxyBinding{7}}}) {
        wire::Writer writer;
        io::encode(change, clock, writer);
        std::vector<std::uint8_t> octets = writer.octets();
        CHECK_TRUE(io::decode(octets, clock).has_value());
        for (std::size_t left = 0; left < octets.size(); ++left)
            CHECK_FALSE(io::decode(std::span{octets}.first(left), clock).has_value());
        octets.push_back(0);
        CHECK_FALSE(io::decode(octets, clock).has_value());
        octets.pop_back();
        octets.front() = 7;
        CHECK_FALSE(io::decode(octets, clock).has_value());
    }
}
