// SPDX-License-Identifier: GPL-2.0-or-later
// The home link of a gateway (RFC 5213 sections 6.7 and 6.8).
#include "tests/core_gateway_support.h"

using namespace anchor6;
using namespace anchor6::access_network;
using namespace std::chrono_literals;
using core::Counter;

TEST_GROUP_BASE(GatewayLink, GatewayTest){
    void serve_for(std::uint16_t lifetime){core::GatewayConfig other = config();
other.lifetime = 262140s;
start(other);
attach(on_wlan0(1));
auto accepted = answer(update());
accepted.lifetime = lifetime;
receive(accepted);
}
}
;

TEST(GatewayLink, rfc5213_6_7_advertises_the_prefix_to_the_node_alone) {
    serve(on_wlan0(1));
    LONGS_EQUAL(1, static_cast<long>(world->heard.size()));
    const core::SendToNode& heard = world->heard.front();
    CHECK(heard.to == on_wlan0(1));
    CHECK(heard.source == core::fixed_link_local_address);
    CHECK(heard.destination == all_nodes);
    wire::RouterAdvertisement expected;
    expected.router_lifetime = 120;
    expected.source_link_layer_address = core::fixed_link_layer_address;
    wire::PrefixInformation information;
    information.prefix = assigned.address();
    information.length = 64;
    information.on_link = information.autonomous = true;
    information.valid_lifetime = information.preferred_lifetime = 120;
    expected.prefixes = {information};
    CHECK(std::get<wire::RouterAdvertisement>(heard.message) == expected);
}

TEST(GatewayLink, rfc4862_5_5_3_no_address_is_made_of_another_length) {
    attach(on_wlan0(1));
    receive(answer(update(), {}, prefix("2001:db8:2000:300::/56")));
    CHECK(!advertisement().prefixes.front().autonomous);
}

TEST(GatewayLink, a_link_keeps_its_link_layer_address) {
    core::GatewayConfig other = config();
    other.link_layer_address.clear();
    start(other);
    serve(on_wlan0(1));
    CHECK(!advertisement().source_link_layer_address);
}

TEST(GatewayLink, nothing_that_is_advertised_outlives_the_binding) {
    serve_for(1000);
    const auto first = advertisement();
    LONGS_EQUAL(1800, first.router_lifetime);
    LONGS_EQUAL(4000, static_cast<long>(first.prefixes.front().valid_lifetime));
    world->pass(2500s);
    world->heard.clear();
    world->solicit(on_wlan0(1), address("fe80::10"));
    const auto later = advertisement();
    LONGS_EQUAL(1500, later.router_lifetime);
    LONGS_EQUAL(1500, static_cast<long>(later.prefixes.front().valid_lifetime));
}

TEST(GatewayLink, a_binding_in_its_last_second_is_not_advertised) {
    serve(on_wlan0(1));
    world->heard.clear();
    world->pass(119s);
    world->solicit(on_wlan0(1));
    LONGS_EQUAL(
        1, static_cast<long>(
               std::get<wire::RouterAdvertisement>(world->heard.back().message).router_lifetime));
    world->heard.clear();
    world->pass(1ms);
    world->solicit(on_wlan0(1));
    LONGS_EQUAL(0, static_cast<long>(world->heard.size()));
}

TEST(GatewayLink, rfc4861_6_2_4_the_first_advertisements_follow_each_other_sooner) {
    serve_for(60000);
    const auto check_next = [this](core::BootClock::duration interval) {
        world->heard.clear();
        world->pass(interval - 1ms);
        LONGS_EQUAL(0, static_cast<long>(world->heard.size()));
        world->pass(1ms);
        LONGS_EQUAL(1, static_cast<long>(world->heard.size()));
    };
    check_next(5s);
    check_next(5s);
    check_next(600s);
    check_next(600s);
}

TEST(GatewayLink, rfc4861_6_2_6_solicitations_are_answered_so_often) {
    serve(on_wlan0(1));
    world->heard.clear();
    for (int times = 0; times < 5; ++times)
        world->solicit(on_wlan0(1), address("fe80::10"));
    LONGS_EQUAL(2, static_cast<long>(world->heard.size()));
    CHECK(world->heard.front().destination == address("fe80::10"));
    CHECK(world->heard.front().to == on_wlan0(1));
    check_counted(Counter::gateway_solicitations, 2);
    check_counted(Counter::gateway_solicitations_suppressed, 3);
    world->wait(499ms);
    world->solicit(on_wlan0(1));
    LONGS_EQUAL(2, static_cast<long>(world->heard.size()));
    world->wait(1ms);
    world->solicit(on_wlan0(1));
    LONGS_EQUAL(3, static_cast<long>(world->heard.size()));
    CHECK(world->heard.back().destination == all_nodes);
}

TEST(GatewayLink, a_solicitation_shows_a_node) {
    world->solicit(on_wlan0(1), address("fe80::10"));
    check_counted(Counter::gateway_attachments, 1);
    const auto asked = update();
    LONGS_EQUAL(4, *asked.options.handoff_indicator);
    world->solicit(on_wlan0(1));
    check_counted(Counter::gateway_solicitations_unserved, 1);
    check_silence();
    receive(answer(asked));
    LONGS_EQUAL(1, static_cast<long>(world->heard.size()));
}

TEST(GatewayLink, a_link_without_link_events_is_shown_nodes_by_command_only) {
    core::GatewayConfig other = config();
    other.access_links[0].link_events = false;
    start(other);
    world->solicit(on_wlan0(1));
    world->solicit({"eth7", station(1)});
    check_silence();
    check_counted(Counter::gateway_solicitations_ignored, 2);
    command(on_wlan0(1), mn1);
    reply();
    world->heard.clear();
    world->solicit(on_wlan0(1));
    LONGS_EQUAL(1, static_cast<long>(world->heard.size()));
}

TEST(GatewayLink, other_icmp_messages_are_not_a_gateway_s) {
    core::IcmpReceived received;
    received.link = "wlan0";
    received.message = wire::RouterAdvertisement{};
    world->tell(core::AccessIcmpReceived{received, station(1)});
    check_counted(Counter::gateway_messages_ignored, 1);
    LONGS_EQUAL(0, static_cast<long>(world->gateway.node_count()));
}

TEST(GatewayLink, what_a_node_had_is_withdrawn_when_it_leaves) {
    serve(on_wlan0(1));
    world->heard.clear();
    leave(on_wlan0(1));
    const auto heard = advertisement();
    LONGS_EQUAL(0, heard.router_lifetime);
    LONGS_EQUAL(1, static_cast<long>(heard.prefixes.size()));
    CHECK(heard.prefixes.front().prefix == assigned.address());
    LONGS_EQUAL(0, static_cast<long>(heard.prefixes.front().valid_lifetime));
    LONGS_EQUAL(0, static_cast<long>(heard.prefixes.front().preferred_lifetime));
    check_counted(Counter::gateway_withdrawals, 1);
}

TEST(GatewayLink, a_refresh_is_advertised) {
    serve(on_wlan0(1));
    world->pass(108s);
    world->heard.clear();
    reply();
    LONGS_EQUAL(120, static_cast<long>(advertisement().prefixes.front().valid_lifetime));
}

TEST(GatewayLink, the_local_prefix_lives_as_rfc4861_has_it) {
    attach(on_wlan0(3));
    const auto heard = advertisement();
    LONGS_EQUAL(1800, heard.router_lifetime);
    LONGS_EQUAL(2592000, static_cast<long>(heard.prefixes.front().valid_lifetime));
    LONGS_EQUAL(604800, static_cast<long>(heard.prefixes.front().preferred_lifetime));
    LONGS_EQUAL(1, static_cast<long>(heard.prefixes.size()));
}

TEST(GatewayLink, two_nodes_on_a_link_hear_of_their_own_prefixes_only) {
    serve(on_wlan0(1));
    attach(on_wlan0(6));
    reply(wire::Status::accepted, other_assigned);
    attach(on_wlan0(3));
    LONGS_EQUAL(3, static_cast<long>(world->heard.size()));
    for (const core::SendToNode& heard : world->heard) {
        const auto& message = std::get<wire::RouterAdvertisement>(heard.message);
        LONGS_EQUAL(1, static_cast<long>(message.prefixes.size()));
        CHECK(message.prefixes.front().prefix ==
              world->forwarding(heard.to)->prefixes.front().address());
    }
}
