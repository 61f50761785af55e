// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

#include <sqlite3.h>

namespace anchor6::io::sqlite {

class Error : public std::runtime_error {
public:
    Error(int code, const std::string& text) : std::runtime_error(text), code_(code) {}
    /// Primary result code, as SQLITE_FULL.
    int code() const { return code_ & 0xff; }
    /// The file is damaged or no database at all.
    bool is_corruption() const { return code() == SQLITE_CORRUPT || code() == SQLITE_NOTADB; }

private:
    int code_;
};

/// The one connection to a database file, for one thread at a time.
class Database {
public:
    /// Creates the file when it is missing.
    explicit Database(const std::string& path);
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;

    /// Runs statements that return nothing of interest.
    void execute(const char* sql);
    sqlite3* get() const { return database_.get(); }
    [[noreturn]] void fail(int code) const;

    /// Pages in the write-ahead log after the last commit. Only checkpoint() makes it smaller.
    int log_pages() const { return log_pages_; }
    /// Copies the write-ahead log into the file, so that the next commit begins it anew.
    void checkpoint();

private:
    static int note_commit(void* self, sqlite3* database, const char* name, int pages);

    struct Close {
        void operator()(sqlite3* database) const { sqlite3_close(database); }
    };
    std::unique_ptr<sqlite3, Close> database_;
    int log_pages_ = 0;
};

/// A prepared statement. Parameters count from 1, columns from 0. Text and blobs that are bound
/// must live until the next step() is done.
class Statement {
public:
    Statement(const Database& database, std::string_view sql);

    Statement& bind(int parameter, std::int64_t value);
    Statement& bind(int parameter, std::optional<std::int64_t> value);
    Statement& bind(int parameter, std::span<const std::uint8_t> blob);
    Statement& bind(int parameter, std::string_view text);

    /// True: there is a row. At the end the statement is ready to be run again.
    bool step();

    std::int64_t integer(int column) const;
    bool is_null(int column) const;
    /// Both stay valid until the next step().
    std::span<const std::uint8_t> blob(int column) const;
    std::string_view text(int column) const;

private:
    struct Finalize {
        void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
    };
    Statement& check(int result);

    const Database* database_;
    std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

/// Rolls back when it is destroyed without commit().
class Transaction {
public:
    explicit Transaction(Database& database);
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;
    ~Transaction();
    void commit();

private:
    Database* database_;
};

} // namespace anchor6::io::sqlite
