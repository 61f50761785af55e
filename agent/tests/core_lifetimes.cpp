// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/core_support.h"

using namespace anchor6;
using namespace anchor6::laboratory;
using core::Counter;
using std::chrono::seconds;
using wire::Status;

// NOLINTBEGIN(bugprone-unchecked-optional-access)

TEST_GROUP_BASE(lifetimes, CoreTest){
    // The home prefix of mn1 has so much left.
    void limit_prefix(seconds valid, seconds preferred){auto config = laboratory::config();
config.groups[0].home_prefixes[1].lifetimes.valid = valid;
config.groups[0].home_prefixes[1].lifetimes.preferred = preferred;
world->configure(config);
}
// It ends at that moment from now on.
void end_prefix(seconds valid, seconds preferred) {
    auto config = laboratory::config();
    auto& lifetimes = config.groups[0].home_prefixes[1].lifetimes;
    lifetimes.valid_until = world->now.real + valid;
    lifetimes.preferred_until = world->now.real + preferred;
    world->configure(config);
}
void advise(std::uint32_t percent) {
    auto config = laboratory::config();
    config.timers.refresh_advice_percent = percent;
    world->configure(config);
}
std::optional<std::uint16_t> advice(std::uint16_t sequence, std::uint16_t lifetime) {
    return send(away(home1), binding_update(sequence, lifetime)).options.refresh_advice;
}
void ask_before_expiry(seconds before) {
    auto config = laboratory::config();
    config.timers.refresh_request_before_expiry = before;
    world->configure(config);
}
std::size_t asked() {
    const auto asks = std::ranges::count_if(world->sent, [](const core::Send& send) {
        return std::holds_alternative<wire::BindingRefreshRequest>(send.message);
    });
    world->sent.clear();
    return static_cast<std::size_t>(asks);
}
}
;

TEST(lifetimes, rfc6275_10_3_1_no_longer_than_the_prefix_is_valid) {
    limit_prefix(seconds{43}, seconds{0});
    LONGS_EQUAL(10, send(away(home1), binding_update(1, 11)).lifetime);
    LONGS_EQUAL(10, send(away(home1), binding_update(2, 10)).lifetime);
    LONGS_EQUAL(9, send(away(home1), binding_update(3, 9)).lifetime);
}

TEST(lifetimes, rfc6275_10_3_1_no_longer_than_until_the_end_of_the_prefix) {
    end_prefix(seconds{100}, seconds{100});
    LONGS_EQUAL(25, send(away(home1), binding_update(1)).lifetime);
    world->wait(seconds{50});
    LONGS_EQUAL(12, send(away(home1), binding_update(2)).lifetime);
}

TEST(lifetimes, rfc6275_10_3_1_a_prefix_that_is_no_longer_valid_is_no_home_subnet) {
    end_prefix(seconds{100}, seconds{0});
    world->wait(seconds{96});
    LONGS_EQUAL(1, send(away(home1), binding_update(1)).lifetime);
    world->wait(std::chrono::milliseconds{1});
    check_refused(Status::not_home_subnet, Counter::bu_home_prefix_not_valid, away(home1),
                  binding_update(2));
    world->wait(seconds{1000});
    check_refused(Status::not_home_subnet, Counter::bu_home_prefix_not_valid, away(home1),
                  binding_update(3));
    CHECK(is_bound(home1));
    check_accepted(away(home1), binding_update(4, 0));
}

TEST(lifetimes, rfc6275_10_3_1_status_1_when_the_prefix_becomes_deprecated_meanwhile) {
    const auto prefix_discovery = Status::accepted_but_prefix_discovery_necessary;
    limit_prefix(seconds{1000}, seconds{124});
    check_status(prefix_discovery, away(home1), binding_update(1, 31));
    check_status(Status::accepted, away(home1), binding_update(2, 30));
    limit_prefix(seconds{1000}, seconds{127});
    check_status(prefix_discovery, away(home1), binding_update(3, 31));
    limit_prefix(seconds{1000}, seconds{128});
    check_status(Status::accepted, away(home1), binding_update(4, 31));
    limit_prefix(seconds{1000}, seconds{0});
    check_status(prefix_discovery, away(home1), binding_update(5, 1));
    check_status(Status::accepted, away(home1), binding_update(6, 0));
}

TEST(lifetimes, rfc6275_10_3_1_preferred_ends_with_valid) {
    limit_prefix(seconds{100}, seconds{1000});
    check_status(Status::accepted_but_prefix_discovery_necessary, away(home1),
                 binding_update(1, 30));
    check_status(Status::accepted, away(home1), binding_update(2, 24));
}

TEST(lifetimes, rfc6275_6_2_4_refresh_advice_is_less_than_the_lifetime_and_not_zero) {
    advise(50);
    CHECK(advice(1, 30) == 15);
    CHECK(advice(2, 31) == 15);
    CHECK(advice(3, 2) == 1);
    CHECK(!advice(4, 1));
    CHECK(!advice(5, 0));
    advise(95);
    CHECK(advice(6, 2) == 1);
    CHECK(advice(7, 65535) == 62258);
    advise(100);
    CHECK(!advice(8, 30));
    advise(0);
    CHECK(!advice(9, 30));
}

TEST(lifetimes, rfc6275_6_2_4_a_refusal_carries_no_advice) {
    advise(50);
    check_accepted(away(home1), binding_update(1));
    CHECK(!advice(1, 30));
}

TEST(lifetimes, rfc6275_6_1_2_a_node_that_did_not_refresh_is_asked_once) {
    ask_before_expiry(seconds{10});
    check_accepted(away(home1), binding_update(1));
    world->pass(seconds{109});
    LONGS_EQUAL(0, static_cast<long>(asked()));
    world->pass(seconds{1});
    LONGS_EQUAL(1, static_cast<long>(world->sent.size()));
    const core::Send request = world->sent.front();
    CHECK(request.source == home_agent && request.destination == home1);
    CHECK(request.care_of_address == care_of && !request.reply_home && request.interface == 0);
    LONGS_EQUAL(1, static_cast<long>(asked()));
    check_counted(Counter::refresh_requests, 1);
    world->pass(seconds{9});
    CHECK(is_bound(home1));
    world->pass(seconds{1000});
    LONGS_EQUAL(0, static_cast<long>(asked()));
    CHECK(!is_bound(home1));
    check_counted(Counter::home_bindings_expired, 1);
}

TEST(lifetimes, rfc6275_6_1_2_each_lifetime_is_asked_for_again) {
    ask_before_expiry(seconds{10});
    check_accepted(away(home1), binding_update(1));
    world->pass(seconds{60});
    check_accepted(away(home1), binding_update(2));
    world->pass(seconds{109});
    LONGS_EQUAL(0, static_cast<long>(asked()));
    world->pass(seconds{1});
    LONGS_EQUAL(1, static_cast<long>(asked()));
    check_accepted(away(home1), binding_update(3));
    world->pass(seconds{110});
    LONGS_EQUAL(1, static_cast<long>(asked()));
}

TEST(lifetimes, rfc6275_6_1_2_short_lifetimes_and_none_are_not_asked_for) {
    ask_before_expiry(seconds{10});
    check_accepted(away(home1), binding_update(1, 4));
    check_accepted(away(home2), binding_update(1, 5));
    world->pass(seconds{20});
    LONGS_EQUAL(1, static_cast<long>(asked()));
    ask_before_expiry(seconds{0});
    check_accepted(away(home1), binding_update(2));
    world->pass(seconds{120});
    LONGS_EQUAL(0, static_cast<long>(asked()));
}

TEST(lifetimes, rfc6275_6_1_2_a_deregistered_node_is_not_asked) {
    ask_before_expiry(seconds{10});
    check_accepted(away(home1), binding_update(1));
    check_accepted(away(home1), binding_update(2, 0));
    world->pass(seconds{700});
    LONGS_EQUAL(0, static_cast<long>(asked()));
}

TEST(lifetimes, rfc6275_6_1_2_after_a_restart_as_well) {
    ask_before_expiry(seconds{10});
    check_accepted(away(home1), binding_update(1));
    auto config = laboratory::config();
    config.timers.refresh_request_before_expiry = seconds{10};
    world->restart(config);
    world->pass(seconds{110});
    LONGS_EQUAL(1, static_cast<long>(asked()));
}

TEST(lifetimes, a_request_no_longer_configured_is_not_sent) {
    ask_before_expiry(seconds{10});
    check_accepted(away(home1), binding_update(1));
    ask_before_expiry(seconds{0});
    world->pass(seconds{119});
    LONGS_EQUAL(0, static_cast<long>(asked()));
    CHECK(is_bound(home1));
    world->pass(seconds{1});
    CHECK(!is_bound(home1));
}

// NOLINTEND(bugprone-unchecked-optional-access)
