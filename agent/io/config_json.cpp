// SPDX-License-Identifier: GPL-2.0-or-later
#include "io/config_json.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>

#include <nlohmann/json.hpp>

namespace anchor6::io {

namespace {

/// Builds the value while the text is read; a function that returns false ends the reading.
class Builder : public nlohmann::json_sax<nlohmann::json> {
public:
    explicit Builder(std::uint32_t line) : line_(line) {}

    bool null() override { return add(ConfigValue::Other{}); }
    bool boolean(bool value) override { return add(value); }
    bool number_integer(number_integer_t value) override { return add(std::int64_t{value}); }
    bool number_unsigned(number_unsigned_t value) override {
        constexpr auto highest = std::numeric_limits<std::int64_t>::max();
        return value > std::uint64_t{highest} ? add(ConfigValue::Other{})
                                              : add(static_cast<std::int64_t>(value));
    }
    bool number_float(number_float_t /*value*/, const string_t& /*text*/) override {
        return add(ConfigValue::Other{});
    }
    bool string(string_t& value) override { return add(std::move(value)); }
    bool binary(binary_t& /*value*/) override { return refuse("has octets that are no text"); }
    bool start_object(std::size_t /*size*/) override;
    bool key(string_t& name) override;
    bool end_object() override { return true; }
    bool start_array(std::size_t /*size*/) override;
    bool end_array() override;
    bool parse_error(std::size_t position, const std::string& /*token*/,
                     const nlohmann::detail::exception& /*error*/) override {
        return refuse("is no JSON at character " + std::to_string(position));
    }

    std::variant<ConfigValue, JsonFault> take() {
        if (fault_)
            return JsonFault{std::move(*fault_)};
        return ConfigValue{std::move(table_), line_};
    }

private:
    bool refuse(std::string text) {
        fault_ = std::move(text);
        return false;
    }

    template <class Value>
    bool add(Value value) {
        if (!object_)
            return refuse("must be an object");
        if (in_array_)
            std::get<ConfigValue::Array>(table_.back().value.content)
                .push_back({std::move(value), line_});
        else
            table_.back().value.content = std::move(value);
        return true;
    }

    std::uint32_t line_;
    ConfigValue::Table table_;
    bool object_ = false;
    bool in_array_ = false;
    std::optional<std::string> fault_;
};

bool Builder::start_object(std::size_t /*size*/) {
    if (std::exchange(object_, true))
        return refuse("has an object within the object");
    return true;
}

bool Builder::key(string_t& name) {
    if (std::ranges::find(table_, name, &ConfigEntry::key) != table_.end())
        return refuse("has the key \"" + name + "\" twice");
    table_.push_back({std::move(name), {{}, line_}});
    return true;
}

bool Builder::start_array(std::size_t /*size*/) {
    if (in_array_)
        return refuse("has an array within an array");
    if (!add(ConfigValue::Array{}))
        return false;
    in_array_ = true;
    return true;
}

bool Builder::end_array() {
    in_array_ = false;
    return true;
}

} // namespace

std::variant<ConfigValue, JsonFault> parse_json(std::string_view text, std::uint32_t line) {
    Builder builder{line};
    nlohmann::json::sax_parse(text, &builder);
    return builder.take();
}

} // namespace anchor6::io
