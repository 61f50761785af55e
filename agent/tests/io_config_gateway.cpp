// SPDX-License-Identifier: GPL-2.0-or-later
#include <string>

#include "tests/io_config.h"

#include <CppUTest/TestHarness.h>

namespace {

using namespace anchor6;

const std::string roles = "[agent]\nroles = [\"gateway\"]\n";
const std::string table = "[gateway]\n"
                          "address = \"2001:db8:a::1\"\n"
                          "lma_address = \"2001:db8:1::1\"\n"
                          "authentication = \"none\"\n";
const std::string link_table = "[[gateway.access]]\ninterface = \"access\"\n";

} // namespace

TEST_GROUP_BASE(ConfigGateway, tests::ConfigTest){};

TEST(ConfigGateway, an_agent_is_an_anchor_unless_it_says_otherwise) {
    io::ConfigFile file = read(tests::agent_table + tests::group_table);
    CHECK_TRUE(file.settings.roles == (io::Roles{true, false, false}));
    CHECK_TRUE(file.policy != nullptr);
    CHECK_TRUE(file.gateway == nullptr);
}

TEST(ConfigGateway, a_gateway_needs_nothing_of_an_anchor) {
    io::ConfigFile file = read(roles + table + link_table);
    CHECK_FALSE(file.report.failed());
    CHECK_TRUE(file.policy == nullptr);
    CHECK_TRUE(file.gateway->link_local_address ==
               wire::Address::parse("fe80::200:5eff:fe00:5213"));
    STRCMP_EQUAL("00:00:5e:00:52:13",
                 wire::link_layer_text(file.gateway->link_layer_address).c_str());
    LONGS_EQUAL(3600, file.gateway->lifetime.count());
    LONGS_EQUAL(1, file.gateway->access_links.size());
}

TEST(ConfigGateway, its_values_arrive) {
    io::ConfigFile file =
        read(roles + table +
             "lifetime_s = 40\ninitial_bindack_timeout_ms = 100\nmax_bindack_timeout_ms = 200\n"
             "link_local_address = \"lma\"\nlink_layer_address = \"\"\n" +
             link_table +
             "access_technology = 3\nlocal_prefix = \"2001:db8:a:1::/64\"\n"
             "unknown_nodes = \"host\"\nlink_events = false\n"
             "[[gateway.node]]\nidentifier = \"mn1@example.com\"\n"
             "link_layer_address = \"02:00:00:00:00:10\"\nmobility = \"proxy\"\n"
             "home_network_prefixes = [\"2001:db8:77:1::/64\"]\nlma_address = \"2001:db8:1::9\"\n");
    CHECK_FALSE(file.report.failed());
    const core::GatewayConfig& gateway = *file.gateway;
    LONGS_EQUAL(40, gateway.lifetime.count());
    LONGS_EQUAL(200, gateway.retransmission.most.count());
    CHECK_FALSE(gateway.link_local_address.has_value());
    CHECK_TRUE(gateway.link_layer_address.empty());
    const core::AccessLink& link = gateway.access_links.front();
    LONGS_EQUAL(3, link.access_technology);
    CHECK_FALSE(link.link_events);
    CHECK_TRUE(link.unknown_nodes == core::NodeMobility::host);
    CHECK_TRUE(link.local_prefix == wire::Prefix::parse("2001:db8:a:1::/64"));
    const core::GatewayNode& node = gateway.nodes.front();
    STRCMP_EQUAL("02:00:00:00:00:10", wire::link_layer_text(node.link_layer_address).c_str());
    CHECK_TRUE(node.lma_address == wire::Address::parse("2001:db8:1::9"));
    LONGS_EQUAL(1, node.home_network_prefixes.size());
}

TEST(ConfigGateway, roles_and_tables_belong_together) {
    expect_error(roles, "1: gateway: is missing, and the agent has that role");
    expect_error(tests::agent_table + tests::group_table + table + link_table,
                 "10: gateway: is for the role \"gateway\" only");
    expect_error(roles + table + link_table + "[timers]\n",
                 "9: timers: is for the role \"anchor\" only");
    expect_error(roles + "store = \"/tmp/x\"\n" + table + link_table,
                 "3: agent.store: is for the role \"anchor\" only");
    expect_error("[agent]\nroles = [\"mag\"]\n",
                 "2: agent.roles[0]: must be \"anchor\", \"gateway\" or \"node\"");
    expect_error("[agent]\nroles = []\n", "2: agent.roles: must not be empty");
}

TEST(ConfigGateway, both_roles_on_one_machine_have_different_addresses) {
    const std::string both =
        "[agent]\ninstance = 7\nroles = [\"anchor\", \"gateway\"]\n" + tests::group_table;
    CHECK_FALSE(read(both + table + link_table).report.failed());
    expect_error(both +
                     "[gateway]\naddress = \"2001:db8:f::2\"\nlma_address = \"2001:db8:f::2\"\n"
                     "authentication = \"none\"\n" +
                     link_table,
                 "12: gateway.address: is an address of the anchor on the same machine");
}

TEST(ConfigGateway, what_makes_no_sense_is_refused) {
    expect_error(roles + table, "3: gateway.access: at least one is needed");
    expect_error(roles + table + link_table + link_table,
                 "10: gateway.access[1].interface: stands in two tables");
    expect_error(roles + table + link_table + "unknown_nodes = \"host\"\n",
                 "9: gateway.access[0].unknown_nodes: there is no local_prefix for them");
    expect_error(roles + table + link_table + "[[gateway.node]]\nidentifier = \"*\"\n",
                 "10: gateway.node[0].identifier: must be the identifier of one node");
    expect_error(roles + table + link_table +
                     "[[gateway.node]]\nidentifier = \"a\"\nlink_layer_address = \"02:00\"\n",
                 "11: gateway.node[0].link_layer_address: must be six octets as in "
                 "\"02:00:00:00:00:10\", or empty");
    expect_error(roles + table + link_table + "[[gateway.node]]\nidentifier = \"a\"\n" +
                     "mobility = \"host\"\n",
                 "9: gateway.node: \"a\" moves by itself, and no access link has a local_prefix");
    expect_error(
        roles + table + link_table + "[[gateway.node]]\nidentifier = \"a\"\n" +
            "[[gateway.node]]\nidentifier = \"a\"\n",
        "12: gateway.node[1].identifier: it or its link-layer address stands in two tables");
}
