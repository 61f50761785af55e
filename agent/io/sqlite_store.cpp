// SPDX-License-Identifier: GPL-2.0-or-later
#include "io/sqlite_store.h"

#include <filesystem>
#include <limits>
#include <stdexcept>

#include <spdlog/spdlog.h>
#include <sys/eventfd.h>

#include "io/system_error.h"

namespace anchor6::io {

namespace {

constexpr std::int64_t schema_version = 3;

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
    // 64 MiB, so that a refresh seldom reads; and few checkpoints, of pages that changed often.
    database.execute("PRAGMA cache_size = -65536; PRAGMA wal_autocheckpoint = 16384");
    sqlite::Statement statement{database, "PRAGMA journal_mode = WAL"};
    if (!statement.step() || statement.text(0) != "wal")
        throw std::runtime_error("the file system cannot hold a write-ahead log");
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
    BindingRows::add_previous_mag(database);
    write_creation(database, now);
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
    spdlog::error("store: the damaged file is now {}; what the kernel holds is left to expire",
                  aside);
}

} // namespace

SqliteStore::SqliteStore(const std::string& path, std::uint64_t instance, core::Now now)
    : event_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    if (!event_)
        throw system_error("eventfd");
    try {
        open(path, instance, now);
    } catch (const sqlite::Error& error) {
        if (!error.is_corruption())
            throw std::runtime_error("store " + path + ": " + error.what());
        spdlog::error("store: {}: {}", path, error.what());
        rows_.reset();
        database_.reset();
        move_aside(path, now.real);
        open(path, instance, now);
    } catch (const std::runtime_error& error) {
        throw std::runtime_error("store " + path + ": " + error.what());
    }
    worker_ = std::jthread{[this](const std::stop_token& stop) { serve(stop); }};
}

SqliteStore::~SqliteStore() {
    worker_.request_stop();
    worker_.join();
}

void SqliteStore::open(const std::string& path, std::uint64_t instance, core::Now now) {
    database_ = std::make_unique<sqlite::Database>(path);
    configure(*database_);
    check_integrity(*database_);
    is_new_ = !has_tables(*database_);
    if (is_new_)
        create(*database_, instance, now.real);
    check_identity(*database_, instance);
    upgrade(*database_, now.real);
    open_clock(now);
    rows_ = std::make_unique<BindingRows>(*database_, *clock_);
    remembered_.restarts = count_restart(*database_);
    remembered_.restart_counter = static_cast<std::uint32_t>(read_meta(*database_, "created_s"));
    remembered_.bindings_lost = is_new_;
    complete_from_ = read_meta(*database_, "complete_from_ns");
    read_bindings(now.boot);
}

void SqliteStore::open_clock(core::Now now) {
    clock_.emplace(read_clock(*database_), boot_identity(), now);
    write_clock(*database_, clock_->record());
}

void SqliteStore::note_clock_step(std::chrono::nanoseconds step) {
    std::scoped_lock lock{database_mutex_};
    clock_->note_step(step);
    write_clock(*database_, clock_->record());
}

void SqliteStore::read_bindings(core::BootTime now) {
    BindingRows::Contents contents = rows_->read();
    remembered_.home_bindings = std::move(contents.home_bindings);
    remembered_.proxy_bindings = std::move(contents.proxy_bindings);
    remembered_.retained_prefixes = std::move(contents.retained_prefixes);
    refused_rows_ = contents.refused;
    if (refused_rows_ == 0)
        return;
    spdlog::error("store: {} rows make no sense and are left out", refused_rows_);
    set_complete_from(now + core::longest_lifetime);
}

void SqliteStore::set_complete_from(core::BootTime when) {
    std::scoped_lock lock{database_mutex_};
    complete_from_ = clock_->to_stored(when);
    write_meta(*database_, "complete_from_ns", complete_from_);
    is_new_ = false;
}

void SqliteStore::commit(std::uint64_t id, std::vector<core::StoreChange> changes) {
    {
        std::scoped_lock lock{queue_mutex_};
        queue_.push_back({id, std::move(changes)});
    }
    queue_filled_.notify_one();
}

std::vector<StoreCompletion> SqliteStore::completions() {
    eventfd_t count = 0;
    eventfd_read(event_.get(), &count);
    std::scoped_lock lock{queue_mutex_};
    return std::exchange(completions_, {});
}

// What was handed over before the end is still written.
void SqliteStore::serve(const std::stop_token& stop) {
    std::unique_lock lock{queue_mutex_};
    while (queue_filled_.wait(lock, stop, [this] { return !queue_.empty(); })) {
        Batch batch = std::move(queue_.front());
        queue_.pop_front();
        lock.unlock();
        report(write(batch));
        lock.lock();
    }
}

StoreCompletion SqliteStore::write(const Batch& batch) {
    if (batch.changes.empty())
        return {batch.id, {}};
    std::scoped_lock lock{database_mutex_};
    try {
        sqlite::Transaction transaction{*database_};
        for (const core::StoreChange& change : batch.changes)
            rows_->apply(change);
        transaction.commit();
        return {batch.id, {}};
    } catch (const std::exception& error) {
        return {batch.id, error.what()};
    }
}

void SqliteStore::report(StoreCompletion completion) {
    {
        std::scoped_lock lock{queue_mutex_};
        completions_.push_back(std::move(completion));
    }
    eventfd_write(event_.get(), 1);
}

} // namespace anchor6::io
