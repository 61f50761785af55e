// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/core_support.h"

using namespace anchor6;
using namespace anchor6::laboratory;
using core::Counter;
using std::chrono::seconds;
using wire::Status;
using Probed = core::AddressProbed::Outcome;
using Outcome = World::Outcome;

// NOLINTBEGIN(bugprone-unchecked-optional-access)

namespace {

constexpr auto link_local = wire::bu_flag::link_local;
constexpr auto router = wire::bu_flag::mobile_router;

core::DefendedAddress defence(const wire::Address& address, bool as_router = false) {
    return {home_link, address, as_router};
}

// The node is back and writes from its home address, on the link.
core::Packet on_link(const wire::Address& home) {
    return {home, home_agent, std::nullopt, false, 7};
}

core::Packet through_gateway(const wire::Address& home) {
    return {home, home_agent, std::nullopt, true, 7};
}

} // namespace

TEST_GROUP_BASE(home_link,
                CoreTest){void check_defended(const std::set<core::DefendedAddress>& expected)
                              const {CHECK(expected == world->defended);
}
void check_probing(std::size_t probes) const {
    LONGS_EQUAL(static_cast<long>(probes), static_cast<long>(world->probes.size()));
}
// A registration whose probe ended so.
wire::BindingAcknowledgement probed_answer(Probed outcome) {
    world->receive(away(home_linked), binding_update(1));
    check_probing(1);
    world->probed(outcome);
    return answer();
}
}
;

TEST(home_link, rfc6275_10_3_1_first_registration_waits_for_the_probe) {
    world->receive(away(home_linked), binding_update(1));
    check_probing(1);
    CHECK(world->probes.front().link == home_link);
    CHECK(world->probes.front().addresses == std::vector{home_linked});
    LONGS_EQUAL(0, static_cast<long>(world->open.size()));
    world->probed(Probed::unique);
    LONGS_EQUAL(0, static_cast<long>(world->sent.size()));
    CHECK(answer().status == Status::accepted);
    STRCMP_EQUAL(home_link.c_str(), home_binding(home_linked)->link.c_str());
    check_defended({defence(home_linked)});
    check_far_end(care_of, home_linked);
    check_counted(Counter::address_probes, 1);
}

TEST(home_link, rfc6275_10_3_1_a_duplicate_is_refused_with_134) {
    CHECK(probed_answer(Probed::duplicate).status == Status::duplicate_address_detection_failed);
    check_counted(Counter::bu_duplicate_address, 1);
    check_defended({});
    CHECK(!is_bound(home_linked));
}

TEST(home_link, rfc6275_10_3_1_a_failed_probe_is_a_shortage_and_no_duplicate) {
    CHECK(probed_answer(Probed::failed).status == Status::insufficient_resources);
    check_counted(Counter::bu_probe_failed, 1);
    check_defended({});
}

TEST(home_link, limit_address_probes) {
    auto config = laboratory::config();
    config.limits.address_probes = 1;
    world->configure(config);
    world->receive(away(home_linked), binding_update(1));
    world->receive(away(home_routing), binding_update(1));
    check_probing(1);
    LONGS_EQUAL(1, static_cast<long>(world->sent.size()));
    CHECK(std::get<wire::BindingAcknowledgement>(world->sent.front().message).status ==
          Status::insufficient_resources);
    check_counted(Counter::bu_too_many_probes, 1);
    world->sent.clear();
    CHECK(answer().status == Status::accepted);
    check_accepted(away(home_routing), binding_update(2));
}

TEST(home_link, rfc6275_10_3_1_no_probe_for_an_active_binding_nor_on_a_virtual_link) {
    check_accepted(away(home_linked), binding_update(1));
    world->receive(away(home_linked, other_care_of), binding_update(2));
    world->receive(away(home1), binding_update(1));
    check_probing(0);
    world->run();
    check_counted(Counter::address_probes, 1);
}

TEST(home_link, rfc6275_10_3_1_a_node_that_was_home_is_probed_again) {
    check_accepted(away(home_linked), binding_update(1));
    check_accepted(away(home_linked), binding_update(2, 0));
    world->receive(away(home_linked), binding_update(3));
    check_probing(1);
    CHECK(answer().status == Status::accepted);
}

TEST(home_link, one_at_a_time_later_messages_wait_for_the_probe) {
    world->receive(away(home_linked), binding_update(1));
    world->receive(away(home_linked), binding_update(2));
    check_probing(1);
    for (int more = 3; more < 3 + 7 + 2; ++more)
        world->receive(away(home_linked), binding_update(static_cast<std::uint16_t>(more)));
    check_counted(Counter::bu_queue_full, 2);
    world->run();
    LONGS_EQUAL(9, static_cast<long>(world->sent.size()));
    LONGS_EQUAL(9, home_binding(home_linked)->sequence);
    check_counted(Counter::address_probes, 1);
}

TEST(home_link, waiting_messages_have_their_turn_after_a_refusal) {
    world->receive(away(home_linked), binding_update(1));
    world->receive(away(home_linked), binding_update(2));
    world->probed(Probed::duplicate);
    check_probing(1);
    world->probed(Probed::unique);
    world->run();
    LONGS_EQUAL(2, home_binding(home_linked)->sequence);
}

TEST(home_link, checks_come_before_the_probe) {
    check_status(Status::administratively_prohibited, away(address("2001:db8:88::77")),
                 binding_update(1));
    check_status(Status::invalid_care_of_address, away(home_linked, lma), binding_update(1));
    check_counted(Counter::address_probes, 0);
}

TEST(home_link, checks_are_done_again_after_the_probe) {
    world->receive(away(home_linked), binding_update(1));
    auto config = laboratory::config();
    config.nodes[8].host_mobility = false;
    world->configure(config);
    world->probed(Probed::unique);
    CHECK(answer().status == Status::administratively_prohibited);
    check_counted(Counter::bu_no_host_mobility, 1);
}

TEST(home_link, another_link_meanwhile_is_probed_as_well) {
    world->receive(away(home_linked), binding_update(1));
    auto config = laboratory::config();
    config.groups[0].home_prefixes[2].link = "eth2";
    world->configure(config);
    world->probed(Probed::unique);
    check_probing(1);
    STRCMP_EQUAL("eth2", world->probes.front().link.c_str());
    answer();
    STRCMP_EQUAL("eth2", home_binding(home_linked)->link.c_str());
}

TEST(home_link, an_unknown_probe_is_ignored) {
    world->probes.emplace_back().id = 12345;
    world->probed(Probed::unique);
    check_silence();
}

TEST(home_link, rfc6275_10_3_1_the_link_local_address_with_the_l_flag) {
    world->receive(away(home_linked), binding_update(1, two_minutes, link_local));
    CHECK((world->probes.front().addresses == std::vector{home_linked, link_local_linked}));
    CHECK(answer().status == Status::accepted);
    check_defended({defence(home_linked), defence(link_local_linked)});
    check_accepted(away(home_linked), binding_update(2, two_minutes));
    check_defended({defence(home_linked)});
    check_accepted(away(home_linked), binding_update(3, two_minutes, link_local));
    check_accepted(away(home_linked), binding_update(4, 0, link_local));
    check_defended({});
}

TEST(home_link, rfc6275_10_4_1_two_nodes_with_one_link_local_address) {
    auto config = laboratory::config();
    const auto twin = address("2001:db8:89::10");
    config.groups[0].home_prefixes.push_back(home_prefix("2001:db8:89::/64"));
    config.groups[0].home_prefixes.back().link = home_link;
    config.nodes.push_back(node_on_link("twin@example.org", twin));
    world->configure(config);
    check_accepted(away(home_linked), binding_update(1, two_minutes, link_local));
    check_refused(Status::duplicate_address_detection_failed, Counter::bu_link_local_address_bound,
                  away(twin), binding_update(1, two_minutes, link_local));
    check_accepted(away(twin), binding_update(2));
    check_accepted(away(home_linked), binding_update(2, two_minutes, link_local));
    check_accepted(away(home_linked), binding_update(3, 0));
    check_accepted(away(twin), binding_update(3, two_minutes, link_local));
    config.groups[0].home_prefixes.back().link = "eth2";
    world->configure(config);
    check_accepted(away(twin), binding_update(4, two_minutes, link_local));
    check_accepted(away(home_linked), binding_update(4, two_minutes, link_local));
}

TEST(home_link, rfc6275_10_4_1_addresses_are_announced_after_the_commit_and_once) {
    world->receive(away(home_linked), binding_update(1, two_minutes, link_local));
    world->probed(Probed::unique);
    LONGS_EQUAL(0, static_cast<long>(world->announced.size()));
    answer();
    CHECK((world->announced == std::vector{defence(home_linked), defence(link_local_linked)}));
    check_accepted(away(home_linked, other_care_of), binding_update(2, two_minutes, link_local));
    check_counted(Counter::addresses_announced, 2);
    check_accepted(away(home_linked), binding_update(3));
    check_counted(Counter::addresses_announced, 2);
    check_accepted(away(home_linked), binding_update(4, 0));
    check_counted(Counter::addresses_announced, 2);
}

TEST(home_link, rfc3963_a_mobile_router_is_announced_as_router) {
    check_accepted(away(home_routing), binding_update(1, two_minutes, router));
    CHECK(world->announced == std::vector{defence(home_routing, true)});
}

TEST(home_link, order_of_a_transaction_tunnel_first_then_the_link) {
    world->receive(away(home_linked), binding_update(1));
    world->probed(Probed::unique);
    const core::Transaction begin = world->open.front();
    LONGS_EQUAL(2, static_cast<long>(begin.kernel.size()));
    CHECK(std::holds_alternative<core::SetKernelBinding>(begin.kernel[0]));
    CHECK(std::holds_alternative<core::DefendAddress>(begin.kernel[1]));
    CHECK(std::holds_alternative<core::ReleaseAddress>(begin.undo_kernel[0]));
    CHECK(std::holds_alternative<core::DeleteKernelBinding>(begin.undo_kernel[1]));
    answer();
    world->receive(away(home_linked), binding_update(2));
    LONGS_EQUAL(1, static_cast<long>(world->open.front().kernel.size()));
    answer();
    world->receive(away(home_linked), binding_update(3, 0));
    const core::Transaction end = world->open.front();
    CHECK(std::holds_alternative<core::ReleaseAddress>(end.kernel[0]));
    CHECK(std::holds_alternative<core::DeleteKernelBinding>(end.kernel[1]));
    CHECK(std::holds_alternative<core::DefendAddress>(end.undo_kernel[1]));
    answer();
}

TEST(home_link, a_refused_transaction_leaves_nothing_defended) {
    world->receive(away(home_linked), binding_update(1));
    world->probed(Probed::unique);
    world->end(Outcome::kernel_failed);
    CHECK(answer().status == Status::insufficient_resources);
    check_defended({});
    LONGS_EQUAL(0, static_cast<long>(world->announced.size()));
}

TEST(home_link, a_deregistration_that_fails_leaves_the_address_defended) {
    check_accepted(away(home_linked), binding_update(1));
    world->receive(away(home_linked), binding_update(2, 0));
    world->end(Outcome::kernel_failed);
    answer();
    check_defended({defence(home_linked)});
}

TEST(home_link, rfc6275_10_3_2_returning_home_needs_no_probe_and_answers_on_the_link) {
    check_accepted(away(home_linked), binding_update(1));
    world->receive(on_link(home_linked), binding_update(2, 0));
    check_probing(0);
    LONGS_EQUAL(0, static_cast<long>(world->sent.size()));
    const auto sent = answer_sent();
    CHECK(std::get<wire::BindingAcknowledgement>(sent.message).status == Status::accepted);
    CHECK(sent.destination == home_linked && !sent.care_of_address && sent.reply_home);
    LONGS_EQUAL(7, sent.interface);
    check_defended({});
}

TEST(home_link, rfc6275_10_3_2_a_refusal_to_a_node_at_home_goes_the_way_it_came) {
    check_accepted(away(home_linked), binding_update(9));
    world->receive(on_link(home_linked), binding_update(9, 0));
    auto sent = answer_sent();
    CHECK(std::get<wire::BindingAcknowledgement>(sent.message).status ==
          Status::sequence_out_of_window);
    CHECK(sent.reply_home && !sent.care_of_address);
    LONGS_EQUAL(7, sent.interface);
    world->receive(through_gateway(home1), binding_update(1, 0));
    sent = answer_sent();
    CHECK(sent.reply_home && !sent.care_of_address);
    LONGS_EQUAL(0, sent.interface);
}

TEST(home_link, rfc6275_9_5_4_an_answer_through_a_routing_header_names_no_interface) {
    auto packet = away(home_linked);
    packet.interface = 7;
    world->receive(packet, binding_update(1));
    const auto sent = answer_sent();
    LONGS_EQUAL(0, sent.interface);
    CHECK(!sent.reply_home && sent.care_of_address == care_of);
}

TEST(home_link, rfc6275_9_3_3_a_binding_error_to_a_node_at_home_goes_the_way_it_came) {
    const wire::ParseError unknown{wire::ParseFault::unknown_type, 99, 2};
    world->receive(on_link(home_linked), unknown);
    auto sent = answer_sent();
    CHECK(sent.reply_home && !sent.care_of_address);
    LONGS_EQUAL(7, sent.interface);
    world->receive(through_gateway(home1), unknown);
    sent = answer_sent();
    CHECK(sent.reply_home);
    LONGS_EQUAL(0, sent.interface);
    core::Packet packet = away(home_linked);
    packet.interface = 7;
    world->receive(packet, unknown);
    sent = answer_sent();
    CHECK(!sent.reply_home && sent.destination == care_of);
    LONGS_EQUAL(0, sent.interface);
}

TEST(home_link, rfc6275_10_3_2_expiry_releases_the_addresses) {
    check_accepted(away(home_linked), binding_update(1, 1, link_local));
    world->pass(seconds{5});
    check_defended({});
    CHECK(!is_bound(home_linked));
}

TEST(home_link, another_link_in_the_configuration_moves_the_defence) {
    check_accepted(away(home_linked), binding_update(1));
    auto config = laboratory::config();
    config.groups[0].home_prefixes[2].link = "eth2";
    world->configure(config);
    check_defended({defence(home_linked)});
    check_accepted(away(home_linked), binding_update(2));
    check_defended({{"eth2", home_linked, false}});
    config.groups[0].home_prefixes[2].link.clear();
    world->configure(config);
    check_accepted(away(home_linked), binding_update(3));
    check_defended({});
}

TEST(home_link, restart_what_is_defended_is_kept_without_a_word) {
    check_accepted(away(home_linked), binding_update(1, two_minutes, link_local));
    world->announced.clear();
    world->restart(laboratory::config());
    world->adopt();
    LONGS_EQUAL(0, static_cast<long>(world->open.size()));
    check_defended({defence(home_linked), defence(link_local_linked)});
}

TEST(home_link, restart_a_mobile_router_is_known_as_well) {
    check_accepted(away(home_routing), binding_update(1, two_minutes, router));
    world->restart(laboratory::config());
    world->adopt();
    LONGS_EQUAL(0, static_cast<long>(world->open.size()));
    world->judge_kernel = false;
    world->defended = {defence(home_routing)};
    world->adopt();
    world->run();
    CHECK(world->defended.contains(defence(home_routing, true)));
    check_counted(Counter::defended_released, 0);
}

TEST(home_link, restart_what_the_link_lost_is_defended_again_without_announcing) {
    check_accepted(away(home_linked), binding_update(1, two_minutes, link_local));
    world->announced.clear();
    world->restart(laboratory::config());
    world->defended.clear();
    world->adopt();
    world->run();
    check_defended({defence(home_linked), defence(link_local_linked)});
    check_counted(Counter::reinstalled, 1);
    LONGS_EQUAL(0, static_cast<long>(world->announced.size()));
}

TEST(home_link, restart_unknown_addresses_are_released_when_the_store_was_whole) {
    world->defended.insert(defence(home_linked));
    world->judge_kernel = false;
    world->adopt(false);
    world->run();
    check_defended({defence(home_linked)});
    check_counted(Counter::defended_left, 1);
    world->adopt();
    world->run();
    check_defended({});
    check_counted(Counter::defended_released, 1);
}

TEST(home_link, restart_an_open_transaction_is_not_unknown) {
    world->receive(away(home_linked), binding_update(1));
    world->probed(Probed::unique);
    world->defended.insert(defence(home_linked));
    world->adopt();
    LONGS_EQUAL(1, static_cast<long>(world->open.size()));
    world->run();
    check_counted(Counter::defended_released, 0);
}

TEST(home_link, a_home_address_is_no_home_network_prefix) {
    check_accepted(away(home_linked), binding_update(1));
    auto claim = proxy_update(linked, 1);
    name_prefix(claim, wire::Prefix::host(home_linked));
    check_status(Status::not_authorized_for_home_network_prefix, gateway(mag1), claim);
    check_accepted(gateway(mag1), proxy_update(linked, 2));
    CHECK(prefix("2001:db8:1000::/36").contains(session(linked).home_network_prefixes.front()));
}

// NOLINTEND(bugprone-unchecked-optional-access)
