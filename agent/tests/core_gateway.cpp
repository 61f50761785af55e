// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/core_gateway_support.h"

using namespace anchor6;
using namespace anchor6::access_network;
using namespace std::chrono_literals;
using core::Counter;
using wire::Status;
using State = core::GatewayNodeStatus::State;

TEST_GROUP_BASE(Gateway, GatewayTest){};

TEST(Gateway, rfc5213_6_9_1_1_registers_a_node_that_attaches) {
    attach(on_wlan0(1));
    check_state(mn1, State::registering);
    LONGS_EQUAL(1, static_cast<long>(world->sent.size()));
    CHECK(world->sent.front().source == mag1);
    CHECK(world->sent.front().destination == lma);
    const auto sent = update();
    LONGS_EQUAL(101, sent.sequence);
    LONGS_EQUAL(two_minutes, sent.lifetime);
    LONGS_EQUAL(wire::bu_flag::acknowledge | wire::bu_flag::proxy_registration, sent.flags);
    wire::Options expected;
    expected.mn_identifier = {wire::MnIdentifier::nai, mn1};
    expected.home_network_prefixes.emplace_back();
    expected.handoff_indicator = 4;
    expected.access_technology_type = 4;
    expected.timestamp = wire::to_timestamp(world->now.real.time_since_epoch());
    expected.link_layer_identifier = station(1);
    CHECK(sent.options == expected);
}

TEST(Gateway, rfc5213_6_9_1_5_named_prefixes_and_the_anchor_s_link_local_address) {
    core::GatewayConfig other = config();
    other.link_local_address.reset();
    start(other);
    attach(on_wlan1(2));
    const auto sent = update();
    LONGS_EQUAL(2, static_cast<long>(sent.options.home_network_prefixes.size()));
    CHECK(sent.options.home_network_prefixes[0].value() == prefix2a);
    CHECK(sent.options.home_network_prefixes[1].value() == prefix2b);
    LONGS_EQUAL(3, *sent.options.access_technology_type);
    CHECK(sent.options.link_local_address == wire::Address{});
    auto accepted = answer(sent);
    accepted.options.link_local_address = address("fe80::77");
    receive(accepted);
    CHECK(world->heard.back().source == address("fe80::77"));
    world->pass(108s);
    CHECK(update().options.link_local_address == address("fe80::77"));
}

TEST(Gateway, rfc5213_6_9_1_2_nothing_passes_before_the_acknowledgement) {
    world->hold_forwarding = true;
    attach(on_wlan0(1));
    LONGS_EQUAL(0, static_cast<long>(world->installing.size()));
    reply();
    check_state(mn1, State::installing);
    LONGS_EQUAL(1, static_cast<long>(world->installing.size()));
    const core::NodeForwarding forwarding = world->installing.front();
    CHECK(forwarding.at == on_wlan0(1));
    CHECK(forwarding.prefixes == std::vector{assigned});
    CHECK(forwarding.lma_address == lma);
    CHECK(forwarding.link_local_address == core::fixed_link_local_address);
    LONGS_EQUAL(0, static_cast<long>(world->heard.size()));
    world->end_installation(true);
    check_state(mn1, State::registered);
    LONGS_EQUAL(1, static_cast<long>(world->heard.size()));
}

TEST(Gateway, rfc5213_6_9_1_4_deregisters_a_node_that_leaves) {
    serve(on_wlan0(1));
    world->heard.clear();
    leave(on_wlan0(1));
    CHECK(world->forwardings.empty());
    check_state(mn1, State::releasing);
    const auto sent = update();
    LONGS_EQUAL(0, sent.lifetime);
    LONGS_EQUAL(102, sent.sequence);
    LONGS_EQUAL(4, *sent.options.handoff_indicator);
    CHECK(sent.options.home_network_prefixes.front().value() == assigned);
    receive(answer(sent));
    check_gone(mn1);
    check_counted(Counter::gateway_deregistrations, 1);
    CHECK(!world->gateway.next_deadline());
}

TEST(Gateway, rfc5213_6_9_1_4_a_deregistration_without_answer_is_given_up) {
    serve(on_wlan0(1));
    leave(on_wlan0(1));
    world->pass(999ms);
    LONGS_EQUAL(1, static_cast<long>(world->sent.size()));
    world->pass(1ms);
    LONGS_EQUAL(2, static_cast<long>(world->sent.size()));
    world->pass(2s);
    LONGS_EQUAL(3, static_cast<long>(world->sent.size()));
    world->pass(3999ms);
    check_state(mn1, State::releasing);
    world->pass(1ms);
    check_gone(mn1);
    LONGS_EQUAL(3, static_cast<long>(world->sent.size()));
    check_counted(Counter::gateway_deregistrations_unanswered, 1);
}

TEST(Gateway, a_node_that_the_anchor_never_heard_of_is_not_deregistered) {
    attach(on_wlan0(1));
    reply(Status::insufficient_resources);
    leave(on_wlan0(1));
    check_silence();
    check_gone(mn1);
}

TEST(Gateway, a_node_whose_registration_has_no_answer_yet_is_deregistered) {
    attach(on_wlan0(1));
    const auto asked = update();
    leave(on_wlan0(1));
    LONGS_EQUAL(0, update().lifetime);
    check_dropped(Counter::gateway_answers_unexpected, answer(asked));
    CHECK(world->forwardings.empty());
}

TEST(Gateway, rfc5213_6_9_4_retransmits_with_back_off) {
    attach(on_wlan0(1));
    const auto first = update();
    for (const auto wait : {1s, 2s, 4s, 8s, 16s, 32s, 32s}) {
        world->pass(wait - 1ms);
        check_silence();
        world->pass(1ms);
        const auto again = update();
        CHECK(again.sequence != first.sequence);
        CHECK(*again.options.timestamp > *first.options.timestamp);
        LONGS_EQUAL(4, *again.options.handoff_indicator);
    }
    check_counted(Counter::gateway_updates_sent, 1);
    check_counted(Counter::gateway_updates_resent, 7);
}

TEST(Gateway, rfc5213_6_9_1_3_extends_the_session_of_a_node_that_answers) {
    serve(on_wlan0(1));
    world->hold_probes = true;
    world->pass(108s - 1ms);
    LONGS_EQUAL(0, static_cast<long>(world->probes.size()));
    world->pass(1ms);
    LONGS_EQUAL(1, static_cast<long>(world->probes.size()));
    check_silence();
    world->end_probe(true);
    const auto asked = reply();
    LONGS_EQUAL(5, *asked.options.handoff_indicator);
    CHECK(asked.options.home_network_prefixes.front().value() == assigned);
    check_counted(Counter::gateway_extensions, 1);
    CHECK(world->status(mn1)->expires == world->now.boot + 120s);
}

TEST(Gateway, rfc5213_6_9_1_3_a_node_that_does_not_answer_is_deregistered) {
    serve(on_wlan0(1));
    world->absent.insert(on_wlan0(1));
    world->pass(108s);
    LONGS_EQUAL(0, update().lifetime);
    check_state(mn1, State::releasing);
    check_counted(Counter::gateway_nodes_lost, 1);
}

TEST(Gateway, a_probe_without_any_end_counts_as_absence) {
    serve(on_wlan0(1));
    world->hold_probes = true;
    world->pass(108s);
    world->pass(10s - 1ms);
    check_silence();
    world->pass(1ms);
    LONGS_EQUAL(0, update().lifetime);
}

TEST(Gateway, rfc6275_6_2_4_the_anchor_may_advise_an_earlier_refresh) {
    attach(on_wlan0(1));
    auto accepted = answer(update());
    accepted.options.refresh_advice = 15;
    receive(accepted);
    world->pass(60s - 1ms);
    check_silence();
    world->pass(1ms);
    LONGS_EQUAL(5, *update().options.handoff_indicator);
}

TEST(Gateway, a_short_lifetime_leaves_room_for_lost_messages) {
    attach(on_wlan0(1));
    auto accepted = answer(update());
    accepted.lifetime = 5;
    receive(accepted);
    world->pass(10s - 1ms);
    check_silence();
    world->pass(1ms);
    update();
}

TEST(Gateway, a_granted_lifetime_longer_than_asked_is_cut) {
    attach(on_wlan0(1));
    auto accepted = answer(update());
    accepted.lifetime = 300;
    receive(accepted);
    CHECK(world->status(mn1)->expires == world->now.boot + 120s);
}

TEST(Gateway, a_binding_that_nobody_extends_ends_in_time_and_is_asked_for_again) {
    serve(on_wlan0(1));
    world->pass(120s - 1ms);
    CHECK(world->forwarding(on_wlan0(1)) != nullptr);
    world->sent.clear();
    world->pass(1ms);
    CHECK(world->forwarding(on_wlan0(1)) == nullptr);
    check_counted(Counter::gateway_bindings_expired, 1);
    const auto asked = reply();
    LONGS_EQUAL(4, *asked.options.handoff_indicator);
    CHECK(asked.options.home_network_prefixes.front().value() == assigned);
    CHECK(world->forwarding(on_wlan0(1)) != nullptr);
}

TEST(Gateway, a_node_that_comes_back_before_the_anchor_answers_is_registered) {
    serve(on_wlan0(1));
    leave(on_wlan0(1));
    const auto farewell = update();
    attach(on_wlan0(1), 1);
    const auto asked = update();
    LONGS_EQUAL(two_minutes, asked.lifetime);
    LONGS_EQUAL(1, *asked.options.handoff_indicator);
    CHECK(*asked.options.timestamp > *farewell.options.timestamp);
    check_dropped(Counter::gateway_answers_unexpected, answer(farewell));
    receive(answer(asked));
    check_state(mn1, State::registered);
}

TEST(Gateway, rfc5213_6_9_1_1_another_interface_here_is_handoff_indicator_2) {
    core::GatewayConfig other = config();
    start(other);
    command(on_wlan0(1), mn1, 1);
    LONGS_EQUAL(1, *reply().options.handoff_indicator);
    world->heard.clear();
    command(on_wlan1(9), mn1, 3);
    LONGS_EQUAL(1, static_cast<long>(world->gateway.node_count()));
    const auto asked = update();
    LONGS_EQUAL(2, *asked.options.handoff_indicator);
    LONGS_EQUAL(3, *asked.options.access_technology_type);
    CHECK(asked.options.link_layer_identifier == station(9));
    CHECK(asked.options.home_network_prefixes.front().value() == assigned);
    // The prefixes are the node's already: its packets follow at once, and the old interface hears.
    CHECK(world->forwarding(on_wlan0(1)) == nullptr);
    CHECK(world->forwarding(on_wlan1(9)) != nullptr);
    CHECK(world->heard.front().to == on_wlan0(1));
    const auto& old = std::get<wire::RouterAdvertisement>(world->heard.front().message);
    LONGS_EQUAL(0, old.router_lifetime);
    LONGS_EQUAL(0, static_cast<long>(old.prefixes.front().valid_lifetime));
    receive(answer(asked));
    check_state(mn1, State::registered);
}

TEST(Gateway, an_interface_that_moves_to_another_link_is_not_told_to_forget) {
    serve(on_wlan0(1));
    world->heard.clear();
    attach(on_wlan1(1));
    for (const core::SendToNode& heard : world->heard)
        CHECK(heard.to == on_wlan1(1));
    LONGS_EQUAL(2, *reply().options.handoff_indicator);
    check_counted(Counter::gateway_moves, 1);
}

TEST(Gateway, a_node_that_is_seen_again_is_not_registered_again) {
    serve(on_wlan0(1));
    attach(on_wlan0(1));
    check_silence();
    check_counted(Counter::gateway_attachments, 1);
}

TEST(Gateway, a_command_says_what_a_handover_is) {
    command(on_wlan0(1), mn1, 3);
    LONGS_EQUAL(3, *reply().options.handoff_indicator);
    command(on_wlan0(1), mn1, 3);
    LONGS_EQUAL(3, *reply().options.handoff_indicator);
    command(on_wlan0(1), mn1);
    check_silence();
}

TEST(Gateway, link_events_do_not_end_what_a_command_began) {
    command(on_wlan0(1), mn1);
    reply();
    leave(on_wlan0(1));
    attach(on_wlan1(1));
    check_silence();
    check_counted(Counter::gateway_detachments_ignored, 1);
    check_counted(Counter::gateway_attachments_ignored, 1);
    world->tell(core::NodeDetached{{}, mn1, true});
    LONGS_EQUAL(0, update().lifetime);
}

TEST(Gateway, the_session_of_a_command_is_extended_without_a_question) {
    command(on_wlan0(1), mn1);
    reply();
    world->hold_probes = true;
    world->pass(108s);
    LONGS_EQUAL(5, *update().options.handoff_indicator);
}

TEST(Gateway, a_command_may_name_a_node_without_profile) {
    command({"wlan1", {}}, "passenger@example.net");
    const auto asked = update();
    STRCMP_EQUAL("passenger@example.net", asked.options.mn_identifier->identifier.c_str());
    CHECK(!asked.options.link_layer_identifier);
}

TEST(Gateway, a_command_puts_another_node_where_one_is) {
    serve(on_wlan0(1));
    command(on_wlan0(1), guest);
    LONGS_EQUAL(2, static_cast<long>(world->sent.size()));
    LONGS_EQUAL(0, std::get<wire::BindingUpdate>(world->sent[0].message).lifetime);
    CHECK(std::get<wire::BindingUpdate>(world->sent[1].message).options.mn_identifier->identifier ==
          guest);
}

TEST(Gateway, who_has_left_a_place_is_not_found_there) {
    serve(on_wlan0(1));
    STRCMP_EQUAL(mn1.c_str(),
                 world->gateway.node(on_wlan0(1), world->now.boot)->identifier.c_str());
    command(on_wlan0(1), guest);
    check_state(mn1, State::releasing);
    STRCMP_EQUAL(guest.c_str(),
                 world->gateway.node(on_wlan0(1), world->now.boot)->identifier.c_str());
    CHECK(!world->gateway.node(on_wlan1(1), world->now.boot));
    world->tell(core::NodeDetached{on_wlan0(1), {}, true});
    CHECK(!world->gateway.node(on_wlan0(1), world->now.boot));
}

TEST(Gateway, a_link_that_goes_down_takes_its_nodes_with_it) {
    serve(on_wlan0(1));
    command(on_wlan0(2), mn2);
    reply();
    attach(on_wlan1(6));
    reply(Status::accepted, other_assigned);
    world->heard.clear();
    world->tell(core::AccessLinkChanged{"wlan0", true});
    check_silence();
    world->tell(core::AccessLinkChanged{"wlan0", false});
    LONGS_EQUAL(2, static_cast<long>(world->sent.size()));
    LONGS_EQUAL(0, static_cast<long>(world->heard.size()));
    check_state(guest, State::registered);
    check_state(mn2, State::releasing);
}

TEST(Gateway, rfc6612_3_2_a_node_with_host_mobility_gets_the_local_prefix) {
    attach(on_wlan0(3));
    check_silence();
    check_state(host, State::local);
    CHECK(!world->forwarding(on_wlan0(3))->lma_address);
    CHECK(world->forwarding(on_wlan0(3))->prefixes == std::vector{local_prefix});
    const auto heard = advertisement();
    CHECK(heard.prefixes.front().prefix == local_prefix.address());
    leave(on_wlan0(3));
    check_silence();
    check_gone(host);
    CHECK(world->forwardings.empty());
    LONGS_EQUAL(0, static_cast<long>(advertisement().prefixes.front().valid_lifetime));
}

TEST(Gateway, who_is_refused_gets_nothing) {
    const auto check_refused = [this](const core::AccessPoint& at, Counter counter) {
        attach(at);
        world->solicit(at, address("fe80::1"));
        check_silence();
        LONGS_EQUAL(0, static_cast<long>(world->heard.size()));
        LONGS_EQUAL(0, static_cast<long>(world->gateway.node_count()));
        check_counted(counter, 2);
    };
    check_refused(on_wlan0(4), Counter::gateway_nodes_refused);
    check_refused(on_wlan0(99), Counter::gateway_nodes_unknown);
    check_refused(on_wlan1(3), Counter::gateway_no_local_prefix);
    attach({"eth7", station(1)});
    check_counted(Counter::gateway_attachments_elsewhere, 1);
    command(on_wlan0(1), std::string(254, 'x'));
    check_counted(Counter::gateway_identifiers_too_long, 1);
    command(on_wlan0(1), std::string(253, 'x'));
    update();
}

TEST(Gateway, nobody_is_served_without_authentication) {
    core::GatewayConfig open = config();
    open.authentication.reset();
    start(open);
    attach(on_wlan0(1));
    check_silence();
    check_counted(Counter::gateway_no_authentication, 1);
}

TEST(Gateway, unknown_nodes_may_have_the_local_prefix) {
    core::GatewayConfig open = config();
    open.access_links[0].unknown_nodes = core::NodeMobility::host;
    start(open);
    attach(on_wlan0(98));
    attach(on_wlan0(99));
    LONGS_EQUAL(2, static_cast<long>(world->forwardings.size()));
    check_silence();
    leave(on_wlan0(98));
    LONGS_EQUAL(1, static_cast<long>(world->forwardings.size()));
}

TEST(Gateway, there_is_room_for_so_many_nodes) {
    core::GatewayConfig narrow = config();
    narrow.nodes_max = 2;
    start(narrow);
    attach(on_wlan0(1));
    attach(on_wlan0(2));
    attach(on_wlan0(3));
    check_counted(Counter::gateway_nodes_full, 1);
    LONGS_EQUAL(2, static_cast<long>(world->gateway.node_count()));
    attach(on_wlan1(1));
    check_counted(Counter::gateway_moves, 1);
}

TEST(Gateway, rfc5213_5_5_timestamps_rise_within_one_tick_of_the_clock) {
    attach(on_wlan0(1));
    auto last = *update().options.timestamp;
    for (int times = 0; times < 3; ++times) {
        leave(on_wlan0(1));
        const auto farewell = update();
        CHECK(*farewell.options.timestamp > last);
        receive(answer(farewell));
        attach(on_wlan0(1));
        last = *update().options.timestamp;
        CHECK(last > *farewell.options.timestamp);
    }
}

TEST(Gateway, a_clock_that_is_set_back_does_not_take_timestamps_with_it) {
    serve(on_wlan0(1));
    world->now.real -= 10min;
    world->tell(core::ClockStepped{-10min});
    world->pass(108s);
    const auto expected = wire::to_timestamp((world->now.real + 10min).time_since_epoch());
    UNSIGNED_LONGS_EQUAL(expected, *update().options.timestamp);
}

TEST(Gateway, a_clock_that_nobody_has_agreed_with_is_taken_as_it_is) {
    attach(on_wlan0(1));
    update();
    world->now.real += 10min;
    world->tell(core::ClockStepped{10min});
    world->pass(1s);
    UNSIGNED_LONGS_EQUAL(wire::to_timestamp(world->now.real.time_since_epoch()),
                         *update().options.timestamp);
}

TEST(Gateway, the_way_for_packets_is_tried_again_when_the_kernel_refused) {
    world->refuse_forwarding = true;
    attach(on_wlan0(1));
    reply();
    check_state(mn1, State::installing);
    LONGS_EQUAL(0, static_cast<long>(world->heard.size()));
    check_counted(Counter::gateway_forwarding_failures, 1);
    world->pass(10s - 1ms);
    world->refuse_forwarding = false;
    check_state(mn1, State::installing);
    world->pass(1ms);
    check_state(mn1, State::registered);
    LONGS_EQUAL(1, static_cast<long>(world->heard.size()));
}

TEST(Gateway, a_node_that_leaves_while_its_way_is_made_hears_nothing) {
    world->hold_forwarding = true;
    attach(on_wlan0(1));
    reply();
    leave(on_wlan0(1));
    world->end_installation(true);
    LONGS_EQUAL(0, static_cast<long>(world->heard.size()));
    CHECK(world->forwardings.empty());
}

TEST(Gateway, the_last_of_two_ways_counts) {
    serve(on_wlan0(1));
    world->heard.clear();
    world->hold_forwarding = true;
    attach(on_wlan1(1));
    attach(on_wlan0(1));
    world->end_installation(true);
    LONGS_EQUAL(0, static_cast<long>(world->heard.size()));
    world->end_installation(true);
    LONGS_EQUAL(1, static_cast<long>(world->heard.size()));
    CHECK(world->heard.front().to == on_wlan0(1));
}

TEST(Gateway, another_configuration_ends_what_it_does_not_allow) {
    serve(on_wlan0(1));
    attach(on_wlan0(3));
    world->sent.clear();
    core::GatewayConfig other = config();
    other.nodes[0].mobility = core::NodeMobility::refused;
    world->configure(other);
    LONGS_EQUAL(0, update().lifetime);
    check_state(host, State::local);
    other.access_links.erase(other.access_links.begin());
    world->configure(other);
    check_gone(host);
}

TEST(Gateway, another_address_waits_for_a_restart) {
    core::GatewayConfig read = config();
    read.address = mag2;
    read.routing_table += 1;
    read.rule_priority += 1;
    read.lifetime += 1s;
    core::GatewayConfig expected = config();
    expected.lifetime += 1s;
    CHECK(core::until_restart(config(), read) == expected);
}

TEST(Gateway, another_anchor_of_a_node_is_asked_when_it_attaches_again) {
    serve(on_wlan0(1));
    core::GatewayConfig other = config();
    other.nodes[0].lma_address = southern_lma;
    world->configure(other);
    CHECK(world->sent.front().destination == lma);
    LONGS_EQUAL(0, update().lifetime);
    attach(on_wlan0(1));
    CHECK(world->sent.front().destination == southern_lma);
    LONGS_EQUAL(two_minutes, update().lifetime);
    LONGS_EQUAL(1, static_cast<long>(world->gateway.node_count()));
}

TEST(Gateway, another_link_local_address_is_installed_and_advertised) {
    serve(on_wlan0(1));
    world->heard.clear();
    core::GatewayConfig other = config();
    other.link_local_address = address("fe80::5");
    world->configure(other);
    CHECK(world->forwarding(on_wlan0(1))->link_local_address == address("fe80::5"));
    CHECK(world->heard.front().source == address("fe80::5"));
}

TEST(Gateway, its_nodes_are_shown_page_by_page) {
    core::GatewayConfig open = config();
    open.access_links[0].unknown_nodes = core::NodeMobility::host;
    start(open);
    for (unsigned number = 0; number < 300; ++number)
        attach({"wlan0",
                {static_cast<std::uint8_t>(number >> 8), static_cast<std::uint8_t>(number), 9}});
    const auto first = world->gateway.nodes(world->now.boot);
    LONGS_EQUAL(256, static_cast<long>(first.nodes.size()));
    const auto second = world->gateway.nodes(world->now.boot, first.next.value());
    LONGS_EQUAL(44, static_cast<long>(second.nodes.size()));
    CHECK(!second.next);
}
