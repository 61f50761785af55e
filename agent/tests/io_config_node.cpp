// SPDX-License-Identifier: GPL-2.0-or-later
#include <string>

#include "tests/io_config.h"

#include <CppUTest/TestHarness.h>

namespace {

using namespace anchor6;

const std::string roles = "[agent]\nroles = [\"node\"]\n";
const std::string table = "[node]\n"
                          "home_address = \"2001:db8:77:1::10\"\n"
                          "home_agent = \"2001:db8:1::1\"\n"
                          "authentication = \"none\"\n";
const std::string interface_table = "[[node.interface]]\nname = \"wlan0\"\n";
const std::string keyed = "[node]\nhome_address = \"2001:db8:77:1::10\"\n"
                          "authentication = \"mn-ha\"\nspi = 256\n";

class ConfigNodeTest : public tests::ConfigTest {
protected:
    /// Of a line in [node].
    void expect_bad_line(const std::string& line, const std::string& expected) {
        expect_error(roles + table + line + "\n" + interface_table, "7: node." + expected);
    }
};

} // namespace

TEST_GROUP_BASE(ConfigNode, ConfigNodeTest){};

TEST(ConfigNode, needs_an_address_a_way_to_prove_itself_and_an_interface) {
    io::ConfigFile file = read(roles + table + interface_table);
    CHECK_FALSE(file.report.failed());
    CHECK_TRUE(file.settings.roles == (io::Roles{false, false, true}));
    CHECK_TRUE(file.policy == nullptr);
    const core::MobileNodeConfig& node = *file.node;
    CHECK_TRUE(node.home_network_prefix == wire::Prefix::parse("2001:db8:77:1::/64"));
    CHECK_TRUE(node.home_agent == wire::Address::parse("2001:db8:1::1"));
    CHECK_TRUE(node.authentication == core::Authentication::none);
    CHECK_FALSE(node.mn_ha.has_value());
    LONGS_EQUAL(420, node.lifetime.count());
    STRCMP_EQUAL("mip6", node.device.c_str());
    LONGS_EQUAL(1, file.report.warnings().size());
}

TEST(ConfigNode, its_values_arrive) {
    io::ConfigFile file =
        read(roles +
             "[node]\nhome_address = \"2001:db8:77:1::10\"\n"
             "home_network_prefix = \"2001:db8:77::/48\"\nmobile_router = true\n"
             "mobile_network_prefixes = [\"2001:db8:77:a00::/56\"]\nlink_local = true\n"
             "key_management = true\nidentifier = \"mn1@example.com\"\n"
             "authentication = \"mn-ha\"\nspi = 300\nkey = \"" +
             std::string(32, 'a') +
             "\"\nreplay_protection = false\nlifetime_s = 40\nfirst_bindack_timeout_ms = 90\n"
             "initial_bindack_timeout_ms = 100\nmax_bindack_timeout_ms = 200\n"
             "initial_dhaad_timeout_ms = 300\ndhaad_retries = 2\ninitial_solicit_timer_ms = 400\n"
             "retry_after_refusal_s = 5\nold_path_ms = 600\ndevice = \"home\"\n"
             "routing_table = 700\nrule_priority = 800\n" +
             interface_table + "preference = 3\n[[node.interface]]\nname = \"eth0\"\n");
    CHECK_FALSE(file.report.failed());
    const core::MobileNodeConfig& node = *file.node;
    CHECK_TRUE(node.home_network_prefix == wire::Prefix::parse("2001:db8:77::/48"));
    CHECK_FALSE(node.home_agent.has_value());
    CHECK_TRUE(node.mobile_router && node.link_local && node.key_management);
    LONGS_EQUAL(1, node.mobile_network_prefixes.size());
    STRCMP_EQUAL("mn1@example.com", node.identifier.c_str());
    CHECK_TRUE(node.authentication == core::Authentication::mn_ha);
    LONGS_EQUAL(300, node.mn_ha->spi);
    LONGS_EQUAL(16, node.mn_ha->key.size());
    CHECK_FALSE(node.mn_ha->replay_protection);
    LONGS_EQUAL(40, node.lifetime.count());
    LONGS_EQUAL(90, node.timers.retransmission.first_registration.count());
    LONGS_EQUAL(100, node.timers.retransmission.initial.count());
    LONGS_EQUAL(200, node.timers.retransmission.most.count());
    LONGS_EQUAL(300, node.timers.initial_discovery.count());
    LONGS_EQUAL(2, node.timers.discovery_retries);
    LONGS_EQUAL(400, node.timers.initial_solicitation.count());
    LONGS_EQUAL(5, node.timers.refusal_delay.count());
    LONGS_EQUAL(600, node.timers.old_path.count());
    STRCMP_EQUAL("home", node.device.c_str());
    LONGS_EQUAL(700, node.routing_table);
    LONGS_EQUAL(800, node.rule_priority);
    CHECK_TRUE(node.interfaces == (std::vector<core::AccessInterface>{{"wlan0", 3}, {"eth0", 0}}));
}

TEST(ConfigNode, roles_and_tables_belong_together) {
    expect_error(roles, "1: node: is missing, and the agent has that role");
    expect_error("[agent]\nroles = [\"gateway\"]\n[gateway]\naddress = \"2001:db8:a::1\"\n"
                 "lma_address = \"2001:db8:1::1\"\nauthentication = \"none\"\n"
                 "[[gateway.access]]\ninterface = \"access\"\n" +
                     table,
                 "9: node: is for the role \"node\" only");
    expect_error("[agent]\ninstance = 7\nroles = [\"anchor\", \"node\"]\n" + tests::group_table,
                 "3: agent.roles: \"anchor\" and \"node\" do not go together");
}

TEST(ConfigNode, the_home_prefix_contains_the_home_address) {
    expect_bad_line("home_network_prefix = \"2001:db8:77:2::/64\"",
                    "home_network_prefix: does not contain home_address");
    expect_bad_line("home_network_prefix = \"2001:db8:77:1::10/128\"",
                    "home_network_prefix: must have 1 to 121 bits");
    expect_error(roles + "[node]\nhome_address = \"fe80::1\"\nauthentication = \"none\"\n" +
                     interface_table,
                 "4: node.home_address: fe80::1 is not a routable unicast address");
    expect_error(roles + "[node]\nhome_address = \"2001:db8::1\"\nhome_agent = \"2001:db8::1\"\n" +
                     "authentication = \"none\"\n" + interface_table,
                 "5: node.home_agent: is the home address");
}

TEST(ConfigNode, mobile_network_prefixes_are_a_routers_and_apart) {
    expect_bad_line("mobile_network_prefixes = [\"2001:db8:77:a00::/56\"]",
                    "mobile_network_prefixes: has a meaning only with mobile_router = true");
    expect_error(roles + table +
                     "mobile_router = true\nmobile_network_prefixes = "
                     "[\"2001:db8:77:a00::/56\", \"2001:db8:77:a01::/64\"]\n" +
                     interface_table,
                 "8: node.mobile_network_prefixes[1]: overlaps another one");
    expect_error(roles + table + "mobile_router = true\nmobile_network_prefixes = [\"::/0\"]\n" +
                     interface_table,
                 "8: node.mobile_network_prefixes[0]: is no prefix that a node can have");
}

TEST(ConfigNode, each_interface_stands_once) {
    expect_error(roles + table, "3: node.interface: at least one is needed");
    expect_error(roles + table + interface_table + interface_table,
                 "10: node.interface[1].name: stands in two tables");
    expect_error(roles + table + "[[node.interface]]\n", "7: node.interface[0].name: is missing");
    expect_bad_line("device = \"wlan0\"", "device: is an interface of the node");
    expect_bad_line("device = \"mobile-node-6\"", "device: must have 12 characters at most");
}

TEST(ConfigNode, a_key_is_demanded_and_refused_where_it_belongs) {
    expect_error(roles + keyed + interface_table, "3: node.key: is missing");
    expect_error(roles + keyed + "key = \"00\"\n" + interface_table,
                 "7: node.key: must have 16 to 64 octets");
    expect_bad_line("spi = 300", "spi: has a meaning only with authentication = \"mn-ha\"");
    expect_error(roles + "[node]\nhome_address = \"2001:db8::1\"\nauthentication = \"key\"\n" +
                     interface_table,
                 "5: node.authentication: must be \"mn-ha\" or \"none\"");
    expect_error(roles + "[node]\nhome_address = \"2001:db8::1\"\n" + interface_table,
                 "3: node.authentication: is missing");
}

TEST(ConfigNode, an_identifier_is_one_nodes) {
    expect_bad_line("identifier = \"*@example.com\"",
                    "identifier: must be the identifier of one node");
}

TEST(ConfigNode, timeouts_grow) {
    expect_bad_line("max_bindack_timeout_ms = 100",
                    "max_bindack_timeout_ms: is shorter than initial_bindack_timeout_ms");
}
