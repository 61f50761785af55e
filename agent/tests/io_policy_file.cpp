// SPDX-License-Identifier: GPL-2.0-or-later
#include <filesystem>
#include <string>

#include "io/config_file.h"
#include "io/config_reader.h"
#include "tests/io_config.h"
#include "tests/io_scratch.h"

#include <CppUTest/TestHarness.h>

namespace {

using namespace anchor6;

const std::string& group = tests::group_table;
const std::string open_to_all = R"("authentication":"none")";

} // namespace

TEST_GROUP(PolicyFile) {
    tests::Scratch scratch;
    std::string more;

    io::ConfigFile read(const std::string& lines) {
        const std::string nodes = scratch.write("nodes.jsonl", lines);
        return io::read_config_file(scratch.write(
            "anchor6.toml", tests::agent_table + "policy = \"" + nodes + "\"\n" + group + more));
    }

    /// The only complaint, without the folder of the file.
    void expect_error(const std::string& lines, const std::string& expected) {
        const auto errors = read(lines).report.errors();
        LONGS_EQUAL(1, errors.size());
        STRCMP_EQUAL(expected.c_str(), errors.front().substr(scratch.file("").size()).c_str());
    }
};

TEST(PolicyFile, a_line_has_the_keys_of_a_node) {
    const auto file =
        read(R"({"identifier": "a@example", "authentication": "none",)"
             R"( "home_network_prefixes": ["2001:db8:1000:1::/64"],)"
             R"( "proxy_mobility": false, "max_proxy_lifetime_s": 120})"
             "\n\n"
             R"({"identifier":"b@example","authentication":"mn-ha","spi":256,)"
             R"("key":"5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a","replay_protection":false})");
    CHECK_FALSE(file.report.failed());
    const core::Node* node = file.policy->node("a@example");
    CHECK(node != nullptr);
    CHECK_FALSE(node->proxy_mobility);
    STRCMP_EQUAL("north", node->group.c_str());
    LONGS_EQUAL(120, node->max_proxy_lifetime->count());
    LONGS_EQUAL(1, node->home_network_prefixes.size());
    const core::Node* keyed = file.policy->node("b@example");
    CHECK(keyed != nullptr);
    LONGS_EQUAL(256, keyed->mn_ha->spi);
    CHECK_FALSE(keyed->mn_ha->replay_protection);
}

TEST(PolicyFile, a_pattern_has_no_key_and_each_other_key_is_known) {
    const auto file =
        read(R"({"identifier": "a@example", "group": "north", "authentication": "none",)"
             R"( "home_network_prefixes": ["2001:db8:1000:1::/64"], "proxy_mobility": false,)"
             R"( "mobile_network_prefixes": ["2001:db8:1100::/48"], "mobile_router": true,)"
             R"( "host_mobility": true, "link_local_address": "fe80::7",)"
             R"( "max_home_lifetime_s": 60, "max_proxy_lifetime_s": 120})"
             "\n\n"
             R"({"identifier":"*@x","authentication":"mn-ha"})"
             "\r\n"
             R"({"identifier":"b@example","authentication":"mn-ha","spi":256,)"
             R"("key":"5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a","replay_protection":false})");
    // All of the pattern: no SPI, no key, and a key belongs to one node.
    LONGS_EQUAL(3, file.report.errors().size());
}

TEST(PolicyFile, nodes_of_both_files_count) {
    more = "[[node]]\nidentifier = \"t\"\nauthentication = \"none\"\n";
    const auto file = read("{\"identifier\":\"j\"," + open_to_all + "}\n");
    CHECK(file.policy->node("t") != nullptr);
    CHECK(file.policy->node("j") != nullptr);
    LONGS_EQUAL(2, file.policy->config().nodes.size());
}

TEST(PolicyFile, what_is_wrong_has_file_line_and_key) {
    const std::string good = "{\"identifier\":\"a\"," + open_to_all + "}\n";
    expect_error(good + "{\"identifier\":\"b\",\"authentication\":7}\n",
                 "nodes.jsonl:2: authentication: must be a string");
    expect_error(good + "{" + open_to_all + "}\n", "nodes.jsonl:2: identifier: is missing");
    expect_error(good + "{\"identifier\":\"b\",\"bogus\":1," + open_to_all + "}\n",
                 "nodes.jsonl:2: bogus: unknown key");
    expect_error("{\"identifier\":\"b\",\"max_home_lifetime_s\":3," + open_to_all + "}\n",
                 "nodes.jsonl:1: max_home_lifetime_s: must be from 4 to 262140");
    expect_error("{\"identifier\":\"b\",\"max_home_lifetime_s\":4.5," + open_to_all + "}\n",
                 "nodes.jsonl:1: max_home_lifetime_s: must be a whole number");
    expect_error("{\"identifier\":\"b\",\"max_home_lifetime_s\":18446744073709551615," +
                     open_to_all + "}\n",
                 "nodes.jsonl:1: max_home_lifetime_s: must be a whole number");
    expect_error("{\"identifier\":\"b\",\"group\":\"south\"," + open_to_all + "}\n",
                 "nodes.jsonl:1: group: there is no group \"south\"");
    expect_error("{\"identifier\":\"b\",\"home_network_prefixes\":[\"2001:db8:9::/64\"]," +
                     open_to_all + "}\n",
                 "nodes.jsonl:1: home_network_prefixes[0]: 2001:db8:9::/64 lies outside every home "
                 "prefix of group \"north\"");
}

TEST(PolicyFile, what_is_no_flat_object_is_refused_without_its_octets) {
    expect_error("{\"identifier\":\"a\",\"key\":\"s3cr",
                 "nodes.jsonl:1: is no JSON at character 30");
    expect_error("[]\n", "nodes.jsonl:1: must be an object");
    expect_error("7\n", "nodes.jsonl:1: must be an object");
    expect_error("{\"identifier\":{}}\n", "nodes.jsonl:1: has an object within the object");
    expect_error("{\"home_addresses\":[[]]}\n", "nodes.jsonl:1: has an array within an array");
    expect_error("{\"identifier\":\"a\",\"identifier\":\"b\"}\n",
                 "nodes.jsonl:1: has the key \"identifier\" twice");
    expect_error("{} {}\n", "nodes.jsonl:1: is no JSON at character 4");
    expect_error("\"\xff\"\n", "nodes.jsonl:1: is no JSON at character 2");
}

TEST(PolicyFile, a_line_may_be_64_kib_long) {
    const std::string line = "{\"identifier\":\"a\"," + open_to_all + "}";
    CHECK_FALSE(read(line + std::string(65536 - line.size(), ' ') + "\n").report.failed());
    expect_error(line + std::string(65537 - line.size(), ' ') + "\n",
                 "nodes.jsonl:1: is longer than 65536 octets");
    CHECK_FALSE(read(line + std::string(65536 - line.size(), ' ')).report.failed());
    expect_error(line + std::string(65537 - line.size(), ' '),
                 "nodes.jsonl:1: is longer than 65536 octets");
}

TEST(PolicyFile, a_node_stands_once_in_both_files) {
    more = "[[node]]\nidentifier = \"a\"\nauthentication = \"none\"\n";
    expect_error("{\"identifier\":\"a\"," + open_to_all + "}\n",
                 "nodes.jsonl:1: identifier: the same node identifier stands in " +
                     scratch.file("anchor6.toml") + ":12");
    more.clear();
    expect_error("{\"identifier\":\"a\"," + open_to_all + "}\n{\"identifier\":\"a\"," +
                     open_to_all + "}\n",
                 "nodes.jsonl:2: identifier: the same node identifier stands in line 1");
}

TEST(PolicyFile, prefixes_of_both_files_exclude_each_other) {
    const std::string prefix = "\"home_network_prefixes\":[\"2001:db8:1000:1::/64\"],";
    more = "[[node]]\nidentifier = \"t\"\nauthentication = \"none\"\n"
           "home_network_prefixes = [\"2001:db8:1000::/60\"]\n";
    expect_error("{\"identifier\":\"a\"," + prefix + open_to_all + "}\n",
                 "nodes.jsonl:1: home_network_prefixes[0]: 2001:db8:1000:1::/64 overlaps "
                 "2001:db8:1000::/60 of " +
                     scratch.file("anchor6.toml") + ":14");
    more = "[[mag]]\nname = \"m\"\nnodes = [\"*\"]\nauthentication = \"none\"\n"
           "addresses = [\"2001:db8:1000:1::5\"]\n";
    expect_error("{\"identifier\":\"a\"," + prefix + open_to_all + "}\n",
                 "anchor6.toml:15: mag[0].addresses[0]: lies inside a node's home network prefix "
                 "2001:db8:1000:1::/64 of " +
                     scratch.file("nodes.jsonl") + ":1");
}

TEST(PolicyFile, a_missing_one_is_refused) {
    const auto file = io::read_config_file(
        scratch.write("anchor6.toml", tests::agent_table + "policy = \"/nowhere\"\n" + group));
    STRCMP_EQUAL("/nowhere:0: cannot be read", file.report.errors().at(0).c_str());
    CHECK(file.policy == nullptr);
}

TEST(PolicyFile, what_is_true_of_each_line_is_said_once) {
    const std::string line = "\",\"authentication\":\"none\"}\n";
    const auto warnings = read("{\"identifier\":\"a" + line + "{\"identifier\":\"b" + line +
                               "{\"identifier\":\"c" + line)
                              .report.warnings();
    LONGS_EQUAL(1, warnings.size());
    STRCMP_EQUAL((scratch.file("nodes.jsonl") +
                  ":1: authentication: \"none\": anybody can speak for this node, and so in 2 "
                  "other lines")
                     .c_str(),
                 warnings.front().c_str());
}

TEST(PolicyFile, a_flood_of_errors_is_counted) {
    std::string lines;
    for (int line = 0; line < 250; ++line)
        lines += "7\n";
    const auto errors = read(lines).report.errors();
    LONGS_EQUAL(101, errors.size());
    STRCMP_EQUAL((scratch.file("anchor6.toml") + ": and 150 more").c_str(), errors.back().c_str());
}

TEST(PolicyFile, keys_that_everybody_can_read_are_warned_of) {
    more = "[[mag]]\nname = \"m\"\nnodes = [\"*\"]\nauthentication = \"none\"\n"
           "addresses = [\"2001:db8::5\"]\n";
    const auto key = R"({"identifier":"a","authentication":"mn-ha","spi":256,)"
                     R"("key":"5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a"})";
    scratch.write("nodes.jsonl", "");
    std::filesystem::permissions(scratch.file("nodes.jsonl"), std::filesystem::perms{0644});
    LONGS_EQUAL(2, read(key).report.warnings().size());
    std::filesystem::permissions(scratch.file("nodes.jsonl"), std::filesystem::perms{0640});
    LONGS_EQUAL(1, read(key).report.warnings().size());
}

TEST(PolicyFile, reading_ends_when_asked) {
    std::stop_source stop;
    stop.request_stop();
    const std::string nodes = scratch.write("nodes.jsonl", "{}\n");
    const auto file = io::read_config_file(
        scratch.write("anchor6.toml", tests::agent_table + "policy = \"" + nodes + "\"\n" + group),
        stop.get_token());
    STRCMP_EQUAL((nodes + ":1: nobody waits for the rest").c_str(),
                 file.report.errors().at(0).c_str());
}

TEST_GROUP(ConfigReader) {
    tests::Scratch scratch;
    io::EventLoop loop;
    std::vector<std::size_t> answers;
    std::string path = scratch.write("anchor6.toml", tests::agent_table + group);
    io::ConfigReader reader{loop, path, [this](const io::ConfigFile& file) {
                                answers.push_back(file.policy->config().nodes.size());
                                reader.free(file.policy);
                            }};

    void wait_for(std::size_t count) {
        for (int tries = 0; answers.size() < count && tries < 1000; ++tries)
            loop.run_once(std::chrono::milliseconds{100});
        LONGS_EQUAL(count, answers.size());
    }
};

TEST(ConfigReader, reads_beside_the_loop) {
    reader.begin();
    wait_for(1);
    LONGS_EQUAL(0, answers[0]);
}

TEST(ConfigReader, two_requests_while_reading_make_one_more_reading) {
    reader.begin();
    reader.begin();
    reader.begin();
    wait_for(2);
    loop.run_once(std::chrono::milliseconds{50});
    LONGS_EQUAL(2, answers.size());
}

TEST(ConfigReader, ends_in_the_middle_of_it) {
    reader.begin();
}
