// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/core_support.h"

using namespace anchor6;
using namespace anchor6::laboratory;
using core::Counter;
using wire::Status;

// NOLINTBEGIN(bugprone-unchecked-optional-access)

namespace {

constexpr auto router = wire::bu_flag::mobile_router;

core::Packet nowhere_home() {
    return away(address("2001:db8:dead::1"));
}

wire::BindingUpdate with_network(wire::BindingUpdate update, const wire::Prefix& network) {
    update.options.mobile_network_prefixes.push_back({network.length(), network.address()});
    return update;
}

} // namespace

TEST_GROUP_BASE(home_agent, CoreTest){};

TEST(home_agent, rfc6275_10_3_1_a_registration_becomes_a_binding) {
    const auto answer = send(away(home1), binding_update(7));
    CHECK(answer.status == Status::accepted);
    LONGS_EQUAL(7, answer.sequence);
    LONGS_EQUAL(two_minutes, answer.lifetime);
    LONGS_EQUAL(0, answer.flags);
    CHECK(is_bound(home1));
    check_far_end(care_of, home1);
    check_far_end({}, address("2001:db8:2000:1::11"));
}

TEST(home_agent, rfc6275_9_5_4_the_answer_goes_through_a_routing_header) {
    world->receive(away(home1), binding_update(7));
    const auto sent = answer_sent();
    CHECK(sent.source == home_agent && sent.destination == home1);
    CHECK(sent.care_of_address == care_of);
    CHECK(!sent.reply_home);
}

TEST(home_agent, rfc6275_9_5_4_an_alternate_care_of_address_is_bound_and_the_source_answered) {
    auto update = binding_update(7);
    update.options.alternate_care_of_address = other_care_of;
    world->receive(away(home1), update);
    CHECK(answer_sent().care_of_address == care_of);
    check_far_end(other_care_of, home1);
}

TEST(home_agent, rfc6275_10_3_1_answers_without_the_acknowledge_bit) {
    auto update = binding_update(7);
    update.flags = wire::bu_flag::home_registration;
    check_accepted(away(home1), update);
}

TEST(home_agent, rfc6275_9_5_1_home_address_must_be_routable_unicast) {
    for (const char* bad : {"::", "::1", "ff02::1", "fe80::1"})
        check_dropped(Counter::bu_bad_home_address, away(address(bad)), binding_update(1));
}

TEST(home_agent, rfc6275_9_5_1_care_of_address_must_be_routable_unicast) {
    for (const char* bad : {"::", "::1", "ff02::1", "fe80::1"}) {
        auto update = binding_update(1);
        update.options.alternate_care_of_address = address(bad);
        check_dropped(Counter::bu_bad_care_of_address, away(home1), update);
    }
    auto update = binding_update(1);
    update.options.alternate_care_of_address = care_of;
    check_dropped(Counter::bu_bad_care_of_address, away(home1, address("fe80::9")), update);
}

TEST(home_agent, rfc6275_9_5_1_options_of_a_correspondent_registration_are_dropped) {
    auto update = binding_update(1);
    update.options.nonce_indices = true;
    check_dropped(Counter::bu_correspondent_option, away(home1), update);
    update = binding_update(1);
    update.options.binding_authorization_data = true;
    check_dropped(Counter::bu_correspondent_option, away(home1), update);
}

TEST(home_agent, rfc6275_10_3_1_a_registration_needs_the_home_address_option) {
    auto update = binding_update(1);
    update.options.alternate_care_of_address = care_of;
    check_dropped(Counter::bu_no_home_address_option, at_home(home1), update);
}

TEST(home_agent, rfc6275_9_5_1_a_correspondent_registration_is_dropped) {
    auto update = binding_update(1);
    update.flags = wire::bu_flag::acknowledge;
    check_dropped(Counter::bu_correspondent_registration, away(home1), update);
}

TEST(home_agent, rfc6275_9_5_1_any_first_sequence_number_is_accepted) {
    check_accepted(away(home1), binding_update(0));
    check_accepted(away(home2), binding_update(65535));
}

TEST(home_agent, rfc6275_9_5_1_old_sequence_numbers_are_refused_with_the_last_accepted) {
    check_accepted(away(home1), binding_update(100));
    for (const int old : {100, 99, 100 - 32767 + 65536, 100 + 32768}) {
        const auto answer = send(away(home1), binding_update(static_cast<std::uint16_t>(old)));
        CHECK(answer.status == Status::sequence_out_of_window);
        LONGS_EQUAL(100, answer.sequence);
        LONGS_EQUAL(0, answer.lifetime);
    }
    check_counted(Counter::bu_sequence_out_of_window, 4);
}

TEST(home_agent, rfc6275_9_5_1_new_sequence_numbers_are_accepted) {
    check_accepted(away(home1), binding_update(100));
    check_accepted(away(home1), binding_update(101));
    check_accepted(away(home1), binding_update(101 + 32767));
    check_accepted(away(home1), binding_update(32));
}

TEST(home_agent, rfc6275_9_5_1_registration_type_cannot_change) {
    check_accepted(away(home1), binding_update(1));
    auto update = binding_update(2);
    update.flags = wire::bu_flag::acknowledge;
    check_refused(Status::registration_type_change_disallowed, Counter::bu_registration_type_change,
                  away(home1), update);
    CHECK(is_bound(home1));
}

TEST(home_agent, rfc3963_6_2_router_flag_cannot_change) {
    check_accepted(away(home1), binding_update(1));
    check_refused(Status::registration_type_change_disallowed, Counter::bu_registration_type_change,
                  away(home1), binding_update(2, two_minutes, router));
}

TEST(home_agent, rfc6275_10_3_1_only_at_a_home_agent_address) {
    auto packet = away(home1);
    packet.destination = lma;
    check_refused(Status::home_registration_not_supported, Counter::bu_not_home_agent, packet,
                  binding_update(1));
}

TEST(home_agent, rfc6275_10_3_1_home_address_outside_the_home_prefixes) {
    check_refused(Status::not_home_subnet, Counter::bu_not_home_subnet, nowhere_home(),
                  binding_update(1));
}

TEST(home_agent, rfc6275_10_3_1_home_address_of_another_group) {
    check_refused(Status::not_home_subnet, Counter::bu_not_home_subnet,
                  away(address("2001:db8:3000:1::10")), binding_update(1));
}

TEST(home_agent, fail_closed_home_address_of_no_node) {
    for (const char* nobodys : {"2001:db8:1000::1", "2001:db8:2000:ffff::1"})
        check_refused(Status::administratively_prohibited, Counter::bu_unknown_node,
                      away(address(nobodys)), binding_update(1));
}

TEST(home_agent, fail_closed_node_without_host_mobility) {
    check_refused(Status::administratively_prohibited, Counter::bu_no_host_mobility,
                  away(address("2001:db8:2000:d::1")), binding_update(1));
}

TEST(home_agent, fail_closed_node_without_authentication) {
    check_refused(Status::administratively_prohibited, Counter::bu_no_authentication,
                  away(address("2001:db8:2000:c::1")), binding_update(1));
}

TEST(home_agent, fail_closed_node_of_another_group) {
    auto config = laboratory::config();
    config.nodes[0].group = "south";
    world->configure(config);
    check_refused(Status::administratively_prohibited, Counter::bu_unknown_node, away(home1),
                  binding_update(1));
}

TEST(home_agent, fail_closed_a_prefix_that_is_now_fixed_for_another_node) {
    check_accepted(gateway(mag1), proxy_update(guest, 1));
    const auto assigned = session(guest).home_network_prefixes.front();
    const auto home = address("2001:db8:1000::9");
    check_accepted(away(home), binding_update(1));
    auto config = laboratory::config();
    config.nodes.push_back(node("new@example.org", {assigned}));
    world->configure(config);
    check_refused(Status::administratively_prohibited, Counter::bu_foreign_home_prefix, away(home),
                  binding_update(2));
    check_accepted(away(home), binding_update(3, 0));
}

TEST(home_agent, fail_closed_deregistration_without_authentication) {
    check_accepted(away(home1), binding_update(1));
    auto config = laboratory::config();
    config.nodes[0].authentication.reset();
    world->configure(config);
    check_refused(Status::administratively_prohibited, Counter::bu_no_authentication, away(home1),
                  binding_update(2, 0));
    CHECK(is_bound(home1));
}

TEST(home_agent, rfc6275_9_5_1_care_of_address_that_is_the_anchor_or_leads_back) {
    for (const auto& loop : {home_agent, lma})
        check_refused(Status::invalid_care_of_address, Counter::bu_care_of_address_loop,
                      away(home1, loop), binding_update(1));
    check_refused(Status::invalid_care_of_address, Counter::bu_care_of_address_loop,
                  away(home1, address("2001:db8:2000:1::99")),
                  binding_update(1, two_minutes, router));
    check_accepted(away(home1, home2), binding_update(1));
    check_refused(Status::invalid_care_of_address, Counter::bu_care_of_address_loop,
                  away(home2, home1), binding_update(1));
}

TEST(home_agent, rfc6275_9_5_1_what_the_update_replaces_is_no_loop) {
    const auto first = prefix("2001:db8:2000:1:1000::/68");
    const auto second = prefix("2001:db8:2000:1:2000::/68");
    check_accepted(away(home1, address("2001:db8:2000:1:2000::1")),
                   with_network(binding_update(1, two_minutes, router), first));
    check_accepted(away(home1, address("2001:db8:2000:1:1000::1")),
                   with_network(binding_update(2, two_minutes, router), second));
}

TEST(home_agent, rfc6275_9_5_1_what_has_ended_is_no_loop) {
    check_accepted(away(home2, home1), binding_update(1));
    check_accepted(away(home2, home1), binding_update(2, 0));
    world->receive(away(home2), binding_update(3));
    world->receive(away(home1, home2), binding_update(1));
    LONGS_EQUAL(2, static_cast<long>(world->open.size()));
    world->run();
}

TEST(home_agent, rfc6275_9_5_1_two_under_way_make_no_loop) {
    world->receive(away(home1, home2), binding_update(1));
    world->receive(away(home2, home1), binding_update(1));
    LONGS_EQUAL(1, static_cast<long>(world->open.size()));
    world->end(World::Outcome::store_failed);
    LONGS_EQUAL(2, static_cast<long>(world->sent.size()));
    world->sent.clear();
    check_accepted(away(home2, home1), binding_update(2));
}

TEST(home_agent, rfc6275_9_5_1_what_failed_makes_no_loop) {
    check_accepted(away(home1), binding_update(1));
    world->receive(away(home1, home2), binding_update(2));
    world->end(World::Outcome::store_failed);
    world->sent.clear();
    check_accepted(away(home2, home1), binding_update(1));
}

TEST(home_agent, scenario_a_care_of_addresses_nest_up_to_four_deep) {
    const auto home = [](int number) {
        return address("2001:db8:2000:1::" + std::to_string(number));
    };
    check_accepted(away(home(1)), binding_update(1));
    for (int number = 2; number <= 4; ++number)
        check_accepted(away(home(number), home(number - 1)), binding_update(1));
    check_refused(Status::invalid_care_of_address, Counter::bu_care_of_address_loop,
                  away(home(5), home(4)), binding_update(1));
}

TEST(home_agent, scenario_a_a_care_of_address_behind_a_gateway_of_this_anchor) {
    check_accepted(gateway(mag1), proxy_update(guest, 1));
    auto octets = session(guest).home_network_prefixes.front().address().octets();
    octets[15] = 9;
    const wire::Address visited{octets};
    check_accepted(away(home1, visited), binding_update(1));
    check_far_end(visited, home1);
    check_far_end(mag1, visited);
}

TEST(home_agent, rfc6275_9_5_1_care_of_address_in_ones_own_prefix_is_no_loop_of_a_host) {
    check_accepted(away(home1, address("2001:db8:2000:1::99")), binding_update(1));
}

TEST(home_agent, rfc3963_6_2_node_that_may_not_be_a_router) {
    check_refused(Status::mobile_router_operation_not_permitted, Counter::bu_no_mobile_router,
                  away(address("2001:db8:2000:e::1")), binding_update(1, two_minutes, router));
}

TEST(home_agent, rfc3963_6_2_malformed_or_unserved_prefix) {
    auto update = binding_update(1, two_minutes, router);
    update.options.mobile_network_prefixes.push_back({129, prefix1.address()});
    check_refused(Status::invalid_prefix, Counter::bu_invalid_prefix, away(home1), update);
    check_refused(
        Status::invalid_prefix, Counter::bu_invalid_prefix, away(home1),
        with_network(binding_update(1, two_minutes, router), prefix("2001:db8:dead::/64")));
}

TEST(home_agent, rfc3963_6_2_prefix_of_another_node) {
    check_accepted(gateway(mag1), proxy_update(guest, 1));
    const auto assigned = session(guest).home_network_prefixes.front();
    check_refused(Status::not_authorized_for_prefix, Counter::bu_foreign_prefix,
                  away(address("2001:db8:1000::9")),
                  with_network(binding_update(1, two_minutes, router),
                               *wire::Prefix::of(assigned.address(), 60)));
    for (const auto& foreign : {prefix2a, prefix("2001:db8:2000::/40")})
        check_refused(Status::not_authorized_for_prefix, Counter::bu_foreign_prefix, away(home1),
                      with_network(binding_update(1, two_minutes, router), foreign));
}

TEST(home_agent, rfc3963_6_2_prefix_that_follows_another_home_address) {
    check_accepted(away(home1), binding_update(1, two_minutes, router));
    check_refused(Status::forwarding_setup_failed, Counter::bu_prefix_bound,
                  away(address("2001:db8:2000:1::11")), binding_update(1, two_minutes, router));
}

TEST(home_agent, rfc3963_implicit_mode_the_home_network_prefix_follows_the_node) {
    const auto answer = send(away(home1), binding_update(1, two_minutes, router));
    LONGS_EQUAL(wire::ba_flag::mobile_router, answer.flags);
    check_far_end(care_of, address("2001:db8:2000:1:9:9:9:9"));
}

TEST(home_agent, rfc3963_explicit_mode_the_named_prefix_and_the_home_address_follow_the_node) {
    const auto network = prefix("2001:db8:2000:1:f000::/68");
    check_accepted(away(home1), with_network(binding_update(1, two_minutes, router), network));
    check_far_end(care_of, home1);
    check_far_end(care_of, address("2001:db8:2000:1:f123::1"));
    check_far_end({}, address("2001:db8:2000:1:e123::1"));
}

TEST(home_agent, rfc3963_a_later_update_replaces_the_prefixes) {
    const auto network = prefix("2001:db8:2000:1:f000::/68");
    check_accepted(away(home1), with_network(binding_update(1, two_minutes, router), network));
    check_accepted(away(home1), binding_update(2, two_minutes, router));
    LONGS_EQUAL(1, static_cast<long>(world->kernel.size()));
    check_accepted(away(home1), binding_update(3, 0, router));
    LONGS_EQUAL(0, static_cast<long>(world->kernel.size()));
    check_accepted(away(address("2001:db8:2000:1::11")), binding_update(1, two_minutes, router));
}

TEST(home_agent, limit_home_addresses_of_a_node) {
    auto config = laboratory::config();
    config.limits.sessions_per_node = 2;
    world->configure(config);
    check_accepted(away(address("2001:db8:2000:1::1")), binding_update(1));
    check_accepted(away(address("2001:db8:2000:1::2")), binding_update(1));
    check_refused(Status::insufficient_resources, Counter::bu_too_many_of_node,
                  away(address("2001:db8:2000:1::3")), binding_update(1));
    check_accepted(away(address("2001:db8:2000:1::2")), binding_update(2));
}

TEST(home_agent, limit_bindings) {
    auto config = laboratory::config();
    config.limits.bindings = 2;
    world->configure(config);
    check_accepted(away(home1), binding_update(1));
    check_accepted(gateway(mag1), proxy_update(mn1, 1));
    check_refused(Status::insufficient_resources, Counter::bu_too_many_bindings, away(home2),
                  binding_update(1));
    check_accepted(away(home1), binding_update(2));
}

TEST(home_agent, rfc6275_10_3_1_lifetime_is_cut_to_the_most) {
    auto config = laboratory::config();
    config.timers.max_home_lifetime = std::chrono::seconds{43};
    world->configure(config);
    LONGS_EQUAL(10, send(away(home1), binding_update(1)).lifetime);
    LONGS_EQUAL(9, send(away(home1), binding_update(2, 9)).lifetime);
}

TEST(home_agent, rfc6275_10_3_2_deregistration_from_home) {
    check_accepted(away(home1), binding_update(1));
    world->receive(at_home(home1), binding_update(2, 0));
    const auto sent = answer_sent();
    const auto answer = std::get<wire::BindingAcknowledgement>(sent.message);
    CHECK(answer.status == Status::accepted && answer.sequence == 2 && answer.lifetime == 0);
    CHECK(sent.destination == home1 && !sent.care_of_address && sent.reply_home);
    CHECK(!answer.options.refresh_advice);
    CHECK(!is_bound(home1));
    check_far_end({}, home1);
}

TEST(home_agent, rfc6275_10_3_2_deregistration_by_a_care_of_address_at_home) {
    check_accepted(away(home1), binding_update(1));
    LONGS_EQUAL(0, send(at_home(home1), binding_update(2)).lifetime);
    CHECK(!is_bound(home1));
}

TEST(home_agent, rfc6275_10_3_2_deregistration_from_away) {
    check_accepted(away(home1), binding_update(1));
    world->receive(away(home1), binding_update(2, 0));
    CHECK(answer_sent().care_of_address == care_of);
    CHECK(!is_bound(home1));
}

TEST(home_agent, rfc6275_10_3_2_deregistration_of_nothing) {
    check_refused(Status::not_home_agent_for_this_mobile_node, Counter::bu_no_binding, away(home1),
                  binding_update(1, 0));
}

TEST(home_agent, rfc6275_9_5_1_sequence_number_outlives_the_binding) {
    check_accepted(away(home1), binding_update(10));
    check_accepted(away(home1), binding_update(11, 0));
    LONGS_EQUAL(11, send(away(home1), binding_update(11)).sequence);
    check_refused(Status::sequence_out_of_window, Counter::bu_sequence_out_of_window, away(home1),
                  binding_update(10));
    check_accepted(away(home1), binding_update(12));
}

TEST(home_agent, rfc6275_9_5_1_sequence_number_is_forgotten_in_time) {
    const auto memory = laboratory::config().timers.sequence_memory;
    check_accepted(away(home1), binding_update(10));
    check_accepted(away(home1), binding_update(11, 0));
    world->pass(memory - std::chrono::seconds{1});
    check_status(Status::sequence_out_of_window, away(home1), binding_update(10));
    world->pass(std::chrono::seconds{2});
    LONGS_EQUAL(0, static_cast<long>(world->stored_home.size()));
    check_accepted(away(home1), binding_update(10));
}

TEST(home_agent, rfc6275_10_3_1_binding_expires_and_its_sequence_number_stays) {
    check_accepted(away(home1), binding_update(10, 5));
    world->pass(std::chrono::seconds{19});
    CHECK(is_bound(home1));
    world->pass(std::chrono::seconds{2});
    CHECK(!is_bound(home1));
    check_far_end({}, home1);
    check_counted(Counter::home_bindings_expired, 1);
    check_status(Status::sequence_out_of_window, away(home1), binding_update(10));
}

TEST(home_agent, rfc6275_order_of_checks_the_first_failure_is_answered) {
    check_accepted(away(home1), binding_update(100));
    // Each message has the fault named and all those below it.
    auto update = binding_update(100, two_minutes, router);
    update.flags &= static_cast<std::uint16_t>(~wire::bu_flag::home_registration);
    update = with_network(update, prefix("2001:db8:dead::/64"));
    auto packet = away(home1, home_agent);
    packet.destination = lma;
    check_status(Status::sequence_out_of_window, packet, update);
    update.sequence = 101;
    check_status(Status::registration_type_change_disallowed, packet, update);
    update = with_network(binding_update(101, two_minutes, router), prefix("2001:db8:dead::/64"));
    packet = nowhere_home();
    packet.source = home_agent;
    packet.destination = lma;
    check_status(Status::home_registration_not_supported, packet, update);
    packet.destination = home_agent;
    check_status(Status::not_home_subnet, packet, update);
    packet.home_address = address("2001:db8:2000:e::1");
    check_status(Status::invalid_care_of_address, packet, update);
    packet.source = care_of;
    check_status(Status::mobile_router_operation_not_permitted, packet, update);
    packet.home_address = home2;
    check_status(Status::invalid_prefix, packet, update);
    update.options.mobile_network_prefixes.front() = {64, prefix1.address()};
    check_status(Status::not_authorized_for_prefix, packet, update);
}

TEST(home_agent, rfc6275_order_of_checks_deregistration_comes_before_the_home_subnet) {
    check_status(Status::not_home_agent_for_this_mobile_node, nowhere_home(), binding_update(1, 0));
}

TEST(home_agent, rfc6275_9_5_1_a_remembered_number_of_another_node_does_not_count) {
    check_accepted(gateway(mag1), proxy_update(guest, 1));
    const auto home = wire::Address{session(guest).home_network_prefixes.front().address()};
    check_accepted(away(home), binding_update(100));
    check_accepted(away(home), binding_update(101, 0));
    world->receive(gateway(mag1), proxy_update(guest, 2, 0));
    answer();
    world->pass(std::chrono::seconds{11});
    auto claim = proxy_update(visitor, 1);
    name_prefix(claim, *wire::Prefix::of(home, 64));
    check_accepted(gateway(mag1), claim);
    check_accepted(away(home), binding_update(1));
}

TEST_GROUP_BASE(binding_error, CoreTest){};

TEST(binding_error, rfc6275_9_3_3_unknown_type_is_answered_with_status_2) {
    const wire::ParseError unknown{wire::ParseFault::unknown_type, 99, 2};
    world->receive(away(home1), unknown);
    auto sent = answer_sent();
    CHECK(sent.source == home_agent && sent.destination == care_of && !sent.care_of_address);
    auto error = std::get<wire::BindingError>(sent.message);
    LONGS_EQUAL(wire::BindingError::unrecognized_type, error.status);
    CHECK(error.home_address == home1);
    world->receive(gateway(mag1), unknown);
    sent = answer_sent();
    CHECK(std::get<wire::BindingError>(sent.message).home_address.is_unspecified());
    CHECK(!sent.reply_home);
    world->receive(at_home(home1), unknown);
    CHECK(answer_sent().reply_home);
}

TEST(binding_error, rfc6275_9_3_3_never_to_a_source_that_is_not_unicast) {
    const wire::ParseError unknown{wire::ParseFault::unknown_type, 99, 2};
    for (const char* source : {"::", "::1", "ff02::1"})
        world->receive(gateway(address(source)), unknown);
    check_silence();
    check_counted(Counter::binding_errors_suppressed, 3);
}

TEST(binding_error, rfc6275_9_3_3_rate_is_limited) {
    const wire::ParseError unknown{wire::ParseFault::unknown_type, 99, 2};
    for (int message = 0; message < 30; ++message)
        world->receive(away(home1), unknown);
    check_counted(Counter::binding_errors_sent, 10);
    check_counted(Counter::binding_errors_suppressed, 20);
    world->wait(std::chrono::milliseconds{100});
    for (int message = 0; message < 2; ++message)
        world->receive(away(home1), unknown);
    check_counted(Counter::binding_errors_sent, 11);
}

TEST(binding_error, rfc6275_9_2_other_faults_are_silent_and_counted) {
    using Fault = wire::ParseFault;
    const std::pair<Fault, Counter> faults[] = {
        {Fault::truncated, Counter::parse_truncated},
        {Fault::bad_payload_proto, Counter::parse_bad_payload_proto},
        {Fault::header_too_short, Counter::parse_header_too_short},
        {Fault::header_beyond_packet, Counter::parse_header_beyond_packet},
        {Fault::bad_option_length, Counter::parse_bad_option_length},
        {Fault::duplicate_option, Counter::parse_duplicate_option}};
    for (const auto& [fault, counter] : faults) {
        world->receive(away(home1), wire::ParseError{fault, 5, 0});
        check_counted(counter, 1);
    }
    check_silence();
}

TEST(binding_error, messages_that_an_anchor_does_not_receive_are_ignored) {
    check_dropped(Counter::message_not_for_anchor, away(home1), wire::BindingAcknowledgement{});
    check_dropped(Counter::message_not_for_anchor, away(home1), wire::OtherMessage{3});
}

// NOLINTEND(bugprone-unchecked-optional-access)
