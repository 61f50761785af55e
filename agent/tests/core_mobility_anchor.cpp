// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/core_support.h"

using namespace anchor6;
using namespace anchor6::laboratory;
using core::Counter;
using std::chrono::milliseconds;
using std::chrono::seconds;
using wire::Status;

// NOLINTBEGIN(bugprone-unchecked-optional-access)

namespace {

constexpr std::uint64_t tick_of_second = 1U << 16;

void set_handoff(wire::BindingUpdate& update, wire::HandoffIndicator indicator) {
    update.options.handoff_indicator = static_cast<std::uint8_t>(indicator);
}

void set_interface(wire::BindingUpdate& update, std::uint8_t last_octet) {
    update.options.access_technology_type = 4;
    update.options.link_layer_identifier = {{2, 0, 0, 0, 0, last_octet}};
}

} // namespace

TEST_GROUP_BASE(mobility_anchor, CoreTest){};

TEST(mobility_anchor, rfc5213_5_3_2_a_new_session_gets_its_fixed_prefixes) {
    const auto answer = send(gateway(mag1), proxy_update(mn2, 7));
    CHECK(answer.status == Status::accepted);
    LONGS_EQUAL(2, static_cast<long>(answer.options.home_network_prefixes.size()));
    CHECK(answer.options.home_network_prefixes[0].value() == prefix2a);
    CHECK(answer.options.home_network_prefixes[1].value() == prefix2b);
    check_far_end(mag1, home2);
    check_far_end(mag1, address("2001:db8:2000:2b::9"));
}

TEST(mobility_anchor, rfc5213_5_3_2_a_new_session_gets_an_assigned_prefix) {
    check_accepted(gateway(mag1), proxy_update(guest, 1));
    check_accepted(gateway(mag2), proxy_update(visitor, 1));
    const auto first = session(guest).home_network_prefixes.front();
    const auto second = session(visitor).home_network_prefixes.front();
    CHECK(first != second && first.length() == 64 && second.length() == 64);
    CHECK(prefix("2001:db8:1000::/36").contains(first));
    check_far_end(mag1, first.address());
    check_far_end(mag2, second.address());
}

TEST(mobility_anchor, rfc5213_5_3_6_answer_copies_what_the_update_says) {
    auto update = timed_proxy_update(mn1, 7);
    set_interface(update, 1);
    update.options.link_local_address = wire::Address{};
    world->wait(milliseconds{3});
    world->receive(gateway(mag1), update);
    const auto sent = answer_sent();
    CHECK(sent.source == lma && sent.destination == mag1);
    CHECK(!sent.care_of_address && !sent.reply_home);
    const auto answer = std::get<wire::BindingAcknowledgement>(sent.message);
    LONGS_EQUAL(wire::ba_flag::proxy_registration, answer.flags);
    LONGS_EQUAL(7, answer.sequence);
    LONGS_EQUAL(two_minutes, answer.lifetime);
    CHECK(answer.options.mn_identifier == update.options.mn_identifier);
    CHECK(answer.options.handoff_indicator == update.options.handoff_indicator);
    CHECK(answer.options.access_technology_type == update.options.access_technology_type);
    CHECK(answer.options.link_layer_identifier == update.options.link_layer_identifier);
    CHECK(answer.options.timestamp == update.options.timestamp);
    CHECK(answer.options.link_local_address == address("fe80::200:5eff:fe00:5213"));
}

TEST(mobility_anchor, rfc5213_5_3_6_answer_has_no_option_that_was_not_asked_for) {
    const auto options = send(gateway(mag1), proxy_update(mn1, 7)).options;
    CHECK(!options.timestamp && !options.link_layer_identifier && !options.link_local_address);
}

TEST(mobility_anchor, rfc5213_5_3_6_refusal_repeats_the_prefixes_and_fills_what_is_missing) {
    wire::BindingUpdate empty;
    empty.flags = wire::bu_flag::proxy_registration;
    empty.sequence = 5;
    auto answer = send(gateway(mag1), empty);
    CHECK(answer.status == Status::missing_mn_identifier_option);
    LONGS_EQUAL(5, answer.sequence);
    LONGS_EQUAL(0, answer.lifetime);
    CHECK(answer.options.mn_identifier->identifier.empty());
    LONGS_EQUAL(1, static_cast<long>(answer.options.home_network_prefixes.size()));
    CHECK(answer.options.home_network_prefixes.front() == wire::PrefixOption{});
    LONGS_EQUAL(0, *answer.options.handoff_indicator);
    LONGS_EQUAL(0, *answer.options.access_technology_type);
    auto update = proxy_update(mn1, 5);
    name_prefix(update, prefix2a);
    answer = send(gateway(mag1), update);
    CHECK(answer.options.home_network_prefixes == update.options.home_network_prefixes);
}

TEST(mobility_anchor, rfc5213_5_3_4_the_link_local_address_goes_with_the_session) {
    auto update = proxy_update(mn1, 1);
    update.options.link_local_address = address("fe80::77");
    CHECK(send(gateway(mag1), update).options.link_local_address == address("fe80::77"));
    update = proxy_update(mn1, 1);
    set_handoff(update, wire::HandoffIndicator::between_mags);
    update.options.link_local_address = wire::Address{};
    CHECK(send(gateway(mag2), update).options.link_local_address == address("fe80::77"));
}

TEST(mobility_anchor, rfc5213_5_3_1_step_3_home_address_option_must_be_absent) {
    auto packet = gateway(mag1);
    packet.home_address = home1;
    check_dropped(Counter::pbu_home_address_option, packet, proxy_update(mn1, 1));
}

TEST(mobility_anchor, rfc6275_9_2_source_must_be_routable_unicast) {
    check_dropped(Counter::pbu_bad_source, gateway(address("fe80::1")), proxy_update(mn1, 1));
}

TEST(mobility_anchor, rfc5213_5_3_1_step_4_missing_or_empty_mn_identifier) {
    check_refused(Status::missing_mn_identifier_option, Counter::pbu_no_mn_identifier,
                  gateway(mag1), proxy_update("", 1));
    auto update = proxy_update(mn1, 1);
    update.options.mn_identifier.reset();
    check_refused(Status::missing_mn_identifier_option, Counter::pbu_no_mn_identifier,
                  gateway(mag1), update);
}

TEST(mobility_anchor, fail_closed_rfc5213_5_3_1_step_5_unknown_mag) {
    check_refused(Status::mag_not_authorized_for_proxy_reg, Counter::pbu_unknown_mag,
                  gateway(care_of), proxy_update(mn1, 1));
}

TEST(mobility_anchor, fail_closed_rfc5213_5_3_1_step_5_mag_without_authentication) {
    check_refused(Status::mag_not_authorized_for_proxy_reg, Counter::pbu_no_authentication,
                  gateway(mag3), proxy_update(mn1, 1));
}

TEST(mobility_anchor, fail_closed_rfc5213_5_3_1_step_5_care_of_address_of_another_mag) {
    auto update = proxy_update(mn1, 1);
    update.options.alternate_care_of_address = mag2;
    check_refused(Status::mag_not_authorized_for_proxy_reg, Counter::pbu_foreign_care_of_address,
                  gateway(mag1), update);
}

TEST(mobility_anchor, fail_closed_rfc5213_5_3_1_step_6_mag_may_not_serve_the_node) {
    check_accepted(gateway(mag4), proxy_update(mn1, 1));
    check_refused(Status::mag_not_authorized_for_proxy_reg, Counter::pbu_mag_may_not_serve,
                  gateway(mag4), proxy_update(mn2, 1));
    check_refused(Status::mag_not_authorized_for_proxy_reg, Counter::pbu_mag_may_not_serve,
                  gateway(mag1), proxy_update("mn9@example.net", 1));
}

TEST(mobility_anchor, fail_closed_rfc5213_5_3_1_step_7_unknown_node) {
    check_refused(Status::not_lma_for_this_mobile_node, Counter::pbu_unknown_node, gateway(mag2),
                  proxy_update("mn9@example.net", 1));
    auto update = proxy_update(mn1, 1);
    update.options.mn_identifier->subtype = 3;
    check_refused(Status::not_lma_for_this_mobile_node, Counter::pbu_unknown_node, gateway(mag1),
                  update);
}

TEST(mobility_anchor, rfc5213_5_3_1_step_7_node_of_another_groups_anchor) {
    check_refused(Status::not_lma_for_this_mobile_node, Counter::pbu_other_anchor, gateway(mag1),
                  proxy_update("southern@example.org", 1));
}

TEST(mobility_anchor, rfc5213_5_3_1_step_8_node_without_proxy_mobility) {
    check_refused(Status::proxy_reg_not_enabled, Counter::pbu_no_proxy_mobility, gateway(mag1),
                  proxy_update("noproxy@example.org", 1));
}

TEST(mobility_anchor, rfc5213_5_5_timestamp_window_both_sides) {
    constexpr std::uint64_t window = 3 * tick_of_second / 10;
    const auto refused = [this](std::uint64_t timestamp) {
        auto update = proxy_update(mn1, 1);
        update.options.timestamp = timestamp;
        const auto now = world->timestamp();
        const auto answer = send(gateway(mag1), update);
        CHECK(answer.status == Status::timestamp_mismatch);
        CHECK(answer.options.timestamp == now);
    };
    refused(world->timestamp() - window - 2);
    refused(world->timestamp() + window + 2);
    refused(0);
    refused(~std::uint64_t{0});
    check_counted(Counter::pbu_timestamp_mismatch, 4);
    auto update = proxy_update(mn1, 1);
    update.options.timestamp = world->timestamp() - window;
    check_accepted(gateway(mag1), update);
    update = proxy_update(mn2, 1);
    update.options.timestamp = world->timestamp() + window;
    check_accepted(gateway(mag1), update);
}

TEST(mobility_anchor, rfc5213_5_5_equal_and_lower_timestamps) {
    const auto first = timed_proxy_update(mn1, 1);
    check_accepted(gateway(mag1), first);
    check_refused(Status::timestamp_mismatch, Counter::pbu_timestamp_mismatch, gateway(mag1),
                  first);
    auto lower = first;
    --*lower.options.timestamp;
    check_refused(Status::timestamp_lower_than_prev_accepted, Counter::pbu_timestamp_lower,
                  gateway(mag1), lower);
    auto later = first;
    ++*later.options.timestamp;
    check_accepted(gateway(mag1), later);
}

TEST(mobility_anchor, rfc5213_5_5_sequence_numbers_do_not_order_where_there_are_timestamps) {
    check_accepted(gateway(mag1), timed_proxy_update(mn1, 100));
    world->wait(milliseconds{1});
    check_accepted(gateway(mag1), timed_proxy_update(mn1, 50));
}

TEST(mobility_anchor, rfc5213_5_5_timestamps_of_the_node_are_only_compared_with_each_other) {
    auto config = laboratory::config();
    config.timers.mobile_node_generated_timestamp = true;
    world->configure(config);
    auto update = proxy_update(mn1, 1);
    update.options.timestamp = 1000;
    check_accepted(gateway(mag1), update);
    update.options.timestamp = 999;
    check_status(Status::timestamp_lower_than_prev_accepted, gateway(mag1), update);
}

TEST(mobility_anchor, rfc5213_5_5_without_timestamp_the_sequence_number_orders_one_mags_messages) {
    check_accepted(gateway(mag1), proxy_update(mn1, 100));
    for (const std::uint16_t old : {std::uint16_t{100}, std::uint16_t{99}}) {
        const auto answer = send(gateway(mag1), proxy_update(mn1, old));
        CHECK(answer.status == Status::sequence_out_of_window);
        LONGS_EQUAL(100, answer.sequence);
    }
    check_accepted(gateway(mag1), proxy_update(mn1, 101));
    auto update = proxy_update(mn1, 5);
    set_handoff(update, wire::HandoffIndicator::between_mags);
    check_accepted(gateway(mag2), update);
}

TEST(mobility_anchor, rfc5213_5_5_an_old_mags_late_update_does_not_undo_a_handoff) {
    auto late = timed_proxy_update(mn1, 1);
    world->wait(milliseconds{1});
    check_accepted(gateway(mag1), timed_proxy_update(mn1, 2));
    world->wait(milliseconds{1});
    auto handoff = timed_proxy_update(mn1, 1);
    set_handoff(handoff, wire::HandoffIndicator::between_mags);
    check_accepted(gateway(mag2), handoff);
    check_status(Status::timestamp_lower_than_prev_accepted, gateway(mag1), late);
    check_far_end(mag2, home1);
}

TEST(mobility_anchor, rfc5213_5_5_order_outlives_the_deregistration) {
    auto late = timed_proxy_update(mn1, 1);
    world->wait(milliseconds{1});
    check_accepted(gateway(mag1), timed_proxy_update(mn1, 2));
    world->wait(milliseconds{1});
    check_accepted(gateway(mag1), timed_proxy_update(mn1, 3, 0));
    check_status(Status::timestamp_lower_than_prev_accepted, gateway(mag1), late);
    check_far_end({}, home1);
}

TEST(mobility_anchor, rfc5213_5_3_1_step_10_missing_home_network_prefix) {
    auto update = proxy_update(mn1, 1);
    update.options.home_network_prefixes.clear();
    check_refused(Status::missing_home_network_prefix_option, Counter::pbu_no_home_network_prefix,
                  gateway(mag1), update);
}

TEST(mobility_anchor, rfc5213_5_3_1_step_11_missing_or_reserved_handoff_indicator) {
    auto update = proxy_update(mn1, 1);
    update.options.handoff_indicator = 0;
    check_refused(Status::missing_handoff_indicator_option, Counter::pbu_no_handoff_indicator,
                  gateway(mag1), update);
    update.options.handoff_indicator.reset();
    check_refused(Status::missing_handoff_indicator_option, Counter::pbu_no_handoff_indicator,
                  gateway(mag1), update);
}

TEST(mobility_anchor, rfc5213_5_3_1_step_12_missing_access_technology) {
    auto update = proxy_update(mn1, 1);
    update.options.access_technology_type.reset();
    check_refused(Status::missing_access_tech_type_option, Counter::pbu_no_access_technology,
                  gateway(mag1), update);
}

TEST(mobility_anchor, rfc5213_5_3_1_order_of_checks_the_first_failure_is_answered) {
    check_accepted(gateway(mag1), timed_proxy_update(mn1, 1));
    // Everything is wrong; each step repairs what was answered.
    auto update = proxy_update("", 1);
    update.options.timestamp = 1;
    update.options.home_network_prefixes.clear();
    update.options.handoff_indicator.reset();
    update.options.access_technology_type.reset();
    check_status(Status::missing_mn_identifier_option, gateway(care_of), update);
    update.options.mn_identifier->identifier = "noproxy@example.net";
    check_status(Status::mag_not_authorized_for_proxy_reg, gateway(care_of), update);
    check_status(Status::mag_not_authorized_for_proxy_reg, gateway(mag2), update);
    update.options.mn_identifier->identifier = "mn9@example.net";
    check_status(Status::not_lma_for_this_mobile_node, gateway(mag2), update);
    update.options.mn_identifier->identifier = "noproxy@example.org";
    check_status(Status::proxy_reg_not_enabled, gateway(mag1), update);
    update.options.mn_identifier->identifier = mn1;
    check_status(Status::timestamp_mismatch, gateway(mag1), update);
    world->wait(milliseconds{1});
    update.options.timestamp = world->timestamp();
    check_status(Status::missing_home_network_prefix_option, gateway(mag1), update);
    name_prefix(update, prefix2a);
    check_status(Status::missing_handoff_indicator_option, gateway(mag1), update);
    update.options.handoff_indicator = 4;
    check_status(Status::missing_access_tech_type_option, gateway(mag1), update);
    update.options.access_technology_type = 0;
    check_status(Status::not_authorized_for_home_network_prefix, gateway(mag1), update);
    update.options.home_network_prefixes.clear();
    name_prefix(update, prefix1);
    check_accepted(gateway(mag1), update);
}

TEST(mobility_anchor, rfc5213_5_3_2_named_prefix_that_is_not_the_nodes) {
    check_accepted(gateway(mag1), proxy_update(guest, 1));
    const auto foreign = {prefix1, session(guest).home_network_prefixes.front(),
                          prefix("2001:db8:dead::/64"), prefix("2001:db8:1000::/63"),
                          prefix("2001:db8:2000:99::/64")};
    for (const auto& named : foreign) {
        auto update = proxy_update(visitor, 1);
        name_prefix(update, named);
        check_refused(Status::not_authorized_for_home_network_prefix, Counter::pbu_foreign_prefix,
                      gateway(mag1), update);
    }
}

TEST(mobility_anchor, rfc5213_5_3_2_malformed_or_repeated_prefix) {
    auto update = proxy_update(visitor, 1);
    update.options.home_network_prefixes = {{129, prefix("2001:db8:1000::/64").address()}};
    check_status(Status::not_authorized_for_home_network_prefix, gateway(mag1), update);
    update.options.home_network_prefixes.clear();
    name_prefix(update, prefix("2001:db8:1000:7::/64"));
    name_prefix(update, prefix("2001:db8:1000:7::/64"));
    check_status(Status::not_authorized_for_home_network_prefix, gateway(mag1), update);
}

TEST(mobility_anchor, rfc5213_5_3_2_a_free_prefix_may_be_named) {
    auto update = proxy_update(visitor, 1);
    name_prefix(update, prefix("2001:db8:1000:7::/64"));
    check_accepted(gateway(mag1), update);
    CHECK(session(visitor).home_network_prefixes.front() == prefix("2001:db8:1000:7::/64"));
}

TEST(mobility_anchor, rfc5213_5_4_1_1_subset_of_the_sessions_prefixes) {
    check_accepted(gateway(mag1), proxy_update(mn2, 1));
    auto update = proxy_update(mn2, 2);
    name_prefix(update, prefix2a);
    check_refused(Status::bce_pbu_prefix_set_do_not_match, Counter::pbu_prefix_set_differs,
                  gateway(mag1), update);
    name_prefix(update, prefix2b);
    check_accepted(gateway(mag1), update);
}

TEST(mobility_anchor, rfc5213_5_3_2_no_prefix_is_free) {
    auto config = laboratory::config();
    config.groups[0].home_prefixes[0] = home_prefix("2001:db8:1000::/63", 64);
    world->configure(config);
    check_accepted(gateway(mag1), proxy_update("a@example.org", 1));
    check_accepted(gateway(mag1), proxy_update("b@example.org", 1));
    check_refused(Status::insufficient_resources, Counter::pbu_no_free_prefix, gateway(mag1),
                  proxy_update("c@example.org", 1));
    check_accepted(gateway(mag1), proxy_update("a@example.org", 2, 0));
    world->pass(seconds{11});
    check_accepted(gateway(mag1), proxy_update("c@example.org", 1));
}

TEST(mobility_anchor, rfc5213_6_9_4_a_registration_repeated_for_a_lost_answer_is_one_session) {
    auto update = proxy_update(guest, 1);
    set_handoff(update, wire::HandoffIndicator::new_interface);
    world->receive(gateway(mag1), update);
    update.sequence = 2;
    world->receive(gateway(mag1), update);
    world->run();
    LONGS_EQUAL(2, static_cast<long>(world->sent.size()));
    world->sent.clear();
    world->wait(seconds{4});
    update.sequence = 3;
    const auto prefixes = send(gateway(mag1), update).options.home_network_prefixes;
    CHECK(prefixes.front().value() == session(guest).home_network_prefixes.front());

    world->wait(seconds{5});
    update.sequence = 4;
    check_accepted(gateway(mag1), update);
    LONGS_EQUAL(2, static_cast<long>(sessions(guest).size()));
}

TEST(mobility_anchor, rfc5213_5_5_a_duplicate_of_a_first_registration_is_refused) {
    auto update = timed_proxy_update(guest, 1);
    set_handoff(update, wire::HandoffIndicator::new_interface);
    check_accepted(gateway(mag1), update);
    check_refused(Status::timestamp_mismatch, Counter::pbu_timestamp_mismatch, gateway(mag1),
                  update);
}

TEST(mobility_anchor, rfc5213_5_3_2_second_interface_gets_a_session_of_its_own) {
    auto first = proxy_update(guest, 1);
    set_interface(first, 1);
    auto second = proxy_update(guest, 1);
    set_interface(second, 2);
    set_handoff(second, wire::HandoffIndicator::new_interface);
    check_accepted(gateway(mag1), first);
    check_accepted(gateway(mag2), second);
    LONGS_EQUAL(2, static_cast<long>(sessions(guest).size()));
    LONGS_EQUAL(2, static_cast<long>(world->kernel.size()));
}

TEST(mobility_anchor, limit_sessions_of_a_node) {
    auto config = laboratory::config();
    config.limits.sessions_per_node = 2;
    world->configure(config);
    for (const std::uint8_t interface : {std::uint8_t{1}, std::uint8_t{2}, std::uint8_t{3}}) {
        auto update = proxy_update(guest, 1);
        set_interface(update, interface);
        set_handoff(update, wire::HandoffIndicator::new_interface);
        if (interface < 3)
            check_accepted(gateway(mag1), update);
        else
            check_refused(Status::insufficient_resources, Counter::pbu_too_many_of_node,
                          gateway(mag1), update);
    }
}

TEST(mobility_anchor, limit_bindings) {
    auto config = laboratory::config();
    config.limits.bindings = 1;
    world->configure(config);
    check_accepted(gateway(mag1), proxy_update(guest, 1));
    check_refused(Status::insufficient_resources, Counter::pbu_too_many_bindings, gateway(mag1),
                  proxy_update(visitor, 1));
    check_accepted(gateway(mag1), proxy_update(guest, 2));
}

TEST(mobility_anchor, rfc5213_5_3_3_extension_keeps_session_and_prefixes) {
    check_accepted(gateway(mag1), proxy_update(guest, 1));
    const auto before = session(guest);
    world->wait(seconds{60});
    check_accepted(gateway(mag1), proxy_update(guest, 2));
    const auto after = session(guest);
    CHECK(after.id == before.id && after.home_network_prefixes == before.home_network_prefixes);
    CHECK(after.expires == before.expires + seconds{60});
    check_counted(Counter::proxy_extensions, 1);
}

TEST(mobility_anchor, rfc5213_5_3_4_handoff_moves_the_prefixes_to_the_new_mag) {
    check_accepted(gateway(mag1), proxy_update(mn2, 1));
    auto update = proxy_update(mn2, 1);
    set_handoff(update, wire::HandoffIndicator::between_mags);
    check_accepted(gateway(mag2), update);
    check_far_end(mag2, home2);
    check_far_end(mag2, prefix2b.address());
    LONGS_EQUAL(2, static_cast<long>(world->kernel.size()));
    STRCMP_EQUAL("mag2", session(mn2).mag.c_str());
    check_counted(Counter::proxy_handoffs, 1);
}

TEST(mobility_anchor, rfc5213_5_3_4_handoff_between_interfaces) {
    auto update = proxy_update(guest, 1);
    set_interface(update, 1);
    check_accepted(gateway(mag1), update);
    set_interface(update, 2);
    set_handoff(update, wire::HandoffIndicator::between_interfaces);
    check_accepted(gateway(mag2), update);
    LONGS_EQUAL(2, session(guest).link_layer_identifier.back());
    check_far_end(mag2, session(guest).home_network_prefixes.front().address());
}

TEST(mobility_anchor, rfc5213_5_3_5_deregistration_stops_forwarding_at_once) {
    check_accepted(gateway(mag1), proxy_update(mn1, 1));
    const auto answer = send(gateway(mag1), proxy_update(mn1, 2, 0));
    CHECK(answer.status == Status::accepted);
    LONGS_EQUAL(0, answer.lifetime);
    CHECK(answer.options.home_network_prefixes.front().value() == prefix1);
    check_far_end({}, home1);
}

TEST(mobility_anchor, rfc5213_5_3_5_deregistration_by_another_mag_is_ignored) {
    check_accepted(gateway(mag1), proxy_update(mn1, 1));
    const auto before = session(mn1);
    check_dropped(Counter::pbu_deregistration_ignored, gateway(mag2), proxy_update(mn1, 2, 0));
    CHECK(before == session(mn1));
    check_dropped(Counter::pbu_deregistration_ignored, gateway(mag1), proxy_update(mn2, 2, 0));
}

TEST(mobility_anchor, rfc5213_5_3_5_deregistration_by_another_mag_that_knows_the_interface) {
    auto update = proxy_update(mn1, 1);
    set_interface(update, 1);
    check_accepted(gateway(mag1), update);
    update.lifetime = 0;
    check_dropped(Counter::pbu_deregistration_ignored, gateway(mag2), update);
    check_far_end(mag1, home1);
}

TEST(mobility_anchor, rfc5213_5_3_5_repeated_deregistration_is_answered_again) {
    check_accepted(gateway(mag1), proxy_update(mn1, 1));
    check_accepted(gateway(mag1), proxy_update(mn1, 2, 0));
    const auto ends = session(mn1).expires;
    world->wait(seconds{2});
    check_accepted(gateway(mag1), proxy_update(mn1, 3, 0));
    CHECK(session(mn1).expires == ends);
}

TEST(mobility_anchor, rfc5213_5_3_5_session_revives_within_min_delay_before_bce_delete) {
    check_accepted(gateway(mag1), proxy_update(guest, 1));
    const auto before = session(guest);
    check_accepted(gateway(mag1), proxy_update(guest, 2, 0));
    world->pass(milliseconds{9999});
    check_accepted(gateway(mag2), proxy_update(guest, 1));
    CHECK(session(guest).id == before.id);
    CHECK(session(guest).home_network_prefixes == before.home_network_prefixes);
    check_far_end(mag2, before.home_network_prefixes.front().address());
}

TEST(mobility_anchor, rfc5213_5_3_5_session_is_deleted_after_min_delay_before_bce_delete) {
    check_accepted(gateway(mag1), proxy_update(guest, 1));
    check_accepted(gateway(mag1), proxy_update(guest, 2, 0));
    world->pass(milliseconds{10000});
    LONGS_EQUAL(0, static_cast<long>(sessions(guest).size()));
    LONGS_EQUAL(0, static_cast<long>(world->stored_proxy.size()));
}

TEST(mobility_anchor, rfc5213_5_3_5_lifetime_ends) {
    check_accepted(gateway(mag1), proxy_update(mn1, 1, 5));
    world->pass(milliseconds{19999});
    check_far_end(mag1, home1);
    world->pass(milliseconds{1});
    check_far_end({}, home1);
    LONGS_EQUAL(0, static_cast<long>(sessions(mn1).size()));
    check_counted(Counter::proxy_bindings_expired, 1);
}

TEST(mobility_anchor, rfc5213_5_4_1_2_unknown_handoff_waits_for_the_previous_mag) {
    auto update = proxy_update(guest, 1);
    set_interface(update, 1);
    check_accepted(gateway(mag1), update);
    const auto before = session(guest);
    auto moved = proxy_update(guest, 1);
    set_interface(moved, 2);
    world->receive(gateway(mag2), moved);
    check_silence();
    check_far_end(mag1, before.home_network_prefixes.front().address());
    world->pass(seconds{1});
    auto goodbye = update;
    goodbye.lifetime = 0;
    ++goodbye.sequence;
    world->receive(gateway(mag1), goodbye);
    world->run();
    LONGS_EQUAL(2, static_cast<long>(world->sent.size()));
    CHECK(session(guest).id == before.id);
    check_far_end(mag2, before.home_network_prefixes.front().address());
}

TEST(mobility_anchor, rfc5213_5_4_1_2_unknown_handoff_becomes_a_new_session_in_time) {
    auto update = proxy_update(guest, 1);
    set_interface(update, 1);
    check_accepted(gateway(mag1), update);
    set_interface(update, 2);
    world->receive(gateway(mag2), update);
    world->pass(milliseconds{1499});
    check_silence();
    world->pass(milliseconds{1});
    CHECK(answer().status == Status::accepted);
    LONGS_EQUAL(2, static_cast<long>(sessions(guest).size()));
}

TEST(mobility_anchor, rfc5213_5_4_1_3_unknown_handoff_of_a_node_with_fixed_prefixes_is_one) {
    check_accepted(gateway(mag1), proxy_update(mn1, 1));
    const auto before = session(mn1);
    world->receive(gateway(mag2), proxy_update(mn1, 1));
    check_silence();
    world->pass(milliseconds{1500});
    CHECK(answer().status == Status::accepted);
    CHECK(session(mn1).id == before.id);
    check_far_end(mag2, home1);
}

TEST(mobility_anchor, rfc5213_5_4_1_1_unknown_handoff_with_the_prefix_is_one_in_time) {
    check_accepted(gateway(mag1), proxy_update(guest, 1));
    auto update = proxy_update(guest, 1);
    name_prefix(update, session(guest).home_network_prefixes.front());
    world->receive(gateway(mag2), update);
    check_silence();
    world->pass(milliseconds{1500});
    CHECK(answer().status == Status::accepted);
    STRCMP_EQUAL("mag2", session(guest).mag.c_str());
}

TEST(mobility_anchor, rfc5213_5_4_1_2_a_waiting_update_has_kept_its_timestamp_when_its_turn_comes) {
    check_accepted(gateway(mag1), timed_proxy_update(mn1, 1));
    world->wait(milliseconds{1});
    world->receive(gateway(mag2), timed_proxy_update(mn1, 1));
    world->pass(milliseconds{1500});
    CHECK(answer().status == Status::accepted);
    check_far_end(mag2, home1);
}

TEST(mobility_anchor, rfc5213_5_4_1_2_the_node_was_seen_at_the_old_mag_after_the_waiting_update) {
    check_accepted(gateway(mag1), timed_proxy_update(mn1, 1));
    world->wait(milliseconds{1});
    world->receive(gateway(mag2), timed_proxy_update(mn1, 1));
    world->pass(seconds{1});
    check_accepted(gateway(mag1), timed_proxy_update(mn1, 2));
    world->pass(seconds{1});
    CHECK(answer().status == Status::timestamp_lower_than_prev_accepted);
    check_far_end(mag1, home1);
}

TEST(mobility_anchor, rfc5213_5_4_1_2_the_latest_waiting_update_counts) {
    check_accepted(gateway(mag1), timed_proxy_update(mn1, 1));
    world->wait(milliseconds{1});
    const auto older = timed_proxy_update(mn1, 2);
    world->wait(milliseconds{1});
    world->receive(gateway(mag2), timed_proxy_update(mn1, 3));
    world->receive(gateway(mag4), older);
    check_counted(Counter::pbu_superseded, 1);
    world->pass(milliseconds{1500});
    LONGS_EQUAL(3, answer().sequence);
    check_far_end(mag2, home1);
}

TEST(mobility_anchor, fail_closed_a_session_whose_prefix_is_now_fixed_for_another_is_refused) {
    check_accepted(gateway(mag1), proxy_update(guest, 1));
    const auto taken = session(guest).home_network_prefixes.front();
    auto config = laboratory::config();
    config.nodes.push_back(node("new@example.org", {taken}));
    world->configure(config);
    check_far_end(mag1, taken.address());
    check_refused(Status::not_authorized_for_home_network_prefix, Counter::pbu_foreign_prefix,
                  gateway(mag1), proxy_update(guest, 2));
    check_status(Status::insufficient_resources, gateway(mag1), proxy_update("new@example.org", 1));
    world->pass(seconds{120});
    check_accepted(gateway(mag1), proxy_update("new@example.org", 2));
}

// NOLINTEND(bugprone-unchecked-optional-access)
