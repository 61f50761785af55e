// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>

#include "tests/core_support.h"

using namespace anchor6;
using namespace anchor6::laboratory;
using core::Counter;
using std::chrono::milliseconds;
using std::chrono::seconds;
using wire::Status;

// NOLINTBEGIN(bugprone-unchecked-optional-access)

TEST_GROUP_BASE(restart, CoreTest){void restart(){world->restart(laboratory::config());
}

core::KernelBinding stray(const wire::Prefix& where, seconds lifetime) {
    return {core::Cache::proxy, where, lma, mag1, lifetime, 99, 1};
}
void put_stray(const wire::Prefix& where, seconds lifetime) {
    world->kernel[{core::Cache::proxy, where}] = stray(where, lifetime);
}
}
;

TEST(restart, the_next_refresh_is_answered_as_if_nothing_had_happened) {
    check_accepted(away(home1), binding_update(100));
    check_accepted(gateway(mag1), timed_proxy_update(guest, 1));
    const auto home = home_binding(home1);
    const auto before = session(guest);
    restart();
    CHECK(home_binding(home1) == home);
    CHECK(session(guest) == before);
    LONGS_EQUAL(100, send(away(home1), binding_update(100)).sequence);
    check_accepted(away(home1), binding_update(101));
    auto late = timed_proxy_update(guest, 2);
    --*late.options.timestamp;
    check_status(Status::timestamp_lower_than_prev_accepted, gateway(mag1), late);
    world->wait(milliseconds{1});
    check_accepted(gateway(mag1), timed_proxy_update(guest, 3));
    CHECK(session(guest).home_network_prefixes == before.home_network_prefixes);
}

TEST(restart, remembered_sequence_numbers_and_dying_sessions_survive) {
    check_accepted(away(home1), binding_update(100));
    check_accepted(away(home1), binding_update(101, 0));
    check_accepted(gateway(mag1), proxy_update(guest, 1));
    check_accepted(gateway(mag1), proxy_update(guest, 2, 0));
    const auto id = session(guest).id;
    restart();
    check_status(Status::sequence_out_of_window, away(home1), binding_update(101));
    world->pass(seconds{9});
    check_accepted(gateway(mag2), proxy_update(guest, 1));
    UNSIGNED_LONGS_EQUAL(id, session(guest).id);
}

TEST(restart, lifetimes_go_on_over_a_reboot) {
    check_accepted(away(home1), binding_update(1));
    check_accepted(gateway(mag1), proxy_update(guest, 1));
    world->reboot(seconds{60});
    restart();
    CHECK(home_binding(home1)->expires == world->now.boot + seconds{60});
    world->pass(seconds{60});
    CHECK(!is_bound(home1));
    LONGS_EQUAL(0, static_cast<long>(sessions(guest).size()));
}

TEST(restart, what_ended_meanwhile_ends_at_the_first_tick) {
    check_accepted(away(home1), binding_update(1));
    check_accepted(gateway(mag1), proxy_update(guest, 1));
    world->wait(seconds{1000});
    restart();
    world->tick();
    world->run();
    CHECK(!is_bound(home1));
    LONGS_EQUAL(0, static_cast<long>(sessions(guest).size()));
    LONGS_EQUAL(0, static_cast<long>(world->kernel.size()));
}

TEST(restart, prefixes_stay_assigned) {
    check_accepted(gateway(mag1), proxy_update(guest, 1));
    restart();
    check_accepted(gateway(mag1), proxy_update(visitor, 1));
    CHECK(session(guest).home_network_prefixes != session(visitor).home_network_prefixes);
}

TEST(restart, the_prefix_of_a_node_that_is_away_stays_its_own) {
    check_accepted(gateway(mag1), proxy_update(guest, 1));
    const auto kept = session(guest).home_network_prefixes.front();
    const auto home = address("2001:db8:1000::1");
    CHECK(kept.contains(home));
    check_accepted(away(home), binding_update(1, 900));
    check_accepted(gateway(mag1), proxy_update(guest, 2, 0));
    world->pass(seconds{11});
    restart();
    check_accepted(gateway(mag1), proxy_update(visitor, 1));
    check_accepted(gateway(mag1), proxy_update(guest, 3));
    CHECK(session(guest).home_network_prefixes.front() == kept);
}

TEST(restart, identifiers_are_never_used_twice) {
    check_accepted(gateway(mag1), proxy_update(guest, 1));
    const auto id = session(guest).id;
    check_accepted(gateway(mag1), proxy_update(guest, 2, 0));
    world->pass(seconds{11});
    restart();
    check_accepted(gateway(mag1), proxy_update(guest, 3));
    CHECK(session(guest).id > id);
}

TEST(restart, identifiers_go_on_after_the_last_remembered) {
    core::Remembered remembered;
    core::ProxyBinding old;
    old.id = 4711;
    old.mn_identifier = mn2;
    old.expires = world->now.boot + seconds{100};
    remembered.proxy_bindings.push_back(old);
    core::Anchor anchor{core::make_policy(laboratory::config()), remembered, world->now};
    const auto effects =
        anchor.step(core::MessageReceived{gateway(mag1), proxy_update(mn1, 1)}, world->now);
    const auto& transaction = std::get<core::Transaction>(effects.at(0));
    UNSIGNED_LONGS_EQUAL(4712, std::get<core::PutProxyBinding>(transaction.store.at(0)).binding.id);
}

TEST(restart, adoption_that_the_kernel_refuses_is_tried_again) {
    check_accepted(away(home1), binding_update(1));
    check_accepted(gateway(mag1), proxy_update(mn1, 1));
    const auto wanted = world->kernel;
    world->kernel.clear();
    restart();
    world->adopt();
    world->end(World::Outcome::store_failed);
    world->end(World::Outcome::store_failed);
    CHECK(world->kernel.empty());
    check_accepted(away(home2), binding_update(1));
    world->pass(seconds{1});
    for (const auto& [key, binding] : wanted)
        CHECK(world->kernel.contains(key));
    CHECK(*world->anchor.next_deadline() > world->now.boot + seconds{100});
}

TEST(restart, adoption_keeps_what_is_known) {
    check_accepted(away(home1), binding_update(1));
    check_accepted(gateway(mag1), proxy_update(mn2, 1));
    restart();
    world->adopt();
    CHECK(world->open.empty());
    check_counted(Counter::adopted, 3);
}

TEST(restart, adoption_removes_what_the_store_does_not_know) {
    check_accepted(gateway(mag1), proxy_update(guest, 1));
    put_stray(prefix("2001:db8:1000:9::/64"), seconds{50});
    restart();
    world->adopt();
    LONGS_EQUAL(1, static_cast<long>(world->open.size()));
    world->run();
    LONGS_EQUAL(1, static_cast<long>(world->kernel.size()));
    check_counted(Counter::unknown_removed, 1);
}

TEST(restart, adoption_after_a_lost_store_leaves_bindings_and_reserves_their_prefixes) {
    auto config = laboratory::config();
    config.groups[0].home_prefixes[0] = home_prefix("2001:db8:1000::/63", 64);
    world->restart(config);
    world->judge_kernel = false;
    put_stray(prefix("2001:db8:1000::/64"), seconds{50});
    put_stray(prefix("2001:db8:1000:1::77/128"), seconds{30});
    world->adopt(false);
    CHECK(world->open.empty());
    check_counted(Counter::unknown_left, 2);
    check_status(Status::insufficient_resources, gateway(mag1), proxy_update(guest, 1));
    auto named = proxy_update(guest, 2);
    name_prefix(named, prefix("2001:db8:1000::/64"));
    check_status(Status::not_authorized_for_home_network_prefix, gateway(mag1), named);
    check_status(Status::administratively_prohibited, away(address("2001:db8:1000::1")),
                 binding_update(1));
    world->pass(seconds{31});
    check_accepted(gateway(mag1), proxy_update(guest, 3));
    CHECK(session(guest).home_network_prefixes.front() == prefix("2001:db8:1000:1::/64"));
    world->pass(seconds{20});
    check_accepted(gateway(mag1), proxy_update(visitor, 1));
}

TEST(restart, adoption_after_a_lost_store_a_node_keeps_its_fixed_prefix) {
    world->judge_kernel = false;
    put_stray(prefix1, seconds{50});
    world->adopt(false);
    check_accepted(gateway(mag2), proxy_update(mn1, 1));
    check_far_end(mag2, home1);
}

TEST(restart, adoption_installs_what_the_kernel_lacks) {
    check_accepted(away(home1), binding_update(1));
    check_accepted(gateway(mag1), proxy_update(mn2, 1));
    world->kernel.clear();
    world->now.boot += seconds{20};
    world->now.real += seconds{20};
    restart();
    world->judge_kernel = false;
    world->adopt();
    world->run();
    world->judge_kernel = true;
    world->tick();
    check_far_end(care_of, home1);
    check_far_end(mag1, home2);
    CHECK(world->route(home1)->lifetime == seconds{100});
    check_counted(Counter::reinstalled, 2);
}

TEST(restart, adoption_replaces_what_differs) {
    check_accepted(away(home1), binding_update(1));
    check_accepted(gateway(mag1), proxy_update(mn1, 1));
    const auto wanted = world->kernel;
    for (int field = 0; field < 5; ++field) {
        for (auto& [key, binding] : world->kernel) {
            binding = wanted.at(key);
            binding.local = field == 0 ? care_of : binding.local;
            binding.remote = field == 1 ? other_care_of : binding.remote;
            binding.cookie += field == 2 ? 1 : 0;
            binding.group += field == 3 ? 1 : 0;
            binding.lifetime -= field == 4 ? seconds{10} : seconds{0};
        }
        restart();
        world->adopt();
        LONGS_EQUAL(2, static_cast<long>(world->open.size()));
        world->run();
        CHECK(world->kernel == wanted);
    }
}

TEST(restart, adoption_of_several_sessions_of_one_node) {
    for (const std::uint8_t interface : {std::uint8_t{1}, std::uint8_t{2}})
        check_accepted(gateway(mag1), by_interface(interface, proxy_update(guest, 1)));
    const auto wanted = world->kernel;
    world->kernel.clear();
    restart();
    world->adopt();
    world->run();
    CHECK(world->kernel == wanted);
    CHECK(sessions(guest).size() == 2);
}

TEST(restart, adoption_that_failed_is_tried_again_though_one_session_of_the_node_ends) {
    for (const std::uint8_t interface : {std::uint8_t{1}, std::uint8_t{2}})
        check_accepted(gateway(mag1), by_interface(interface, proxy_update(guest, 1)));
    for (std::size_t ended = 0; ended < 2; ++ended) {
        world->kernel.clear();
        restart();
        world->adopt();
        world->end(World::Outcome::store_failed);
        auto both = sessions(guest);
        std::ranges::sort(both, {}, &core::ProxyBinding::link_layer_identifier);
        const core::ProxyBinding kept = both.at(1 - ended);
        world->tell(core::RevokeSessions{guest, both.at(ended).id});
        world->run();
        LONGS_EQUAL(0, static_cast<long>(world->kernel.size()));
        world->pass(seconds{1});
        check_far_end(mag1, kept.home_network_prefixes.front().address());
        const auto number = static_cast<std::uint8_t>(ended + 1);
        check_accepted(gateway(mag1), by_interface(number, proxy_update(guest, 2)));
    }
}

TEST(restart, adoption_leaves_open_transactions_alone) {
    check_accepted(away(home1), binding_update(1));
    world->receive(away(home1, other_care_of), binding_update(2));
    world->receive(away(home2), binding_update(1));
    put_stray(prefix("2001:db8:1000:9::/64"), seconds{50});
    world->kernel[{core::Cache::home, wire::Prefix::host(home2)}] = {
        core::Cache::home, wire::Prefix::host(home2), home_agent, care_of, seconds{100}, 2, 1};
    world->adopt();
    LONGS_EQUAL(3, static_cast<long>(world->open.size()));
    world->run();
    check_far_end(other_care_of, home1);
    check_far_end(care_of, home2);
}

TEST(restart, a_message_waits_while_its_binding_is_installed_again) {
    check_accepted(away(home1), binding_update(1));
    world->kernel.clear();
    restart();
    world->judge_kernel = false;
    world->adopt();
    world->receive(away(home1, other_care_of), binding_update(2));
    LONGS_EQUAL(1, static_cast<long>(world->open.size()));
    world->end(World::Outcome::kernel_failed);
    world->judge_kernel = true;
    CHECK(answer().status == Status::accepted);
    check_far_end(other_care_of, home1);
}

TEST(restart, a_new_configuration_loses_no_binding) {
    check_accepted(away(home1), binding_update(1));
    check_accepted(gateway(mag1), proxy_update(guest, 1));
    const auto home = home_bindings(world->anchor);
    const auto proxy = proxy_bindings(world->anchor);
    auto config = laboratory::config();
    config.nodes.clear();
    config.mags.clear();
    config.groups.pop_back();
    world->configure(config);
    CHECK(home_bindings(world->anchor) == home);
    CHECK(proxy_bindings(world->anchor) == proxy);
    check_status(Status::administratively_prohibited, away(home1), binding_update(2));
    check_status(Status::mag_not_authorized_for_proxy_reg, gateway(mag1), proxy_update(guest, 2));
    world->configure(laboratory::config());
    check_accepted(away(home1), binding_update(2));
    check_accepted(gateway(mag1), proxy_update(guest, 2));
}

TEST(restart, an_anchor_that_has_moved_knows_all_that_it_knew) {
    check_accepted(away(home1), binding_update(1));
    check_accepted(gateway(mag1), proxy_update(guest, 1));
    const auto proxy = proxy_bindings(world->anchor);
    core::Anchor moved = std::move(world->anchor);
    CHECK(proxy_bindings(moved) == proxy);
    CHECK(moved.sessions(guest, std::nullopt) == proxy);
    world->anchor = std::move(moved);
    check_accepted(away(home1), binding_update(2));
    check_accepted(gateway(mag1), proxy_update(guest, 2));
}

// NOLINTEND(bugprone-unchecked-optional-access)
