// SPDX-License-Identifier: GPL-2.0-or-later
#include <string>
#include <vector>

#include "core/existence_test.h"
#include "tests/core_laboratory.h"

#include <CppUTest/TestHarness.h>

using namespace anchor6;
using namespace anchor6::laboratory;
using core::Existence;
using Kind = core::Existence::Kind;
using wire::HandoffIndicator;

namespace {

using Identifier = wire::LinkLayerAddress;

const Identifier no_identifier;
const Identifier interface_a{2, 0, 0, 0, 0, 1};
const Identifier interface_b{2, 0, 0, 0, 0, 2};
constexpr std::uint8_t wireless = 4;
constexpr std::uint8_t wired = 3;
const wire::PrefixOption any_prefix;

} // namespace

TEST_GROUP(existence_test) {
    core::ProxyCache cache;
    core::PrefixPool pool;
    std::uint64_t last_id = 0;
    std::optional<core::BootTime> now;

    std::uint64_t add(const std::string& mn_identifier, std::vector<wire::Prefix> prefixes,
                      const Identifier& identifier, const wire::Address& mag = mag1,
                      bool being_deleted = false) {
        core::ProxyBinding session;
        session.id = ++last_id;
        session.mn_identifier = mn_identifier;
        session.home_network_prefixes = std::move(prefixes);
        session.access_technology = wireless;
        session.link_layer_identifier = identifier;
        session.proxy_care_of_address = mag;
        if (being_deleted)
            session.state = core::ProxyBinding::State::being_deleted;
        cache.commit({std::nullopt, session});
        for (const wire::Prefix& held : session.home_network_prefixes)
            pool.hold(held, mn_identifier);
        return session.id;
    }

    /// A session that such a message of mag1 without link-layer identifier has just made.
    std::uint64_t add_new(const wire::Prefix& prefix, HandoffIndicator handoff) {
        const auto id = add(mn1, {prefix}, no_identifier);
        core::ProxyBinding made = *cache.find(id);
        made.handoff_indicator = static_cast<std::uint8_t>(handoff);
        made.lifetime = std::chrono::minutes{2};
        made.expires = *now + made.lifetime;
        cache.commit({*cache.find(id), made});
        return id;
    }

    static std::vector<wire::PrefixOption> named(const std::vector<wire::Prefix>& prefixes) {
        std::vector<wire::PrefixOption> options;
        for (const wire::Prefix& prefix : prefixes)
            options.push_back({prefix.length(), prefix.address()});
        return options;
    }

    Existence test(const std::vector<wire::PrefixOption>& options, const Identifier& identifier,
                   HandoffIndicator handoff, const wire::Address& mag = mag2,
                   std::uint8_t technology = wireless) {
        return core::binding_cache_entry_existence_test(
            cache, pool, {mn1, options, technology, identifier, handoff, mag, now});
    }

    static void check(const Existence& existence, Kind kind, std::uint64_t session = 0) {
        LONGS_EQUAL(static_cast<long>(kind), static_cast<long>(existence.kind));
        UNSIGNED_LONGS_EQUAL(session, existence.session == nullptr ? 0 : existence.session->id);
    }
};

TEST(existence_test, rfc5213_5_4_1_1_step_2_no_session_holds_the_prefix) {
    add(mn1, {prefix2a}, interface_a);
    check(test(named({prefix1}), interface_a, HandoffIndicator::between_mags), Kind::create);
}

TEST(existence_test, rfc5213_5_4_1_1_step_3_another_node_holds_the_prefix) {
    add(mn2, {prefix1}, interface_a);
    const auto existence = test(named({prefix1}), interface_a, HandoffIndicator::between_mags);
    check(existence, Kind::refuse);
    CHECK(existence.refusal == wire::Status::not_authorized_for_home_network_prefix);
}

TEST(existence_test, rfc5213_5_4_1_1_step_4_the_prefix_sets_differ) {
    const auto id = add(mn1, {prefix2a, prefix2b}, interface_a);
    std::vector<std::vector<wire::PrefixOption>> others{
        named({prefix2a}), named({prefix2a, prefix1}), named({prefix2a, prefix2b, prefix1}),
        named({prefix2a, prefix2a})};
    others.push_back(named({prefix2a}));
    others.back().push_back(any_prefix);
    for (const auto& other : others) {
        const auto existence = test(other, interface_a, HandoffIndicator::between_mags);
        check(existence, Kind::refuse, id);
        CHECK(existence.refusal == wire::Status::bce_pbu_prefix_set_do_not_match);
    }
    check(test(named({prefix2b, prefix2a}), interface_a, HandoffIndicator::unknown), Kind::update,
          id);
}

TEST(existence_test, rfc5213_5_4_1_1_step_5_a_same_interface) {
    const auto id = add(mn1, {prefix1}, interface_a);
    check(test(named({prefix1}), interface_a, HandoffIndicator::unknown), Kind::update, id);
    check(test(named({prefix1}), interface_a, HandoffIndicator::unknown, mag2, wired),
          Kind::wait_then_update, id);
    check(test(named({prefix1}), interface_b, HandoffIndicator::unknown), Kind::wait_then_update,
          id);
}

TEST(existence_test, rfc5213_5_4_1_1_step_5_b_handoff_between_interfaces) {
    const auto id = add(mn1, {prefix1}, interface_a);
    check(test(named({prefix1}), interface_b, HandoffIndicator::between_interfaces), Kind::update,
          id);
}

TEST(existence_test, rfc5213_5_4_1_1_step_5_c_handoff_between_mags_without_identifier) {
    const auto id = add(mn1, {prefix1}, no_identifier);
    check(test(named({prefix1}), no_identifier, HandoffIndicator::between_mags), Kind::update, id);
    check(test(named({prefix1}), no_identifier, HandoffIndicator::unchanged),
          Kind::wait_then_update, id);
    check(test(named({prefix1}), no_identifier, HandoffIndicator::between_mags, mag2, wired),
          Kind::wait_then_update, id);
}

TEST(existence_test, rfc5213_5_4_1_1_step_5_d_same_mag) {
    const auto id = add(mn1, {prefix1}, interface_a);
    check(test(named({prefix1}), no_identifier, HandoffIndicator::unknown, mag1), Kind::update, id);
}

TEST(existence_test, rfc5213_5_4_1_1_step_6_never_two_sessions_with_one_prefix) {
    const auto id = add(mn1, {prefix1}, interface_a);
    for (const auto handoff :
         {HandoffIndicator::new_interface, HandoffIndicator::unknown, HandoffIndicator::unchanged})
        check(test(named({prefix1}), interface_b, handoff), Kind::wait_then_update, id);
}

TEST(existence_test, rfc5213_5_4_1_1_step_6_no_wait_for_a_session_being_deleted) {
    const auto id = add(mn1, {prefix1}, interface_a, mag1, true);
    check(test(named({prefix1}), interface_b, HandoffIndicator::unknown), Kind::update, id);
}

TEST(existence_test, rfc5213_5_4_1_2_step_2_the_interface_decides) {
    add(mn1, {prefix2a}, interface_b);
    const auto id = add(mn1, {prefix1}, interface_a);
    for (const auto handoff : {HandoffIndicator::new_interface, HandoffIndicator::unknown,
                               HandoffIndicator::between_mags, HandoffIndicator::unchanged})
        check(test({any_prefix}, interface_a, handoff), Kind::update, id);
    check(test({any_prefix}, interface_a, HandoffIndicator::between_mags, mag2, wired),
          Kind::create);
}

TEST(existence_test, rfc5213_5_4_1_2_step_3_handoff_between_interfaces_of_the_only_session) {
    const auto id = add(mn1, {prefix1}, interface_a);
    check(test({any_prefix}, interface_b, HandoffIndicator::between_interfaces), Kind::update, id);
    add(mn1, {prefix2a}, no_identifier);
    check(test({any_prefix}, interface_b, HandoffIndicator::between_interfaces), Kind::create);
}

TEST(existence_test, rfc5213_5_4_1_2_step_4_unknown_handoff_of_the_only_session) {
    const auto id = add(mn1, {prefix1}, interface_a);
    check(test({any_prefix}, interface_b, HandoffIndicator::unknown), Kind::wait_then_create, id);
    add(mn1, {prefix2a}, no_identifier);
    check(test({any_prefix}, interface_b, HandoffIndicator::unknown), Kind::create);
}

TEST(existence_test, rfc5213_5_4_1_2_step_4_a_session_being_deleted_is_taken_over_at_once) {
    const auto id = add(mn1, {prefix1}, interface_a, mag1, true);
    check(test({any_prefix}, interface_b, HandoffIndicator::unknown), Kind::update, id);
}

TEST(existence_test, rfc5213_5_4_1_2_step_5_otherwise_a_new_session) {
    add(mn1, {prefix1}, interface_a);
    for (const auto handoff : {HandoffIndicator::new_interface, HandoffIndicator::between_mags,
                               HandoffIndicator::unchanged})
        check(test({any_prefix}, interface_b, handoff), Kind::create);
}

TEST(existence_test, rfc5213_5_4_1_3_step_2_the_only_session_of_the_node) {
    const auto id = add(mn1, {prefix1}, interface_a);
    for (const auto handoff :
         {HandoffIndicator::between_interfaces, HandoffIndicator::between_mags})
        check(test({any_prefix}, no_identifier, handoff), Kind::update, id);
}

TEST(existence_test, rfc5213_5_4_1_3_step_3_unknown_handoff_waits) {
    const auto id = add(mn1, {prefix1}, interface_a);
    check(test({any_prefix}, no_identifier, HandoffIndicator::unknown), Kind::wait_then_create, id);
    check(test({any_prefix}, no_identifier, HandoffIndicator::unchanged), Kind::wait_then_create,
          id);
}

TEST(existence_test, rfc5213_5_4_1_3_the_sessions_own_mag_extends_it) {
    const auto id = add(mn1, {prefix1}, no_identifier);
    for (const auto handoff : {HandoffIndicator::unknown, HandoffIndicator::unchanged})
        check(test({any_prefix}, no_identifier, handoff, mag1), Kind::update, id);
}

TEST(existence_test, rfc5213_5_4_1_3_step_4_otherwise_a_new_session) {
    check(test({any_prefix}, no_identifier, HandoffIndicator::between_mags), Kind::create);
    add(mn1, {prefix1}, interface_a);
    check(test({any_prefix}, no_identifier, HandoffIndicator::new_interface), Kind::create);
    add(mn1, {prefix2a}, interface_b);
    for (const auto handoff :
         {HandoffIndicator::between_mags, HandoffIndicator::unknown, HandoffIndicator::unchanged})
        check(test({any_prefix}, no_identifier, handoff, mag1), Kind::create);
}

TEST(existence_test, rfc5213_6_9_4_a_repeated_registration_makes_no_second_session) {
    now = core::BootTime{std::chrono::hours{1}};
    const auto first = add_new(prefix1, HandoffIndicator::new_interface);
    *now += std::chrono::seconds{4};
    check(test({any_prefix}, no_identifier, HandoffIndicator::new_interface, mag1), Kind::update,
          first);
    const auto second = add_new(prefix2a, HandoffIndicator::unknown);
    check(test({any_prefix}, no_identifier, HandoffIndicator::unknown, mag1), Kind::update, second);
}

TEST(existence_test, rfc5213_5_4_1_3_step_4_what_repeats_nothing_is_a_new_session) {
    now = core::BootTime{std::chrono::hours{1}};
    add_new(prefix1, HandoffIndicator::new_interface);
    const auto one = HandoffIndicator::new_interface;
    check(test({any_prefix}, no_identifier, one, mag2), Kind::create);
    check(test({any_prefix}, no_identifier, one, mag1, wired), Kind::create);
    check(test({any_prefix}, interface_a, one, mag1), Kind::create);
    *now += std::chrono::seconds{5};
    check(test({any_prefix}, no_identifier, one, mag1), Kind::create);
    add_new(prefix2a, HandoffIndicator::unknown);
    check(test({any_prefix}, no_identifier, one, mag1), Kind::create);
    now.reset();
    check(test({any_prefix}, no_identifier, HandoffIndicator::unknown, mag1), Kind::create);
}

TEST(existence_test, rfc5213_5_4_1_sessions_of_other_nodes_do_not_matter) {
    add(mn2, {prefix1}, interface_a);
    check(test({any_prefix}, interface_a, HandoffIndicator::unknown), Kind::create);
    check(test({any_prefix}, no_identifier, HandoffIndicator::between_mags), Kind::create);
}
