// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>
#include <array>

#include "tests/core_node_script.h"

#include <CppUTest/TestHarness.h>

using namespace anchor6;
using core::Counter;

namespace {

constexpr unsigned stories = 160;
constexpr std::size_t octets_of_story = 1200;

// All kinds of nodes, one after the other.
std::vector<std::uint8_t> story(unsigned seed) {
    auto octets = random_octets(seed, octets_of_story);
    octets.front() = static_cast<std::uint8_t>(seed);
    return octets;
}

} // namespace

TEST_GROUP(node_stories){};

TEST(node_stories, equal_stories_have_equal_ends) {
    for (unsigned seed = 0; seed < 8; ++seed) {
        const auto octets = story(seed);
        NodeScript one{octets};
        NodeScript other{octets};
        one.play();
        other.play();
        CHECK(one.anchor().stored_home == other.anchor().stored_home);
        CHECK(one.node().paths == other.node().paths);
        for (std::size_t index = 0; index < static_cast<std::size_t>(Counter::count); ++index)
            UNSIGNED_LONGS_EQUAL(one.node().count(static_cast<Counter>(index)),
                                 other.node().count(static_cast<Counter>(index)));
    }
}

TEST(node_stories, a_node_is_reached_in_the_end_wherever_it_is) {
    std::array<std::uint64_t, static_cast<std::size_t>(Counter::count)> counted{};
    for (unsigned seed = 0; seed < stories; ++seed) {
        const auto octets = story(seed);
        NodeScript script{octets};
        const std::string complaint = script.play();
        STRCMP_EQUAL_TEXT("", complaint.c_str(), ("story " + std::to_string(seed)).c_str());
        for (std::size_t index = 0; index < counted.size(); ++index)
            counted[index] += script.node().count(static_cast<Counter>(index));
    }
    // Stories in which nothing happens prove nothing.
    for (const auto counter :
         {Counter::node_movements, Counter::node_links_lost, Counter::node_updates_sent,
          Counter::node_updates_resent, Counter::node_registrations, Counter::node_deregistrations,
          Counter::node_refusals, Counter::node_answers_unexpected, Counter::node_refresh_requests,
          Counter::node_binding_errors, Counter::node_path_failures,
          Counter::node_discovery_requests, Counter::node_discovery_replies})
        CHECK_TEXT(counted[static_cast<std::size_t>(counter)] != 0,
                   std::string{core::counter_name(counter)}.c_str());
}
