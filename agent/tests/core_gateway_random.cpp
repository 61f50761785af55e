// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>
#include <array>

#include "tests/core_gateway_script.h"

#include <CppUTest/TestHarness.h>

using namespace anchor6;
using core::Counter;

namespace {

constexpr unsigned stories = 100;
constexpr std::size_t octets_of_story = 1500;

std::vector<std::uint8_t> story(unsigned seed) {
    return random_octets(seed, octets_of_story);
}

} // namespace

TEST_GROUP(gateway_stories){};

TEST(gateway_stories, equal_stories_have_equal_ends) {
    for (unsigned seed = 0; seed < 5; ++seed) {
        const auto octets = story(seed);
        GatewayScript one{octets};
        GatewayScript other{octets};
        one.play();
        other.play();
        CHECK(one.anchor().stored_proxy == other.anchor().stored_proxy);
        for (const std::size_t number : {0U, 1U}) {
            CHECK(one.gateways()[number].forwardings == other.gateways()[number].forwardings);
            for (std::size_t index = 0; index < static_cast<std::size_t>(Counter::count); ++index)
                UNSIGNED_LONGS_EQUAL(one.gateways()[number].count(static_cast<Counter>(index)),
                                     other.gateways()[number].count(static_cast<Counter>(index)));
        }
    }
}

TEST(gateway_stories, every_node_is_served_in_the_end_and_nobody_else) {
    std::array<std::uint64_t, static_cast<std::size_t>(Counter::count)> counted{};
    for (unsigned seed = 0; seed < stories; ++seed) {
        const auto octets = story(seed);
        GatewayScript script{octets};
        const std::string complaint = script.play();
        STRCMP_EQUAL_TEXT("", complaint.c_str(), ("story " + std::to_string(seed)).c_str());
        for (const GatewayWorld& gateway : script.gateways())
            for (std::size_t index = 0; index < counted.size(); ++index)
                counted[index] += gateway.count(static_cast<Counter>(index));
    }
    // Stories in which nothing happens prove nothing.
    for (const auto counter :
         {Counter::gateway_attachments,          Counter::gateway_moves,
          Counter::gateway_nodes_lost,           Counter::gateway_updates_resent,
          Counter::gateway_registrations,        Counter::gateway_extensions,
          Counter::gateway_deregistrations,      Counter::gateway_deregistrations_unanswered,
          Counter::gateway_bindings_expired,     Counter::gateway_corrections,
          Counter::gateway_refused_timestamp,    Counter::gateway_refused_timestamp_lower,
          Counter::gateway_refused_resources,    Counter::gateway_answers_unexpected,
          Counter::gateway_answers_of_strangers, Counter::gateway_forwarding_failures,
          Counter::gateway_withdrawals,          Counter::gateway_heartbeats_unexpected,
          Counter::gateway_anchors_unreachable,  Counter::gateway_anchors_reachable_again,
          Counter::gateway_bri_received,         Counter::gateway_bri_refused,
          Counter::gateway_nodes_revoked})
        CHECK_TEXT(counted[static_cast<std::size_t>(counter)] != 0,
                   std::string{core::counter_name(counter)}.c_str());
}
