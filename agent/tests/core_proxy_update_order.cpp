// SPDX-License-Identifier: GPL-2.0-or-later
#include <array>
#include <functional>

#include "tests/core_support.h"

using namespace anchor6;
using namespace anchor6::laboratory;
using core::Counter;

namespace {

/// A message of mag1 for mn2 that nothing is wrong with.
struct Story {
    core::Packet packet = gateway(mag1);
    wire::BindingUpdate update = proxy_update(mn2, 1);

    void name(const std::string& identifier) {
        update.options.mn_identifier = {wire::MnIdentifier::nai, identifier};
    }
};

/// What makes a message fail one check, and the counter of that check.
struct Fault {
    Counter counter;
    std::function<void(Story&)> commit;
};

// In the order in which a Proxy Binding Update is judged (RFC 5213 section 5.3.1).
const std::array faults{
    Fault{Counter::pbu_home_address_option,
          [](Story& story) { story.packet.home_address = home1; }},
    Fault{Counter::pbu_bad_source, [](Story& story) { story.packet.source = address("fe80::9"); }},
    Fault{Counter::pbu_no_mn_identifier,
          [](Story& story) { story.update.options.mn_identifier.reset(); }},
    Fault{Counter::pbu_unknown_mag,
          [](Story& story) { story.packet.source = address("2001:db8:dead::1"); }},
    Fault{Counter::pbu_no_authentication, [](Story& story) { story.packet.source = mag3; }},
    Fault{Counter::pbu_foreign_care_of_address,
          [](Story& story) { story.update.options.alternate_care_of_address = care_of; }},
    Fault{Counter::pbu_mag_may_not_serve,
          [](Story& story) {
              story.packet.source = mag4;
              story.name(mn2);
          }},
    Fault{Counter::pbu_unknown_node,
          [](Story& story) {
              story.packet.source = mag2;
              story.name("mn9@example.net");
          }},
    Fault{Counter::pbu_other_anchor, [](Story& story) { story.name("southern@example.org"); }},
    Fault{Counter::pbu_no_proxy_mobility, [](Story& story) { story.name("noproxy@example.org"); }},
    Fault{Counter::pbu_timestamp_mismatch,
          [](Story& story) { story.update.options.timestamp = 1; }},
    Fault{Counter::pbu_no_home_network_prefix,
          [](Story& story) { story.update.options.home_network_prefixes.clear(); }},
    Fault{Counter::pbu_no_handoff_indicator,
          [](Story& story) { story.update.options.handoff_indicator.reset(); }},
    Fault{Counter::pbu_no_access_technology,
          [](Story& story) { story.update.options.access_technology_type.reset(); }},
    Fault{Counter::pbu_foreign_prefix, [](Story& story) { name_prefix(story.update, prefix1); }},
};

} // namespace

TEST_GROUP_BASE(proxy_update_order, CoreTest){
    /// Receives it, and says how often each fault has been counted since the story began.
    void tell(const Story& story, std::size_t first,
              std::size_t second){const auto before = world->count(faults[first].counter);
const auto before_second = world->count(faults[second].counter);
const auto proxy = world->stored_proxy;
world->receive(story.packet, story.update);
world->run();
const std::string what = std::string{counter_name(faults[first].counter)} + " before " +
                         std::string{counter_name(faults[second].counter)};
UNSIGNED_LONGS_EQUAL_TEXT(before + 1, world->count(faults[first].counter), what.c_str());
if (first != second)
    UNSIGNED_LONGS_EQUAL_TEXT(before_second, world->count(faults[second].counter), what.c_str());
CHECK(proxy == world->stored_proxy);
}
}
;

TEST(proxy_update_order, nothing_is_wrong_without_a_fault) {
    check_accepted(Story{}.packet, Story{}.update);
}

TEST(proxy_update_order, rfc5213_5_3_1_of_two_faults_the_earlier_counts) {
    check_accepted(gateway(mag1), proxy_update(mn1, 1));
    for (std::size_t first = 0; first < faults.size(); ++first)
        for (std::size_t second = first; second < faults.size(); ++second) {
            Story story;
            faults[second].commit(story);
            faults[first].commit(story);
            tell(story, first, second);
        }
}
