// SPDX-License-Identifier: GPL-2.0-or-later
#include "io/binding_rows.h"

#include <algorithm>
#include <bit>
#include <limits>

#include "io/store_change.h"

namespace anchor6::io {

namespace {

constexpr std::size_t prefix_size = wire::Address::size + 1;

std::vector<std::uint8_t> pack(const std::vector<wire::Prefix>& prefixes) {
    std::vector<std::uint8_t> octets;
    for (const wire::Prefix& prefix : prefixes) {
        const auto& address = prefix.address().octets();
        octets.insert(octets.end(), address.begin(), address.end());
        octets.push_back(prefix.length());
    }
    return octets;
}

/// Reads the columns of a row and remembers whether one of them was out of range.
class Row {
public:
    Row(const sqlite::Statement& statement, const StoreClock& clock)
        : statement_(&statement), clock_(&clock) {}

    bool valid() const { return valid_; }
    void demand(bool condition) { valid_ = valid_ && condition; }

    template <class Number>
    Number number(int column) {
        std::int64_t value = statement_->integer(column);
        demand(!statement_->is_null(column) && value >= 0 &&
               static_cast<std::uint64_t>(value) <= std::numeric_limits<Number>::max());
        return static_cast<Number>(value);
    }

    std::uint64_t bits(int column) {
        return std::bit_cast<std::uint64_t>(statement_->integer(column));
    }

    std::optional<std::uint64_t> optional_bits(int column) {
        if (statement_->is_null(column))
            return {};
        return bits(column);
    }

    wire::Address address(int column) {
        wire::Address::Octets octets{};
        auto blob = statement_->blob(column);
        demand(blob.size() == octets.size());
        if (valid_)
            std::ranges::copy(blob, octets.begin());
        return wire::Address{octets};
    }

    std::vector<wire::Prefix> prefixes(int column) {
        auto blob = statement_->blob(column);
        demand(blob.size() % prefix_size == 0);
        std::vector<wire::Prefix> prefixes;
        for (; valid_ && !blob.empty(); blob = blob.subspan(prefix_size))
            prefixes.push_back(prefix(blob.first(prefix_size)));
        return prefixes;
    }

    std::string text(int column) { return std::string{statement_->text(column)}; }

    wire::LinkLayerAddress link_layer_address(int column) {
        auto blob = statement_->blob(column);
        return {blob.begin(), blob.end()};
    }

    std::chrono::seconds lifetime(int column) {
        return std::chrono::seconds{number<std::uint32_t>(column)};
    }

    core::BootTime deadline(int column) {
        std::int64_t since_1970 = statement_->integer(column);
        demand(since_1970 > 0);
        return clock_->from_stored(since_1970);
    }

    template <class State>
    State state(int column, State last) {
        auto value = number<std::uint8_t>(column);
        demand(value <= static_cast<std::uint8_t>(last));
        return static_cast<State>(value);
    }

private:
    wire::Prefix prefix(std::span<const std::uint8_t> octets) {
        wire::Address::Octets address{};
        std::ranges::copy(octets.first(address.size()), address.begin());
        auto prefix = wire::Prefix::of(wire::Address{address}, octets.back());
        demand(prefix && prefix->address() == wire::Address{address});
        return prefix.value_or(wire::Prefix{});
    }

    const sqlite::Statement* statement_;
    const StoreClock* clock_;
    bool valid_ = true;
};

constexpr const char* home_columns =
    "home_address, care_of_address, home_agent, prefixes, sequence, "
    "flags, lifetime_s, expires_ns, state, anchor_group, cookie, "
    "node, link, message_id";
constexpr const char* proxy_columns =
    "id, mn_identifier, access_technology, link_layer_identifier, link_local_address, "
    "home_network_prefixes, proxy_care_of_address, lma_address, mag, sequence, timestamp, "
    "handoff_indicator, lifetime_s, expires_ns, state, anchor_group, previous_care_of_address, "
    "previous_sequence";

std::optional<core::HomeBinding> read_home_binding(const sqlite::Statement& statement,
                                                   const StoreClock& clock) {
    Row row{statement, clock};
    core::HomeBinding binding;
    binding.home_address = row.address(0);
    binding.care_of_address = row.address(1);
    binding.home_agent = row.address(2);
    binding.prefixes = row.prefixes(3);
    binding.sequence = row.number<std::uint16_t>(4);
    binding.flags = row.number<std::uint16_t>(5);
    binding.lifetime = row.lifetime(6);
    binding.expires = row.deadline(7);
    binding.state = row.state(8, core::HomeBinding::State::remembered);
    binding.group = row.number<std::uint32_t>(9);
    binding.cookie = row.bits(10);
    binding.node = row.text(11);
    binding.link = row.text(12);
    binding.message_id = row.optional_bits(13);
    row.demand(is_whole(binding));
    return row.valid() ? std::optional{binding} : std::nullopt;
}

std::optional<core::ProxyBinding> read_proxy_binding(const sqlite::Statement& statement,
                                                     const StoreClock& clock) {
    Row row{statement, clock};
    core::ProxyBinding binding;
    binding.id = row.bits(0);
    binding.mn_identifier = row.text(1);
    binding.access_technology = row.number<std::uint8_t>(2);
    binding.link_layer_identifier = row.link_layer_address(3);
    binding.link_local_address = row.address(4);
    binding.home_network_prefixes = row.prefixes(5);
    binding.proxy_care_of_address = row.address(6);
    binding.lma_address = row.address(7);
    binding.mag = row.text(8);
    binding.sequence = row.number<std::uint16_t>(9);
    binding.timestamp = row.optional_bits(10);
    binding.handoff_indicator = row.number<std::uint8_t>(11);
    binding.lifetime = row.lifetime(12);
    binding.expires = row.deadline(13);
    binding.state = row.state(14, core::ProxyBinding::State::being_deleted);
    binding.group = row.number<std::uint32_t>(15);
    if (!statement.is_null(16))
        binding.previous = {row.address(16), row.number<std::uint16_t>(17), {}};
    row.demand(is_whole(binding));
    return row.valid() ? std::optional{binding} : std::nullopt;
}

std::optional<core::RetainedPrefix> read_retained_prefix(const sqlite::Statement& statement,
                                                         const StoreClock& clock) {
    Row row{statement, clock};
    const auto prefixes = row.prefixes(0);
    row.demand(prefixes.size() == 1);
    core::RetainedPrefix retained;
    retained.mn_identifier = row.text(1);
    retained.until = row.deadline(2);
    row.demand(is_whole(retained));
    if (!row.valid())
        return std::nullopt;
    retained.prefix = prefixes.front();
    return retained;
}

// An identifier is the peer's octets, not always text.
std::span<const std::uint8_t> octets_of(const std::string& identifier) {
    return {reinterpret_cast<const std::uint8_t*>(identifier.data()), identifier.size()};
}

std::int64_t signed_bits(std::uint64_t bits) {
    return std::bit_cast<std::int64_t>(bits);
}

std::optional<std::int64_t> optional_bits(const std::optional<std::uint64_t>& bits) {
    return bits ? std::optional{signed_bits(*bits)} : std::nullopt;
}

template <class Binding>
void read_all(const sqlite::Database& database, const StoreClock& clock, const std::string& sql,
              std::optional<Binding> (*read)(const sqlite::Statement&, const StoreClock&),
              std::vector<Binding>& bindings, std::size_t& refused) {
    sqlite::Statement statement{database, sql};
    while (statement.step()) {
        if (auto binding = read(statement, clock))
            bindings.push_back(std::move(*binding));
        else
            ++refused;
    }
}

} // namespace

void BindingRows::create(sqlite::Database& database) {
    database.execute("CREATE TABLE home_binding("
                     "home_address BLOB PRIMARY KEY, care_of_address BLOB NOT NULL, "
                     "home_agent BLOB NOT NULL, prefixes BLOB NOT NULL, "
                     "sequence INTEGER NOT NULL, flags INTEGER NOT NULL, "
                     "lifetime_s INTEGER NOT NULL, expires_ns INTEGER NOT NULL, "
                     "state INTEGER NOT NULL, anchor_group INTEGER NOT NULL, "
                     "cookie INTEGER NOT NULL, node TEXT NOT NULL, "
                     "link TEXT NOT NULL, message_id INTEGER) STRICT, WITHOUT ROWID");
    database.execute("CREATE TABLE proxy_binding("
                     "id INTEGER PRIMARY KEY, mn_identifier BLOB NOT NULL, "
                     "access_technology INTEGER NOT NULL, link_layer_identifier BLOB NOT NULL, "
                     "link_local_address BLOB NOT NULL, home_network_prefixes BLOB NOT NULL, "
                     "proxy_care_of_address BLOB NOT NULL, lma_address BLOB NOT NULL, "
                     "mag TEXT NOT NULL, sequence INTEGER NOT NULL, timestamp INTEGER, "
                     "handoff_indicator INTEGER NOT NULL, lifetime_s INTEGER NOT NULL, "
                     "expires_ns INTEGER NOT NULL, state INTEGER NOT NULL, "
                     "anchor_group INTEGER NOT NULL, previous_care_of_address BLOB, "
                     "previous_sequence INTEGER) STRICT");
    create_retained_prefixes(database);
}

void BindingRows::create_retained_prefixes(sqlite::Database& database) {
    database.execute("CREATE TABLE retained_prefix("
                     "prefix BLOB PRIMARY KEY, mn_identifier BLOB NOT NULL, "
                     "until_ns INTEGER NOT NULL) STRICT, WITHOUT ROWID");
}

void BindingRows::add_home_link(sqlite::Database& database) {
    database.execute("ALTER TABLE home_binding ADD COLUMN link TEXT NOT NULL DEFAULT ''");
    database.execute("ALTER TABLE home_binding ADD COLUMN message_id INTEGER");
}

void BindingRows::add_previous_mag(sqlite::Database& database) {
    database.execute("ALTER TABLE proxy_binding ADD COLUMN previous_care_of_address BLOB");
    database.execute("ALTER TABLE proxy_binding ADD COLUMN previous_sequence INTEGER");
    create_retained_prefixes(database);
}

BindingRows::BindingRows(const sqlite::Database& database, const StoreClock& clock)
    : database_(&database), clock_(clock),
      put_home_(database, std::string{"REPLACE INTO home_binding("} + home_columns +
                              ") VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14)"),
      delete_home_(database, "DELETE FROM home_binding WHERE home_address = ?1"),
      put_proxy_(database,
                 std::string{"REPLACE INTO proxy_binding("} + proxy_columns +
                     ") VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16,?17,?18)"),
      delete_proxy_(database, "DELETE FROM proxy_binding WHERE id = ?1"),
      put_retained_(database, "REPLACE INTO retained_prefix(prefix, mn_identifier, until_ns) "
                              "VALUES(?1, ?2, ?3)"),
      delete_retained_(database, "DELETE FROM retained_prefix WHERE prefix = ?1") {
}

void BindingRows::apply(const core::StoreChange& change) {
    if (const auto* put_home = std::get_if<core::PutHomeBinding>(&change))
        put(put_home->binding);
    else if (const auto* put_proxy = std::get_if<core::PutProxyBinding>(&change))
        put(put_proxy->binding);
    else if (const auto* delete_home = std::get_if<core::DeleteHomeBinding>(&change))
        delete_home_.bind(1, delete_home->home_address.octets()).step();
    else if (const auto* delete_proxy = std::get_if<core::DeleteProxyBinding>(&change))
        delete_proxy_.bind(1, signed_bits(delete_proxy->id)).step();
    else if (const auto* put_retained = std::get_if<core::PutRetainedPrefix>(&change))
        put(put_retained->retained);
    else if (const auto* delete_retained = std::get_if<core::DeleteRetainedPrefix>(&change))
        delete_retained_.bind(1, pack({delete_retained->prefix})).step();
}

void BindingRows::put(const core::HomeBinding& binding) {
    auto prefixes = pack(binding.prefixes);
    put_home_.bind(1, binding.home_address.octets())
        .bind(2, binding.care_of_address.octets())
        .bind(3, binding.home_agent.octets())
        .bind(4, prefixes)
        .bind(5, std::int64_t{binding.sequence})
        .bind(6, std::int64_t{binding.flags})
        .bind(7, std::int64_t{binding.lifetime.count()})
        .bind(8, clock_.to_stored(binding.expires))
        .bind(9, static_cast<std::int64_t>(binding.state))
        .bind(10, std::int64_t{binding.group})
        .bind(11, signed_bits(binding.cookie))
        .bind(12, binding.node)
        .bind(13, binding.link)
        .bind(14, optional_bits(binding.message_id))
        .step();
}

void BindingRows::put(const core::ProxyBinding& binding) {
    auto prefixes = pack(binding.home_network_prefixes);
    put_proxy_.bind(1, signed_bits(binding.id))
        .bind(2, octets_of(binding.mn_identifier))
        .bind(3, std::int64_t{binding.access_technology})
        .bind(4, binding.link_layer_identifier)
        .bind(5, binding.link_local_address.octets())
        .bind(6, prefixes)
        .bind(7, binding.proxy_care_of_address.octets())
        .bind(8, binding.lma_address.octets())
        .bind(9, binding.mag)
        .bind(10, std::int64_t{binding.sequence})
        .bind(11, optional_bits(binding.timestamp))
        .bind(12, std::int64_t{binding.handoff_indicator})
        .bind(13, std::int64_t{binding.lifetime.count()})
        .bind(14, clock_.to_stored(binding.expires))
        .bind(15, static_cast<std::int64_t>(binding.state))
        .bind(16, std::int64_t{binding.group});
    if (binding.previous)
        put_proxy_.bind(17, binding.previous->proxy_care_of_address.octets())
            .bind(18, std::int64_t{binding.previous->sequence});
    else
        put_proxy_.bind(17, std::optional<std::int64_t>{}).bind(18, std::optional<std::int64_t>{});
    put_proxy_.step();
}

void BindingRows::put(const core::RetainedPrefix& retained) {
    put_retained_.bind(1, pack({retained.prefix}))
        .bind(2, octets_of(retained.mn_identifier))
        .bind(3, clock_.to_stored(retained.until))
        .step();
}

BindingRows::Contents BindingRows::read() const {
    Contents contents;
    read_all<core::HomeBinding>(*database_, clock_,
                                std::string{"SELECT "} + home_columns + " FROM home_binding",
                                read_home_binding, contents.home_bindings, contents.refused);
    read_all<core::ProxyBinding>(*database_, clock_,
                                 std::string{"SELECT "} + proxy_columns + " FROM proxy_binding",
                                 read_proxy_binding, contents.proxy_bindings, contents.refused);
    read_all<core::RetainedPrefix>(
        *database_, clock_, "SELECT prefix, mn_identifier, until_ns FROM retained_prefix",
        read_retained_prefix, contents.retained_prefixes, contents.refused);
    return contents;
}

} // namespace anchor6::io
