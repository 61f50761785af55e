// SPDX-License-Identifier: GPL-2.0-or-later
#include "command_line.h"

#include <optional>
#include <utility>

#include <CLI/CLI.hpp>

#include "format.h"

namespace anchor6::cli {

namespace {

const CLI::Validator is_target(
    [](const std::string& text) {
        return parse_target(text) ? std::string()
                                  : "\"" + printable(text) + "\" is no IPv6 address or prefix";
    },
    "PREFIX|ADDRESS");

const CLI::Validator is_prefix(
    [](const std::string& text) {
        return wire::Prefix::parse(text) ? std::string()
                                         : "\"" + printable(text) + "\" is no IPv6 prefix";
    },
    "PREFIX");

const CLI::Validator is_address(
    [](const std::string& text) {
        return wire::Address::parse(text) ? std::string()
                                          : "\"" + printable(text) + "\" is no IPv6 address";
    },
    "ADDRESS");

const CLI::Validator is_duration(
    [](const std::string& text) {
        return parse_duration(text)
                   ? std::string()
                   : "\"" + printable(text) + "\" is no time; write 90s, 5m, 2h or milliseconds";
    },
    "TIME");

const CLI::Validator& validator_of(Form form) {
    switch (form) {
    case Form::target:
        return is_target;
    case Form::prefix:
        return is_prefix;
    case Form::address:
        return is_address;
    case Form::duration:
        break;
    }
    return is_duration;
}

} // namespace

const Argument& Argument::required(bool required) const {
    option_->required(required);
    return *this;
}

const Argument& Argument::check(Form form) const {
    option_->check(validator_of(form));
    return *this;
}

const Argument& Argument::one_of(const std::vector<std::string>& texts) const {
    option_->check(CLI::IsMember(texts));
    return *this;
}

const Argument& Argument::between(int least, int most) const {
    option_->check(CLI::Range(least, most));
    return *this;
}

const Argument& Argument::excludes(const Argument& other) const {
    option_->excludes(other.option_);
    return *this;
}

Command Command::add_command(const char* name, const char* help) const {
    return Command(app_->add_subcommand(name, help));
}

void Command::require_commands(std::size_t least, std::size_t most) const {
    app_->require_subcommand(least, most);
}

Command Command::add_choice(const char* name) const {
    CLI::Option_group* group = app_->add_option_group(name);
    group->require_option();
    return Command(group);
}

void Command::run(std::function<void()> action) const {
    app_->callback(std::move(action));
}

template <class Value>
Argument Command::add_value(const char* name, Value& value, const char* help) const {
    return Argument(app_->add_option(name, value, help));
}

template Argument Command::add_value(const char*, std::string&, const char*) const;
template Argument Command::add_value(const char*, std::vector<std::string>&, const char*) const;
template Argument Command::add_value(const char*, unsigned&, const char*) const;
template Argument Command::add_value(const char*, std::optional<std::uint32_t>&, const char*) const;
template Argument Command::add_value(const char*, std::optional<std::uint64_t>&, const char*) const;

Argument Command::add_text(const char* name, const std::function<void(const std::string&)>& take,
                           const char* help) const {
    return Argument(app_->add_option_function<std::string>(name, take, help));
}

Argument Command::add_flag(const char* name, bool& flag, const char* help) const {
    return Argument(app_->add_flag(name, flag, help));
}

} // namespace anchor6::cli
