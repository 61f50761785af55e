// SPDX-License-Identifier: GPL-2.0-or-later
#include "io/config_table.h"

#include <algorithm>
#include <cctype>
#include <charconv>

#include <net/if.h>

namespace anchor6::io {

namespace {

using Fault = std::optional<std::string>;

constexpr std::size_t name_size_max = 64;

ConfigPlace place_of(const toml::value& value, std::string key) {
    return {static_cast<std::uint32_t>(value.location().line()), std::move(key)};
}

Fault read(const toml::value& value, std::string& target) {
    if (!value.is_string())
        return "must be a string";
    target = value.as_string().str;
    return {};
}

Fault read(const toml::value& value, bool& target) {
    if (!value.is_boolean())
        return "must be true or false";
    target = value.as_boolean();
    return {};
}

Fault read(const toml::value& value, wire::Address& target) {
    std::string text;
    if (Fault fault = read(value, text))
        return fault;
    auto address = wire::Address::parse(text);
    if (!address)
        return "\"" + text + "\" is not an IPv6 address";
    if (!address->is_routable_unicast())
        return text + " is not a routable unicast address";
    target = *address;
    return {};
}

Fault read(const toml::value& value, wire::Prefix& target) {
    std::string text;
    if (Fault fault = read(value, text))
        return fault;
    auto prefix = wire::Prefix::parse(text);
    if (!prefix)
        return "\"" + text + "\" is not an IPv6 prefix without bits beyond its length";
    target = *prefix;
    return {};
}

Fault read(const toml::value& value, std::optional<core::RealTime>& target) {
    if (!value.is_offset_datetime())
        return "must be a date and time with an offset, as 2027-01-31T12:00:00Z";
    std::chrono::system_clock::time_point time = value.as_offset_datetime();
    target = core::RealTime{time.time_since_epoch()};
    return {};
}

Fault read(const toml::value& value, std::vector<std::uint8_t>& target) {
    std::string text;
    if (Fault fault = read(value, text))
        return fault;
    if (text.size() % 2 != 0)
        return "must be two hexadecimal digits an octet";
    std::vector<std::uint8_t> octets(text.size() / 2);
    for (std::size_t index = 0; index < octets.size(); ++index) {
        const char* digits = text.data() + 2 * index;
        auto [end, error] = std::from_chars(digits, digits + 2, octets[index], 16);
        if (error != std::errc{} || end != digits + 2)
            return "must be two hexadecimal digits an octet";
    }
    target = std::move(octets);
    return {};
}

bool is_device_name(const std::string& name) {
    bool plain = std::ranges::all_of(name, [](unsigned char c) {
        return std::isgraph(c) != 0 && c != '/' && c != ':' && c != '%';
    });
    return !name.empty() && name.size() < IFNAMSIZ && plain && name != "." && name != "..";
}

template <class Element>
Fault read(const toml::value& value, std::vector<Element>& target) {
    if (!value.is_array())
        return "must be an array";
    std::vector<Element> elements;
    for (const toml::value& entry : value.as_array()) {
        Element element;
        if (Fault fault = read(entry, element))
            return "element " + std::to_string(elements.size()) + " " + *fault;
        elements.push_back(std::move(element));
    }
    target = std::move(elements);
    return {};
}

} // namespace

ConfigTable::ConfigTable(const toml::value& table, std::string path, ConfigReport& report)
    : value_(&table), path_(std::move(path)), report_(&report) {
}

bool ConfigTable::has(const std::string& key) const {
    return value_->contains(key);
}

std::string ConfigTable::path_of(const std::string& key) const {
    return path_.empty() ? key : path_ + "." + key;
}

ConfigPlace ConfigTable::place(const std::string& key) const {
    return place_of(has(key) ? value_->at(key) : *value_, path_of(key));
}

ConfigPlace ConfigTable::place(const std::string& key, std::size_t index) const {
    if (!has(key) || !value_->at(key).is_array())
        return place(key);
    return place_of(value_->at(key).as_array().at(index),
                    path_of(key) + "[" + std::to_string(index) + "]");
}

const toml::value* ConfigTable::find(const std::string& key) {
    known_.insert(key);
    return has(key) ? &value_->at(key) : nullptr;
}

const toml::value* ConfigTable::demand(const std::string& key) {
    const toml::value* value = find(key);
    if (value == nullptr)
        report_->error(place(key), "is missing");
    return value;
}

template <class Value>
bool ConfigTable::convert(const std::string& key, const toml::value* value, Value& target) {
    if (value == nullptr)
        return false;
    Fault fault = read(*value, target);
    if (fault)
        report_->error(place(key), *fault);
    return !fault;
}

std::optional<std::int64_t> ConfigTable::convert(const std::string& key, const toml::value* value,
                                                 IntegerRange range) {
    if (value == nullptr)
        return {};
    if (!value->is_integer()) {
        report_->error(place(key), "must be a whole number");
        return {};
    }
    std::int64_t number = value->as_integer();
    if (number < range.lowest || number > range.highest) {
        report_->error(place(key), "must be from " + std::to_string(range.lowest) + " to " +
                                       std::to_string(range.highest));
        return {};
    }
    return number;
}

bool ConfigTable::required(const std::string& key, std::string& target) {
    if (!convert(key, demand(key), target))
        return false;
    if (target.empty())
        report_->error(place(key), "must not be empty");
    return !target.empty();
}

bool ConfigTable::required_name(const std::string& key, std::string& target) {
    if (!required(key, target))
        return false;
    bool printable =
        std::ranges::all_of(target, [](unsigned char c) { return c >= 0x20 && c != 0x7f; });
    if (target.size() > name_size_max || !printable)
        report_->error(place(key), "must be at most " + std::to_string(name_size_max) +
                                       " octets without control characters");
    return true;
}

bool ConfigTable::required_secret(const std::string& key, std::vector<std::uint8_t>& target) {
    return convert(key, demand(key), target);
}

bool ConfigTable::optional_device(const std::string& key, std::string& target) {
    if (!convert(key, find(key), target))
        return false;
    if (is_device_name(target))
        return true;
    report_->error(place(key), "\"" + target + "\" cannot be a device's name");
    return false;
}

bool ConfigTable::required(const std::string& key, wire::Address& target) {
    return convert(key, demand(key), target);
}

bool ConfigTable::required(const std::string& key, wire::Prefix& target) {
    return convert(key, demand(key), target);
}

bool ConfigTable::required(const std::string& key, std::vector<std::string>& target) {
    return convert(key, demand(key), target);
}

bool ConfigTable::required(const std::string& key, std::vector<wire::Address>& target) {
    return convert(key, demand(key), target);
}

std::optional<std::int64_t> ConfigTable::required(const std::string& key, IntegerRange range) {
    return convert(key, demand(key), range);
}

bool ConfigTable::optional(const std::string& key, std::string& target) {
    return convert(key, find(key), target);
}

bool ConfigTable::optional(const std::string& key, bool& target) {
    return convert(key, find(key), target);
}

bool ConfigTable::optional(const std::string& key, std::vector<wire::Prefix>& target) {
    return convert(key, find(key), target);
}

bool ConfigTable::optional(const std::string& key, std::vector<wire::Address>& target) {
    return convert(key, find(key), target);
}

bool ConfigTable::optional(const std::string& key, std::optional<core::RealTime>& target) {
    return convert(key, find(key), target);
}

std::optional<std::int64_t> ConfigTable::optional(const std::string& key, IntegerRange range) {
    return convert(key, find(key), range);
}

std::optional<ConfigTable> ConfigTable::table(const std::string& key) {
    const toml::value* value = find(key);
    if (value == nullptr)
        return {};
    if (!value->is_table()) {
        report_->error(place(key), "must be a table");
        return {};
    }
    return ConfigTable{*value, path_of(key), *report_};
}

std::vector<ConfigTable> ConfigTable::tables(const std::string& key) {
    const toml::value* value = find(key);
    if (value == nullptr)
        return {};
    if (!value->is_array()) {
        report_->error(place(key), "must be an array of tables");
        return {};
    }
    std::vector<ConfigTable> tables;
    std::size_t index = 0;
    for (const toml::value& element : value->as_array()) {
        std::string path = path_of(key) + "[" + std::to_string(index++) + "]";
        if (element.is_table())
            tables.emplace_back(element, path, *report_);
        else
            report_->error(place_of(element, path), "must be a table");
    }
    return tables;
}

void ConfigTable::finish() {
    for (const auto& [key, value] : value_->as_table())
        if (!known_.contains(key))
            report_->error(place_of(value, path_of(key)), "unknown key");
}

} // namespace anchor6::io
