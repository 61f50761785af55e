// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace CLI {
class App;
class Option;
} // namespace CLI

namespace anchor6::cli {

// These hide the library that reads the command line: its header costs each file that includes it
// more than all others together.

/// What a text must be; anything else is a usage error.
enum class Form : std::uint8_t { target, prefix, address, duration };

/// An argument of a command. Copies are the same argument.
class Argument {
public:
    explicit Argument(CLI::Option* option) : option_(option) {}

    const Argument& required(bool required = true) const;
    const Argument& check(Form form) const;
    const Argument& one_of(const std::vector<std::string>& texts) const;
    const Argument& between(int least, int most) const;
    const Argument& excludes(const Argument& other) const;

private:
    CLI::Option* option_;
};

/// A command, or a noun with commands of its own. Copies are the same command.
class Command {
public:
    explicit Command(CLI::App* app) : app_(app) {}

    Command add_command(const char* name, const char* help) const;
    /// The first number of its commands must follow, the second may.
    void require_commands(std::size_t least, std::size_t most) const;
    /// Arguments of which one at least must be there.
    Command add_choice(const char* name) const;
    /// Runs after the parse.
    void run(std::function<void()> action) const;

    /// A Value is std::string, a vector of it, unsigned, or an optional number of 32 or 64 bits.
    template <class Value>
    Argument add_value(const char* name, Value& value, const char* help = "") const;
    Argument add_text(const char* name, const std::function<void(const std::string&)>& take,
                      const char* help) const;
    Argument add_flag(const char* name, bool& flag, const char* help) const;

private:
    CLI::App* app_;
};

} // namespace anchor6::cli
