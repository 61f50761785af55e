// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/core_support.h"

using namespace anchor6;
using namespace anchor6::laboratory;
using core::Counter;
using std::chrono::milliseconds;
using std::chrono::seconds;
using wire::RevocationStatus;
using wire::RevocationTrigger;

// NOLINTBEGIN(bugprone-unchecked-optional-access)

namespace {

constexpr std::uint16_t proxy_flag = wire::revocation_flag::proxy_binding;
constexpr std::uint16_t global_flag = wire::revocation_flag::global;

wire::BindingRevocationIndication revocation_of(const std::string& mn_identifier,
                                                std::uint16_t sequence = 1) {
    wire::BindingRevocationIndication indication{
        RevocationTrigger::access_network, sequence, proxy_flag, {}};
    indication.options.mn_identifier = {wire::MnIdentifier::nai, mn_identifier};
    return indication;
}

wire::BindingRevocationIndication global_revocation() {
    return {RevocationTrigger::per_peer_policy,
            1,
            static_cast<std::uint16_t>(proxy_flag | global_flag),
            {}};
}

} // namespace

TEST_GROUP_BASE(revocation, CoreTest) {
    void setup() override {
        CoreTest::setup();
        settings = config();
        settings.mags[0].revocation = true;
        world->configure(settings);
    }

    /// The one indication sent since the last look.
    wire::BindingRevocationIndication indication(const wire::Address& mag = mag1) {
        const core::Send sent = answer_sent();
        CHECK(sent.source == lma && sent.destination == mag);
        return std::get<wire::BindingRevocationIndication>(sent.message);
    }

    void acknowledge(const wire::BindingRevocationIndication& asked, RevocationStatus status,
                     const wire::Address& mag = mag1) {
        world->receive(gateway(mag), wire::BindingRevocationAcknowledgement{
                                         status, asked.sequence, asked.flags, {}});
    }

    void settle() {
        world->pass(milliseconds{200});
    }

    /// What a MAG gets for its indication, when everything has ended.
    RevocationStatus answer_to(const wire::BindingRevocationIndication& asked,
                               const wire::Address& mag = mag1) {
        world->receive(gateway(mag), asked);
        settle();
        const core::Send sent = answer_sent();
        CHECK(sent.source == lma && sent.destination == mag);
        const auto& answer = std::get<wire::BindingRevocationAcknowledgement>(sent.message);
        LONGS_EQUAL(asked.sequence, answer.sequence);
        LONGS_EQUAL(asked.flags, answer.flags);
        CHECK(answer.options.mn_identifier == asked.options.mn_identifier);
        return answer.status;
    }

    void revoke(const std::string& mn_identifier, std::optional<std::uint64_t> session = {}) {
        world->tell(core::RevokeSessions{mn_identifier, session});
    }

    void check_sessions(long expected, const std::string& mn_identifier) {
        LONGS_EQUAL(expected, static_cast<long>(sessions(mn_identifier).size()));
    }

    core::Config settings;
};

TEST(revocation, nothing_is_left_of_a_revoked_session_when_its_lifetime_would_have_ended) {
    check_accepted(gateway(mag2), proxy_update(guest, 1));
    revoke(guest);
    settle();
    check_sessions(0, guest);
    world->pass(seconds{121});
    check_counted(Counter::proxy_bindings_expired, 0);
}

TEST(revocation, rfc5846_9_1_what_a_mag_revokes_while_it_moves_away_is_no_longer_its_own) {
    check_accepted(gateway(mag1), proxy_update(guest, 1));
    auto handoff = proxy_update(guest, 1);
    handoff.options.handoff_indicator = 3;
    world->receive(gateway(mag2), handoff);
    world->receive(gateway(mag1), revocation_of(guest));
    world->tick();
    world->run();
    world->sent.clear();
    settle();
    check_sessions(1, guest);
    CHECK(session(guest).proxy_care_of_address == mag2);
    const auto answer = std::get<wire::BindingRevocationAcknowledgement>(world->sent.at(0).message);
    CHECK(answer.status == RevocationStatus::success);
}

TEST(revocation, rfc5846_7_1_the_mag_is_told_and_the_session_ends_with_its_answer) {
    check_accepted(gateway(mag1), proxy_update(mn2, 1));
    revoke(mn2);
    const auto asked = indication();
    CHECK(asked.trigger == RevocationTrigger::administrative_reason);
    LONGS_EQUAL(proxy_flag, asked.flags);
    STRCMP_EQUAL(mn2.c_str(), asked.options.mn_identifier->identifier.c_str());
    LONGS_EQUAL(2, static_cast<long>(asked.options.home_network_prefixes.size()));
    check_sessions(1, mn2);
    acknowledge(asked, RevocationStatus::success);
    settle();
    check_sessions(0, mn2);
    CHECK(world->kernel.empty());
    check_counted(Counter::bra_received, 1);
    check_counted(Counter::proxy_bindings_revoked, 1);
    check_silence();
}

TEST(revocation, rfc5846_7_1_any_answer_ends_the_session) {
    check_accepted(gateway(mag1), proxy_update(mn1, 1));
    revoke(mn1);
    acknowledge(indication(), RevocationStatus::binding_does_not_exist);
    settle();
    check_sessions(0, mn1);
    check_counted(Counter::bra_refusals_received, 1);
}

TEST(revocation, rfc5846_7_1_only_the_answer_of_that_mag_with_that_number_counts) {
    check_accepted(gateway(mag1), proxy_update(mn1, 1));
    revoke(mn1);
    auto asked = indication();
    acknowledge(asked, RevocationStatus::success, mag2);
    ++asked.sequence;
    acknowledge(asked, RevocationStatus::success);
    settle();
    check_sessions(1, mn1);
    check_counted(Counter::bra_unexpected, 2);
}

TEST(revocation, rfc5846_11_is_sent_again_after_the_delay_and_given_up_after_its_double) {
    check_accepted(gateway(mag1), proxy_update(mn1, 1));
    revoke(mn1);
    const auto asked = indication();
    world->pass(milliseconds{999});
    check_silence();
    world->pass(milliseconds{1});
    CHECK(indication() == asked);
    world->pass(milliseconds{1999});
    check_sessions(1, mn1);
    world->pass(milliseconds{1});
    settle();
    check_sessions(0, mn1);
    check_silence();
    check_counted(Counter::bri_sent, 1);
    check_counted(Counter::bri_resent, 1);
    check_counted(Counter::bri_unanswered, 1);
}

TEST(revocation, without_retries_the_session_ends_after_the_delay) {
    settings.timers.bri_max_retries = 0;
    settings.timers.initial_delay_bri = milliseconds{500};
    world->configure(settings);
    check_accepted(gateway(mag1), proxy_update(mn1, 1));
    revoke(mn1);
    indication();
    world->pass(milliseconds{499});
    check_sessions(1, mn1);
    world->pass(milliseconds{1});
    settle();
    check_sessions(0, mn1);
    check_counted(Counter::bri_resent, 0);
}

TEST(revocation, a_mag_without_revocation_is_not_told) {
    check_accepted(gateway(mag2), proxy_update(mn1, 1));
    revoke(mn1);
    settle();
    check_sessions(0, mn1);
    check_silence();
    check_counted(Counter::bri_sent, 0);
}

TEST(revocation, rfc5846_7_3_a_mag_that_does_not_know_it_is_not_told_again) {
    check_accepted(gateway(mag1), proxy_update(mn1, 1));
    check_accepted(gateway(mag1), proxy_update(mn2, 1));
    revoke(mn1);
    indication();
    world->receive(gateway(mag1), wire::BindingError{wire::BindingError::unrecognized_type, {}});
    settle();
    check_sessions(0, mn1);
    check_sessions(1, mn2);
    check_counted(Counter::bri_not_understood, 1);
    revoke(mn2);
    settle();
    check_sessions(0, mn2);
    check_silence();
    check_counted(Counter::bri_sent, 1);
}

TEST(revocation, rfc5846_7_3_a_binding_error_that_answers_nothing_is_counted) {
    check_accepted(gateway(mag1), proxy_update(mn1, 1));
    world->receive(gateway(mag1), wire::BindingError{wire::BindingError::unrecognized_type, {}});
    check_counted(Counter::message_not_for_anchor, 1);
    CHECK(!world->anchor.mags(world->now.boot)[0].revocation_refused);
}

TEST(revocation, an_ending_that_the_store_never_takes_is_given_up_and_counted) {
    settings.mags[0].revocation = false;
    world->configure(settings);
    check_accepted(gateway(mag1), proxy_update(mn1, 1));
    revoke(mn1);
    for (int round = 0; round < 100; ++round) {
        while (!world->open.empty())
            world->end(World::Outcome::store_failed);
        world->wait(milliseconds{20});
        world->tick();
    }
    check_counted(Counter::session_endings_given_up, 1);
    check_sessions(1, mn1);
}

TEST(revocation, one_of_several_sessions) {
    auto other = proxy_update(guest, 2);
    other.options.handoff_indicator = 1;
    other.options.link_layer_identifier = {{2, 0, 0, 0, 0, 9}};
    check_accepted(gateway(mag2), proxy_update(guest, 1));
    check_accepted(gateway(mag2), other);
    check_sessions(2, guest);
    revoke(guest, sessions(guest).front().id);
    settle();
    check_sessions(1, guest);
    revoke("nobody@example.org");
    settle();
    check_sessions(1, guest);
}

TEST(revocation, a_session_that_has_moved_meanwhile_is_revoked_where_it_is) {
    check_accepted(gateway(mag1), proxy_update(mn1, 1));
    revoke(mn1);
    const auto asked = indication();
    auto handoff = proxy_update(mn1, 9);
    handoff.options.handoff_indicator = 3;
    world->receive(gateway(mag2), handoff);
    world->run();
    world->sent.clear();
    acknowledge(asked, RevocationStatus::success);
    settle();
    check_sessions(0, mn1);
}

TEST(revocation, a_session_under_way_ends_when_it_can) {
    check_accepted(gateway(mag2), proxy_update(mn1, 1));
    world->receive(gateway(mag2), proxy_update(mn1, 2));
    revoke(mn1);
    world->tick();
    settle();
    check_sessions(0, mn1);
}

TEST(revocation, rfc5846_7_2_the_previous_mag_learns_of_a_handover) {
    struct Case {
        std::uint8_t handoff;
        std::uint8_t access_technology;
        RevocationTrigger trigger;
    };
    for (const Case& one : {Case{3, 4, RevocationTrigger::inter_mag_handover_same_access},
                            Case{2, 5, RevocationTrigger::inter_mag_handover_different_access}}) {
        check_accepted(gateway(mag1), [] {
            auto update = proxy_update(mn1, 1);
            update.options.access_technology_type = 4;
            return update;
        }());
        auto handoff = proxy_update(mn1, 9);
        handoff.options.handoff_indicator = one.handoff;
        handoff.options.access_technology_type = one.access_technology;
        world->receive(gateway(mag2), handoff);
        world->run();
        LONGS_EQUAL(2, static_cast<long>(world->sent.size()));
        CHECK(std::holds_alternative<wire::BindingAcknowledgement>(world->sent[0].message));
        CHECK(world->sent[1].destination == mag1);
        const auto asked = std::get<wire::BindingRevocationIndication>(world->sent[1].message);
        CHECK(asked.trigger == one.trigger);
        world->sent.clear();
        acknowledge(asked, RevocationStatus::mobile_node_is_attached);
        settle();
        check_far_end(mag2, home1);
        CoreTest::setup();
        world->configure(settings);
    }
}

TEST(revocation, rfc5846_7_2_a_mag_that_has_de_registered_is_not_told) {
    check_accepted(gateway(mag1), proxy_update(mn1, 1));
    check_accepted(gateway(mag1), proxy_update(mn1, 2, 0));
    check_accepted(gateway(mag2), proxy_update(mn1, 1));
    check_silence();
}

TEST(revocation, rfc5846_7_2_an_unanswered_handover_revocation_ends_nothing) {
    check_accepted(gateway(mag1), proxy_update(mn1, 1));
    auto handoff = proxy_update(mn1, 9);
    handoff.options.handoff_indicator = 3;
    world->receive(gateway(mag2), handoff);
    world->pass(seconds{4});
    check_counted(Counter::bri_unanswered, 1);
    check_far_end(mag2, home1);
}

TEST(revocation, rfc5846_7_1_all_sessions_of_a_mag) {
    check_accepted(gateway(mag1), proxy_update(mn1, 1));
    check_accepted(gateway(mag1), proxy_update(mn2, 1));
    check_accepted(gateway(mag2), proxy_update(guest, 1));
    world->tell(core::RevokeMag{"mag1"});
    const auto asked = indication();
    CHECK(asked.trigger == RevocationTrigger::per_peer_policy);
    LONGS_EQUAL(proxy_flag | global_flag, asked.flags);
    CHECK(!asked.options.mn_identifier);
    acknowledge(asked, RevocationStatus::success);
    settle();
    check_sessions(0, mn1);
    check_sessions(0, mn2);
    check_sessions(1, guest);
    world->tell(core::RevokeMag{"mag2"});
    settle();
    check_sessions(0, guest);
    check_silence();
}

TEST(revocation, beyond_the_limit_the_session_ends_without_a_word) {
    settings.limits.revocations = 1;
    world->configure(settings);
    check_accepted(gateway(mag1), proxy_update(mn1, 1));
    check_accepted(gateway(mag1), proxy_update(mn2, 1));
    revoke(mn1);
    revoke(mn2);
    indication();
    settle();
    check_sessions(1, mn1);
    check_sessions(0, mn2);
    check_counted(Counter::bri_no_room, 1);
}

TEST(revocation, rfc5846_9_1_a_mag_revokes_a_session_of_its_own) {
    check_accepted(gateway(mag1), proxy_update(mn1, 1));
    CHECK(answer_to(revocation_of(mn1)) == RevocationStatus::success);
    check_sessions(0, mn1);
    CHECK(answer_to(revocation_of(mn1, 2)) == RevocationStatus::binding_does_not_exist);
    check_counted(Counter::bri_received, 2);
}

TEST(revocation, rfc5846_9_1_success_is_answered_after_the_commit) {
    check_accepted(gateway(mag1), proxy_update(mn1, 1));
    world->receive(gateway(mag1), revocation_of(mn1));
    world->tick();
    LONGS_EQUAL(1, static_cast<long>(world->open.size()));
    world->wait(milliseconds{20});
    world->tick();
    LONGS_EQUAL(0, static_cast<long>(world->sent.size()));
    world->end(World::Outcome::store_failed);
    world->wait(milliseconds{20});
    world->tick();
    LONGS_EQUAL(0, static_cast<long>(world->sent.size()));
    world->end();
    settle();
    LONGS_EQUAL(1, static_cast<long>(world->sent.size()));
}

TEST(revocation, rfc5846_9_1_each_refusal_in_order) {
    check_accepted(gateway(mag1), proxy_update(mn1, 1));
    auto plain = revocation_of(mn1);
    plain.flags = 0;
    CHECK(answer_to(plain) == RevocationStatus::revocation_not_supported);
    auto global_trigger = revocation_of(mn1);
    global_trigger.trigger = RevocationTrigger::per_peer_policy;
    CHECK(answer_to(global_trigger) == RevocationStatus::trigger_not_supported);
    auto small_trigger = global_revocation();
    small_trigger.trigger = RevocationTrigger::unspecified;
    CHECK(answer_to(small_trigger) == RevocationStatus::trigger_not_supported);
    CHECK(answer_to(global_revocation()) == RevocationStatus::global_revocation_not_authorized);
    auto nameless = revocation_of(mn1);
    nameless.options.mn_identifier.reset();
    CHECK(answer_to(nameless) == RevocationStatus::mobile_node_identity_required);
    CHECK(answer_to(revocation_of("nobody@example.org")) ==
          RevocationStatus::binding_does_not_exist);
    auto other_prefix = revocation_of(mn1);
    other_prefix.options.home_network_prefixes = {{64, address("2001:db8:2000:99::")}};
    CHECK(answer_to(other_prefix) == RevocationStatus::binding_does_not_exist);
    CHECK(answer_to(revocation_of(mn1), mag2) == RevocationStatus::binding_does_not_exist);
    check_counted(Counter::bri_refused, 8);
    check_sessions(1, mn1);
}

TEST(revocation, rfc5846_9_1_strangers_are_ignored) {
    check_accepted(gateway(mag1), proxy_update(mn1, 1));
    check_dropped(Counter::bri_of_strangers, gateway(address("2001:db8:bad::1")),
                  revocation_of(mn1));
    check_dropped(Counter::bri_of_strangers, gateway(mag3), revocation_of(mn1));
    check_sessions(1, mn1);
}

TEST(revocation, rfc5846_9_1_a_mag_revokes_all_of_its_sessions_when_it_may) {
    settings.mags[1].global_revocation = true;
    world->configure(settings);
    check_accepted(gateway(mag2), proxy_update(mn1, 1));
    check_accepted(gateway(mag2), proxy_update(mn2, 1));
    check_accepted(gateway(mag1), proxy_update(guest, 1));
    CHECK(answer_to(global_revocation(), mag2) == RevocationStatus::success);
    check_sessions(0, mn1);
    check_sessions(0, mn2);
    check_sessions(1, guest);
}

TEST(revocation, the_home_binding_of_a_revoked_node_stays) {
    check_accepted(gateway(mag1), proxy_update(mn1, 1));
    check_accepted(away(home1), binding_update(1));
    CHECK(answer_to(revocation_of(mn1)) == RevocationStatus::success);
    CHECK(is_bound(home1));
}

// NOLINTEND(bugprone-unchecked-optional-access)
