// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/core_support.h"

using namespace anchor6;
using namespace anchor6::laboratory;
using core::Counter;
using std::chrono::milliseconds;
using std::chrono::seconds;

// NOLINTBEGIN(bugprone-unchecked-optional-access)

TEST_GROUP_BASE(heartbeat, CoreTest) {
    void setup() override {
        CoreTest::setup();
        settings = config();
        settings.timers.heartbeat_interval = seconds{10};
        settings.mags[0].heartbeat = true;
        world->configure(settings);
    }

    /// The one heartbeat sent since the last look.
    wire::Heartbeat heartbeat() {
        const core::Send sent = answer_sent();
        CHECK(sent.source == lma && sent.destination == mag1);
        CHECK(!sent.care_of_address && !sent.reply_home);
        return std::get<wire::Heartbeat>(sent.message);
    }

    void answer_heartbeat(const wire::Heartbeat& request, std::optional<std::uint32_t> counter) {
        wire::Heartbeat response{true, false, request.sequence, {}};
        response.options.restart_counter = counter;
        world->receive(gateway(mag1), response);
    }

    /// A session at the first MAG, which has answered the first request.
    void begin_session(std::uint16_t lifetime = 900) {
        check_accepted(gateway(mag1), proxy_update(guest, 1, lifetime));
        world->tick();
        answer_heartbeat(heartbeat(), 7);
        check_silence();
    }

    wire::Heartbeat next_request() {
        world->pass(seconds{10});
        return heartbeat();
    }

    core::Config settings;
};

TEST(heartbeat, rfc5847_3_1_request_is_answered_with_its_sequence_and_our_restart_counter) {
    core::Remembered remembered;
    remembered.restart_counter = 4711;
    world = std::make_unique<World>(settings, remembered);
    world->receive(gateway(mag1), wire::Heartbeat{false, false, 0xfffffffe, {}});
    const wire::Heartbeat response = heartbeat();
    CHECK(response.response && !response.unsolicited);
    UNSIGNED_LONGS_EQUAL(0xfffffffe, response.sequence);
    UNSIGNED_LONGS_EQUAL(4711, response.options.restart_counter.value());
    check_counted(Counter::heartbeats_answered, 1);
}

TEST(heartbeat, rfc5847_3_1_strangers_get_no_answer) {
    check_dropped(Counter::heartbeats_of_strangers, gateway(address("2001:db8:bad::1")),
                  wire::Heartbeat{});
    check_dropped(Counter::heartbeats_of_strangers, gateway(mag3), wire::Heartbeat{});
    core::Packet elsewhere = gateway(mag1);
    elsewhere.destination = home_agent;
    check_dropped(Counter::heartbeats_of_strangers, elsewhere, wire::Heartbeat{});
}

TEST(heartbeat, rfc5847_3_1_requests_follow_the_interval_while_there_are_sessions) {
    begin_session();
    world->pass(milliseconds{9999});
    check_silence();
    world->pass(milliseconds{1});
    const wire::Heartbeat request = heartbeat();
    CHECK(!request.response);
    UNSIGNED_LONGS_EQUAL(2, request.sequence);
    answer_heartbeat(request, 7);
    check_counted(Counter::heartbeats_sent, 2);
}

TEST(heartbeat, rfc5847_3_1_without_sessions_nobody_is_asked) {
    world->pass(seconds{60});
    check_silence();
    begin_session();
    check_accepted(gateway(mag1), proxy_update(guest, 2, 0));
    world->pass(seconds{9});
    check_silence();
    world->pass(seconds{60});
    check_silence();
    check_counted(Counter::heartbeats_sent, 1);
}

TEST(heartbeat, a_mag_that_is_not_configured_for_heartbeats_is_not_asked) {
    check_accepted(gateway(mag2), proxy_update(guest, 1, 900));
    world->pass(seconds{300});
    check_silence();
}

TEST(heartbeat, rfc5847_3_1_responses_nobody_asked_for_are_dropped) {
    begin_session();
    check_dropped(Counter::heartbeats_unexpected, gateway(mag1),
                  wire::Heartbeat{true, false, 1, {}});
    const wire::Heartbeat request = next_request();
    check_dropped(Counter::heartbeats_unexpected, gateway(mag1),
                  wire::Heartbeat{true, false, request.sequence + 1, {}});
    check_dropped(Counter::heartbeats_unexpected, gateway(mag2),
                  wire::Heartbeat{true, false, request.sequence, {}});
    answer_heartbeat(request, 7);
    check_counted(Counter::heartbeats_unexpected, 3);
}

TEST(heartbeat, rfc5847_3_1_unreachable_after_the_allowed_number_of_losses) {
    begin_session();
    for (int missing = 0; missing < 3; ++missing) {
        next_request();
        check_counted(Counter::mags_unreachable, 0);
    }
    next_request();
    check_counted(Counter::mags_unreachable, 1);
    LONGS_EQUAL(1, static_cast<long>(sessions(guest).size()));
    answer_heartbeat(next_request(), 7);
    check_counted(Counter::mags_unreachable, 1);
    check_counted(Counter::mags_reachable_again, 1);
}

TEST(heartbeat, rfc5847_3_1_an_answer_in_between_begins_the_count_again) {
    begin_session();
    next_request();
    next_request();
    answer_heartbeat(next_request(), 7);
    next_request();
    next_request();
    next_request();
    check_counted(Counter::mags_unreachable, 0);
}

TEST(heartbeat, sessions_of_an_unreachable_mag_end_when_configured) {
    settings.mags[0].end_sessions_when_unreachable = true;
    world->configure(settings);
    begin_session();
    check_accepted(gateway(mag2), proxy_update(visitor, 1, 900));
    for (int missing = 0; missing < 4; ++missing)
        next_request();
    world->pass(milliseconds{1});
    LONGS_EQUAL(0, static_cast<long>(sessions(guest).size()));
    LONGS_EQUAL(1, static_cast<long>(sessions(visitor).size()));
    check_counted(Counter::proxy_bindings_lost, 1);
    check_counted(Counter::proxy_bindings_expired, 0);
}

TEST(heartbeat, rfc5847_3_2_sessions_end_with_another_restart_counter) {
    begin_session();
    answer_heartbeat(next_request(), 8);
    world->pass(milliseconds{1});
    check_counted(Counter::mags_restarted, 1);
    check_counted(Counter::proxy_bindings_lost, 1);
    LONGS_EQUAL(0, static_cast<long>(sessions(guest).size()));
    CHECK(world->kernel.empty());
}

TEST(heartbeat, rfc5847_3_2_an_unsolicited_response_tells_of_a_restart) {
    begin_session();
    world->wait(milliseconds{1});
    wire::Heartbeat announcement{true, true, 0, {}};
    announcement.options.restart_counter = 8;
    world->receive(gateway(mag1), announcement);
    world->pass(milliseconds{1});
    LONGS_EQUAL(0, static_cast<long>(sessions(guest).size()));
}

TEST(heartbeat, a_session_registered_after_the_restart_stays) {
    begin_session();
    world->wait(seconds{1});
    answer_heartbeat(next_request(), 8);
    check_accepted(gateway(mag1), proxy_update(guest, 2, 900));
    world->pass(seconds{1});
    LONGS_EQUAL(1, static_cast<long>(sessions(guest).size()));
    check_counted(Counter::proxy_bindings_lost, 0);
}

TEST(heartbeat, sessions_survive_a_restart_when_configured) {
    settings.mags[0].end_sessions_when_restarted = false;
    world->configure(settings);
    begin_session();
    answer_heartbeat(next_request(), 8);
    world->pass(seconds{1});
    check_counted(Counter::mags_restarted, 1);
    LONGS_EQUAL(1, static_cast<long>(sessions(guest).size()));
}

TEST(heartbeat, the_same_restart_counter_ends_nothing) {
    begin_session();
    answer_heartbeat(next_request(), 7);
    answer_heartbeat(next_request(), std::nullopt);
    answer_heartbeat(next_request(), 7);
    check_counted(Counter::mags_restarted, 0);
    LONGS_EQUAL(1, static_cast<long>(sessions(guest).size()));
}

TEST(heartbeat, rfc5847_3_2_each_mag_is_told_once_that_bindings_were_lost) {
    core::Remembered remembered;
    remembered.restart_counter = 9;
    remembered.bindings_lost = true;
    world = std::make_unique<World>(settings, remembered);
    world->adopt();
    // Three MAGs with authentication and two groups.
    LONGS_EQUAL(6, static_cast<long>(world->sent.size()));
    for (const core::Send& sent : world->sent) {
        const auto& announcement = std::get<wire::Heartbeat>(sent.message);
        CHECK(announcement.response && announcement.unsolicited);
        UNSIGNED_LONGS_EQUAL(9, announcement.options.restart_counter.value());
        CHECK(sent.destination != mag3);
    }
    world->sent.clear();
    world->adopt();
    check_silence();
}

// NOLINTEND(bugprone-unchecked-optional-access)
