// SPDX-License-Identifier: GPL-2.0-or-later
#include "io/sqlite.h"

#include "io/sqlite_file.h"

namespace anchor6::io::sqlite {

Database::Database(const std::string& path) {
    sqlite3* database = nullptr;
    int result = sqlite3_open_v2(path.c_str(), &database,
                                 SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX,
                                 gathering_vfs());
    database_.reset(database);
    if (result != SQLITE_OK)
        fail(result);
    sqlite3_extended_result_codes(database, 1);
    execute("PRAGMA locking_mode = EXCLUSIVE");
    // Instead of the checkpoint that SQLite makes within a commit.
    sqlite3_wal_hook(database, note_commit, this);
}

int Database::note_commit(void* self, sqlite3* /*database*/, const char* /*name*/, int pages) {
    static_cast<Database*>(self)->log_pages_ = pages;
    return SQLITE_OK;
}

void Database::fail(int code) const {
    std::string text = database_ ? sqlite3_errmsg(database_.get()) : sqlite3_errstr(code);
    throw Error{code, text};
}

void Database::execute(const char* sql) {
    if (int result = sqlite3_exec(get(), sql, nullptr, nullptr, nullptr); result != SQLITE_OK)
        fail(result);
}

void Database::checkpoint() {
    const int result =
        sqlite3_wal_checkpoint_v2(get(), nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
    if (result != SQLITE_OK)
        fail(result);
    log_pages_ = 0;
}

Statement::Statement(const Database& database, std::string_view sql) : database_(&database) {
    sqlite3_stmt* statement = nullptr;
    int result = sqlite3_prepare_v3(database.get(), sql.data(), static_cast<int>(sql.size()),
                                    SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
    if (result != SQLITE_OK)
        database.fail(result);
    statement_.reset(statement);
}

Statement& Statement::check(int result) {
    if (result != SQLITE_OK)
        database_->fail(result);
    return *this;
}

Statement& Statement::bind(int parameter, std::int64_t value) {
    return check(sqlite3_bind_int64(statement_.get(), parameter, value));
}

Statement& Statement::bind(int parameter, std::optional<std::int64_t> value) {
    return value ? bind(parameter, *value) : check(sqlite3_bind_null(statement_.get(), parameter));
}

Statement& Statement::bind(int parameter, std::span<const std::uint8_t> blob) {
    // A null pointer would be bound as NULL.
    const void* data = blob.empty() ? static_cast<const void*>("") : blob.data();
    return check(
        sqlite3_bind_blob64(statement_.get(), parameter, data, blob.size(), SQLITE_STATIC));
}

Statement& Statement::bind(int parameter, std::string_view text) {
    const char* data = text.empty() ? "" : text.data();
    return check(sqlite3_bind_text64(statement_.get(), parameter, data, text.size(), SQLITE_STATIC,
                                     SQLITE_UTF8));
}

bool Statement::step() {
    int result = sqlite3_step(statement_.get());
    if (result == SQLITE_ROW)
        return true;
    sqlite3_reset(statement_.get());
    if (result != SQLITE_DONE)
        database_->fail(result);
    return false;
}

std::int64_t Statement::integer(int column) const {
    return sqlite3_column_int64(statement_.get(), column);
}

bool Statement::is_null(int column) const {
    return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL;
}

std::span<const std::uint8_t> Statement::blob(int column) const {
    const auto* data =
        static_cast<const std::uint8_t*>(sqlite3_column_blob(statement_.get(), column));
    return {data, static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column))};
}

std::string_view Statement::text(int column) const {
    auto octets = blob(column);
    return {reinterpret_cast<const char*>(octets.data()), octets.size()};
}

Transaction::Transaction(Database& database) : database_(&database) {
    database.execute("BEGIN IMMEDIATE");
}

Transaction::~Transaction() {
    // Some failures have rolled back already; then there is nothing left to do.
    if (database_ != nullptr)
        sqlite3_exec(database_->get(), "ROLLBACK", nullptr, nullptr, nullptr);
}

void Transaction::commit() {
    database_->execute("COMMIT");
    database_ = nullptr;
}

} // namespace anchor6::io::sqlite
