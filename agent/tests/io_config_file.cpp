// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>
#include <filesystem>
#include <string>

#include "tests/io_config.h"

#include <CppUTest/TestHarness.h>

namespace {

using namespace anchor6;

const std::string& agent = tests::agent_table;
const std::string& group = tests::group_table;

} // namespace

TEST_GROUP_BASE(ConfigFile, tests::ConfigTest){};

TEST(ConfigFile, smallest_file_has_the_defaults) {
    io::ConfigFile file = read(agent + group);
    CHECK_FALSE(file.report.failed());
    LONGS_EQUAL(7, file.settings.instance);
    STRCMP_EQUAL("anchor0", file.settings.device.c_str());
    STRCMP_EQUAL("anchor6", file.settings.user.c_str());
    CHECK_TRUE(file.policy->config().timers == core::Timers{});
    CHECK_TRUE(file.policy->config().limits == core::Limits{});
    LONGS_EQUAL(1, file.policy->config().groups.size());
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
    const core::Config& config = file.policy->config();
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

TEST(ConfigFile, what_a_gateway_may_and_speaks) {
    const std::string mag = "[[mag]]\nname = \"m\"\naddresses = [\"2001:db8:a::1\"]\n"
                            "nodes = [\"*@*.example.org\"]\nauthentication = \"none\"\n";
    io::ConfigFile file = read(
        agent +
        "[timers]\nprefix_retention_s = 7\nheartbeat_interval_s = "
        "0\nmissing_heartbeats_allowed = 1\n"
        "initial_delay_bri_ms = 500\nbri_max_retries = 0\n"
        "[limits]\nstranger_refusals_per_second = 0\nqueued_per_mag = 1\ntransactions_per_mag = 7\n"
        "revocations = 0\n" +
        group + mag +
        "home_network_prefixes = [\"2001:db8:1000::/48\"]\n"
        "bindings = 9\nmessages_per_second = 8\nstrict = true\n"
        "heartbeat = true\nend_sessions_when_unreachable = true\n"
        "end_sessions_when_restarted = false\nrevocation = true\n"
        "global_revocation = true\n");
    CHECK_FALSE(file.report.failed());
    const core::Config& config = file.policy->config();
    CHECK_TRUE(config.timers.prefix_retention == std::chrono::seconds{7});
    CHECK_TRUE(config.timers.heartbeat_interval.count() == 0);
    LONGS_EQUAL(1, config.timers.missing_heartbeats_allowed);
    CHECK_TRUE(config.timers.initial_delay_bri == std::chrono::milliseconds{500});
    LONGS_EQUAL(0, config.timers.bri_max_retries);
    LONGS_EQUAL(0, config.limits.stranger_refusals_per_second);
    LONGS_EQUAL(1, config.limits.queued_per_mag);
    LONGS_EQUAL(7, config.limits.transactions_per_mag);
    LONGS_EQUAL(0, config.limits.revocations);
    const core::Mag& read_mag = config.mags.at(0);
    LONGS_EQUAL(1, read_mag.home_network_prefixes.size());
    LONGS_EQUAL(9, read_mag.bindings);
    LONGS_EQUAL(8, read_mag.messages_per_second);
    CHECK_TRUE(read_mag.strict && read_mag.heartbeat && read_mag.end_sessions_when_unreachable);
    CHECK_FALSE(read_mag.end_sessions_when_restarted);
    CHECK_TRUE(read_mag.revocation && read_mag.global_revocation);
    expect_error(agent + group + mag + "messages_per_second = 0\n",
                 "15: mag[0].messages_per_second: must be from 1 to 1000000");
}

TEST(ConfigFile, profile_of_a_node) {
    const std::string node = "[[node]]\nidentifier = \"*@*.example.org\"\n"
                             "authentication = \"none\"\n";
    io::ConfigFile file = read(agent + group + node +
                               "max_home_lifetime_s = 4\nmax_proxy_lifetime_s = 262140\n"
                               "link_local_address = \"fe80::7\"\n");
    CHECK_FALSE(file.report.failed());
    const core::Node& profile = file.policy->config().nodes.at(0);
    CHECK_TRUE(profile.max_home_lifetime == std::chrono::seconds{4});
    CHECK_TRUE(profile.max_proxy_lifetime == std::chrono::seconds{262140});
    CHECK_TRUE(profile.link_local_address == wire::Address::parse("fe80::7"));
    expect_error(agent + group + node + "link_local_address = \"2001:db8::7\"\n",
                 "13: node[0].link_local_address: must be a link-local address");
    expect_error(
        agent + group + "[[node]]\nidentifier = \"a*b\"\nauthentication = \"none\"\n",
        "11: node[0].identifier: must be an identifier, \"*@realm\", \"*@*.realm\" or \"*\"");
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

TEST(ConfigFile, mag_prefixes_that_overlap_no_home_prefix) {
    const std::string mag = "[[mag]]\nname = \"m\"\naddresses = [\"2001:db8:a::1\"]\n"
                            "nodes = [\"*\"]\nauthentication = \"none\"\n";
    const std::string home =
        read(agent + group).policy->config().groups.at(0).home_prefixes.at(0).prefix.to_string();
    expect_error(agent + group + mag + "home_network_prefixes = [\"" + home +
                     "\", \"2001:db8:bad::/48\"]\n",
                 "15: mag[0].home_network_prefixes[1]: 2001:db8:bad::/48 overlaps no home prefix");
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
                 "12: node[0].authentication: must be \"mn-ha\" or \"none\"");
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

namespace {

const std::string home_link = "[[group.home_prefix]]\n"
                              "prefix = \"2001:db8:88::/64\"\n"
                              "link = \"eth1\"\n";

std::string node(const std::string& identifier, const std::string& keys) {
    return "[[node]]\nidentifier = \"" + identifier + "\"\nauthentication = \"none\"\n" + keys;
}

std::string keyed(const std::string& identifier, const std::string& key) {
    return "[[node]]\nidentifier = \"" + identifier +
           "\"\nauthentication = \"mn-ha\"\nspi = 256\nkey = \"" + key + "\"\n";
}

const std::string key_of_16_octets = "000102030405060708090A0b0c0d0e0f";

} // namespace

TEST(ConfigFile, home_link_with_what_its_nodes_have) {
    io::ConfigFile file = read(agent + group + home_link +
                               "valid_lifetime_s = 7200\nvalid_until = 2027-01-31T12:00:00+01:00\n"
                               "[[group.home_prefix]]\nprefix = \"2001:db8:2000::/36\"\n" +
                               node("n", "home_addresses = [\"2001:db8:88::10\"]\n"
                                         "mobile_network_prefixes = [\"2001:db8:2001::/48\"]\n"));
    CHECK_FALSE(file.report.failed());
    const core::HomePrefix& home = file.policy->config().groups[0].home_prefixes[1];
    STRCMP_EQUAL("eth1", home.link.c_str());
    CHECK_TRUE(home.lifetimes.valid == std::chrono::seconds{7200});
    CHECK_TRUE(home.lifetimes.preferred == std::chrono::seconds{7200});
    CHECK_TRUE(home.lifetimes.valid_until == core::RealTime{std::chrono::seconds{1801393200}});
    CHECK_FALSE(home.lifetimes.preferred_until.has_value());
    const core::Node& found = file.policy->config().nodes[0];
    CHECK_TRUE(found.home_addresses == std::vector{*wire::Address::parse("2001:db8:88::10")});
    CHECK_TRUE(found.mobile_network_prefixes ==
               std::vector{*wire::Prefix::parse("2001:db8:2001::/48")});
}

TEST(ConfigFile, home_link_that_cannot_be) {
    expect_error(agent + group + home_link + "assign_length = 64\n",
                 "13: group[0].home_prefix[1].assign_length: nodes are not assigned prefixes of a "
                 "physical home link");
    expect_error(agent + group + "link = \"anchor0\"\n",
                 "10: group[0].home_prefix[0].link: is the device of the agent itself");
    expect_error(agent + group + "link = \"eth/1\"\n",
                 "10: group[0].home_prefix[0].link: \"eth/1\" cannot be a device's name");
}

TEST(ConfigFile, lifetimes_of_a_prefix) {
    expect_error(agent + group + "valid_lifetime_s = 10\npreferred_lifetime_s = 11\n",
                 "11: group[0].home_prefix[0].preferred_lifetime_s: is longer than "
                 "valid_lifetime_s");
    expect_error(agent + group +
                     "valid_until = 2027-01-31T12:00:00Z\npreferred_until = 2027-01-31T12:00:01Z\n",
                 "11: group[0].home_prefix[0].preferred_until: is later than valid_until");
    expect_error(agent + group + "valid_until = 2027-01-31\n",
                 "10: group[0].home_prefix[0].valid_until: must be a date and time with an offset, "
                 "as 2027-01-31T12:00:00Z");
}

TEST(ConfigFile, home_address_outside_every_home_link) {
    expect_error(agent + group + node("n", "home_addresses = [\"2001:db8:1000::1\"]\n"),
                 "13: node[0].home_addresses[0]: 2001:db8:1000::1 lies on no physical home link of "
                 "group \"north\"");
}

TEST(ConfigFile, home_address_of_two_nodes) {
    expect_error(agent + group + home_link + node("a", "home_addresses = [\"2001:db8:88::10\"]\n") +
                     node("b", "home_addresses = [\"2001:db8:88::10\"]\n"),
                 "20: node[1].home_addresses[0]: 2001:db8:88::10/128 overlaps 2001:db8:88::10/128 "
                 "of line 16");
}

TEST(ConfigFile, home_address_of_the_anchor_itself) {
    std::string inside = group;
    inside.replace(inside.find("2001:db8:f::1"), 13, "2001:db8:88::1");
    expect_error(agent + inside + home_link + node("n", "home_addresses = [\"2001:db8:88::1\"]\n"),
                 "6: group[0].home_agent_address: is a node's home address of line 16");
}

TEST(ConfigFile, mobile_network_prefixes_of_two_nodes) {
    expect_error(agent + group +
                     node("a", "home_network_prefixes = [\"2001:db8:1000::/64\"]\n"
                               "mobile_network_prefixes = [\"2001:db8:1000::/60\"]\n") +
                     node("b", "mobile_network_prefixes = [\"2001:db8:1000:1::/64\"]\n"),
                 "18: node[1].mobile_network_prefixes[0]: 2001:db8:1000:1::/64 overlaps "
                 "2001:db8:1000::/60 of line 14");
    expect_error(agent + group + node("n", "mobile_network_prefixes = [\"2001:db8:2::/64\"]\n"),
                 "13: node[0].mobile_network_prefixes[0]: 2001:db8:2::/64 lies outside every home "
                 "prefix of group \"north\"");
}

TEST(ConfigFile, what_belongs_to_one_node_is_not_given_to_a_realm) {
    expect_error(agent + group + home_link +
                     node("*@x", "home_addresses = [\"2001:db8:88::10\"]\n"),
                 "16: node[0].home_addresses: would be given to many nodes");
    expect_error(agent + group + keyed("*@x", key_of_16_octets),
                 "12: node[0].authentication: a key belongs to one node");
}

TEST(ConfigFile, key_of_a_node) {
    io::ConfigFile file =
        read(agent + group + keyed("n", key_of_16_octets) + "replay_protection = false\n");
    CHECK_FALSE(file.report.failed());
    const core::Node& found = file.policy->config().nodes[0];
    CHECK_TRUE(found.authentication == core::Authentication::mn_ha);
    LONGS_EQUAL(256, found.mn_ha->spi);
    LONGS_EQUAL(16, found.mn_ha->key.size());
    LONGS_EQUAL(0x0a, found.mn_ha->key[10]);
    CHECK_FALSE(found.mn_ha->replay_protection);
}

TEST(ConfigFile, no_complaint_repeats_a_key) {
    for (const std::string key : {"5a5a5a", "5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5", "5a5a5ag5a"}) {
        auto errors = read(agent + group + keyed("n", key)).report.errors();
        LONGS_EQUAL(1, errors.size());
        STRCMP_CONTAINS(":14: node[0].key: must ", errors.front().c_str());
        CHECK_TRUE(errors.front().find("5a") == std::string::npos);
    }
    auto errors = read(agent + group + keyed("n", "5a5a") + "key = \"5a5a\"\n").report.errors();
    LONGS_EQUAL(1, errors.size());
    CHECK_TRUE(errors.front().find("5a5a") == std::string::npos);
}

TEST(ConfigFile, keys_without_their_authentication) {
    expect_error(agent + group + node("n", "spi = 256\n"),
                 "13: node[0].spi: has a meaning only with authentication = \"mn-ha\"");
    expect_error(agent + group + "[[node]]\nidentifier = \"n\"\nauthentication = \"ipsec\"\n",
                 "12: node[0].authentication: \"ipsec\" is not available yet");
    expect_error(agent + group +
                     "[[node]]\nidentifier = \"n\"\nauthentication = \"mn-ha\"\nspi = 255\nkey = "
                     "\"000102030405060708090a0b0c0d0e0f\"\n",
                 "13: node[0].spi: must be from 256 to 4294967295");
}

TEST(ConfigFile, a_file_with_keys_that_everybody_can_read) {
    std::string path = scratch.write("anchor6.toml", agent + group + keyed("n", key_of_16_octets));
    using std::filesystem::perms;
    std::filesystem::permissions(path, perms::owner_read | perms::others_read);
    auto warnings = io::read_config_file(path).report.warnings();
    LONGS_EQUAL(1, warnings.size());
    STRCMP_CONTAINS(":14: node[0].key: everybody can read it: chmod o= ", warnings.front().c_str());
    std::filesystem::permissions(path, perms::owner_read);
    CHECK_TRUE(io::read_config_file(path).report.warnings().empty());
}
