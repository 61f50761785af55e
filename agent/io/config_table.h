// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <vector>

#include "core/time.h"
#include "io/config_report.h"
#include "io/config_value.h"
#include "wire/address.h"

namespace anchor6::io {

/// A whole number and what it may be.
struct IntegerRange {
    std::int64_t lowest = 0;
    std::int64_t highest = 0;
};

/// Reads one table of a config file strictly: a value of the wrong type or range, a missing key,
/// and after finish() every key that nobody asked for, is an error with its place.
class ConfigTable {
public:
    /// `file`: its number in the report. The value must be a table, and stay where it is.
    ConfigTable(const ConfigValue& table, std::string path, ConfigReport& report,
                std::uint32_t file = 0);

    /// Each reads the value of a key into `target`, or reports and leaves `target` as it is.
    bool required(const std::string& key, std::string& target);
    bool required(const std::string& key, wire::Address& target);
    bool required(const std::string& key, wire::Prefix& target);
    bool required(const std::string& key, std::vector<std::string>& target);
    bool required(const std::string& key, std::vector<wire::Address>& target);
    std::optional<std::int64_t> required(const std::string& key, IntegerRange range);
    /// Text for a person, of a bounded length.
    bool required_name(const std::string& key, std::string& target);
    /// Octets in hexadecimal; no complaint repeats them.
    bool required_secret(const std::string& key, std::vector<std::uint8_t>& target);

    bool optional(const std::string& key, std::string& target);
    bool optional(const std::string& key, bool& target);
    bool optional(const std::string& key, std::vector<std::string>& target);
    bool optional(const std::string& key, std::vector<wire::Prefix>& target);
    bool optional(const std::string& key, std::vector<wire::Address>& target);
    /// A date and time with its offset from UTC.
    bool optional(const std::string& key, std::optional<core::RealTime>& target);
    /// The name of a network interface.
    bool optional_device(const std::string& key, std::string& target);
    /// Nothing: the key is not there or its value is not of the range.
    std::optional<std::int64_t> optional(const std::string& key, IntegerRange range);
    template <class Number>
    void optional_number(const std::string& key, IntegerRange range, Number& target) {
        if (auto number = optional(key, range))
            target = static_cast<Number>(*number);
    }
    template <class Rep, class Period>
    void optional_duration(const std::string& key, IntegerRange range,
                           std::chrono::duration<Rep, Period>& target) {
        if (auto number = optional(key, range))
            target = std::chrono::duration<Rep, Period>{*number};
    }

    template <class Rep, class Period>
    void optional_duration(const std::string& key, IntegerRange range,
                           std::optional<std::chrono::duration<Rep, Period>>& target) {
        if (auto number = optional(key, range))
            target = std::chrono::duration<Rep, Period>{*number};
    }

    /// The table of a key; nothing when it is missing or no table.
    std::optional<ConfigTable> table(const std::string& key);
    /// The tables of an array of tables, none when the key is missing.
    std::vector<ConfigTable> tables(const std::string& key);

    /// Where a key stands, or where its table stands when the key is missing.
    ConfigPlace place(const std::string& key) const;
    ConfigPlace place(const std::string& key, std::size_t index) const;
    bool has(const std::string& key) const;

    /// Keys that are judged elsewhere.
    void know(std::initializer_list<const char*> keys);
    /// Reports the keys that no call above has named.
    void finish();

private:
    std::size_t index_of(const std::string& key) const;
    const ConfigValue& value_of(const std::string& key) const;
    const ConfigValue* find(const std::string& key);
    const ConfigValue* demand(const std::string& key);
    ConfigPlace place_of(const ConfigValue& value, std::string key) const;
    template <class Value>
    bool convert(const std::string& key, const ConfigValue* value, Value& target);
    std::optional<std::int64_t> convert(const std::string& key, const ConfigValue* value,
                                        IntegerRange range);
    std::string path_of(const std::string& key) const;

    const ConfigValue* value_;
    const ConfigValue::Table* entries_;
    std::string path_;
    ConfigReport* report_;
    std::uint32_t file_;
    /// Of each entry, whether somebody has asked for it.
    std::vector<bool> known_;
};

} // namespace anchor6::io
