// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/core_support.h"

using namespace anchor6;
using namespace anchor6::laboratory;
using core::Counter;
using std::chrono::milliseconds;
using std::chrono::seconds;
using wire::Status;
using Outcome = World::Outcome;

// NOLINTBEGIN(bugprone-unchecked-optional-access)

TEST_GROUP_BASE(transaction, CoreTest){/// How the only open transaction ends, and the answer to it.
                                       wire::BindingAcknowledgement end(Outcome outcome){
                                           LONGS_EQUAL(1, static_cast<long>(world->open.size()));
world->end(outcome);
return answer();
}
}
;

TEST(transaction, answer_last_no_answer_and_no_binding_before_the_commit) {
    world->receive(away(home1), binding_update(1));
    world->receive(gateway(mag1), proxy_update(mn2, 1));
    LONGS_EQUAL(0, static_cast<long>(world->sent.size()));
    CHECK(home_bindings(world->anchor).empty());
    CHECK(proxy_bindings(world->anchor).empty());
    LONGS_EQUAL(2, static_cast<long>(world->open.size()));
}

TEST(transaction, answer_last_store_and_kernel_get_the_same_binding) {
    world->receive(away(home1), binding_update(1));
    const auto& transaction = world->open.front();
    const auto stored = std::get<core::PutHomeBinding>(transaction.store.at(0)).binding;
    const auto set = std::get<core::SetKernelBinding>(transaction.kernel.at(0)).binding;
    CHECK(set.local == home_agent && set.remote == care_of);
    CHECK(set.prefix == wire::Prefix::host(home1) && set.cookie == stored.cookie);
    CHECK(set.lifetime == seconds{120} && stored.lifetime == seconds{120});
    LONGS_EQUAL(1, set.group);
    world->run();
    CHECK(home_bindings(world->anchor).front() == stored);
}

TEST(transaction, answer_last_failed_first_registration_leaves_nothing) {
    for (const auto outcome : {Outcome::store_failed, Outcome::kernel_failed}) {
        world->receive(away(home1), binding_update(1));
        const auto answer = end(outcome);
        CHECK(answer.status == Status::insufficient_resources);
        LONGS_EQUAL(1, answer.sequence);
        CHECK(world->stored_home.empty() && world->kernel.empty());
        CHECK(home_bindings(world->anchor).empty());
    }
    check_counted(Counter::bu_failed, 2);
    check_accepted(away(home1), binding_update(1));
}

TEST(transaction, answer_last_failed_registration_gives_back_what_it_claimed) {
    auto config = laboratory::config();
    config.limits.sessions_per_node = 1;
    config.limits.bindings = 1;
    world->configure(config);
    constexpr auto router = wire::bu_flag::mobile_router;
    for (const auto outcome : {Outcome::store_failed, Outcome::kernel_failed}) {
        world->receive(away(home1), binding_update(1, two_minutes, router));
        world->end(outcome);
        world->sent.clear();
    }
    check_accepted(away(address("2001:db8:2000:1::11")), binding_update(1, two_minutes, router));
}

TEST(transaction, answer_last_failed_refresh_leaves_the_previous_value) {
    check_accepted(away(home1), binding_update(1));
    const auto before = home_binding(home1);
    for (const auto outcome : {Outcome::store_failed, Outcome::kernel_failed}) {
        world->receive(away(home1, other_care_of), binding_update(2));
        CHECK(end(outcome).status == Status::insufficient_resources);
        CHECK(home_binding(home1) == before);
        check_far_end(care_of, home1);
    }
    check_accepted(away(home1, other_care_of), binding_update(2));
}

TEST(transaction, answer_last_failed_deregistration_leaves_the_binding) {
    check_accepted(away(home1), binding_update(1));
    world->receive(at_home(home1), binding_update(2, 0));
    CHECK(end(Outcome::store_failed).status == Status::insufficient_resources);
    CHECK(is_bound(home1));
    check_far_end(care_of, home1);
}

TEST(transaction, rfc3963_6_2_failed_routes_of_a_router_are_status_143) {
    const auto update = binding_update(1, two_minutes, wire::bu_flag::mobile_router);
    world->receive(away(home1), update);
    CHECK(end(Outcome::kernel_failed).status == Status::forwarding_setup_failed);
    world->receive(away(home1), update);
    CHECK(end(Outcome::store_failed).status == Status::insufficient_resources);
}

TEST(transaction, answer_last_failed_session_gives_its_prefix_back) {
    auto config = laboratory::config();
    config.groups[0].home_prefixes[0] = home_prefix("2001:db8:1000::/64", 64);
    config.limits.bindings = 1;
    world->configure(config);
    for (const auto outcome : {Outcome::store_failed, Outcome::kernel_failed}) {
        world->receive(gateway(mag1), timed_proxy_update(guest, 1));
        world->wait(milliseconds{2});
        const auto now = world->timestamp();
        const auto answer = end(outcome);
        CHECK(answer.status == Status::insufficient_resources);
        CHECK(answer.options.timestamp == now);
        CHECK(world->stored_proxy.empty() && world->kernel.empty());
    }
    check_counted(Counter::pbu_failed, 2);
    check_accepted(gateway(mag1), proxy_update(visitor, 1));
}

TEST(transaction, answer_last_failed_handoff_leaves_the_old_mag) {
    check_accepted(gateway(mag1), proxy_update(mn1, 1));
    const auto before = session(mn1);
    auto update = proxy_update(mn1, 1);
    update.options.handoff_indicator = 3;
    world->receive(gateway(mag2), update);
    CHECK(end(Outcome::kernel_failed).status == Status::insufficient_resources);
    CHECK(session(mn1) == before);
    check_far_end(mag1, home1);
}

TEST(transaction, a_prefix_in_an_open_transaction_is_not_given_to_another) {
    auto config = laboratory::config();
    config.groups[0].home_prefixes[0] = home_prefix("2001:db8:1000::/63", 64);
    world->configure(config);
    world->receive(gateway(mag1), proxy_update("a@example.org", 1));
    world->receive(gateway(mag1), proxy_update("b@example.org", 1));
    world->receive(gateway(mag1), proxy_update("c@example.org", 1));
    LONGS_EQUAL(2, static_cast<long>(world->open.size()));
    check_counted(Counter::pbu_no_free_prefix, 1);
    world->run();
}

TEST(transaction, one_at_a_time_later_messages_of_a_home_address_wait_in_order) {
    world->receive(away(home1), binding_update(1));
    world->receive(away(home1, other_care_of), binding_update(2));
    world->receive(at_home(home1), binding_update(3, 0));
    LONGS_EQUAL(1, static_cast<long>(world->open.size()));
    world->run();
    LONGS_EQUAL(3, static_cast<long>(world->sent.size()));
    for (std::size_t place = 0; place < world->sent.size(); ++place) {
        const auto& ack = std::get<wire::BindingAcknowledgement>(world->sent[place].message);
        CHECK(ack.status == Status::accepted);
        UNSIGNED_LONGS_EQUAL(place + 1, ack.sequence);
    }
    CHECK(!is_bound(home1));
}

TEST(transaction, one_at_a_time_a_waiting_message_is_judged_when_its_turn_comes) {
    world->receive(away(home1), binding_update(1));
    world->receive(away(home1), binding_update(1));
    world->receive(away(home1), binding_update(2));
    world->run();
    LONGS_EQUAL(3, static_cast<long>(world->sent.size()));
    CHECK(std::get<wire::BindingAcknowledgement>(world->sent[1].message).status ==
          Status::sequence_out_of_window);
    CHECK(std::get<wire::BindingAcknowledgement>(world->sent[2].message).status ==
          Status::accepted);
}

TEST(transaction, one_at_a_time_a_waiting_timestamp_does_not_age) {
    world->receive(gateway(mag1), timed_proxy_update(mn1, 1));
    world->wait(milliseconds{1});
    world->receive(gateway(mag1), timed_proxy_update(mn1, 2));
    world->wait(milliseconds{500});
    world->run();
    LONGS_EQUAL(2, static_cast<long>(world->sent.size()));
    CHECK(std::get<wire::BindingAcknowledgement>(world->sent[1].message).status ==
          Status::accepted);
}

TEST(transaction, one_at_a_time_sessions_do_not_wait_for_each_other) {
    world->receive(away(home1), binding_update(1));
    world->receive(away(home2), binding_update(1));
    world->receive(gateway(mag1), proxy_update(mn1, 1));
    LONGS_EQUAL(3, static_cast<long>(world->open.size()));
    world->end(Outcome::committed, 2);
    world->end(Outcome::kernel_failed, 0);
    world->run();
    CHECK(!is_bound(home1) && is_bound(home2));
    check_far_end(mag1, home1);
}

TEST(transaction, limit_queue_of_a_session) {
    for (std::uint16_t sequence = 1; sequence <= 10; ++sequence) {
        world->receive(away(home1), binding_update(sequence));
        world->receive(gateway(mag1), proxy_update(mn1, sequence));
    }
    check_counted(Counter::bu_queue_full, 1);
    check_counted(Counter::pbu_queue_full, 1);
    world->run();
    LONGS_EQUAL(18, static_cast<long>(world->sent.size()));
}

TEST(transaction, limit_queue_of_all_sessions) {
    auto config = laboratory::config();
    config.limits.queued_total = 3;
    world->configure(config);
    for (const auto& home : {home1, home2})
        for (std::uint16_t sequence = 1; sequence <= 3; ++sequence)
            world->receive(away(home), binding_update(sequence));
    check_counted(Counter::bu_queue_full, 1);
    world->receive(gateway(mag1), proxy_update(mn1, 1));
    world->receive(gateway(mag1), proxy_update(mn1, 2));
    check_counted(Counter::pbu_queue_full, 1);
    world->run();
    for (std::uint16_t sequence = 4; sequence <= 6; ++sequence)
        world->receive(away(home1), binding_update(sequence));
    check_counted(Counter::bu_queue_full, 1);
    world->run();
}

TEST(transaction, limit_queue_counts_delayed_handoffs) {
    auto config = laboratory::config();
    config.limits.queued_total = 1;
    world->configure(config);
    for (const auto& name : {mn1, mn2}) {
        check_accepted(gateway(mag1), proxy_update(name, 1));
        world->receive(gateway(mag2), proxy_update(name, 1));
    }
    check_counted(Counter::proxy_handoffs_delayed, 1);
    check_counted(Counter::pbu_queue_full, 1);
    world->pass(seconds{2});
    LONGS_EQUAL(1, static_cast<long>(world->sent.size()));
    world->receive(gateway(mag2), proxy_update(mn2, 2));
    check_counted(Counter::proxy_handoffs_delayed, 2);
}

TEST(transaction, expiry_that_the_store_refuses_is_tried_again) {
    check_accepted(away(home1), binding_update(1, 1));
    check_accepted(gateway(mag1), proxy_update(mn1, 1, 1));
    world->wait(seconds{5});
    world->tick();
    LONGS_EQUAL(2, static_cast<long>(world->open.size()));
    world->end(Outcome::store_failed);
    world->end(Outcome::store_failed);
    CHECK(world->anchor.next_deadline() == world->now.boot + seconds{1});
    world->pass(seconds{1});
    CHECK(!is_bound(home1));
    LONGS_EQUAL(0, static_cast<long>(sessions(mn1).size()));
    LONGS_EQUAL(0, static_cast<long>(world->kernel.size()));
}

TEST(transaction, expiry_waits_for_the_open_transaction_and_sees_what_it_did) {
    check_accepted(away(home1), binding_update(1, 1));
    check_accepted(gateway(mag1), proxy_update(mn1, 1, 1));
    world->receive(away(home1), binding_update(2));
    world->receive(gateway(mag1), proxy_update(mn1, 2));
    world->wait(seconds{5});
    world->tick();
    LONGS_EQUAL(2, static_cast<long>(world->open.size()));
    CHECK(world->anchor.next_deadline() == world->now.boot + seconds{1});
    world->run();
    world->tick();
    CHECK(world->open.empty());
    CHECK(is_bound(home1));
    check_far_end(care_of, home1);
    check_far_end(mag1, address("2001:db8:2000:1::99"));
}

TEST(transaction, expiry_of_a_session_waits_for_the_open_transaction_of_another_one_of_its_node) {
    check_accepted(gateway(mag1), by_interface(1, proxy_update(guest, 1, 1)));
    check_accepted(gateway(mag1), by_interface(2, proxy_update(guest, 1, 1)));
    world->receive(gateway(mag1), by_interface(1, proxy_update(guest, 2, 2)));
    world->wait(seconds{5});
    world->tick();
    LONGS_EQUAL(1, static_cast<long>(world->open.size()));
    CHECK(world->anchor.next_deadline() == world->now.boot + seconds{1});
    world->run();
    LONGS_EQUAL(2, static_cast<long>(sessions(guest).size()));
    world->pass(seconds{1});
    LONGS_EQUAL(1, static_cast<long>(sessions(guest).size()));
    LONGS_EQUAL(1, session(guest).link_layer_identifier.front());
}

TEST(transaction, expiry_of_many_goes_in_bounded_steps) {
    auto config = laboratory::config();
    config.limits.sessions_per_node = 2000;
    world->configure(config);
    for (std::uint16_t number = 0; number < 1100; ++number) {
        auto octets = home1.octets();
        octets[14] = static_cast<std::uint8_t>(number >> 8);
        octets[15] = static_cast<std::uint8_t>(number);
        octets[13] = 1;
        world->receive(away(wire::Address{octets}), binding_update(1, 1));
    }
    while (!world->open.empty())
        world->end(Outcome::committed, world->open.size() - 1);
    world->wait(seconds{5});
    world->tick();
    LONGS_EQUAL(1024, static_cast<long>(world->open.size()));
    CHECK(*world->anchor.next_deadline() <= world->now.boot);
}

TEST(transaction, an_unknown_end_is_ignored) {
    check_accepted(away(home1), binding_update(1));
    world->open.emplace_back();
    world->open.back().id = 12345;
    world->run();
    CHECK(is_bound(home1));
}

// NOLINTEND(bugprone-unchecked-optional-access)
