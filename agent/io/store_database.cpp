// SPDX-License-Identifier: GPL-2.0-or-later
#include "io/store_database.h"

#include <algorithm>
#include <filesystem>
#include <limits>
#include <stdexcept>
#include <utility>
#include <variant>
#include <vector>

#include "io/log.h"

namespace anchor6::io {

namespace {

constexpr std::int64_t schema_version = 4;
/// Of the write-ahead log: what a checkpoint copies is what a commit may have to wait for.
constexpr std::int64_t log_octets_max = 1 << 20;

std::optional<std::int64_t> find_meta(const sqlite::Database& database, std::string_view name) {
    sqlite::Statement statement{database, "SELECT value FROM meta WHERE name = ?1"};
    return statement.bind(1, name).step() ? std::optional{statement.integer(0)} : std::nullopt;
}

std::int64_t read_meta(const sqlite::Database& database, std::string_view name) {
    if (const auto value = find_meta(database, name))
        return *value;
    throw sqlite::Error{SQLITE_CORRUPT, "meta." + std::string{name} + " is missing"};
}

void write_meta(const sqlite::Database& database, std::string_view name, std::int64_t value) {
    sqlite::Statement statement{database, "REPLACE INTO meta(name, value) VALUES(?1, ?2)"};
    statement.bind(1, name).bind(2, value).step();
}

std::optional<StoreClock::Record> read_clock(const sqlite::Database& database) {
    const auto boot = find_meta(database, "boot");
    if (!boot)
        return std::nullopt;
    return StoreClock::Record{
        *boot, std::chrono::nanoseconds{read_meta(database, "clock_ahead_of_boot_ns")},
        std::chrono::nanoseconds{read_meta(database, "clock_steps_ns")}};
}

void write_clock(sqlite::Database& database, const StoreClock::Record& record) {
    sqlite::Transaction transaction{database};
    write_meta(database, "boot", record.boot);
    write_meta(database, "clock_ahead_of_boot_ns", record.ahead_of_boot.count());
    write_meta(database, "clock_steps_ns", record.steps.count());
    transaction.commit();
}

bool has_tables(const sqlite::Database& database) {
    sqlite::Statement statement{database, "SELECT 1 FROM sqlite_schema LIMIT 1"};
    return statement.step();
}

void configure(sqlite::Database& database) {
    // FULL: an answer promises that its binding survives a power failure.
    database.execute("PRAGMA synchronous = FULL");
    // Bindings are written in the order of their keys, so little has to be read twice.
    database.execute("PRAGMA cache_size = -8192");
    // Of a new file: a batch is large, and each page of it costs.
    database.execute("PRAGMA page_size = 16384");
    sqlite::Statement statement{database, "PRAGMA journal_mode = WAL"};
    if (!statement.step() || statement.text(0) != "wal")
        throw std::runtime_error("the file system cannot hold a write-ahead log");
}

std::int64_t read_page_size(const sqlite::Database& database) {
    sqlite::Statement statement{database, "PRAGMA page_size"};
    return statement.step() ? statement.integer(0) : 0;
}

void check_integrity(const sqlite::Database& database) {
    sqlite::Statement statement{database, "PRAGMA quick_check(1)"};
    if (!statement.step() || statement.text(0) != "ok")
        throw sqlite::Error{SQLITE_CORRUPT, std::string{statement.text(0)}};
}

// Another number for each store: a MAG that sees it change knows that bindings were lost.
void write_creation(const sqlite::Database& database, core::RealTime now) {
    auto seconds = std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch());
    write_meta(database, "created_s", seconds.count());
}

void create(sqlite::Database& database, std::uint64_t instance, core::RealTime now) {
    sqlite::Transaction transaction{database};
    database.execute("CREATE TABLE meta(name TEXT PRIMARY KEY, value INTEGER NOT NULL) "
                     "STRICT, WITHOUT ROWID");
    BindingRows::create(database);
    StoreJournal::create(database);
    write_meta(database, "schema_version", schema_version);
    write_meta(database, "instance", static_cast<std::int64_t>(instance));
    write_meta(database, "restarts", 0);
    write_creation(database, now);
    write_meta(database, "complete_from_ns", std::numeric_limits<std::int64_t>::max());
    transaction.commit();
}

// A step each version, so that a store of any earlier release opens.
void upgrade(sqlite::Database& database, core::RealTime now) {
    std::int64_t version = read_meta(database, "schema_version");
    if (version == schema_version)
        return;
    sqlite::Transaction transaction{database};
    if (version < 2)
        BindingRows::add_home_link(database);
    if (version < 3) {
        BindingRows::add_previous_mag(database);
        write_creation(database, now);
    }
    StoreJournal::create(database);
    write_meta(database, "schema_version", schema_version);
    transaction.commit();
}

void check_identity(const sqlite::Database& database, std::uint64_t instance) {
    if (auto version = read_meta(database, "schema_version");
        version < 1 || version > schema_version)
        throw std::runtime_error("version " + std::to_string(version) +
                                 ", this agent reads versions 1 to " +
                                 std::to_string(schema_version));
    if (auto owner = read_meta(database, "instance"); owner != static_cast<std::int64_t>(instance))
        throw std::runtime_error("belongs to instance " + std::to_string(owner) +
                                 ", the configuration says " + std::to_string(instance));
}

std::uint64_t count_restart(const sqlite::Database& database) {
    std::int64_t restarts = read_meta(database, "restarts") + 1;
    write_meta(database, "restarts", restarts);
    return static_cast<std::uint64_t>(restarts);
}

void move_aside(const std::string& path, core::RealTime now) {
    auto seconds = std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch());
    std::string aside = path + ".damaged-" + std::to_string(seconds.count());
    for (const char* suffix : {"", "-wal", "-shm"})
        if (std::filesystem::exists(path + suffix))
            std::filesystem::rename(path + suffix, aside + suffix);
    log::error("store: the damaged file is now {}; what the kernel holds is left to expire", aside);
}

} // namespace

StoreDatabase::StoreDatabase(const std::string& path, std::uint64_t instance, core::Now now,
                             JournalLimits limits)
    : limits_(limits) {
    try {
        open(path, instance, now);
    } catch (const sqlite::Error& error) {
        if (!error.is_corruption())
            throw std::runtime_error("store " + path + ": " + error.what());
        log::error("store: {}: {}", path, error.what());
        journal_.reset();
        rows_.reset();
        database_.reset();
        move_aside(path, now.real);
        refused_rows_ = 0;
        remembered_ = {};
        open(path, instance, now);
    } catch (const std::runtime_error& error) {
        throw std::runtime_error("store " + path + ": " + error.what());
    }
}

void StoreDatabase::open(const std::string& path, std::uint64_t instance, core::Now now) {
    database_ = std::make_unique<sqlite::Database>(path);
    configure(*database_);
    check_integrity(*database_);
    is_new_ = !has_tables(*database_);
    if (is_new_)
        create(*database_, instance, now.real);
    check_identity(*database_, instance);
    upgrade(*database_, now.real);
    page_size_ = read_page_size(*database_);
    open_clock(now);
    rows_ = std::make_unique<BindingRows>(*database_, *clock_);
    journal_ = std::make_unique<StoreJournal>(*database_, *clock_, limits_);
    remembered_.restarts = count_restart(*database_);
    remembered_.restart_counter = static_cast<std::uint32_t>(read_meta(*database_, "created_s"));
    remembered_.bindings_lost = is_new_;
    complete_from_ = read_meta(*database_, "complete_from_ns");
    read_bindings(now.boot);
}

void StoreDatabase::open_clock(core::Now now) {
    clock_.emplace(read_clock(*database_), boot_identity(), now);
    write_clock(*database_, clock_->record());
}

void StoreDatabase::note_clock_step(std::chrono::nanoseconds step) {
    clock_->note_step(step);
    write_clock(*database_, clock_->record());
}

void StoreDatabase::read_bindings(core::BootTime now) {
    journal_->replay([this](const std::string& reason) { refuse(reason); });
    BindingRows::Contents contents = rows_->read();
    if (contents.refused != 0)
        log::error("store: {} rows make no sense and are left out", contents.refused);
    refused_rows_ += contents.refused;
    std::vector<StoreKey> newer;
    std::vector<core::StoreChange> changes;
    journal_->each([&](const StoreKey& key, core::StoreChange change) {
        newer.push_back(key);
        changes.push_back(std::move(change));
    });
    const auto is_older = [&](const auto& value) {
        return std::ranges::binary_search(newer, key_of(value));
    };
    std::erase_if(contents.home_bindings, is_older);
    std::erase_if(contents.proxy_bindings, is_older);
    std::erase_if(contents.retained_prefixes, is_older);
    remembered_.home_bindings = std::move(contents.home_bindings);
    remembered_.proxy_bindings = std::move(contents.proxy_bindings);
    remembered_.retained_prefixes = std::move(contents.retained_prefixes);
    for (core::StoreChange& change : changes)
        remember(change);
    if (refused_rows_ != 0)
        set_complete_from(now + core::longest_lifetime);
}

void StoreDatabase::remember(core::StoreChange& change) {
    if (auto* home = std::get_if<core::PutHomeBinding>(&change))
        remembered_.home_bindings.push_back(std::move(home->binding));
    else if (auto* proxy = std::get_if<core::PutProxyBinding>(&change))
        remembered_.proxy_bindings.push_back(std::move(proxy->binding));
    else if (auto* retained = std::get_if<core::PutRetainedPrefix>(&change))
        remembered_.retained_prefixes.push_back(std::move(retained->retained));
}

void StoreDatabase::refuse(const std::string& reason) {
    log::error("store: {}: left out", reason);
    ++refused_rows_;
}

void StoreDatabase::set_complete_from(core::BootTime when) {
    complete_from_ = clock_->to_stored(when);
    write_meta(*database_, "complete_from_ns", complete_from_);
    is_new_ = false;
}

void StoreDatabase::write(const std::vector<core::StoreChange>& changes) {
    journal_->append(changes);
}

bool StoreDatabase::tidy() {
    try {
        if (copy_log())
            return true;
        if (!journal_->wants_folding())
            return false;
        journal_->fold(*rows_);
        tidying_fails_ = false;
        return true;
    } catch (const std::exception& error) {
        if (!std::exchange(tidying_fails_, true))
            log::error("store: the journal cannot be folded: {}", error.what());
        return false;
    }
}

bool StoreDatabase::copy_log() {
    if (database_->log_pages() < log_octets_max / page_size_)
        return false;
    database_->checkpoint();
    return true;
}

} // namespace anchor6::io
