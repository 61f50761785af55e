// SPDX-License-Identifier: GPL-2.0-or-later
#include <set>

#include "core/counter.h"
#include "core/deadlines.h"
#include "core/lifetime.h"
#include "core/policy.h"
#include "core/prefix_map.h"
#include "core/prefix_pool.h"
#include "core/rate_limit.h"
#include "core/sequence.h"
#include "core/slot_ranges.h"
#include "tests/core_laboratory.h"

#include <CppUTest/TestHarness.h>

using namespace anchor6;
using namespace anchor6::laboratory;
using std::chrono::milliseconds;
using std::chrono::seconds;

TEST_GROUP(sequence){};

TEST(sequence, rfc6275_9_5_1_the_next_32767_are_newer) {
    for (const std::uint16_t last :
         {std::uint16_t{0}, std::uint16_t{100}, std::uint16_t{40000}, std::uint16_t{65535}})
        for (unsigned distance = 0; distance < 65536; ++distance) {
            const core::Sequence next{static_cast<std::uint16_t>(last + distance)};
            CHECK_EQUAL(distance >= 1 && distance <= 32767, next.newer_than(core::Sequence{last}));
        }
}

TEST_GROUP(lifetime){};

TEST(lifetime, rfc6275_6_1_7_units_of_four_seconds) {
    CHECK(core::granted_lifetime(30, seconds{262140}) == seconds{120});
    CHECK(core::granted_lifetime(65535, seconds{262140}) == seconds{262140});
    CHECK(core::granted_lifetime(65535, seconds{100}) == seconds{100});
    CHECK(core::granted_lifetime(65535, seconds{103}) == seconds{100});
    CHECK(core::granted_lifetime(30, seconds{3}) == seconds{4});
    LONGS_EQUAL(30, core::lifetime_field(seconds{120}));
}

TEST_GROUP(rate_limit){};

TEST(rate_limit, a_burst_then_the_rate) {
    core::RateLimit limit;
    core::BootTime now{seconds{10}};
    for (int taken = 0; taken < 5; ++taken)
        CHECK(limit.take(5, now));
    CHECK(!limit.take(5, now));
    CHECK(!limit.take(5, now + milliseconds{199}));
    CHECK(limit.take(5, now + milliseconds{200}));
    CHECK(!limit.take(5, now + milliseconds{200}));
    now += std::chrono::hours{1};
    for (int taken = 0; taken < 5; ++taken)
        CHECK(limit.take(5, now));
    CHECK(!limit.take(5, now));
    CHECK(!limit.take(0, now + seconds{5}));
}

TEST_GROUP(deadlines){};

TEST(deadlines, the_earliest_first_and_one_a_key) {
    core::Deadlines<int> deadlines;
    const core::BootTime start{seconds{10}};
    deadlines.set(1, start + seconds{3});
    deadlines.set(2, start + seconds{2});
    deadlines.set(1, start + seconds{1});
    CHECK(deadlines.next() == start + seconds{1});
    CHECK(!deadlines.take_due(start));
    CHECK(deadlines.take_due(start + seconds{5}) == 1);
    deadlines.clear(2);
    CHECK(!deadlines.take_due(start + seconds{5}));
    CHECK(!deadlines.next());
}

TEST(deadlines, like_a_naive_map) {
    core::HashedDeadlines<std::uint64_t> deadlines;
    std::map<std::uint64_t, core::BootTime> naive;
    const auto earliest = [&] {
        return std::ranges::min_element(naive, {}, [](const auto& entry) {
            return std::pair{entry.second, entry.first};
        });
    };
    std::uint64_t random = 11;
    for (int round = 0; round < 20'000; ++round) {
        random = random * 6364136223846793005U + 1442695040888963407U;
        const std::uint64_t key = random >> 40 & 127U;
        const core::BootTime when{seconds{random >> 20 & 255U}};
        if ((random >> 60 & 7U) == 0) {
            deadlines.clear(key);
            naive.erase(key);
        } else if ((random >> 60 & 7U) == 1) {
            const bool due = !naive.empty() && earliest()->second <= when;
            const auto taken = deadlines.take_due(when);
            CHECK(due ? taken == earliest()->first : !taken);
            if (due)
                naive.erase(earliest());
            else
                CHECK(!deadlines.next() || *deadlines.next() > when);
        } else {
            deadlines.set(key, when);
            naive[key] = when;
        }
        CHECK(naive.empty() || *deadlines.next() <= earliest()->second);
        CHECK(deadlines.of(key) ==
              (naive.contains(key) ? std::optional{naive.at(key)} : std::nullopt));
    }
}

namespace {

/// Counts how often somebody looks for a key.
struct CountedTimes : core::OrderedTimes<int> {
    const core::BootTime* find(int key) const {
        ++looks;
        return OrderedTimes::find(key);
    }
    static inline std::size_t looks = 0;
};

} // namespace

TEST(deadlines, no_call_learns_of_many_that_were_put_off) {
    constexpr int keys = 10'000;
    const core::BootTime start{seconds{10}};
    core::Deadlines<int, CountedTimes> deadlines;
    for (int key = 0; key < keys; ++key)
        deadlines.set(key, start);
    std::size_t most = 0;
    const auto counted = [&](auto call) {
        CountedTimes::looks = 0;
        auto result = call();
        most = std::max(most, CountedTimes::looks);
        return result;
    };
    // The earliest of the heap is the last one to be put off.
    for (int key = keys; key-- > 0;)
        counted([&] {
            deadlines.set(key, start + seconds{1});
            return 0;
        });
    CHECK(most <= 17);
    for (most = 0; *deadlines.next() <= start;)
        CHECK(!counted([&] { return deadlines.take_due(start); }));
    CHECK(most <= 1025);
    CHECK(deadlines.next() == start + seconds{1});
    CHECK(deadlines.take_due(start + seconds{1}) == 0);
}

TEST(deadlines, the_first_that_is_accepted_also_of_those_put_off) {
    core::Deadlines<int> deadlines;
    for (int key = 0; key < 20; ++key)
        deadlines.set(key, core::BootTime{seconds{key}});
    for (int key = 1; key < 20; key += 3)
        deadlines.set(key, core::BootTime{seconds{100 - key}});
    for (int key = 2; key < 20; key += 3)
        deadlines.clear(key);
    const auto first = [&](int least) {
        return deadlines.first([least](int key) { return key >= least; });
    };
    CHECK(first(0) == 0);
    CHECK(first(4) == 6);
    CHECK(first(19) == 19);
    CHECK(deadlines.first([](int key) { return key % 3 == 1; }) == 19);
    CHECK(!first(20));
}

TEST_GROUP(sorted_set){};

TEST(sorted_set, like_a_naive_set) {
    core::SortedSet<std::uint64_t> values;
    std::set<std::uint64_t> naive;
    std::uint64_t random = 3;
    for (int round = 0; round < 60'000; ++round) {
        random = random * 6364136223846793005U + 1442695040888963407U;
        const std::uint64_t value = random >> 40 & 4095U;
        // Grows in the first half, shrinks in the second.
        const bool inserts = (random >> 60 & 3U) != (round < 30'000 ? 0U : 1U) &&
                             ((random >> 60 & 3U) < 2 || round < 30'000);
        if (inserts)
            CHECK_EQUAL(naive.insert(value).second, values.insert(value));
        else
            CHECK_EQUAL(naive.erase(value) != 0, values.erase(value));
        const std::uint64_t from = random >> 20 & 4095U;
        std::size_t left = round % 1000 == 0 ? naive.size() : 3;
        auto expected = naive.lower_bound(from);
        values.each_from(from, [&](std::uint64_t seen) {
            CHECK(expected != naive.end() && *expected++ == seen);
            return --left != 0;
        });
        CHECK(left == 0 || expected == naive.end());
    }
}

TEST(sorted_set, ascending_and_emptied) {
    core::SortedSet<int> values;
    for (int value = 0; value < 3000; ++value)
        CHECK(values.insert(value));
    for (int value = 0; value < 3000; ++value)
        CHECK(values.erase(value));
    values.each_from(0, [](int) {
        FAIL("nothing is left");
        return false;
    });
    CHECK(values.insert(5));
}

TEST_GROUP(hash_map){};

namespace {

/// Counts how often something is hashed: to grow, a table does it with all that it has.
struct CountedHash {
    std::size_t operator()(std::uint64_t key) const noexcept {
        ++calls;
        return key;
    }
    static inline std::size_t calls = 0;
};

/// Hash and equality.
struct Parity {
    using is_transparent = void;
    std::size_t operator()(int value) const { return value % 2; }
    bool operator()(int value, int other) const { return value % 2 == other % 2; }
};

} // namespace

TEST(hash_map, like_a_naive_map) {
    core::HashMap<std::uint64_t, int> map;
    std::map<std::uint64_t, int> naive;
    std::uint64_t random = 5;
    for (int round = 0; round < 20'000; ++round) {
        random = random * 6364136223846793005U + 1442695040888963407U;
        const std::uint64_t key = random >> 40 & 1023U;
        if ((random >> 60 & 3U) == 0)
            CHECK_EQUAL(naive.erase(key) != 0, map.erase(key));
        else
            naive[key] = map[key] = round;
        UNSIGNED_LONGS_EQUAL(naive.size(), map.size());
    }
    std::size_t visited = 0;
    map.each([&](const auto& entry) {
        LONGS_EQUAL(naive.at(entry.first), entry.second);
        ++visited;
    });
    UNSIGNED_LONGS_EQUAL(naive.size(), visited);
    CHECK(!map.contains(5000));
}

TEST(hash_map, numbers_in_their_order_do_not_make_all_parts_grow_together) {
    constexpr std::size_t usual = 1000;
    core::HashMap<std::uint64_t, int, CountedHash> map;
    for (std::uint64_t key = 0; key < 200'000;) {
        CountedHash::calls = 0;
        for (const std::uint64_t end = key + usual; key < end; ++key)
            map[key] = 1;
        CHECK(CountedHash::calls < 20 * usual + map.size() / 8);
    }
}

TEST(hash_map, a_page_at_a_time_shows_each_entry_once_until_that_part_grows) {
    core::HashMap<std::uint64_t, int> map;
    const auto fill = [&](std::uint64_t from, std::uint64_t end) {
        for (std::uint64_t key = from; key < end; ++key)
            map[key] = 1;
    };
    fill(0, 3000);
    std::multiset<std::uint64_t> seen;
    std::size_t pages = 0;
    const auto see = [&](const auto& entry) { seen.insert(entry.first); };
    for (std::optional<core::PagePlace> place{core::PagePlace{}}; place; ++pages) {
        CHECK(map.is_place(*place));
        const std::size_t before = seen.size();
        place = map.page(*place, see);
        CHECK(seen.size() <= before + 300);
    }
    CHECK(pages > 10);
    LONGS_EQUAL(3000, seen.size());
    LONGS_EQUAL(3000, std::set(seen.begin(), seen.end()).size());
    core::PagePlace place;
    do
        place = *map.page(place, see);
    while (place.bucket == 0);
    fill(3000, 30000);
    CHECK(!map.is_place(place));
    CHECK(!map.is_place({64, 0, 0}));
    CHECK(map.is_place({63, 0, 0}));
}

TEST(hash_map, values_with_the_same_key_are_found_together_and_erased_one_by_one) {
    core::HashMultiset<int, Parity, Parity> values;
    CHECK(values.equal(1).empty());
    for (const int value : {1, 2, 3, 5})
        values.insert(value);
    const auto odd = [&] {
        const auto range = values.equal(7);
        return std::set<int>(range.begin(), range.end());
    };
    CHECK(odd() == (std::set{1, 3, 5}));
    values.erase(3);
    CHECK(odd() == (std::set{1, 5}));
    LONGS_EQUAL(2, *values.equal(0).begin());
    values.erase(1);
    values.erase(5);
    CHECK(odd().empty());
}

TEST_GROUP(prefix_map){};

TEST(prefix_map, behind_a_prefix_in_their_order) {
    core::PrefixMap<int> map;
    POINTERS_EQUAL(nullptr, map.after({}));
    map[prefix("::/0")] = 0;
    map[prefix("2001:db8::/32")] = 32;
    map[prefix("2001:db8::/48")] = 48;
    LONGS_EQUAL(0, map.after({})->second);
    LONGS_EQUAL(32, map.after(prefix("::/0"))->second);
    LONGS_EQUAL(32, map.after(prefix("2001::/16"))->second);
    LONGS_EQUAL(48, map.after(prefix("2001:db8::/32"))->second);
    POINTERS_EQUAL(nullptr, map.after(prefix("2001:db8::/48")));
}

TEST(prefix_map, the_longest_prefix_wins) {
    core::PrefixMap<int> map;
    map[prefix("::/0")] = 0;
    map[prefix("2001:db8::/32")] = 32;
    map[prefix("2001:db8::1/128")] = 128;
    LONGS_EQUAL(128, map.longest(address("2001:db8::1"))->second);
    LONGS_EQUAL(32, map.longest(address("2001:db8::2"))->second);
    LONGS_EQUAL(0, map.longest(address("2002::"))->second);
    map.erase(prefix("2001:db8::1/128"));
    map.erase(prefix("::/0"));
    LONGS_EQUAL(32, map.longest(address("2001:db8::1"))->second);
    POINTERS_EQUAL(nullptr, map.longest(address("2002::")));
}

TEST(prefix_map, overlap_is_containment_either_way) {
    core::PrefixMap<int> map;
    for (const char* text : {"2001:db8::/32", "2001:db8::/48", "2001:db8:0:1::/64",
                             "2001:db8:0:2::/64", "2001:db8:1::/48", "2001:db9::/32"})
        map[prefix(text)] = 1;
    const auto overlapping = [&](const char* text) {
        std::set<std::string> found;
        map.each_overlapping(prefix(text), [&](const auto& entry) {
            CHECK(found.insert(entry.first.to_string()).second);
        });
        return found.size();
    };
    UNSIGNED_LONGS_EQUAL(4, overlapping("2001:db8::/48"));
    UNSIGNED_LONGS_EQUAL(3, overlapping("2001:db8:0:1::/64"));
    UNSIGNED_LONGS_EQUAL(2, overlapping("2001:db8:0:3::/64"));
    UNSIGNED_LONGS_EQUAL(6, overlapping("2001:db8::/31"));
    UNSIGNED_LONGS_EQUAL(0, overlapping("2001:dba::/32"));
}

TEST_GROUP(slot_ranges) {
    core::SlotRanges ranges;

    std::size_t count(std::uint64_t slots) {
        std::size_t free = 0;
        for (std::uint64_t slot = 0; slot < slots; ++slot)
            free += ranges.contains(slot) ? 1 : 0;
        return free;
    }
};

TEST(slot_ranges, like_a_naive_set) {
    std::set<std::uint64_t> naive;
    std::uint64_t random = 7;
    for (int round = 0; round < 5000; ++round) {
        random = random * 6364136223846793005U + 1442695040888963407U;
        const std::uint64_t first = random >> 40 & 63U;
        const std::uint64_t last = first + (random >> 50 & 7U);
        if ((random >> 60 & 1U) != 0)
            ranges.insert({first, last});
        else
            ranges.remove({first, last});
        for (std::uint64_t slot = first; slot <= last; ++slot)
            if ((random >> 60 & 1U) != 0)
                naive.insert(slot);
            else
                naive.erase(slot);
        for (std::uint64_t slot = 0; slot < 72; ++slot)
            CHECK_EQUAL(naive.contains(slot), ranges.contains(slot));
        const auto next = ranges.next();
        CHECK_EQUAL(naive.empty(), !next.has_value());
        CHECK(!next || naive.contains(*next));
    }
}

TEST(slot_ranges, every_free_slot_comes_round) {
    ranges.insert({0, 9});
    ranges.remove({3, 4});
    std::set<std::uint64_t> seen;
    for (std::size_t taken = 0; taken < 8; ++taken)
        seen.insert(ranges.next().value_or(99));
    UNSIGNED_LONGS_EQUAL(8, seen.size());
    UNSIGNED_LONGS_EQUAL(8, count(10));
}

TEST_GROUP(prefix_pool) {
    core::PrefixPool pool;
    std::shared_ptr<const core::Policy> policy;

    void configure(const core::Config& config) {
        policy = core::make_policy(config);
        auto slots = policy->prefix_plan().slots();
        pool.configure({policy, &policy->prefix_plan()}, slots);
    }

    void configure(const char* home, std::uint8_t length) {
        core::Config config = laboratory::config();
        config.groups[0].home_prefixes = {home_prefix(home, length)};
        configure(config);
    }

    wire::Prefix take(const std::string& owner) {
        const auto free = pool.find_free(1);
        CHECK(free.has_value());
        const wire::Prefix taken = free.value_or(wire::Prefix{});
        pool.hold(taken, owner);
        return taken;
    }
};

TEST(prefix_pool, assigns_every_prefix_once_and_no_other) {
    configure("2001:db8:1000::/60", 64);
    std::set<wire::Prefix> taken;
    for (int node = 0; node < 16; ++node)
        taken.insert(take("node" + std::to_string(node)));
    UNSIGNED_LONGS_EQUAL(16, taken.size());
    CHECK(*taken.begin() == prefix("2001:db8:1000::/64"));
    CHECK(*taken.rbegin() == prefix("2001:db8:1000:f::/64"));
    CHECK(!pool.find_free(1));
    pool.release(prefix("2001:db8:1000:7::/64"));
    CHECK(pool.find_free(1) == prefix("2001:db8:1000:7::/64"));
}

TEST(prefix_pool, a_prefix_just_released_rests) {
    configure("2001:db8:1000::/60", 64);
    const auto first = take("a");
    pool.release(first);
    CHECK(pool.find_free(1) != first);
}

TEST(prefix_pool, a_prefix_is_free_when_its_last_holder_lets_go) {
    configure("2001:db8:1000::/64", 64);
    const auto only = take("a");
    pool.hold(only, "a");
    pool.release(only);
    CHECK(!pool.find_free(1));
    CHECK(!pool.may_hold(only, "b"));
    pool.release(only);
    CHECK(pool.find_free(1) == only);
    CHECK(pool.held_by("a").empty());
}

TEST(prefix_pool, fixed_prefixes_are_nobody_elses) {
    core::Config config = laboratory::config();
    config.groups[0].home_prefixes = {home_prefix("2001:db8:2000::/62", 64)};
    configure(config);
    pool.hold(prefix1, mn1);
    pool.release(prefix1);
    std::set<wire::Prefix> taken;
    while (pool.find_free(1))
        taken.insert(take("other"));
    UNSIGNED_LONGS_EQUAL(3, taken.size());
    CHECK(!taken.contains(prefix1));
    CHECK(!pool.may_hold(prefix1, "other") && pool.may_hold(prefix1, mn1));
    CHECK(!pool.may_hold(prefix("2001:db8:2000:1::/80"), "other"));
    CHECK(pool.assignment(home1)->owner == mn1);
}

TEST(prefix_pool, what_lies_in_a_slot_keeps_it_until_all_of_it_is_gone) {
    configure("2001:db8:1000::/64", 64);
    pool.hold(prefix("2001:db8:1000::1/128"), "a");
    pool.hold(prefix("2001:db8:1000::2/128"), "a");
    pool.release(prefix("2001:db8:1000::1/128"));
    CHECK(!pool.find_free(1));
    pool.release(prefix("2001:db8:1000::2/128"));
    CHECK(pool.find_free(1).has_value());
}

TEST(prefix_pool, a_short_prefix_takes_all_its_slots) {
    configure("2001:db8:1000::/62", 64);
    pool.hold(prefix("2001:db8:1000::/63"), "a");
    pool.hold(prefix("2001:db8:1000:2::/64"), "b");
    CHECK(pool.find_free(1) == prefix("2001:db8:1000:3::/64"));
    pool.hold(prefix("2001:db8:1000::/48"), "c");
    CHECK(!pool.find_free(1));
    pool.release(prefix("2001:db8:1000::/48"));
    CHECK(pool.find_free(1) == prefix("2001:db8:1000:3::/64"));
}

TEST(prefix_pool, what_is_held_is_taken_over_one_by_one_and_is_never_free_meanwhile) {
    configure("2001:db8:1000::/61", 64);
    std::set<wire::Prefix> held;
    for (const char* owner : {"a", "b", "c"})
        held.insert(take(owner));
    configure("2001:db8:1000::/61", 64);
    CHECK(pool.is_taking_over());
    for (const wire::Prefix& prefix : held)
        CHECK(!pool.may_request(prefix, "d", 1));
    for (int number = 0; number < 5; ++number)
        CHECK(held.insert(take("d")).second);
    CHECK(!pool.find_free(1));
    pool.release(*held.begin());
    CHECK(pool.find_free(1) == *held.begin());
    int taken_over = 0;
    while (pool.take_over_one())
        ++taken_over;
    LONGS_EQUAL(7, taken_over);
    CHECK(!pool.is_taking_over());
    CHECK(pool.find_free(1) == *held.begin());
}

TEST(prefix_pool, the_slots_before_are_given_back) {
    configure("2001:db8:1000::/60", 64);
    policy = core::make_policy(laboratory::config());
    auto slots = policy->prefix_plan().slots();
    pool.configure({policy, &policy->prefix_plan()}, slots);
    LONGS_EQUAL(2, slots.size());
    CHECK(slots.front().base == prefix("2001:db8:1000::/60"));
}

TEST(prefix_pool, what_is_held_stays_held_when_the_configuration_changes) {
    configure("2001:db8:1000::/63", 64);
    const auto held = take("a");
    configure("2001:db8:1000::/62", 63);
    CHECK(pool.find_free(1) == prefix("2001:db8:1000:2::/63"));
    configure("2001:db8:1000::/63", 64);
    CHECK(pool.find_free(1) != held);
    CHECK(!pool.may_request(held, "b", 1));
    CHECK(pool.may_request(held, "a", 1));
}

TEST(prefix_pool, groups_do_not_share) {
    configure(laboratory::config());
    CHECK(prefix("2001:db8:1000::/36").contains(pool.find_free(1).value_or(prefix("::/0"))));
    CHECK(prefix("2001:db8:3000::/36").contains(pool.find_free(2).value_or(prefix("::/0"))));
    CHECK(!pool.find_free(3));
    CHECK(!pool.may_request(prefix("2001:db8:3000:9::/64"), "a", 1));
    CHECK(pool.may_request(prefix("2001:db8:3000:9::/64"), "a", 2));
}

TEST(prefix_pool, any_length_can_be_assigned) {
    configure("2001::/16", 128);
    CHECK(pool.find_free(1) == prefix("2001::/128"));
    CHECK(pool.find_free(1) == prefix("2001::1/128"));
    configure("2001:db8::/64", 64);
    CHECK(pool.find_free(1) == prefix("2001:db8::/64"));
    configure("2001:db8::f:0/112", 128);
    CHECK(pool.enclosing(address("2001:db8::f:7")) == prefix("2001:db8::f:7/128"));
}

TEST_GROUP(policy) {
    core::Policy rules{laboratory::config()};
};

TEST(policy, rfc5213_4_a_mag_serves_exact_names_realms_or_everybody) {
    CHECK(rules.may_serve(*rules.mag(mag2), guest));
    CHECK(rules.may_serve(*rules.mag(mag2), "mn9@example.net"));
    CHECK(!rules.may_serve(*rules.mag(mag2), "mn8@example.net"));
    CHECK(!rules.may_serve(*rules.mag(mag2), "example.org"));
    CHECK(!rules.may_serve(*rules.mag(mag2), "a@sub.example.org"));
    CHECK(rules.may_serve(*rules.mag(mag3), "anybody"));
    CHECK(!rules.may_serve(*rules.mag(mag4), mn2));
    POINTERS_EQUAL(nullptr, rules.mag(care_of));
}

TEST(policy, a_nodes_own_profile_comes_before_its_realms) {
    STRCMP_EQUAL(mn1.c_str(), rules.node(mn1)->identifier.c_str());
    STRCMP_EQUAL("*@example.org", rules.node(guest)->identifier.c_str());
    POINTERS_EQUAL(nullptr, rules.node("guest@example.net"));
    POINTERS_EQUAL(nullptr, rules.node("guest"));
    POINTERS_EQUAL(nullptr, rules.node(""));
}

TEST(policy, identifiers_are_compared_octet_by_octet) {
    STRCMP_EQUAL("*@example.org", rules.node("MN1@example.org")->identifier.c_str());
    POINTERS_EQUAL(nullptr, rules.node("mn1@EXAMPLE.org"));
    STRCMP_EQUAL("*@example.org", rules.node("mn1@example.net@example.org")->identifier.c_str());
}

TEST_GROUP(counters){};

TEST(counters, every_counter_has_a_name_and_a_text_of_its_own) {
    std::set<std::string_view> names;
    for (std::size_t index = 0; index < static_cast<std::size_t>(core::Counter::count); ++index) {
        const auto counter = static_cast<core::Counter>(index);
        CHECK(names.insert(core::counter_name(counter)).second);
        CHECK(!core::counter_text(counter).empty());
    }
    STRCMP_EQUAL("binding_updates",
                 std::string{core::counter_name(core::Counter::binding_updates)}.c_str());
}
