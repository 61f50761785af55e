// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/message_authentication.h"
#include "tests/core_support.h"

using namespace anchor6;
using namespace anchor6::laboratory;
using core::Counter;
using std::chrono::milliseconds;
using std::chrono::seconds;
using wire::MessageAuthentication;
using wire::Status;

// NOLINTBEGIN(bugprone-unchecked-optional-access)

TEST_GROUP_BASE(authentication, CoreTest) {
    core::MnHaAssociation association = *node_with_key().mn_ha;

    wire::MessageId clock() const {
        return wire::to_message_id(world->now.real.time_since_epoch());
    }
    wire::MessageId clock(milliseconds later) const {
        return wire::to_message_id((world->now.real + later).time_since_epoch());
    }

    wire::BindingUpdate fresh_update(std::uint16_t sequence, std::uint16_t lifetime = two_minutes) {
        auto update = binding_update(sequence, lifetime);
        update.options.message_id = clock();
        return signed_update(update, away(home_keyed));
    }
    wire::BindingUpdate timed_update(std::uint16_t sequence, wire::MessageId id) {
        auto update = binding_update(sequence);
        update.options.message_id = id;
        return signed_update(update, away(home_keyed));
    }
    void check_answer_is_authentic(const core::Send& sent, const wire::Address& care_of_address) {
        auto answer = std::get<wire::BindingAcknowledgement>(sent.message);
        CHECK(answer.options.authentication.has_value());
        const auto octets = wire::serialise(answer);
        const auto parsed = wire::parse(octets);
        const auto& read = std::get<wire::BindingAcknowledgement>(std::get<wire::Message>(parsed));
        CHECK(core::is_authentic(*read.options.authentication, association,
                                 {care_of_address, home_keyed}));
    }
};

TEST(authentication, rfc4285_5_an_authentic_update_is_accepted_and_answered_alike) {
    const auto update = fresh_update(1);
    world->receive(away(home_keyed), update);
    const auto sent = answer_sent();
    const auto& answer = std::get<wire::BindingAcknowledgement>(sent.message);
    CHECK(answer.status == Status::accepted);
    CHECK(answer.options.message_id == update.options.message_id);
    check_answer_is_authentic(sent, care_of);
    CHECK(home_binding(home_keyed)->message_id == update.options.message_id);
}

// Computed with another library: key 20 times 0x0b, care-of address, home address, "Hi There".
TEST(authentication, rfc4285_5_1_first_96_bits_of_the_hmac) {
    const core::MnHaAssociation known{spi, std::vector<std::uint8_t>(20, 0x0b), true};
    const std::vector<std::uint8_t> covered{'H', 'i', ' ', 'T', 'h', 'e', 'r', 'e'};
    const auto result = core::mn_ha_authenticator(known, {care_of, home_keyed}, covered);
    const std::vector<std::uint8_t> expected{0x2d, 0x18, 0x3f, 0x3e, 0xcc, 0x30,
                                             0xb1, 0xbf, 0xf1, 0xdf, 0x1c, 0xfa};
    CHECK(result == expected);
}

TEST(authentication, rfc4285_5_1_the_alternate_care_of_address_is_covered) {
    auto update = binding_update(1);
    update.options.alternate_care_of_address = other_care_of;
    update.options.message_id = clock();
    const auto packet = away(home_keyed);
    world->receive(packet, signed_update(update, packet));
    const auto sent = answer_sent();
    CHECK(std::get<wire::BindingAcknowledgement>(sent.message).status == Status::accepted);
    check_answer_is_authentic(sent, other_care_of);
}

TEST(authentication, rfc4285_5_missing_is_refused_with_146) {
    auto update = binding_update(1);
    update.options.message_id = clock();
    check_refused(Status::mipv6_auth_fail, Counter::bu_no_authenticator, away(home_keyed), update);
}

TEST(authentication, rfc4285_5_whatever_was_changed_is_refused_with_146) {
    const auto good = fresh_update(1);
    const auto check_bad = [&](const wire::BindingUpdate& update, const core::Packet& packet) {
        check_refused(Status::mipv6_auth_fail, Counter::bu_bad_authenticator, packet, update);
    };
    auto bad = good;
    bad.options.authentication->authenticator[11] ^= 1;
    check_bad(bad, away(home_keyed));
    bad = good;
    bad.options.authentication->authenticator.pop_back();
    check_bad(bad, away(home_keyed));
    bad = good;
    bad.options.authentication->authenticator.clear();
    check_bad(bad, away(home_keyed));
    bad = good;
    bad.options.authentication->spi = spi + 1;
    check_bad(bad, away(home_keyed));
    bad = good;
    bad.options.authentication->subtype = 2;
    check_bad(bad, away(home_keyed));
    bad = good;
    bad.options.authentication->covered.back() ^= 1;
    check_bad(bad, away(home_keyed));
    bad = good;
    bad.options.authentication->covered.clear();
    bad.options.authentication->authenticator =
        core::mn_ha_authenticator(association, {care_of, home_keyed}, {});
    check_bad(bad, away(home_keyed));
    check_bad(good, away(home_keyed, other_care_of));
    check_bad(good, away(address("2001:db8:2000:5::11")));
    check_accepted(away(home_keyed), good);
}

TEST(authentication, rfc4285_5_refusals_are_authentic_too) {
    world->receive(away(home_keyed), binding_update(1));
    check_answer_is_authentic(answer_sent(), care_of);
    check_accepted(away(home_keyed), fresh_update(5));
    world->wait(milliseconds{1});
    world->receive(away(home_keyed), fresh_update(5));
    auto sent = answer_sent();
    CHECK(std::get<wire::BindingAcknowledgement>(sent.message).status ==
          Status::sequence_out_of_window);
    check_answer_is_authentic(sent, care_of);
    world->wait(milliseconds{1});
    world->receive(away(home_keyed), fresh_update(6));
    world->end(World::Outcome::kernel_failed);
    sent = answer_sent();
    CHECK(std::get<wire::BindingAcknowledgement>(sent.message).status ==
          Status::insufficient_resources);
    check_answer_is_authentic(sent, care_of);
}

TEST(authentication, rfc4285_6_no_message_identifier_is_refused_with_145) {
    check_refused(Status::mipv6_mesg_id_reqd, Counter::bu_no_message_id, away(home_keyed),
                  signed_update(binding_update(1), away(home_keyed)));
}

TEST(authentication, rfc4285_6_the_window_has_two_sides) {
    const auto check_outside = [&](wire::MessageId id) {
        const auto answer = send(away(home_keyed), timed_update(1, id));
        CHECK(answer.status == Status::mipv6_id_mismatch);
        CHECK(answer.options.message_id == clock());
    };
    check_outside(clock(-seconds{7}) - 1);
    check_outside(clock(seconds{7}) + 1);
    check_outside(0);
    check_outside(~wire::MessageId{0});
    check_counted(Counter::bu_message_id_mismatch, 4);
    check_accepted(away(home_keyed), timed_update(1, clock(-seconds{7})));
    check_accepted(away(home_keyed), timed_update(2, clock(seconds{7})));
}

TEST(authentication, rfc4285_6_the_window_counts_from_the_arrival) {
    world->receive(away(home_keyed), timed_update(1, clock()));
    world->receive(away(home_keyed), timed_update(2, clock() + 1));
    world->wait(seconds{60});
    world->run();
    LONGS_EQUAL(2, home_binding(home_keyed)->sequence);
}

TEST(authentication, rfc4285_6_a_message_identifier_is_accepted_once) {
    const auto id = clock();
    check_accepted(away(home_keyed), timed_update(1, id));
    check_refused(Status::mipv6_id_mismatch, Counter::bu_message_id_repeated, away(home_keyed),
                  timed_update(2, id));
    check_refused(Status::mipv6_id_mismatch, Counter::bu_message_id_repeated, away(home_keyed),
                  timed_update(2, id - 1));
    check_accepted(away(home_keyed), timed_update(2, id + 1));
}

TEST(authentication, rfc4285_6_the_identifier_is_remembered_after_the_deregistration) {
    const auto replayed = fresh_update(1);
    check_accepted(away(home_keyed), replayed);
    world->wait(milliseconds{1});
    check_accepted(away(home_keyed), fresh_update(2, 0));
    CHECK(home_binding(home_keyed)->message_id == clock());
    check_status(Status::mipv6_id_mismatch, away(home_keyed), replayed);
    world->restart(laboratory::config());
    check_status(Status::mipv6_id_mismatch, away(home_keyed), replayed);
}

TEST(authentication, rfc4285_6_the_identifier_is_remembered_as_long_as_its_window) {
    auto config = laboratory::config();
    config.timers.sequence_memory = seconds{0};
    world->configure(config);
    const auto replayed = timed_update(1, clock(seconds{7}));
    check_accepted(away(home_keyed), replayed);
    auto last = binding_update(2, 0);
    last.options.message_id = *replayed.options.message_id + 1;
    world->wait(milliseconds{1});
    check_accepted(away(home_keyed), signed_update(last, away(home_keyed)));
    world->pass(seconds{13});
    check_status(Status::mipv6_id_mismatch, away(home_keyed), replayed);
    world->pass(seconds{2});
    CHECK(!home_binding(home_keyed));
    check_refused(Status::mipv6_id_mismatch, Counter::bu_message_id_mismatch, away(home_keyed),
                  replayed);
}

TEST(authentication, rfc4285_6_replay_protection_can_be_left_to_sequence_numbers) {
    auto config = laboratory::config();
    config.nodes.back().mn_ha->replay_protection = false;
    world->configure(config);
    check_accepted(away(home_keyed), signed_update(binding_update(1), away(home_keyed)));
    CHECK(!home_binding(home_keyed)->message_id);
    check_status(Status::sequence_out_of_window, away(home_keyed),
                 signed_update(binding_update(1), away(home_keyed)));
    const auto answer = send(away(home_keyed), timed_update(2, 42));
    CHECK(answer.status == Status::accepted && answer.options.message_id == 42);
    CHECK(!home_binding(home_keyed)->message_id);
}

TEST(authentication, identifiers_wrap_as_times_of_ntp_do) {
    constexpr wire::MessageId last = ~wire::MessageId{0};
    CHECK(core::is_later(0, last) && !core::is_later(last, 0) && !core::is_later(5, 5));
    CHECK(core::is_timely(1, last, milliseconds{1}) && core::is_timely(last, 1, milliseconds{1}));
    CHECK(!core::is_timely(last / 2, 0, std::chrono::hours{1}));
}

TEST(authentication, order_the_message_then_its_authenticator_then_its_identifier_then_the_number) {
    check_accepted(away(home_keyed), fresh_update(9));
    auto update = binding_update(9);
    update.options.nonce_indices = true;
    check_dropped(Counter::bu_correspondent_option, away(home_keyed), update);
    update.options.nonce_indices = false;
    check_status(Status::mipv6_auth_fail, away(home_keyed), update);
    check_status(Status::mipv6_mesg_id_reqd, away(home_keyed),
                 signed_update(update, away(home_keyed)));
    check_status(Status::mipv6_id_mismatch, away(home_keyed), timed_update(9, clock()));
    check_status(Status::sequence_out_of_window, away(home_keyed), timed_update(9, clock() + 1));
}

TEST(authentication, a_flood_of_forgeries_costs_no_place_in_the_queue) {
    world->receive(away(home_keyed), fresh_update(1));
    for (std::uint16_t forged = 2; forged < 100; ++forged)
        world->receive(away(home_keyed), binding_update(forged));
    LONGS_EQUAL(98, static_cast<long>(world->sent.size()));
    check_counted(Counter::bu_queue_full, 0);
    world->wait(milliseconds{1});
    world->receive(away(home_keyed), fresh_update(2));
    world->run();
    LONGS_EQUAL(2, home_binding(home_keyed)->sequence);
}

TEST(authentication, deregistration_is_authenticated) {
    check_accepted(away(home_keyed), fresh_update(1));
    check_refused(Status::mipv6_auth_fail, Counter::bu_no_authenticator, away(home_keyed),
                  binding_update(2, 0));
    auto update = binding_update(2, 0);
    update.options.message_id = clock() + 1;
    auto packet = at_home(home_keyed);
    world->receive(packet, signed_update(update, packet));
    const auto sent = answer_sent();
    CHECK(std::get<wire::BindingAcknowledgement>(sent.message).status == Status::accepted);
    check_answer_is_authentic(sent, home_keyed);
}

TEST(authentication, fail_closed_an_association_without_its_key) {
    auto config = laboratory::config();
    config.nodes.back().mn_ha.reset();
    world->configure(config);
    check_refused(Status::administratively_prohibited, Counter::bu_no_authentication,
                  away(home_keyed), fresh_update(1));
}

TEST(authentication, a_node_without_key_gets_no_option) {
    const auto answer = send(away(home1), binding_update(1));
    CHECK(!answer.options.authentication && !answer.options.message_id);
}

// NOLINTEND(bugprone-unchecked-optional-access)
