// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/core_support.h"

using namespace anchor6;
using namespace anchor6::laboratory;
using core::Counter;
using wire::Status;

// The order in which a Binding Update is judged (RFC 6275 sections 9.5.1 and 10.3.1, RFC 4285 and
// RFC 3963). A test is named by two neighbours of it: its message fails both, and the first counts.
//
//  3 home address routable            4 care-of address routable      5 authenticator
//  6 message identifier               7 sequence number               8 H flag, 9 R flag
// 10 home agent address              11 de-registration              12 home subnet, still valid
// 13 policy of the node              14 care-of address leads back   15 mobile router
// 16 resources                       17 duplicate addresses

namespace {

constexpr auto router = wire::bu_flag::mobile_router;

wire::BindingUpdate with_flags(wire::BindingUpdate update, std::uint16_t flags) {
    update.flags = flags;
    return update;
}

const wire::Address unroutable = address("fe80::9");

} // namespace

TEST_GROUP_BASE(binding_update_order, CoreTest){};

TEST(binding_update_order, row_03_home_address_before_row_04_care_of_address) {
    check_dropped(Counter::bu_bad_home_address, away(unroutable, unroutable), binding_update(1));
}

TEST(binding_update_order, row_04_care_of_address_before_row_05_authenticator) {
    check_dropped(Counter::bu_bad_care_of_address, away(home_keyed, unroutable), binding_update(1));
}

TEST(binding_update_order, row_05_authenticator_before_row_06_message_identifier) {
    check_status(Status::mipv6_auth_fail, away(home_keyed), binding_update(1));
}

TEST(binding_update_order, row_05_authenticator_before_row_10_home_agent) {
    auto packet = away(home_keyed);
    packet.destination = lma;
    check_status(Status::mipv6_auth_fail, packet, binding_update(1));
}

TEST(binding_update_order, row_07_sequence_number_before_row_08_h_flag) {
    check_accepted(away(home1), binding_update(9));
    check_status(Status::sequence_out_of_window, away(home1),
                 with_flags(binding_update(9), wire::bu_flag::acknowledge));
}

TEST(binding_update_order, row_08_h_flag_before_row_10_home_agent) {
    check_accepted(away(home1), binding_update(1));
    auto packet = away(home1);
    packet.destination = lma;
    check_status(Status::registration_type_change_disallowed, packet,
                 with_flags(binding_update(2), wire::bu_flag::acknowledge));
}

TEST(binding_update_order, row_09_r_flag_before_row_10_home_agent) {
    check_accepted(away(home1), binding_update(1));
    auto packet = away(home1);
    packet.destination = lma;
    check_status(Status::registration_type_change_disallowed, packet,
                 binding_update(2, two_minutes, router));
}

TEST(binding_update_order, row_10_home_agent_before_row_11_deregistration) {
    auto packet = away(home1);
    packet.destination = lma;
    check_status(Status::home_registration_not_supported, packet, binding_update(1, 0));
}

TEST(binding_update_order, row_11_deregistration_before_row_12_home_subnet) {
    check_status(Status::not_home_agent_for_this_mobile_node, away(address("2001:db8:dead::1")),
                 binding_update(1, 0));
}

TEST(binding_update_order, row_12_home_subnet_before_row_13_policy) {
    check_status(Status::not_home_subnet, away(address("2001:db8:dead::1")), binding_update(1));
}

TEST(binding_update_order, row_12_valid_prefix_before_row_13_policy) {
    auto config = laboratory::config();
    config.groups[0].home_prefixes[1].lifetimes.valid = std::chrono::seconds{0};
    world->configure(config);
    check_status(Status::not_home_subnet, away(address("2001:db8:2000:d::1")), binding_update(1));
}

TEST(binding_update_order, row_13_policy_before_row_14_care_of_address_leads_back) {
    check_status(Status::administratively_prohibited, away(address("2001:db8:2000:d::1"), lma),
                 binding_update(1));
}

TEST(binding_update_order, row_14_care_of_address_leads_back_before_row_15_mobile_router) {
    check_status(Status::invalid_care_of_address, away(address("2001:db8:2000:e::1"), lma),
                 binding_update(1, two_minutes, router));
}

TEST(binding_update_order, row_15_mobile_router_before_row_16_resources) {
    auto config = laboratory::config();
    config.limits.bindings = 0;
    world->configure(config);
    check_status(Status::forwarding_setup_failed, away(home_linked),
                 binding_update(1, two_minutes, router));
    check_status(Status::insufficient_resources, away(home1), binding_update(1));
}

TEST(binding_update_order, row_16_resources_before_row_17_duplicate_addresses) {
    auto config = laboratory::config();
    config.limits.bindings = 0;
    world->configure(config);
    check_status(Status::insufficient_resources, away(home_linked), binding_update(1));
    check_counted(Counter::address_probes, 0);
}
