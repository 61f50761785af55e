// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/core_support.h"

using namespace anchor6;
using namespace anchor6::laboratory;
using core::Counter;
using std::chrono::milliseconds;
using std::chrono::seconds;
using wire::Status;

// NOLINTBEGIN(bugprone-unchecked-optional-access)

TEST_GROUP_BASE(coexistence, CoreTest){
    /// The first address of the node's assigned prefix.
    wire::Address assigned_home(const std::string& mn_identifier) const {
        auto octets = session(mn_identifier).home_network_prefixes.front().address().octets();
octets.back() = 0x10;
return wire::Address{octets};
}
}
;

TEST(coexistence, draft_4_3_a_bu_never_changes_the_proxy_cache) {
    check_accepted(gateway(mag1), proxy_update(mn1, 1));
    const auto before = session(mn1);
    check_accepted(away(home1), binding_update(1));
    CHECK(session(mn1) == before);
    LONGS_EQUAL(2, static_cast<long>(world->kernel.size()));
    check_accepted(at_home(home1), binding_update(2, 0));
    CHECK(session(mn1) == before);
    check_far_end(mag1, home1);
}

TEST(coexistence, draft_4_3_a_pbu_never_changes_the_home_cache) {
    check_accepted(away(home1), binding_update(1));
    const auto before = home_binding(home1);
    check_accepted(gateway(mag1), proxy_update(mn1, 1));
    check_accepted(gateway(mag1), proxy_update(mn1, 2));
    check_accepted(gateway(mag1), proxy_update(mn1, 3, 0));
    CHECK(home_binding(home1) == before);
    world->pass(seconds{11});
    CHECK(home_binding(home1) == before);
    check_far_end(care_of, home1);
}

TEST(coexistence, draft_4_3_a_packet_is_matched_with_the_home_cache_first) {
    check_accepted(gateway(mag1), proxy_update(mn1, 1));
    check_far_end(mag1, home1);
    check_accepted(away(home1), binding_update(1));
    check_far_end(care_of, home1);
    check_far_end(mag1, address("2001:db8:2000:1::11"));
}

TEST(coexistence, draft_4_3_with_the_r_flag_the_whole_prefix_is_matched_with_the_home_cache) {
    check_accepted(gateway(mag1), proxy_update(mn1, 1));
    check_accepted(away(home1), binding_update(1, two_minutes, wire::bu_flag::mobile_router));
    check_far_end(care_of, address("2001:db8:2000:1::11"));
}

TEST(coexistence, draft_4_3_1_leaving_home_the_proxy_binding_runs_out) {
    check_accepted(gateway(mag1), proxy_update(mn1, 1, 5));
    check_accepted(away(home1), binding_update(1));
    world->pass(seconds{21});
    LONGS_EQUAL(0, static_cast<long>(sessions(mn1).size()));
    CHECK(is_bound(home1));
    check_far_end(care_of, home1);
}

TEST(coexistence, draft_4_3_1_a_late_refresh_of_the_mag_changes_nothing_for_the_node) {
    check_accepted(gateway(mag1), proxy_update(mn1, 1));
    check_accepted(away(home1), binding_update(1));
    check_accepted(gateway(mag1), proxy_update(mn1, 2));
    check_far_end(care_of, home1);
}

TEST(coexistence, draft_4_3_2_returning_home_traffic_follows_the_home_binding_until_it_is_ended) {
    check_accepted(away(home1), binding_update(1));
    check_accepted(gateway(mag2), proxy_update(mn1, 1));
    check_far_end(care_of, home1);
    world->receive(at_home(home1), binding_update(2, 0));
    const auto sent = answer_sent();
    CHECK(sent.destination == home1 && sent.reply_home && !sent.care_of_address);
    check_far_end(mag2, home1);
    LONGS_EQUAL(1, static_cast<long>(world->kernel.size()));
}

TEST(coexistence, draft_3_3_item_2_a_deregistration_bu_deletes_only_the_home_binding) {
    check_accepted(gateway(mag1), proxy_update(mn1, 1));
    check_accepted(away(home1), binding_update(1));
    const auto before = session(mn1);
    check_accepted(away(home1), binding_update(2, 0));
    CHECK(session(mn1) == before);
    CHECK(!is_bound(home1));
}

TEST(coexistence, draft_3_3_item_2_a_deregistration_pbu_deletes_only_the_proxy_binding) {
    check_accepted(gateway(mag1), proxy_update(mn1, 1));
    check_accepted(away(home1), binding_update(1));
    check_accepted(gateway(mag1), proxy_update(mn1, 2, 0));
    CHECK(is_bound(home1));
    CHECK(session(mn1).state == core::ProxyBinding::State::being_deleted);
}

TEST(coexistence, draft_3_3_item_3_the_two_orders_never_mix) {
    check_accepted(gateway(mag1), timed_proxy_update(mn1, 60000));
    check_accepted(away(home1), binding_update(5));
    world->wait(milliseconds{1});
    check_accepted(gateway(mag1), timed_proxy_update(mn1, 3));
    check_accepted(away(home1), binding_update(6));
    check_status(Status::sequence_out_of_window, away(home1), binding_update(6));
    LONGS_EQUAL(3, session(mn1).sequence);
    LONGS_EQUAL(6, home_binding(home1)->sequence);
}

TEST(coexistence, draft_3_3_item_5_a_mag_that_lies_cannot_move_a_node_that_is_away) {
    check_accepted(away(home1), binding_update(1));
    check_accepted(gateway(mag4), proxy_update(mn1, 1));
    check_far_end(care_of, home1);
}

TEST(coexistence, draft_4_3_1_a_home_address_in_an_assigned_prefix_is_on_the_home_link) {
    check_accepted(gateway(mag1), proxy_update(guest, 1));
    const auto home = assigned_home(guest);
    check_accepted(away(home), binding_update(1));
    STRCMP_EQUAL(guest.c_str(), home_binding(home)->node.c_str());
}

TEST(coexistence, draft_4_3_1_the_prefix_of_a_node_that_is_away_stays_its_own) {
    auto config = laboratory::config();
    config.groups[0].home_prefixes[0] = home_prefix("2001:db8:1000::/64", 64);
    world->configure(config);
    check_accepted(gateway(mag1), proxy_update(guest, 1));
    const auto home = assigned_home(guest);
    check_accepted(away(home), binding_update(1, 900));
    check_accepted(gateway(mag1), proxy_update(guest, 2, 0));
    world->pass(seconds{60});
    LONGS_EQUAL(0, static_cast<long>(sessions(guest).size()));
    check_refused(Status::insufficient_resources, Counter::pbu_no_free_prefix, gateway(mag1),
                  proxy_update(visitor, 1));
    check_accepted(away(home), binding_update(2, 900));
    auto named = proxy_update(visitor, 2);
    name_prefix(named, prefix("2001:db8:1000::/64"));
    check_refused(Status::not_authorized_for_home_network_prefix, Counter::pbu_foreign_prefix,
                  gateway(mag1), named);
}

TEST(coexistence, draft_4_3_1_a_node_that_returns_gets_the_same_prefix) {
    check_accepted(gateway(mag1), proxy_update(guest, 1));
    const auto home = assigned_home(guest);
    check_accepted(away(home), binding_update(1, 900));
    check_accepted(gateway(mag1), proxy_update(guest, 2, 0));
    world->pass(seconds{60});
    check_accepted(gateway(mag1), proxy_update(visitor, 1));
    check_accepted(gateway(mag2), proxy_update(guest, 1));
    CHECK(session(guest).home_network_prefixes.front().contains(home));
    check_accepted(at_home(home), binding_update(2, 0));
    check_far_end(mag2, home);
}

TEST(coexistence, draft_4_3_1_the_prefix_is_free_when_neither_needs_it) {
    auto config = laboratory::config();
    config.groups[0].home_prefixes[0] = home_prefix("2001:db8:1000::/64", 64);
    world->configure(config);
    check_accepted(gateway(mag1), proxy_update(guest, 1));
    const auto home = assigned_home(guest);
    check_accepted(away(home), binding_update(1));
    check_accepted(gateway(mag1), proxy_update(guest, 2, 0));
    world->pass(seconds{60});
    check_accepted(away(home), binding_update(2, 0));
    check_accepted(gateway(mag1), proxy_update(visitor, 1));
}

TEST(coexistence, fail_closed_an_assigned_prefix_without_a_session_makes_nobody_a_node) {
    check_accepted(gateway(mag1), proxy_update(guest, 1));
    const auto home = assigned_home(guest);
    check_accepted(gateway(mag1), proxy_update(guest, 2, 0));
    world->pass(seconds{11});
    check_refused(Status::administratively_prohibited, Counter::bu_unknown_node, away(home),
                  binding_update(1));
}

TEST(coexistence, draft_3_scenario_c_prime_the_care_of_address_may_be_in_another_nodes_prefix) {
    check_accepted(gateway(mag1), proxy_update(guest, 1));
    const auto care_of_here = assigned_home(guest);
    check_accepted(away(home1, care_of_here), binding_update(1));
    check_far_end(care_of_here, home1);
    check_far_end(mag1, care_of_here);
}

// NOLINTEND(bugprone-unchecked-optional-access)
