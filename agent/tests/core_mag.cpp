// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/core_support.h"

using namespace anchor6;
using namespace anchor6::laboratory;
using core::Counter;
using std::chrono::milliseconds;
using std::chrono::seconds;
using wire::Status;

// NOLINTBEGIN(bugprone-unchecked-optional-access)

TEST_GROUP_BASE(mag, CoreTest) {
    void setup() override {
        CoreTest::setup();
        settings = config();
    }

    void configure() {
        world->configure(settings);
    }

    core::MagEntry entry(const std::string& name) const {
        for (const core::MagEntry& entry : world->anchor.mags(world->now.boot))
            if (entry.name == name)
                return entry;
        FAIL("no such MAG");
        return {};
    }

    /// Somebody sets the clock of this machine; boot time goes on.
    void step_clock(std::chrono::nanoseconds step) {
        world->now.real += step;
        world->judge_order = false;
    }

    wire::BindingUpdate lean_handoff(std::uint16_t sequence, wire::HandoffIndicator handoff) {
        auto update = proxy_update(mn1, sequence);
        update.options.handoff_indicator = static_cast<std::uint8_t>(handoff);
        return update;
    }

    core::Config settings;
};

TEST(mag, messages_beyond_the_limit_of_a_second_are_dropped) {
    settings.mags[0].messages_per_second = 3;
    configure();
    for (std::uint16_t sequence = 1; sequence <= 3; ++sequence)
        check_accepted(gateway(mag1), proxy_update(mn1, sequence));
    check_dropped(Counter::pbu_rate_limited, gateway(mag1), proxy_update(mn1, 4));
    check_dropped(Counter::mag_messages_rate_limited, gateway(mag1), wire::Heartbeat{});
    check_accepted(gateway(mag2), proxy_update(guest, 1));
    world->wait(milliseconds{334});
    check_accepted(gateway(mag1), proxy_update(mn1, 5));
    check_dropped(Counter::pbu_rate_limited, gateway(mag1), proxy_update(mn1, 6));
}

TEST(mag, refusals_to_strangers_are_few) {
    settings.limits.stranger_refusals_per_second = 2;
    configure();
    const auto stranger = gateway(address("2001:db8:bad::1"));
    check_status(Status::mag_not_authorized_for_proxy_reg, stranger, proxy_update(mn1, 1));
    check_status(Status::missing_mn_identifier_option, stranger,
                 wire::BindingUpdate{
                     1, wire::bu_flag::acknowledge | wire::bu_flag::proxy_registration, 1, {}});
    check_dropped(Counter::strangers_not_answered, stranger, proxy_update(mn1, 2));
    check_status(Status::mag_not_authorized_for_proxy_reg, gateway(mag4), proxy_update(mn2, 1));
    world->wait(milliseconds{500});
    check_status(Status::mag_not_authorized_for_proxy_reg, stranger, proxy_update(mn1, 3));
}

TEST(mag, sessions_up_to_the_limit_of_the_mag) {
    settings.mags[0].bindings = 2;
    configure();
    check_accepted(gateway(mag1), proxy_update(mn1, 1));
    check_accepted(gateway(mag1), proxy_update(mn2, 1));
    check_refused(Status::insufficient_resources, Counter::pbu_too_many_of_mag, gateway(mag1),
                  proxy_update(guest, 1));
    check_accepted(gateway(mag1), proxy_update(mn1, 2));
    UNSIGNED_LONGS_EQUAL(2, entry("mag1").sessions);
    check_accepted(gateway(mag1), proxy_update(mn2, 2, 0));
    world->pass(seconds{10});
    UNSIGNED_LONGS_EQUAL(1, entry("mag1").sessions);
    check_accepted(gateway(mag1), proxy_update(guest, 2));
}

TEST(mag, a_full_mag_gets_no_session_by_handoff) {
    settings.mags[0].bindings = 1;
    configure();
    check_accepted(gateway(mag1), proxy_update(mn1, 1));
    check_accepted(gateway(mag2), proxy_update(mn2, 1));
    auto handoff = proxy_update(mn2, 9);
    handoff.options.handoff_indicator = 3;
    check_refused(Status::insufficient_resources, Counter::pbu_too_many_of_mag, gateway(mag1),
                  handoff);
    UNSIGNED_LONGS_EQUAL(1, entry("mag2").sessions);
}

TEST(mag, a_registration_that_fails_is_no_session) {
    settings.mags[0].bindings = 1;
    configure();
    world->receive(gateway(mag1), proxy_update(mn1, 1));
    UNSIGNED_LONGS_EQUAL(1, entry("mag1").sessions);
    world->end(World::Outcome::store_failed);
    UNSIGNED_LONGS_EQUAL(0, entry("mag1").sessions);
    CHECK(answer().status == Status::insufficient_resources);
    check_accepted(gateway(mag1), proxy_update(mn2, 1));
}

TEST(mag, messages_of_one_mag_that_wait_are_bounded) {
    settings.limits.queued_per_mag = 2;
    configure();
    world->receive(gateway(mag1), proxy_update(mn1, 1));
    world->receive(gateway(mag1), proxy_update(mn1, 2));
    world->receive(gateway(mag1), proxy_update(mn1, 3));
    world->receive(gateway(mag1), proxy_update(mn1, 4));
    check_counted(Counter::pbu_queue_full, 1);
    world->receive(gateway(mag2), proxy_update(mn1, 5));
    check_counted(Counter::pbu_queue_full, 1);
    world->run();
    LONGS_EQUAL(3, static_cast<long>(world->sent.size()));
}

TEST(mag, a_mag_has_so_many_transactions_under_way_and_the_others_do_not_wait_for_it) {
    settings.limits.transactions_per_mag = 2;
    configure();
    world->receive(gateway(mag1), proxy_update(mn1, 1));
    world->receive(gateway(mag1), proxy_update(mn2, 1));
    check_counted(Counter::proxy_turns_awaited, 0);
    world->receive(gateway(mag1), proxy_update(guest, 1));
    world->receive(gateway(mag1), proxy_update(visitor, 1));
    check_counted(Counter::proxy_turns_awaited, 2);
    LONGS_EQUAL(2, static_cast<long>(world->open.size()));
    world->receive(gateway(mag2), proxy_update("other@example.org", 1));
    LONGS_EQUAL(3, static_cast<long>(world->open.size()));
    world->end();
    LONGS_EQUAL(3, static_cast<long>(world->open.size()));
    CHECK(sessions(visitor).empty());
    world->run();
    LONGS_EQUAL(1, static_cast<long>(sessions(guest).size()));
    LONGS_EQUAL(1, static_cast<long>(sessions(visitor).size()));
    LONGS_EQUAL(5, static_cast<long>(world->sent.size()));
}

TEST(mag, who_waits_for_a_turn_is_not_overtaken_by_what_came_later) {
    settings.limits.transactions_per_mag = 1;
    configure();
    world->receive(gateway(mag1), proxy_update(mn1, 1));
    world->receive(gateway(mag1), proxy_update(mn2, 1));
    world->receive(gateway(mag1), proxy_update(mn2, 2));
    world->receive(gateway(mag1), proxy_update(mn2, 3, 0));
    world->run();
    LONGS_EQUAL(4, static_cast<long>(world->sent.size()));
    for (std::size_t place = 0; place < 4; ++place)
        CHECK(std::get<wire::BindingAcknowledgement>(world->sent[place].message).status ==
              Status::accepted);
    CHECK(sessions(mn2).at(0).state == core::ProxyBinding::State::being_deleted);
}

TEST(mag, a_refusal_does_not_keep_the_turn_of_the_next) {
    settings.limits.transactions_per_mag = 1;
    configure();
    world->receive(gateway(mag1), proxy_update(mn1, 1));
    auto foreign = proxy_update(mn2, 1);
    name_prefix(foreign, prefix1);
    world->receive(gateway(mag1), foreign);
    world->receive(gateway(mag1), proxy_update(guest, 1));
    world->end();
    LONGS_EQUAL(1, static_cast<long>(world->open.size()));
    world->end(World::Outcome::store_failed);
    LONGS_EQUAL(3, static_cast<long>(world->sent.size()));
    world->sent.clear();
    check_accepted(gateway(mag1), proxy_update(guest, 2));
}

TEST(mag, messages_that_wait_for_a_turn_are_bounded) {
    settings.limits.transactions_per_mag = 1;
    settings.limits.queued_per_mag = 2;
    configure();
    for (std::uint16_t round = 1; round <= 2; ++round) {
        for (const auto& node : {mn1, mn2, guest, visitor})
            world->receive(gateway(mag1), proxy_update(node, round));
        check_counted(Counter::pbu_queue_full, round);
        world->run();
        LONGS_EQUAL(3 * round, static_cast<long>(world->sent.size()));
    }
}

TEST(mag, a_higher_limit_lets_nobody_overtake) {
    settings.limits.transactions_per_mag = 1;
    configure();
    world->receive(gateway(mag1), proxy_update(mn1, 1));
    world->receive(gateway(mag1), proxy_update(mn2, 1));
    settings.limits.transactions_per_mag = 2;
    configure();
    world->receive(gateway(mag1), proxy_update(mn2, 2, 0));
    world->run();
    CHECK(sessions(mn2).at(0).state == core::ProxyBinding::State::being_deleted);
}

TEST(mag, a_strict_mag_must_name_its_access_technology_and_send_timestamps) {
    settings.mags[0].strict = true;
    configure();
    check_refused(Status::timestamp_mismatch, Counter::pbu_no_timestamp, gateway(mag1),
                  proxy_update(mn1, 1));
    check_refused(Status::missing_access_tech_type_option, Counter::pbu_no_access_technology,
                  gateway(mag1), timed_proxy_update(mn1, 2));
    auto strict = timed_proxy_update(mn1, 3);
    strict.options.access_technology_type = 4;
    check_accepted(gateway(mag1), strict);
}

TEST(mag, rfc5213_5_5_offset_of_the_last_timestamp_is_seen) {
    CHECK(!entry("mag1").offset);
    auto update = timed_proxy_update(mn1, 1);
    *update.options.timestamp += 1U << 15;
    world->receive(gateway(mag1), update);
    CHECK(answer().status == Status::timestamp_mismatch);
    CHECK(entry("mag1").offset == milliseconds{500});
    *update.options.timestamp = 0;
    world->receive(gateway(mag1), update);
    CHECK(entry("mag1").offset == -world->now.real.time_since_epoch());
    CHECK(!entry("mag2").offset);
}

TEST(mag, a_clock_set_back_locks_nobody_out) {
    check_accepted(gateway(mag1), timed_proxy_update(mn1, 1));
    step_clock(-std::chrono::hours{1});
    check_accepted(gateway(mag1), timed_proxy_update(mn1, 2));
    check_counted(Counter::clock_steps_forgiven, 1);
}

TEST(mag, a_clock_set_back_still_refuses_what_is_outside_the_window) {
    const auto old = timed_proxy_update(mn1, 1);
    check_accepted(gateway(mag1), old);
    step_clock(-std::chrono::hours{1});
    check_status(Status::timestamp_mismatch, gateway(mag1), old);
    world->wait(milliseconds{1});
    const auto fresh = timed_proxy_update(mn1, 2);
    check_accepted(gateway(mag1), fresh);
    check_status(Status::timestamp_mismatch, gateway(mag1), fresh);
    check_counted(Counter::clock_steps_forgiven, 1);
}

TEST(mag, a_step_within_the_window_is_waited_for) {
    check_accepted(gateway(mag1), timed_proxy_update(mn1, 1));
    step_clock(-milliseconds{299});
    check_status(Status::timestamp_lower_than_prev_accepted, gateway(mag1),
                 timed_proxy_update(mn1, 2));
    world->wait(milliseconds{300});
    check_accepted(gateway(mag1), timed_proxy_update(mn1, 3));
}

TEST(mag, a_late_message_without_timestamp_does_not_take_the_node_back) {
    using enum wire::HandoffIndicator;
    check_accepted(gateway(mag1), lean_handoff(7, new_interface));
    check_accepted(gateway(mag2), lean_handoff(100, between_mags));
    check_status(Status::sequence_out_of_window, gateway(mag1), lean_handoff(7, between_mags));
    for (const auto handoff : {unknown, unchanged})
        check_dropped(Counter::pbu_late_of_previous_mag, gateway(mag1), lean_handoff(8, handoff));
    check_far_end(mag2, home1);
    check_accepted(gateway(mag1), lean_handoff(8, between_mags));
    check_far_end(mag1, home1);
}

TEST(mag, the_refusal_of_an_old_number_tells_the_last_one_of_that_mag) {
    using enum wire::HandoffIndicator;
    check_accepted(gateway(mag1), lean_handoff(7, new_interface));
    check_accepted(gateway(mag2), lean_handoff(100, between_mags));
    UNSIGNED_LONGS_EQUAL(7, send(gateway(mag1), lean_handoff(6, between_mags)).sequence);
    UNSIGNED_LONGS_EQUAL(100, send(gateway(mag2), lean_handoff(99, unchanged)).sequence);
}

TEST(mag, the_node_may_come_back_when_nothing_can_be_late_any_more) {
    using enum wire::HandoffIndicator;
    check_accepted(gateway(mag1), lean_handoff(7, new_interface));
    check_accepted(gateway(mag2), lean_handoff(100, between_mags));
    world->wait(milliseconds{1499});
    check_dropped(Counter::pbu_late_of_previous_mag, gateway(mag1), lean_handoff(8, unknown));
    world->wait(milliseconds{1});
    world->receive(gateway(mag1), lean_handoff(9, unknown));
    world->pass(milliseconds{1500});
    CHECK(answer().status == Status::accepted);
    check_far_end(mag1, home1);
}

TEST(mag, rfc4832_a_mag_registers_only_its_prefixes) {
    settings.mags[0].home_network_prefixes = {prefix("2001:db8:2000::/48")};
    configure();
    check_accepted(gateway(mag1), proxy_update(mn1, 1));
    check_refused(Status::not_authorized_for_home_network_prefix, Counter::pbu_prefix_not_of_mag,
                  gateway(mag1), proxy_update(guest, 1));
    auto named = proxy_update(guest, 2);
    name_prefix(named, prefix("2001:db8:1000:7::/64"));
    check_refused(Status::not_authorized_for_home_network_prefix, Counter::pbu_foreign_prefix,
                  gateway(mag1), named);
    check_accepted(gateway(mag2), named);
    named.sequence = 3;
    named.options.handoff_indicator = 3;
    check_refused(Status::not_authorized_for_home_network_prefix, Counter::pbu_foreign_prefix,
                  gateway(mag1), named);
}

TEST(mag, patterns_reach_from_one_node_to_everybody) {
    settings.mags[0].nodes = {"*@*.example.net", "mn1@example.org"};
    settings.nodes.push_back(node("*@*.example.net", {}));
    settings.nodes.push_back(node("*", {}));
    settings.nodes.back().proxy_mobility = false;
    configure();
    check_accepted(gateway(mag1), proxy_update(mn1, 1));
    check_accepted(gateway(mag1), proxy_update("a@b.c.example.net", 1));
    check_status(Status::mag_not_authorized_for_proxy_reg, gateway(mag1),
                 proxy_update("a@example.net", 1));
    check_status(Status::proxy_reg_not_enabled, gateway(mag2), proxy_update("mn9@example.net", 1));
}

TEST(mag, profile_bounds_the_lifetime_and_names_the_link_local_address) {
    settings.nodes[0].max_proxy_lifetime = seconds{40};
    settings.nodes[0].link_local_address = address("fe80::66");
    configure();
    auto update = proxy_update(mn1, 1, 100);
    update.options.link_local_address = address("fe80::1");
    const auto answer = send(gateway(mag1), update);
    UNSIGNED_LONGS_EQUAL(10, answer.lifetime);
    CHECK(answer.options.link_local_address == address("fe80::66"));
}

// NOLINTEND(bugprone-unchecked-optional-access)
