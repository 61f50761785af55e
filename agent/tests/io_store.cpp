// SPDX-License-Identifier: GPL-2.0-or-later
#include <chrono>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include <poll.h>

#include "io/clock.h"
#include "io/sqlite.h"
#include "io/sqlite_store.h"
#include "tests/io_scratch.h"
#include "tests/io_store_values.h"

#include <CppUTest/TestHarness.h>

namespace {

using namespace anchor6;
using tests::address;
using tests::home_binding;
using tests::prefix;
using tests::proxy_binding;

/// A store as the release before home links wrote it.
void write_version_1(const std::string& path) {
    io::sqlite::Database{path}.execute(
        "CREATE TABLE meta(name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;"
        "CREATE TABLE home_binding("
        "home_address BLOB PRIMARY KEY, care_of_address BLOB NOT NULL, home_agent BLOB NOT NULL, "
        "prefixes BLOB NOT NULL, sequence INTEGER NOT NULL, flags INTEGER NOT NULL, "
        "lifetime_s INTEGER NOT NULL, expires_ns INTEGER NOT NULL, state INTEGER NOT NULL, "
        "anchor_group INTEGER NOT NULL, cookie INTEGER NOT NULL, node TEXT NOT NULL) "
        "STRICT, WITHOUT ROWID;"
        "CREATE TABLE proxy_binding("
        "id INTEGER PRIMARY KEY, mn_identifier BLOB NOT NULL, access_technology INTEGER NOT NULL, "
        "link_layer_identifier BLOB NOT NULL, link_local_address BLOB NOT NULL, "
        "home_network_prefixes BLOB NOT NULL, proxy_care_of_address BLOB NOT NULL, "
        "lma_address BLOB NOT NULL, mag TEXT NOT NULL, sequence INTEGER NOT NULL, "
        "timestamp INTEGER, handoff_indicator INTEGER NOT NULL, lifetime_s INTEGER NOT NULL, "
        "expires_ns INTEGER NOT NULL, state INTEGER NOT NULL, anchor_group INTEGER NOT NULL) "
        "STRICT;"
        "INSERT INTO meta VALUES('schema_version', 1), ('instance', 1), ('restarts', 4), "
        "('complete_from_ns', 1);"
        "INSERT INTO home_binding VALUES("
        "x'20010db8007700010000000000000010', x'20010db8000c00000000000000000010', "
        "x'20010db8000100000000000000000001', x'20010db800770001000000000000001080', "
        "7, 49152, 600, 1795471814000000000, 0, 1, 9, 'mn1@example.org')");
}

std::vector<io::StoreCompletion> wait(io::SqliteStore& store) {
    pollfd ready{store.completion_fd(), POLLIN, 0};
    poll(&ready, 1, 10000);
    return store.completions();
}

} // namespace

TEST_GROUP(SqliteStore) {
    tests::Scratch scratch;

    // The logger lives as long as the program.
    void setup() override {
        IGNORE_ALL_LEAKS_IN_TEST();
    }
    std::string path = scratch.file("store.db");
    core::Now now{core::BootTime{std::chrono::seconds{1000}},
                  core::RealTime{std::chrono::seconds{1795471000}}};

    std::unique_ptr<io::SqliteStore> open(std::uint64_t instance = 1) {
        return std::make_unique<io::SqliteStore>(path, instance, now);
    }
    void commit(const std::vector<core::StoreChange>& changes) {
        auto store = open();
        store->commit(1, changes);
        auto completions = wait(*store);
        LONGS_EQUAL(1, completions.size());
        STRCMP_EQUAL("", completions.front().failure.c_str());
    }
    /// So that they are in the tables, and the journal is empty.
    void fold(const std::vector<core::StoreChange>& changes) {
        io::StoreDatabase database{path, 1, now, {.fold_from = 1}};
        database.write(changes);
        while (database.tidy())
            ;
    }
};

TEST(SqliteStore, bindings_come_back_as_they_were) {
    commit({core::PutHomeBinding{home_binding()}, core::PutProxyBinding{proxy_binding()}});
    auto store = open();
    LONGS_EQUAL(1, store->remembered().home_bindings.size());
    LONGS_EQUAL(1, store->remembered().proxy_bindings.size());
    CHECK_TRUE(store->remembered().home_bindings.front() == home_binding());
    CHECK_TRUE(store->remembered().proxy_bindings.front() == proxy_binding());
    LONGS_EQUAL(0, store->refused_rows());
}

TEST(SqliteStore, what_is_committed_is_in_the_files) {
    auto store = open();
    store->commit(1, {core::PutHomeBinding{home_binding()}});
    LONGS_EQUAL(1, wait(*store).size());
    const tests::Scratch other;
    for (const char* file : {"store.db", "store.db-wal"})
        std::filesystem::copy(scratch.file(file), other.file(file));
    const io::SqliteStore copy{other.file("store.db"), 1, now};
    CHECK_TRUE(copy.remembered().home_bindings == std::vector{home_binding()});
}

TEST(SqliteStore, a_second_put_replaces_and_a_deletion_removes) {
    core::HomeBinding later = home_binding();
    later.sequence = 1;
    core::ProxyBinding without_timestamp = proxy_binding();
    without_timestamp.timestamp.reset();
    commit({core::PutHomeBinding{home_binding()}, core::PutHomeBinding{later},
            core::PutProxyBinding{without_timestamp}});
    CHECK_TRUE(open()->remembered().home_bindings == std::vector{later});
    CHECK_TRUE(open()->remembered().proxy_bindings == std::vector{without_timestamp});
    commit({core::DeleteHomeBinding{later.home_address},
            core::DeleteProxyBinding{without_timestamp.id}});
    CHECK_TRUE(open()->remembered().home_bindings.empty());
    CHECK_TRUE(open()->remembered().proxy_bindings.empty());
}

TEST(SqliteStore, what_was_handed_over_is_written_before_the_end) {
    auto store = open();
    for (std::uint64_t id = 1; id <= 50; ++id) {
        core::ProxyBinding binding = proxy_binding();
        binding.id = id;
        store->commit(id, {core::PutProxyBinding{binding}});
    }
    store.reset();
    LONGS_EQUAL(50, open()->remembered().proxy_bindings.size());
}

TEST(SqliteStore, restarts_are_counted) {
    LONGS_EQUAL(1, open()->remembered().restarts);
    LONGS_EQUAL(2, open()->remembered().restarts);
}

TEST(SqliteStore, another_instance_is_refused) {
    open(1);
    CHECK_THROWS(std::runtime_error, open(2));
    LONGS_EQUAL(0, scratch.count("store.db.damaged"));
}

TEST(SqliteStore, a_store_in_use_is_refused_and_not_taken_for_damaged) {
    auto first = open();
    CHECK_THROWS(std::runtime_error, open());
    LONGS_EQUAL(0, scratch.count("store.db.damaged"));
}

TEST(SqliteStore, a_later_version_is_refused) {
    open();
    io::sqlite::Database{path}.execute("UPDATE meta SET value = 99 WHERE name = 'schema_version'");
    CHECK_THROWS(std::runtime_error, open());
    LONGS_EQUAL(0, scratch.count("store.db.damaged"));
}

TEST(SqliteStore, a_store_of_the_first_version_is_upgraded_once) {
    write_version_1(path);
    for (std::uint64_t restarts : {5U, 6U}) {
        auto store = open();
        LONGS_EQUAL(restarts, store->remembered().restarts);
        LONGS_EQUAL(0, store->refused_rows());
        LONGS_EQUAL(1, store->remembered().home_bindings.size());
        const core::HomeBinding& binding = store->remembered().home_bindings.front();
        LONGS_EQUAL(7, binding.sequence);
        STRCMP_EQUAL("", binding.link.c_str());
        CHECK_FALSE(binding.message_id.has_value());
        CHECK_TRUE(store->is_complete(now.boot));
    }
    commit({core::PutHomeBinding{home_binding()}});
    CHECK_TRUE(open()->remembered().home_bindings == std::vector{home_binding()});
}

TEST(SqliteStore, the_restart_counter_changes_with_the_store_only) {
    auto store = open();
    CHECK_TRUE(store->remembered().bindings_lost);
    const std::uint32_t counter = store->remembered().restart_counter;
    CHECK_TRUE(counter != 0);
    store.reset();
    store = open();
    CHECK_FALSE(store->remembered().bindings_lost);
    LONGS_EQUAL(counter, store->remembered().restart_counter);
}

TEST(SqliteStore, a_store_of_the_first_version_has_lost_nothing) {
    write_version_1(path);
    auto store = open();
    CHECK_FALSE(store->remembered().bindings_lost);
    CHECK_TRUE(store->remembered().restart_counter != 0);
}

TEST(SqliteStore, a_prefix_that_is_kept_for_its_node) {
    core::RetainedPrefix retained{*wire::Prefix::parse("2001:db8:77:9::/64"), "a\xff@example.org",
                                  core::BootTime{std::chrono::hours{1}}};
    commit({core::PutRetainedPrefix{retained}});
    CHECK_TRUE(open()->remembered().retained_prefixes == std::vector{retained});
    retained.mn_identifier = "b";
    commit({core::PutRetainedPrefix{retained}});
    CHECK_TRUE(open()->remembered().retained_prefixes == std::vector{retained});
    commit({core::DeleteRetainedPrefix{retained.prefix}});
    CHECK_TRUE(open()->remembered().retained_prefixes.empty());
}

TEST(SqliteStore, kept_prefixes_that_make_no_sense_are_left_out) {
    fold({core::PutRetainedPrefix{
        {*wire::Prefix::parse("2001:db8:77:9::/64"), "a", core::BootTime{std::chrono::hours{1}}}}});
    io::sqlite::Database{path}.execute("UPDATE retained_prefix SET prefix = x'20'");
    LONGS_EQUAL(1, open()->refused_rows());
    io::sqlite::Database{path}.execute(
        "UPDATE retained_prefix SET prefix = x'20010db800770009000000000000000040', "
        "until_ns = 0");
    LONGS_EQUAL(1, open()->refused_rows());
}

TEST(SqliteStore, the_previous_mag_is_kept_but_not_when_it_was_left) {
    core::ProxyBinding binding = proxy_binding();
    binding.previous = {address("2001:db8:a::9"), 65535, core::BootTime{std::chrono::hours{1}}};
    commit({core::PutProxyBinding{binding}});
    binding.previous->left = {};
    CHECK_TRUE(open()->remembered().proxy_bindings == std::vector{binding});
    commit({core::PutProxyBinding{proxy_binding()}});
    CHECK_TRUE(open()->remembered().proxy_bindings == std::vector{proxy_binding()});
}

TEST(SqliteStore, a_link_that_no_interface_can_be_is_left_out) {
    fold({core::PutHomeBinding{home_binding()}});
    io::sqlite::Database{path}.execute("UPDATE home_binding SET link = '../../etc/x'");
    LONGS_EQUAL(1, open()->refused_rows());
}

TEST(SqliteStore, a_damaged_file_is_moved_aside) {
    scratch.write("store.db", std::string(8192, 'x'));
    auto store = open();
    CHECK_TRUE(store->is_new());
    CHECK_FALSE(store->is_complete(now.boot));
    LONGS_EQUAL(1, scratch.count("store.db.damaged"));
}

TEST(SqliteStore, a_new_store_is_complete_only_when_what_it_may_have_lost_has_expired) {
    core::BootTime start = now.boot;
    auto store = open();
    CHECK_FALSE(store->is_complete(start));
    store->set_complete_from(start + std::chrono::seconds{60});
    store.reset();
    store = open();
    CHECK_FALSE(store->is_new());
    CHECK_FALSE(store->is_complete(start));
    CHECK_TRUE(store->is_complete(start + std::chrono::seconds{60}));
}

TEST(SqliteStore, a_step_of_the_clock_changes_no_lifetime) {
    commit({core::PutHomeBinding{home_binding()}});
    now.boot += std::chrono::seconds{10};
    now.real -= std::chrono::hours{2};
    CHECK_TRUE(open()->remembered().home_bindings == std::vector{home_binding()});
    commit({core::PutProxyBinding{proxy_binding()}});
    now.real += std::chrono::hours{5};
    auto store = open();
    CHECK_TRUE(store->remembered().home_bindings == std::vector{home_binding()});
    CHECK_TRUE(store->remembered().proxy_bindings == std::vector{proxy_binding()});
}

TEST(SqliteStore,
     after_a_reboot_the_clock_tells_how_much_of_a_lifetime_is_left_in_spite_of_a_step) {
    commit({core::PutHomeBinding{home_binding()}});
    open()->note_clock_step(std::chrono::hours{2});
    now.real += std::chrono::hours{2};
    io::sqlite::Database{path}.execute("UPDATE meta SET value = value + 1 WHERE name = 'boot'");
    now.boot = core::BootTime{std::chrono::seconds{7}};
    now.real += std::chrono::seconds{60};
    const auto expires = open()->remembered().home_bindings.front().expires;
    CHECK_TRUE(expires == now.boot + std::chrono::seconds{1814 - 1000 - 60});
}

TEST(SqliteStore, rows_that_no_binding_can_be_are_left_out) {
    core::HomeBinding other = home_binding();
    other.home_address = address("2001:db8:77:1::11");
    fold({core::PutHomeBinding{home_binding()}, core::PutHomeBinding{other},
          core::PutProxyBinding{proxy_binding()}});
    open()->set_complete_from(now.boot);
    {
        io::sqlite::Database database{path};
        database.execute("UPDATE home_binding SET sequence = 65536 "
                         "WHERE home_address = x'20010db8007700010000000000000011'");
        database.execute("UPDATE proxy_binding SET home_network_prefixes = x'20'");
    }
    auto store = open();
    LONGS_EQUAL(2, store->refused_rows());
    CHECK_TRUE(store->remembered().home_bindings == std::vector{home_binding()});
    CHECK_FALSE(store->is_complete(now.boot));
}

TEST(SqliteStore, a_failed_commit_says_why_and_leaves_nothing) {
    auto store = open();
    store.reset();
    io::sqlite::Database{path}.execute("CREATE TRIGGER full BEFORE INSERT ON journal "
                                       "BEGIN SELECT RAISE(ABORT, 'disk full'); END");
    store = open();
    store->commit(9,
                  {core::PutHomeBinding{home_binding()}, core::PutProxyBinding{proxy_binding()}});
    auto completions = wait(*store);
    LONGS_EQUAL(1, completions.size());
    LONGS_EQUAL(9, completions.front().id);
    STRCMP_EQUAL("disk full", completions.front().failure.c_str());
    store.reset();
    CHECK_TRUE(open()->remembered().home_bindings.empty());
}
