// SPDX-License-Identifier: GPL-2.0-or-later
#include "io/config_toml.h"

#include <utility>

#include <toml.hpp>

namespace anchor6::io {

namespace {

// The parser's message is a picture of several lines; its first sentence says it all.
std::string first_line(std::string text) {
    if (auto end = text.find('\n'); end != std::string::npos)
        text.resize(end);
    if (auto start = text.find("] "); start != std::string::npos)
        text.erase(0, start + 2);
    return text;
}

ConfigValue convert(const toml::value& value);

ConfigValue::Array convert(const toml::array& array) {
    ConfigValue::Array result;
    for (const toml::value& element : array)
        result.push_back(convert(element));
    return result;
}

ConfigValue::Table convert(const toml::table& table) {
    ConfigValue::Table result;
    for (const auto& [key, value] : table)
        result.push_back({key, convert(value)});
    return result;
}

ConfigValue convert(const toml::value& value) {
    ConfigValue result{{}, static_cast<std::uint32_t>(value.location().line())};
    if (value.is_boolean())
        result.content = value.as_boolean();
    else if (value.is_integer())
        result.content = value.as_integer();
    else if (value.is_string())
        result.content = value.as_string().str;
    else if (value.is_offset_datetime())
        result.content = core::RealTime{
            std::chrono::system_clock::time_point{value.as_offset_datetime()}.time_since_epoch()};
    else if (value.is_array())
        result.content = convert(value.as_array());
    else if (value.is_table())
        result.content = convert(value.as_table());
    return result;
}

} // namespace

ConfigValue parse_toml(std::istream& stream, const std::string& path, ConfigReport& report) {
    try {
        return convert(toml::parse(stream, path));
    } catch (const toml::syntax_error& error) {
        report.error({static_cast<std::uint32_t>(error.location().line()), ""},
                     first_line(error.what()));
    } catch (const std::exception& error) {
        report.error({}, first_line(error.what()));
    }
    return {ConfigValue::Table{}, 0};
}

} // namespace anchor6::io
