// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>

#include "tests/core_script.h"

#include <CppUTest/TestHarness.h>

using namespace anchor6;

namespace {

constexpr unsigned stories = 300;
constexpr std::size_t octets_of_story = 4000;

std::vector<std::uint8_t> story(unsigned seed) {
    return random_octets(seed, octets_of_story);
}

bool same(const core::Send& one, const core::Send& other) {
    return one.source == other.source && one.destination == other.destination &&
           one.message == other.message;
}

} // namespace

TEST_GROUP(interleavings){};

TEST(interleavings, equal_stories_have_equal_ends) {
    for (unsigned seed = 0; seed < 10; ++seed) {
        const auto octets = story(seed);
        Script one{octets};
        Script other{octets};
        one.play();
        other.play();
        CHECK(std::ranges::equal(one.world().sent, other.world().sent, same));
        CHECK(one.world().stored_home == other.world().stored_home);
        CHECK(one.world().stored_proxy == other.world().stored_proxy);
        CHECK(one.world().kernel == other.world().kernel);
    }
}

TEST(interleavings, the_invariants_hold_in_every_story) {
    std::array<std::uint64_t, static_cast<std::size_t>(core::Counter::count)> counted{};
    for (unsigned seed = 0; seed < stories; ++seed) {
        const auto octets = story(seed);
        Script script{octets};
        const std::string complaint = script.play();
        STRCMP_EQUAL_TEXT("", complaint.c_str(), ("story " + std::to_string(seed)).c_str());
        for (std::size_t index = 0; index < counted.size(); ++index)
            counted[index] += script.world().count(static_cast<core::Counter>(index));
    }
    // Stories in which nothing happens prove nothing.
    for (const auto counter : {core::Counter::home_registrations,
                               core::Counter::home_deregistrations,
                               core::Counter::home_bindings_expired,
                               core::Counter::proxy_registrations,
                               core::Counter::proxy_extensions,
                               core::Counter::proxy_handoffs,
                               core::Counter::proxy_deregistrations,
                               core::Counter::proxy_bindings_expired,
                               core::Counter::proxy_handoffs_delayed,
                               core::Counter::bu_failed,
                               core::Counter::pbu_failed,
                               core::Counter::bu_queue_full,
                               core::Counter::pbu_queue_full,
                               core::Counter::proxy_turns_awaited,
                               core::Counter::bu_sequence_out_of_window,
                               core::Counter::pbu_timestamp_lower,
                               core::Counter::bu_prefix_bound,
                               core::Counter::bu_care_of_address_loop,
                               core::Counter::pbu_no_free_prefix,
                               core::Counter::pbu_superseded,
                               core::Counter::address_probes,
                               core::Counter::bu_duplicate_address,
                               core::Counter::bu_probe_failed,
                               core::Counter::bu_too_many_probes,
                               core::Counter::addresses_announced,
                               core::Counter::refresh_requests,
                               core::Counter::bu_no_network_prefix,
                               core::Counter::bu_bad_authenticator,
                               core::Counter::bu_no_authenticator,
                               core::Counter::bu_message_id_repeated,
                               core::Counter::bu_message_id_mismatch,
                               core::Counter::heartbeats_sent,
                               core::Counter::heartbeats_unexpected,
                               core::Counter::mags_restarted,
                               core::Counter::mags_unreachable,
                               core::Counter::mags_reachable_again,
                               core::Counter::proxy_bindings_lost,
                               core::Counter::proxy_bindings_revoked,
                               core::Counter::bri_sent,
                               core::Counter::bri_resent,
                               core::Counter::bri_unanswered,
                               core::Counter::bri_no_room,
                               core::Counter::bri_not_understood,
                               core::Counter::bri_received,
                               core::Counter::bri_refused,
                               core::Counter::bra_received,
                               core::Counter::bra_refusals_received,
                               core::Counter::bra_unexpected,
                               core::Counter::prefix_advertisements_sent,
                               core::Counter::home_address_unbound})
        CHECK_TEXT(counted[static_cast<std::size_t>(counter)] != 0,
                   std::string{core::counter_name(counter)}.c_str());
}
