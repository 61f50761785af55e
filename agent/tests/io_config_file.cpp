// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>
#include <string>

#include "io/config_file.h"
#include "tests/io_scratch.h"

#include <CppUTest/TestHarness.h>

namespace {

using namespace anchor6;

const std::string agent = "[agent]\n"
                          "instance = 7\n";
const std::string group = "[[group]]\n"
                          "name = \"north\"\n"
                          "id = 1\n"
                          "home_agent_address = \"2001:db8:f::1\"\n"
                          "lma_address = \"2001:db8:f::2\"\n"
                          "[[group.home_prefix]]\n"
                          "prefix = \"2001:db8:1000::/36\"\n";

} // namespace

TEST_GROUP(ConfigFile) {
    tests::Scratch scratch;

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
};

TEST(ConfigFile, smallest_file_has_the_defaults) {
    io::ConfigFile file = read(agent + group);
    CHECK_FALSE(file.report.failed());
    LONGS_EQUAL(7, file.settings.instance);
    STRCMP_EQUAL("anchor0", file.settings.device.c_str());
    STRCMP_EQUAL("anchor6", file.settings.user.c_str());
    CHECK_TRUE(file.settings.core.timers == core::Timers{});
    CHECK_TRUE(file.settings.core.limits == core::Limits{});
    LONGS_EQUAL(1, file.settings.core.groups.size());
}

TEST(ConfigFile, values_arrive_in_their_units) {
    io::ConfigFile file = read(agent +
                               "reply_mark = 0x10\nreply_mask = 0xf0\nlog_level = \"debug\"\n"
                               "[timers]\nmax_home_lifetime_s = 420\n"
                               "timestamp_validity_window_ms = 500\n"
                               "[limits]\nsessions_per_node = 3\n" +
                               group +
                               "assign_length = 64\n"
                               "[[mag]]\nname = \"m\"\naddresses = [\"2001:db8:a::1\"]\n"
                               "nodes = [\"*@example.org\"]\nauthentication = \"none\"\n"
                               "[[node]]\nidentifier = \"n@example.org\"\n"
                               "home_network_prefixes = [\"2001:db8:1000::/64\"]\n"
                               "mobile_router = false\n");
    CHECK_FALSE(file.report.failed());
    const core::Config& config = file.settings.core;
    CHECK_TRUE(config.timers.max_home_lifetime == std::chrono::seconds{420});
    CHECK_TRUE(config.timers.timestamp_validity_window == std::chrono::milliseconds{500});
    LONGS_EQUAL(3, config.limits.sessions_per_node);
    LONGS_EQUAL(0x10, file.settings.reply_mark);
    CHECK_TRUE(file.settings.log_level == io::LogLevel::debug);
    CHECK_TRUE(config.groups[0].home_prefixes[0].assign_length == 64);
    CHECK_TRUE(config.mags[0].authentication == core::Authentication::none);
    CHECK_FALSE(config.nodes[0].authentication.has_value());
    CHECK_FALSE(config.nodes[0].mobile_router);
    STRCMP_EQUAL("north", config.nodes[0].group.c_str());
    LONGS_EQUAL(2, file.report.warnings().size());
}

TEST(ConfigFile, unknown_key) {
    expect_error(agent + "instnace = 8\n" + group, "3: agent.instnace: unknown key");
    expect_error(agent + group + "[extra]\n", "10: extra: unknown key");
}

TEST(ConfigFile, missing_key) {
    expect_error("[agent]\n" + group, "1: agent.instance: is missing");
    expect_error(group, "1: agent: is missing");
}

TEST(ConfigFile, wrong_type) {
    expect_error("[agent]\ninstance = \"7\"\n" + group,
                 "2: agent.instance: must be a whole number");
    expect_error(agent + "device = 3\n" + group, "3: agent.device: must be a string");
}

TEST(ConfigFile, out_of_range) {
    expect_error("[agent]\ninstance = 0\n" + group,
                 "2: agent.instance: must be from 1 to 9223372036854775807");
    expect_error(agent + "[timers]\nmax_home_lifetime_s = 262141\n" + group,
                 "4: timers.max_home_lifetime_s: must be from 4 to 262140");
    expect_error(agent + group + "assign_length = 35\n",
                 "10: group[0].home_prefix[0].assign_length: must be from 36 to 128");
}

TEST(ConfigFile, syntax_error_names_the_line) {
    auto errors = read(agent + "device = \n" + group).report.errors();
    LONGS_EQUAL(1, errors.size());
    STRCMP_CONTAINS("anchor6.toml:3: ", errors.front().c_str());
}

TEST(ConfigFile, not_a_file) {
    auto errors = io::read_config_file(scratch.file("nothing")).report.errors();
    LONGS_EQUAL(1, errors.size());
    STRCMP_CONTAINS("cannot be read", errors.front().c_str());
}

TEST(ConfigFile, every_error_is_reported_in_the_order_of_the_file) {
    auto errors =
        read("[agent]\ninstance = 0\nbogus = 1\n" + group + "bogus = 1\n").report.errors();
    LONGS_EQUAL(3, errors.size());
    STRCMP_CONTAINS(":2: agent.instance: ", errors[0].c_str());
    STRCMP_CONTAINS(":3: agent.bogus: ", errors[1].c_str());
    STRCMP_CONTAINS(":11: group[0].home_prefix[0].bogus: ", errors[2].c_str());
}

TEST(ConfigFile, overlapping_home_prefixes) {
    expect_error(agent + group + "[[group.home_prefix]]\nprefix = \"2001:db8:1800::/40\"\n",
                 "11: group[0].home_prefix[1].prefix: 2001:db8:1800::/40 overlaps "
                 "2001:db8:1000::/36 of line 9");
}

TEST(ConfigFile, home_prefix_that_no_kernel_takes) {
    expect_error(agent + group + "[[group.home_prefix]]\nprefix = \"fe80::/64\"\n",
                 "11: group[0].home_prefix[1].prefix: contains multicast or link-local addresses");
    expect_error(agent + group + "[[group.home_prefix]]\nprefix = \"2001:db8::1/32\"\n",
                 "11: group[0].home_prefix[1].prefix: \"2001:db8::1/32\" is not an IPv6 prefix "
                 "without bits beyond its length");
}

TEST(ConfigFile, duplicate_mag_address) {
    std::string mag = "[[mag]]\nname = \"a\"\naddresses = [\"2001:db8:a::1\", \"2001:db8:a::1\"]\n"
                      "nodes = [\"*\"]\nauthentication = \"none\"\n";
    expect_error(agent + group + mag,
                 "12: mag[0].addresses[1]: the same MAG address stands in line 12");
}

TEST(ConfigFile, node_prefix_outside_every_home_prefix) {
    expect_error(
        agent + group +
            "[[node]]\nidentifier = \"n\"\nhome_network_prefixes = [\"2001:db8:2::/64\"]\n",
        "12: node[0].home_network_prefixes[0]: 2001:db8:2::/64 lies outside every home "
        "prefix of group \"north\"");
}

TEST(ConfigFile, two_nodes_with_overlapping_prefixes) {
    expect_error(agent + group +
                     "[[node]]\nidentifier = \"a\"\nhome_network_prefixes = "
                     "[\"2001:db8:1000::/60\"]\n"
                     "[[node]]\nidentifier = \"b\"\nhome_network_prefixes = "
                     "[\"2001:db8:1000:1::/64\"]\n",
                 "15: node[1].home_network_prefixes[0]: 2001:db8:1000:1::/64 overlaps "
                 "2001:db8:1000::/60 of line 12");
}

TEST(ConfigFile, home_agent_address_inside_a_home_prefix_that_nobody_is_assigned_from) {
    std::string inside = group;
    inside.replace(inside.find("2001:db8:f::1"), 13, "2001:db8:1000::1");
    CHECK_FALSE(read(agent + inside).report.failed());
    expect_error(agent + inside + "assign_length = 64\n",
                 "6: group[0].home_agent_address: lies inside the home prefix 2001:db8:1000::/36 "
                 "of line 9, which is assigned to nodes");
}

TEST(ConfigFile, unknown_group_of_a_node) {
    expect_error(agent + group + "[[node]]\nidentifier = \"n\"\ngroup = \"south\"\n",
                 "12: node[0].group: there is no group \"south\"");
}

TEST(ConfigFile, with_two_groups_a_node_must_name_its_own) {
    expect_error(agent + group +
                     "[[group]]\nname = \"south\"\nid = 2\n"
                     "home_agent_address = \"2001:db8:e::1\"\nlma_address = \"2001:db8:e::1\"\n"
                     "[[group.home_prefix]]\nprefix = \"2001:db8:2000::/36\"\n"
                     "[[node]]\nidentifier = \"n\"\nhome_network_prefixes = "
                     "[\"2001:db8:2000::/64\"]\n",
                 "17: node[0].group: is missing, and there is not exactly one group");
}

TEST(ConfigFile, authentication_must_be_said) {
    expect_error(agent + group + "[[node]]\nidentifier = \"n\"\nauthentication = \"password\"\n",
                 "12: node[0].authentication: must be \"none\"");
    auto warnings = read(agent + group + "[[node]]\nidentifier = \"n\"\n").report.warnings();
    LONGS_EQUAL(1, warnings.size());
    STRCMP_CONTAINS(":10: node[0].authentication: is missing: every message of this node will be "
                    "refused",
                    warnings.front().c_str());
}

TEST(ConfigFile, reply_mark_that_unmarked_packets_carry_too) {
    expect_error(agent + "reply_mark = 0x1ff\nreply_mask = 0xff\n" + group,
                 "3: agent.reply_mark: has bits outside reply_mask");
}
