// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>

#include "io/config_file.h"
#include "tests/io_scratch.h"

#include <CppUTest/TestHarness.h>

namespace anchor6::tests {

/// The smallest configuration, whose group's last table is its home prefix.
inline const std::string agent_table = "[agent]\n"
                                       "instance = 7\n";
inline const std::string group_table = "[[group]]\n"
                                       "name = \"north\"\n"
                                       "id = 1\n"
                                       "home_agent_address = \"2001:db8:f::1\"\n"
                                       "lma_address = \"2001:db8:f::2\"\n"
                                       "[[group.home_prefix]]\n"
                                       "prefix = \"2001:db8:1000::/36\"\n";

/// Reads configurations.
class ConfigTest : public Utest {
protected:
    io::ConfigFile read(const std::string& text) {
        return io::read_config_file(scratch.write("anchor6.toml", text));
    }

    /// The only complaint, without the name of the file.
    void expect_error(const std::string& text, const std::string& expected) {
        auto errors = read(text).report.errors();
        LONGS_EQUAL(1, errors.size());
        std::string found = errors.front();
        STRCMP_EQUAL(expected.c_str(), found.substr(found.rfind(".toml:") + 6).c_str());
    }

    Scratch scratch;
};

} // namespace anchor6::tests
