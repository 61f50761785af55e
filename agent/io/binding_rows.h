// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <optional>

#include "core/binding.h"
#include "core/event.h"
#include "io/sqlite.h"
#include "io/store_clock.h"

namespace anchor6::io {

/// The tables of both caches in the store. Deadlines are in the time of the store's clock.
class BindingRows {
public:
    /// Makes the tables of an empty database.
    static void create(sqlite::Database& database);

    /// From version 1 of the schema to version 2.
    static void add_home_link(sqlite::Database& database);

    /// From version 2 to version 3.
    static void add_previous_mag(sqlite::Database& database);

    BindingRows(const sqlite::Database& database, const StoreClock& clock);

    void apply(const core::StoreChange& change);

    struct Contents {
        std::vector<core::HomeBinding> home_bindings;
        std::vector<core::ProxyBinding> proxy_bindings;
        std::vector<core::RetainedPrefix> retained_prefixes;
        /// Rows that hold what no binding can hold.
        std::size_t refused = 0;
    };
    /// Everything; rows that make no sense are left out.
    Contents read() const;

private:
    void put(const core::HomeBinding& binding);
    void put(const core::ProxyBinding& binding);
    void put(const core::RetainedPrefix& retained);
    static void create_retained_prefixes(sqlite::Database& database);

    const sqlite::Database* database_;
    StoreClock clock_;
    sqlite::Statement put_home_;
    sqlite::Statement delete_home_;
    sqlite::Statement put_proxy_;
    sqlite::Statement delete_proxy_;
    sqlite::Statement put_retained_;
    sqlite::Statement delete_retained_;
};

} // namespace anchor6::io
