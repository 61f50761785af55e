// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>
#include <set>

#include "tools/load/rate_schedule.h"
#include "tools/load/update_template.h"
#include "wire/timestamp.h"
#include "wire_fixture.h"

#include <CppUTest/TestHarness.h>

namespace anchor6::load {

namespace {

using namespace std::chrono_literals;

wire::BindingUpdate written(const UpdateTemplate& update, const UpdateTemplate::Fields& fields) {
    std::vector<std::uint8_t> octets(update.size());
    update.write(octets, fields);
    return std::get<wire::BindingUpdate>(std::get<wire::Message>(wire::parse(octets)));
}

} // namespace

TEST_GROUP(load_update_template){};

TEST(load_update_template, rfc5213_6_9_1_5_a_copy_has_its_own_fields) {
    const auto prefix = wire::address("2001:db8:77::");
    const auto update = written(UpdateTemplate{5, 60s}, {1234567, 0xabcd, 1'700'000'000s, prefix});
    UNSIGNED_LONGS_EQUAL(15, update.lifetime);
    UNSIGNED_LONGS_EQUAL(0xabcd, update.sequence);
    CHECK(update.options.mn_identifier->identifier == "n1234567@load");
    CHECK(update.options.home_network_prefixes == std::vector<wire::PrefixOption>({{64, prefix}}));
    CHECK(update.options.handoff_indicator == 5);
    CHECK(update.options.timestamp == wire::to_timestamp(1'700'000'000s));
}

TEST(load_update_template, rfc5213_8_3_no_prefix_is_the_unspecified_one_of_length_0) {
    const auto update = written(UpdateTemplate{1, 60s}, {});
    CHECK(update.options.home_network_prefixes == std::vector<wire::PrefixOption>(1));
}

TEST(load_update_template, rfc5213_5_4_1_2_a_node_has_one_interface_and_no_other_node_has_it) {
    const UpdateTemplate update{1, 60s};
    const auto interface_of = [&](std::uint32_t node, std::uint16_t sequence) {
        return written(update, {node, sequence, 0s, {}}).options.link_layer_identifier.value();
    };
    CHECK(interface_of(7, 1) == interface_of(7, 2));
    CHECK(interface_of(7, 1) != interface_of(8, 1));
    CHECK(interface_of(0x10000, 1) == (wire::LinkLayerAddress{2, 0, 0, 1, 0, 0}));
}

TEST(load_update_template, names_of_nodes_are_read_back) {
    CHECK(node_of(node_identifier(42)) == 42U);
    CHECK(!node_of("n000004@load"));
    CHECK(!node_of("n00000x2@load"));
}

TEST_GROUP(load_rate_schedule) {
    RateRequest request;
    std::vector<LoadNode> nodes;
    RateSchedule::TimePoint start{100s};

    RateSchedule schedule(std::uint32_t count, bool refresh = false) {
        nodes.resize(count);
        return {request, nodes, refresh, start};
    }
    std::vector<std::uint32_t> firsts(RateSchedule & schedule, RateSchedule::TimePoint now) {
        std::vector<std::uint32_t> result;
        while (const auto node = schedule.next_first(now))
            result.push_back(*node);
        return result;
    }
    wire::BindingAcknowledgement answer(std::uint32_t node, const char* prefix = "2001:db8:1::") {
        wire::BindingAcknowledgement result;
        result.sequence = nodes.at(node).sequence;
        result.options.mn_identifier = wire::MnIdentifier{.identifier = node_identifier(node)};
        result.options.home_network_prefixes = {{64, wire::address(prefix)}};
        return result;
    }
};

TEST(load_rate_schedule, each_node_has_its_turn_once_also_in_another_order) {
    auto registrations = schedule(1000);
    LONGS_EQUAL(1000, firsts(registrations, start).size());
    auto refreshes = schedule(1000, true);
    const auto order = firsts(refreshes, start);
    LONGS_EQUAL(1000, std::set<std::uint32_t>(order.begin(), order.end()).size());
    CHECK(!std::ranges::is_sorted(order));
}

TEST(load_rate_schedule, no_more_are_open_than_the_window_holds) {
    request.window = 3;
    auto closed = schedule(10);
    LONGS_EQUAL(3, firsts(closed, start).size());
    CHECK(!closed.next_due());
    closed.take(answer(1), start);
    LONGS_EQUAL(1, firsts(closed, start).size());
}

TEST(load_rate_schedule, at_a_pace_a_message_leaves_when_it_is_due_and_its_delay_counts_from_then) {
    request.per_second = 10;
    auto paced = schedule(3);
    LONGS_EQUAL(1, firsts(paced, start).size());
    CHECK(paced.next_due() == start + 105ms);
    LONGS_EQUAL(2, firsts(paced, start + 250ms).size());
    paced.take(answer(1), start + 300ms);
    CHECK(paced.take_result().delays == std::vector<std::chrono::microseconds>{195ms});
}

TEST(load_rate_schedule, at_a_pace_messages_are_due_in_groups_of_seven_milliseconds) {
    request.per_second = 1000;
    auto paced = schedule(20);
    LONGS_EQUAL(1, firsts(paced, start).size());
    CHECK(paced.next_due() == start + 7ms);
    LONGS_EQUAL(0, firsts(paced, start + 6ms).size());
    LONGS_EQUAL(7, firsts(paced, start + 7ms).size());
    paced.take(answer(1), start + 9ms);
    CHECK(paced.take_result().delays == std::vector<std::chrono::microseconds>{2ms});
}

TEST(load_rate_schedule, rfc6275_11_8_what_is_not_answered_is_sent_again_each_time_later) {
    request.wait = 1s;
    request.retries = 2;
    auto lost = schedule(1);
    firsts(lost, start);
    CHECK(!lost.next_again(start + 999ms));
    CHECK(lost.next_again(start + 1s) == 0U);
    UNSIGNED_LONGS_EQUAL(2, nodes.at(0).sequence);
    CHECK(!lost.next_again(start + 2999ms));
    CHECK(lost.next_again(start + 3s) == 0U);
    CHECK(!lost.next_again(start + 7s));
    CHECK(lost.is_done());
    const RateResult result = lost.take_result();
    LONGS_EQUAL(2, result.sent_again);
    LONGS_EQUAL(1, result.unanswered);
}

TEST(load_rate_schedule, only_the_answer_to_the_last_message_of_a_node_counts_and_once) {
    auto open = schedule(2);
    firsts(open, start);
    const auto late = answer(0);
    open.take(answer(1), start);
    open.take(answer(1), start);
    CHECK(open.next_again(start + 1s) == 0U);
    open.take(late, start + 1s);
    CHECK(!open.is_done());
    open.take(answer(0), start + 2s);
    CHECK(open.is_done());
    LONGS_EQUAL(2, open.take_result().accepted);
}

TEST(load_rate_schedule, a_refusal_no_prefix_and_another_prefix_are_no_success) {
    auto registrations = schedule(4);
    firsts(registrations, start);
    auto refusal = answer(0);
    refusal.status = wire::Status::insufficient_resources;
    registrations.take(refusal, start);
    auto without = answer(1);
    without.options.home_network_prefixes.clear();
    registrations.take(without, start);
    registrations.take(answer(2), start);
    registrations.take(answer(3), start);
    LONGS_EQUAL(2, registrations.take_result().refused);

    auto refreshes = schedule(4, true);
    firsts(refreshes, start);
    refreshes.take(answer(2), start);
    refreshes.take(answer(3, "2001:db8:2::"), start);
    const RateResult result = refreshes.take_result();
    LONGS_EQUAL(1, result.accepted);
    LONGS_EQUAL(1, result.refused);
}

TEST(load_rate_schedule, addresses_of_mags_carry_over_their_octets) {
    CHECK(advanced(wire::address("2001:db8::ffff"), 1) == wire::address("2001:db8::1:0"));
    CHECK(advanced(wire::address("2001:db8::1"), 0x10203) == wire::address("2001:db8::1:204"));
}

TEST(load_rate_schedule, percentiles_are_the_delays_that_so_many_stay_below) {
    RateResult result;
    for (int delay = 1; delay <= 200; ++delay)
        result.delays.emplace_back(delay);
    LONGS_EQUAL(100, result.percentile(50).count());
    LONGS_EQUAL(198, result.percentile(99).count());
    LONGS_EQUAL(200, result.percentile(100).count());
}

} // namespace anchor6::load
