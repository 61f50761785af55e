// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/core_support.h"

using namespace anchor6;
using namespace anchor6::laboratory;
using core::Counter;
using std::chrono::milliseconds;
using std::chrono::seconds;
using wire::Status;

TEST_GROUP_BASE(prefix_retention, CoreTest) {
    void setup() override {
        CoreTest::setup();
        settings = config();
        settings.timers.prefix_retention = seconds{100};
        settings.timers.min_delay_before_bce_delete = milliseconds{0};
        // Two prefixes to assign.
        settings.groups[0].home_prefixes[0] = home_prefix("2001:db8:1000::/63", 64);
        world->configure(settings);
    }

    wire::Prefix assigned(const std::string& mn_identifier) {
        return session(mn_identifier).home_network_prefixes.front();
    }

    /// A session begins and ends; its prefix is kept from now on.
    wire::Prefix visit(const std::string& mn_identifier, std::uint16_t sequence = 1) {
        check_accepted(gateway(mag1), proxy_update(mn_identifier, sequence));
        const wire::Prefix prefix = assigned(mn_identifier);
        check_accepted(gateway(mag1), proxy_update(mn_identifier, ++sequence, 0));
        world->pass(milliseconds{1});
        LONGS_EQUAL(0, static_cast<long>(sessions(mn_identifier).size()));
        return prefix;
    }

    core::Config settings;
};

TEST(prefix_retention, a_node_that_comes_back_gets_its_prefix) {
    const auto prefix = visit(guest);
    check_accepted(gateway(mag1), proxy_update(visitor, 1));
    CHECK(assigned(visitor) != prefix);
    check_accepted(gateway(mag2), proxy_update(guest, 9));
    CHECK(assigned(guest) == prefix);
    CHECK(world->retained.empty());
}

TEST(prefix_retention, it_may_be_asked_for_by_its_node_only) {
    const auto prefix = visit(guest);
    auto named = proxy_update(visitor, 1);
    name_prefix(named, prefix);
    check_refused(Status::not_authorized_for_home_network_prefix, Counter::pbu_foreign_prefix,
                  gateway(mag1), named);
    named = proxy_update(guest, 9);
    name_prefix(named, prefix);
    check_accepted(gateway(mag1), named);
}

TEST(prefix_retention, ends_after_its_time) {
    const auto prefix = visit(guest);
    CHECK(world->retained.contains(prefix));
    world->pass(seconds{100} - milliseconds{2});
    CHECK(world->retained.contains(prefix));
    world->pass(milliseconds{2});
    CHECK(world->retained.empty());
    LONGS_EQUAL(0, static_cast<long>(world->anchor.retained_prefix_count()));
}

TEST(prefix_retention, a_store_that_fails_is_tried_again) {
    visit(guest);
    world->wait(seconds{100});
    world->tick();
    world->end(World::Outcome::store_failed);
    LONGS_EQUAL(1, static_cast<long>(world->anchor.retained_prefix_count()));
    world->wait(seconds{1});
    world->tick();
    world->run();
    LONGS_EQUAL(0, static_cast<long>(world->anchor.retained_prefix_count()));
}

TEST(prefix_retention, the_oldest_goes_to_another_when_none_is_free) {
    const auto oldest = visit(guest);
    world->wait(seconds{1});
    const auto younger = visit(visitor);
    CHECK(oldest != younger);
    check_accepted(gateway(mag1), proxy_update("third@example.org", 1));
    CHECK(assigned("third@example.org") == oldest);
    check_counted(Counter::retentions_cut_short, 1);
    check_accepted(gateway(mag1), proxy_update(visitor, 9));
    CHECK(assigned(visitor) == younger);
    check_refused(Status::insufficient_resources, Counter::pbu_no_free_prefix, gateway(mag1),
                  proxy_update(guest, 9));
}

TEST(prefix_retention, comes_back_to_its_node_when_the_other_session_fails) {
    const auto oldest = visit(guest);
    world->wait(seconds{1});
    visit(visitor);
    world->receive(gateway(mag1), proxy_update("third@example.org", 1));
    world->end(World::Outcome::kernel_failed);
    CHECK(answer().status == Status::insufficient_resources);
    CHECK(world->retained.contains(oldest));
    check_accepted(gateway(mag1), proxy_update(guest, 9));
    CHECK(assigned(guest) == oldest);
}

TEST(prefix_retention, a_session_whose_end_fails_keeps_nothing) {
    check_accepted(gateway(mag1), proxy_update(guest, 1));
    check_accepted(gateway(mag1), proxy_update(guest, 2, 0));
    world->tick();
    world->end(World::Outcome::store_failed);
    LONGS_EQUAL(0, static_cast<long>(world->anchor.retained_prefix_count()));
    world->pass(seconds{2});
    LONGS_EQUAL(1, static_cast<long>(world->anchor.retained_prefix_count()));
}

TEST(prefix_retention, fixed_prefixes_need_not_be_kept) {
    visit(mn1);
    LONGS_EQUAL(0, static_cast<long>(world->anchor.retained_prefix_count()));
}

TEST(prefix_retention, without_a_time_nothing_is_kept) {
    settings.timers.prefix_retention = seconds{0};
    world->configure(settings);
    visit(guest);
    CHECK(world->retained.empty());
}

TEST(prefix_retention, survives_a_restart) {
    const auto prefix = visit(guest);
    world->restart(settings);
    world->adopt();
    check_accepted(gateway(mag1), proxy_update(visitor, 1));
    CHECK(assigned(visitor) != prefix);
    check_accepted(gateway(mag1), proxy_update(guest, 9));
    CHECK(assigned(guest) == prefix);
}

TEST(prefix_retention, yields_to_a_node_that_the_configuration_gives_the_prefix) {
    const auto prefix = visit(guest);
    settings.nodes.push_back(node("owner@example.org", {prefix}));
    world->configure(settings);
    world->pass(milliseconds{1});
    CHECK(world->retained.empty());
    check_accepted(gateway(mag1), proxy_update("owner@example.org", 1));
}

TEST(prefix_retention, the_home_address_is_the_nodes_while_its_prefix_is_kept) {
    const auto prefix = visit(guest);
    const wire::Address home = wire::Address::parse("2001:db8:1000::10").value_or(wire::Address{});
    const wire::Address other =
        wire::Address::parse("2001:db8:1000:1::10").value_or(wire::Address{});
    const bool first = prefix.contains(home);
    check_accepted(away(first ? home : other), binding_update(1));
    STRCMP_EQUAL(guest.c_str(), home_binding(first ? home : other)->node.c_str());
}
