// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/core_support.h"

using namespace anchor6;
using namespace anchor6::laboratory;
using core::Counter;
using wire::Status;

// NOLINTBEGIN(bugprone-unchecked-optional-access)

namespace {

constexpr auto router = wire::bu_flag::mobile_router;

wire::BindingUpdate router_update(std::uint16_t sequence,
                                  const std::vector<wire::Prefix>& networks = {}) {
    auto update = binding_update(sequence, two_minutes, router);
    for (const wire::Prefix& named : networks)
        update.options.mobile_network_prefixes.push_back({named.length(), named.address()});
    return update;
}

const wire::Address in_network = address("2001:db8:2000:142::1");
const wire::Address in_other_network = address("2001:db8:2000:242::1");

} // namespace

// The router of the laboratory: its home address on the physical link, two prefixes in its table.
TEST_GROUP_BASE(mobile_router,
                CoreTest){void give_table_to(std::size_t node, std::vector<wire::Prefix> table){
    auto config = laboratory::config();
config.nodes[9].mobile_network_prefixes.clear();
config.nodes[node].mobile_network_prefixes = std::move(table);
world->configure(config);
}
}
;

TEST(mobile_router, rfc3963_6_2_implicit_mode_binds_the_prefix_table) {
    const auto answer = send(away(home_routing), router_update(1));
    CHECK(answer.status == Status::accepted);
    LONGS_EQUAL(wire::ba_flag::mobile_router, answer.flags);
    for (const auto& where : {home_routing, in_network, in_other_network})
        check_far_end(care_of, where);
    LONGS_EQUAL(3, static_cast<long>(home_binding(home_routing)->prefixes.size()));
}

TEST(mobile_router, rfc3963_6_2_implicit_mode_binds_home_network_prefix_and_table) {
    give_table_to(0, {network});
    check_accepted(away(home1), router_update(1));
    check_far_end(care_of, address("2001:db8:2000:1::99"));
    check_far_end(care_of, in_network);
    check_accepted(away(home1), binding_update(2, 0, router));
    LONGS_EQUAL(0, static_cast<long>(world->kernel.size()));
}

TEST(mobile_router, rfc3963_6_2_no_prefix_known_is_143) {
    check_refused(Status::forwarding_setup_failed, Counter::bu_no_network_prefix, away(home_linked),
                  router_update(1));
    check_accepted(away(home_linked), binding_update(2));
}

TEST(mobile_router, rfc3963_6_2_a_home_address_in_a_mobile_network) {
    check_accepted(away(in_network), router_update(1));
    for (const auto& where : {in_network, in_other_network})
        check_far_end(care_of, where);
    LONGS_EQUAL(2, static_cast<long>(home_binding(in_network)->prefixes.size()));
}

TEST(mobile_router, rfc3963_6_2_explicit_mode_binds_what_is_named_and_nothing_else) {
    const auto part = prefix("2001:db8:2000:142::/64");
    check_accepted(away(home_routing), router_update(1, {part}));
    check_far_end(care_of, home_routing);
    check_far_end(care_of, in_network);
    check_far_end({}, address("2001:db8:2000:143::1"));
    check_far_end({}, in_other_network);
}

TEST(mobile_router, rfc3963_6_2_more_or_less_may_be_named_the_next_time) {
    check_accepted(away(home_routing), router_update(1, {prefix("2001:db8:2000:100::/64")}));
    check_accepted(away(home_routing), router_update(2, {network}));
    check_far_end(care_of, in_network);
    check_accepted(away(home_routing), router_update(3, {prefix("2001:db8:2000:100::/64")}));
    check_far_end({}, in_network);
}

TEST(mobile_router, rfc3963_6_2_implicit_after_explicit_is_the_table_again) {
    check_accepted(away(home_routing), router_update(1, {network}));
    check_far_end({}, in_other_network);
    check_accepted(away(home_routing), router_update(2));
    check_far_end(care_of, in_other_network);
    check_accepted(away(home_routing), router_update(3, {network}));
    check_far_end({}, in_other_network);
}

TEST(mobile_router, rfc3963_6_2_a_table_that_has_changed_counts_from_the_next_update) {
    check_accepted(away(home_routing), router_update(1));
    give_table_to(9, {network});
    check_far_end(care_of, in_other_network);
    check_accepted(away(home_routing), router_update(2));
    check_far_end({}, in_other_network);
}

TEST(mobile_router, rfc3963_6_2_all_prefixes_or_none) {
    check_refused(Status::not_authorized_for_prefix, Counter::bu_foreign_prefix, away(home_routing),
                  router_update(1, {network, prefix1}));
    check_refused(Status::invalid_prefix, Counter::bu_invalid_prefix, away(home_routing),
                  router_update(1, {network, prefix("2001:db8:dead::/64")}));
    world->receive(away(home_routing), router_update(1, {network, other_network}));
    world->probed(core::AddressProbed::Outcome::unique);
    LONGS_EQUAL(1, static_cast<long>(world->open.size()));
    world->end(World::Outcome::kernel_failed);
    CHECK(answer().status == Status::forwarding_setup_failed);
    LONGS_EQUAL(0, static_cast<long>(world->kernel.size()));
}

TEST(mobile_router, rfc3963_6_2_deregistration_and_expiry_remove_all) {
    check_accepted(away(home_routing), router_update(1));
    check_accepted(away(home_routing), binding_update(2, 0, router));
    LONGS_EQUAL(0, static_cast<long>(world->kernel.size()));
    check_accepted(away(home_routing), router_update(3));
    world->pass(std::chrono::seconds{121});
    LONGS_EQUAL(0, static_cast<long>(world->kernel.size()));
}

TEST(mobile_router, rfc3963_6_2_the_table_of_another_node_is_not_authorized) {
    for (const auto& foreign : {network, prefix("2001:db8:2000:142::/64")})
        check_refused(Status::not_authorized_for_prefix, Counter::bu_foreign_prefix, away(home1),
                      router_update(1, {foreign}));
}

TEST(mobile_router, rfc3963_6_2_a_shorter_prefix_than_the_nodes_is_not_authorized) {
    check_refused(Status::not_authorized_for_prefix, Counter::bu_foreign_prefix, away(home_routing),
                  router_update(1, {prefix("2001:db8:2000:200::/55")}));
}

TEST(mobile_router, rfc3963_6_1_2_a_realm_has_no_prefix_table) {
    give_table_to(2, {network});
    check_accepted(gateway(mag1), proxy_update(guest, 1));
    const auto home = *wire::Prefix::of(session(guest).home_network_prefixes.front().address(), 64);
    check_accepted(away(home.address()), router_update(1));
    check_far_end({}, in_network);
}

TEST(mobile_router, a_mobile_network_is_no_home_network_prefix) {
    check_accepted(away(home_routing), router_update(1));
    auto claim = proxy_update(routing, 1);
    name_prefix(claim, network);
    check_status(Status::not_authorized_for_home_network_prefix, gateway(mag1), claim);
    check_accepted(gateway(mag1), proxy_update(routing, 2));
    CHECK(prefix("2001:db8:1000::/36").contains(session(routing).home_network_prefixes.front()));
}

TEST(mobile_router, a_mobile_network_in_use_is_nobody_elses_even_without_configuration) {
    auto config = laboratory::config();
    const auto within_pool = prefix("2001:db8:1000::/64");
    config.nodes[9].mobile_network_prefixes = {within_pool};
    world->configure(config);
    check_accepted(away(home_routing), router_update(1));
    config.nodes[9].mobile_network_prefixes.clear();
    world->configure(config);
    check_accepted(gateway(mag1), proxy_update(guest, 1));
    CHECK(session(guest).home_network_prefixes.front() != within_pool);
    check_accepted(away(home_routing), binding_update(2, 0, router));
    auto claim = proxy_update(visitor, 1);
    name_prefix(claim, within_pool);
    check_accepted(gateway(mag1), claim);
}

TEST(mobile_router, fail_closed_a_table_does_not_take_what_another_node_holds) {
    check_accepted(gateway(mag1), proxy_update(guest, 1));
    const auto held = session(guest).home_network_prefixes.front();
    const auto around = *wire::Prefix::of(held.address(), 60);
    give_table_to(9, {around});
    check_refused(Status::administratively_prohibited, Counter::bu_foreign_home_prefix,
                  away(home_routing), router_update(1));
    check_refused(Status::not_authorized_for_prefix, Counter::bu_foreign_prefix, away(home_routing),
                  router_update(1, {around}));
    check_accepted(gateway(mag1), proxy_update(guest, 2, 0));
    world->pass(std::chrono::seconds{11});
    check_accepted(away(home_routing), router_update(2));
}

TEST(mobile_router, rfc6275_9_5_1_a_care_of_address_in_what_the_binding_takes_leads_back) {
    for (const auto& inside : {in_network, in_other_network})
        check_refused(Status::invalid_care_of_address, Counter::bu_care_of_address_loop,
                      away(home_routing, inside), router_update(1));
    check_accepted(away(home_routing, in_other_network), router_update(1, {network}));
}

// NOLINTEND(bugprone-unchecked-optional-access)
