// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/binding_update_list.h"

#include <CppUTest/TestHarness.h>

using namespace anchor6::core;
using namespace std::chrono_literals;

TEST_GROUP(BindingUpdateList) {
    BindingUpdateListEntry entry{Sequence{0xfffe}};
    RetransmissionTimers timers;
    BootTime now{100s};

    BootClock::duration wait_after_transmission() {
        entry.transmit(timers, now);
        return *entry.due() - now;
    }
};

TEST(BindingUpdateList, rfc6275_11_8_new_sequence_number_at_each_transmission) {
    LONGS_EQUAL(0xffff, entry.transmit(timers, now));
    LONGS_EQUAL(0, entry.transmit(timers, now));
    CHECK(entry.awaits(0));
    CHECK(!entry.awaits(0xffff));
}

TEST(BindingUpdateList, rfc6275_11_8_first_registration_waits_longer_then_doubles_to_the_most) {
    for (const auto expected : {1500ms, 3000ms, 6000ms, 12000ms, 24000ms, 32000ms, 32000ms})
        CHECK(wait_after_transmission() == expected);
}

TEST(BindingUpdateList, rfc6275_11_8_later_registrations_begin_with_the_initial_timeout) {
    entry.transmit(timers, now);
    entry.grant(100s, 95s);
    for (const auto expected : {1000ms, 2000ms, 4000ms})
        CHECK(wait_after_transmission() == expected);
    entry.begin();
    CHECK(wait_after_transmission() == 1000ms);
}

TEST(BindingUpdateList, rfc6275_11_7_3_lifetime_counts_from_the_transmission) {
    entry.transmit(timers, now);
    entry.grant(100s, refresh_after(100s, {}));
    CHECK(*entry.expires() == now + 100s);
    CHECK(*entry.due() == now + 95s);
    CHECK(!entry.is_awaiting());
    CHECK(entry.is_bound(now + 99s));
    CHECK(!entry.is_bound(now + 100s));
}

TEST(BindingUpdateList, rfc6275_6_2_4_refresh_advice_counts_when_it_is_sensible) {
    CHECK(refresh_after(100s, 40s) == 40s);
    CHECK(refresh_after(100s, 99s) == 95s);
    CHECK(refresh_after(100s, 100s) == 95s);
    CHECK(refresh_after(100s, 0s) == 95s);
}

TEST(BindingUpdateList, rfc6275_11_7_3_next_number_follows_the_accepted_one) {
    entry.transmit(timers, now);
    entry.resynchronise(500);
    LONGS_EQUAL(501, entry.transmit(timers, now));
}

TEST(BindingUpdateList, no_number_is_used_twice_though_a_late_answer_names_an_older_one) {
    entry.transmit(timers, now);
    const auto last = entry.transmit(timers, now);
    for (const int older : {0, 1, 0x7fff}) {
        entry.resynchronise(static_cast<std::uint16_t>(last - older));
        LONGS_EQUAL(last, entry.last().value());
    }
    entry.resynchronise(static_cast<std::uint16_t>(last + 0x7fff));
    LONGS_EQUAL(static_cast<std::uint16_t>(last + 0x8000), entry.transmit(timers, now));
}

TEST(BindingUpdateList, what_is_postponed_awaits_no_answer) {
    const auto sequence = entry.transmit(timers, now);
    entry.postpone(10s, now);
    CHECK(!entry.awaits(sequence));
    CHECK(*entry.due() == now + 10s);
}

TEST(BindingUpdateList, forgetting_ends_binding_and_retransmission) {
    entry.transmit(timers, now);
    entry.grant(100s, 95s);
    entry.forget();
    CHECK(!entry.expires());
    CHECK(!entry.due());
}
