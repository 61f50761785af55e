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

Fault read(const ConfigValue& value, std::string& target) {
    const auto* text = value.get<std::string>();
    if (text == nullptr)
        return "must be a string";
    target = *text;
    return {};
}

Fault read(const ConfigValue& value, bool& target) {
    const auto* truth = value.get<bool>();
    if (truth == nullptr)
        return "must be true or false";
    target = *truth;
    return {};
}

Fault read(const ConfigValue& value, wire::Address& target) {
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

Fault read(const ConfigValue& value, wire::Prefix& target) {
    std::string text;
    if (Fault fault = read(value, text))
        return fault;
    auto prefix = wire::Prefix::parse(text);
    if (!prefix)
        return "\"" + text + "\" is not an IPv6 prefix without bits beyond its length";
    target = *prefix;
    return {};
}

Fault read(const ConfigValue& value, std::optional<core::RealTime>& target) {
    const auto* time = value.get<core::RealTime>();
    if (time == nullptr)
        return "must be a date and time with an offset, as 2027-01-31T12:00:00Z";
    target = *time;
    return {};
}

Fault read(const ConfigValue& value, std::vector<std::uint8_t>& target) {
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
Fault read(const ConfigValue& value, std::vector<Element>& target) {
    const auto* array = value.get<ConfigValue::Array>();
    if (array == nullptr)
        return "must be an array";
    std::vector<Element> elements;
    elements.reserve(array->size());
    for (const ConfigValue& entry : *array) {
        Element element;
        if (Fault fault = read(entry, element))
            return "element " + std::to_string(elements.size()) + " " + *fault;
        elements.push_back(std::move(element));
    }
    target = std::move(elements);
    return {};
}

} // namespace

ConfigTable::ConfigTable(const ConfigValue& table, std::string path, ConfigReport& report,
                         std::uint32_t file)
    : value_(&table), entries_(table.get<ConfigValue::Table>()), path_(std::move(path)),
      report_(&report), file_(file), known_(entries_->size()) {
}

std::size_t ConfigTable::index_of(const std::string& key) const {
    const auto entry = std::ranges::find(*entries_, key, &ConfigEntry::key);
    return static_cast<std::size_t>(entry - entries_->begin());
}

bool ConfigTable::has(const std::string& key) const {
    return index_of(key) < entries_->size();
}

std::string ConfigTable::path_of(const std::string& key) const {
    return path_.empty() ? key : path_ + "." + key;
}

ConfigPlace ConfigTable::place_of(const ConfigValue& value, std::string key) const {
    return {value.line, std::move(key), file_};
}

const ConfigValue& ConfigTable::value_of(const std::string& key) const {
    return has(key) ? (*entries_)[index_of(key)].value : *value_;
}

ConfigPlace ConfigTable::place(const std::string& key) const {
    return place_of(value_of(key), path_of(key));
}

ConfigPlace ConfigTable::place(const std::string& key, std::size_t index) const {
    const auto* array = value_of(key).get<ConfigValue::Array>();
    if (array == nullptr)
        return place(key);
    return place_of(array->at(index), path_of(key) + "[" + std::to_string(index) + "]");
}

const ConfigValue* ConfigTable::find(const std::string& key) {
    const std::size_t index = index_of(key);
    if (index == entries_->size())
        return nullptr;
    known_[index] = true;
    return &(*entries_)[index].value;
}

void ConfigTable::know(std::initializer_list<const char*> keys) {
    for (const char* key : keys)
        find(key);
}

const ConfigValue* ConfigTable::demand(const std::string& key) {
    const ConfigValue* value = find(key);
    if (value == nullptr)
        report_->error(place(key), "is missing");
    return value;
}

template <class Value>
bool ConfigTable::convert(const std::string& key, const ConfigValue* value, Value& target) {
    if (value == nullptr)
        return false;
    Fault fault = read(*value, target);
    if (fault)
        report_->error(place(key), *fault);
    return !fault;
}

std::optional<std::int64_t> ConfigTable::convert(const std::string& key, const ConfigValue* value,
                                                 IntegerRange range) {
    if (value == nullptr)
        return {};
    const auto* number = value->get<std::int64_t>();
    if (number == nullptr) {
        report_->error(place(key), "must be a whole number");
        return {};
    }
    if (*number < range.lowest || *number > range.highest) {
        report_->error(place(key), "must be from " + std::to_string(range.lowest) + " to " +
                                       std::to_string(range.highest));
        return {};
    }
    return *number;
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

bool ConfigTable::optional(const std::string& key, std::vector<std::string>& target) {
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
    const ConfigValue* value = find(key);
    if (value == nullptr)
        return {};
    if (value->get<ConfigValue::Table>() == nullptr) {
        report_->error(place(key), "must be a table");
        return {};
    }
    return ConfigTable{*value, path_of(key), *report_, file_};
}

std::vector<ConfigTable> ConfigTable::tables(const std::string& key) {
    const ConfigValue* value = find(key);
    if (value == nullptr)
        return {};
    const auto* array = value->get<ConfigValue::Array>();
    if (array == nullptr) {
        report_->error(place(key), "must be an array of tables");
        return {};
    }
    std::vector<ConfigTable> tables;
    std::size_t index = 0;
    for (const ConfigValue& element : *array) {
        std::string path = path_of(key) + "[" + std::to_string(index++) + "]";
        if (element.get<ConfigValue::Table>() != nullptr)
            tables.emplace_back(element, path, *report_, file_);
        else
            report_->error(place_of(element, path), "must be a table");
    }
    return tables;
}

void ConfigTable::finish() {
    for (std::size_t index = 0; index < entries_->size(); ++index)
        if (const auto& [key, value] = (*entries_)[index]; !known_[index])
            report_->error(place_of(value, path_of(key)), "unknown key");
}

} // namespace anchor6::io
