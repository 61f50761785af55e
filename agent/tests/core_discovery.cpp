// SPDX-License-Identifier: GPL-2.0-or-later
// Discovery of home agents and of prefixes, and Binding Errors (RFC 6275 sections 9.3.3, 10.5 and
// 10.6): an anchor that remembers one binding and is asked over ICMPv6.
#include <map>
#include <memory>

#include "core/anchor.h"
#include "tests/core_laboratory.h"

#include <CppUTest/TestHarness.h>

namespace anchor6 {

namespace {

using namespace std::chrono_literals;
using laboratory::address;
using laboratory::care_of;
using laboratory::home1;
using laboratory::home_agent;
using laboratory::mn1;
using laboratory::other_care_of;
using laboratory::prefix;
using laboratory::prefix1;

const char* const link = "eth1";
const wire::Prefix link_prefix = prefix("2001:db8:4000::/64");
const wire::Address router1 = address("fe80::1");
const wire::Address router1_global = address("2001:db8:4000::a1");
const wire::Address router2 = address("fe80::2");
const wire::Address router2_global = address("2001:db8:4000::a2");

core::Config configuration() {
    core::Config config = laboratory::config();
    core::HomePrefix physical = laboratory::home_prefix("2001:db8:4000::/64");
    physical.link = link;
    config.groups[0].home_prefixes.push_back(physical);
    config.groups[0].home_agent_preference = 5;
    return config;
}

core::HomeBinding binding(core::Now now) {
    core::HomeBinding result;
    result.home_address = home1;
    result.care_of_address = care_of;
    result.home_agent = home_agent;
    result.prefixes = {wire::Prefix::host(home1)};
    result.sequence = 7;
    result.flags = wire::bu_flag::home_registration;
    result.lifetime = 420s;
    result.expires = now.boot + 420s;
    result.group = 1;
    result.cookie = 1;
    result.node = mn1;
    return result;
}

core::Packet packet(const wire::Address& source, const wire::Address& destination) {
    core::Packet result;
    result.source = source;
    result.destination = destination;
    return result;
}

core::Packet with_home_address(core::Packet packet, const wire::Address& home) {
    packet.home_address = home;
    return packet;
}

wire::RouterAdvertisement advertisement(const wire::Address& global, std::int16_t preference,
                                        std::uint16_t lifetime) {
    wire::RouterAdvertisement result;
    result.home_agent = true;
    result.router_lifetime = 1800;
    wire::PrefixInformation information;
    information.length = 64;
    information.prefix = global;
    information.router_address = true;
    result.prefixes = {information};
    result.home_agent_information = wire::HomeAgentInformation{preference, lifetime};
    return result;
}

/// What is asked of an anchor, and what it sends at once.
class DiscoveryTest : public Utest {
public:
    void setup() override { start(configuration()); }

    void start(const core::Config& config) {
        core::Remembered remembered;
        remembered.home_bindings = {binding(now)};
        anchor = std::make_unique<core::Anchor>(core::make_policy(config), remembered, now);
    }

    core::Effects hear(const core::Packet& from, const wire::IcmpMessage& message,
                       const std::string& on = {}) {
        return anchor->step(core::IcmpReceived{from, on, message}, now);
    }

    void pass(core::BootClock::duration time) {
        now.boot += time;
        now.real += time;
    }

    core::Effects tick() { return anchor->step(core::Tick{}, now); }

    std::vector<wire::Address> discovered(const wire::Address& asked) {
        const auto effects =
            hear(packet(care_of, asked), wire::HomeAgentDiscoveryRequest{9, false});
        if (effects.empty())
            return {};
        const auto& sent = std::get<core::SendIcmp>(effects.at(0));
        CHECK(sent.source == home_agent && sent.destination == care_of && !sent.care_of_address);
        const auto& reply = std::get<wire::HomeAgentDiscoveryReply>(sent.message);
        LONGS_EQUAL(9, reply.identifier);
        return reply.home_agents;
    }

    void learn(const wire::Address& router, const wire::RouterAdvertisement& advertised) {
        LONGS_EQUAL(0, hear(packet(router, address("ff02::1")), advertised, link).size());
    }

    void check_counted(core::Counter counter, std::uint64_t expected) {
        UNSIGNED_LONGS_EQUAL_TEXT(expected, anchor->counters().value(counter),
                                  std::string{counter_name(counter)}.c_str());
    }

    void check_binding_error(const core::Effects& effects, std::uint8_t status) {
        LONGS_EQUAL(1, effects.size());
        const auto& sent = std::get<core::Send>(effects.at(0));
        const auto& error = std::get<wire::BindingError>(sent.message);
        LONGS_EQUAL(status, error.status);
        CHECK(sent.destination == other_care_of && sent.source == home_agent);
        CHECK(error.home_address == home1 && !sent.care_of_address);
    }

    core::Now now{core::BootTime{1h}, core::RealTime{1700000000s}};
    std::unique_ptr<core::Anchor> anchor;
};

using Addresses = std::vector<wire::Address>;

const wire::Address anycast1 = wire::home_agents_anycast(prefix1);
const wire::Address link_anycast = wire::home_agents_anycast(link_prefix);

} // namespace

TEST_GROUP_BASE(discovery, DiscoveryTest){};

TEST(discovery, rfc6275_10_5_1_the_anycast_address_of_a_home_network_prefix) {
    CHECK(discovered(anycast1) == Addresses{home_agent});
    check_counted(core::Counter::discovery_replies, 1);
}

TEST(discovery, rfc6275_10_5_1_the_anycast_address_of_a_home_prefix_of_another_length) {
    CHECK(discovered(wire::home_agents_anycast(prefix("2001:db8:2000::/36"))) ==
          Addresses{home_agent});
}

TEST(discovery, rfc6275_10_5_1_the_home_agents_own_address) {
    CHECK(discovered(home_agent) == Addresses{home_agent});
}

TEST(discovery, any_other_address_is_not_answered) {
    CHECK(discovered(home1).empty());
    CHECK(discovered(wire::home_agents_anycast(prefix("2001:db8:99::/64"))).empty());
    check_counted(core::Counter::discovery_not_for_home_agents, 2);
}

TEST(discovery, a_source_that_nothing_can_be_sent_to_is_not_answered) {
    const wire::HomeAgentDiscoveryRequest request{1, false};
    LONGS_EQUAL(0, hear(packet(address("::"), anycast1), request).size());
    LONGS_EQUAL(0, hear(packet(address("ff02::1"), anycast1), request).size());
    check_counted(core::Counter::discovery_not_for_home_agents, 2);
}

TEST(discovery, rfc3963_7_2_the_r_flag_is_echoed) {
    const auto effects = hear(packet(care_of, anycast1), wire::HomeAgentDiscoveryRequest{1, true});
    const auto& sent = std::get<core::SendIcmp>(effects.at(0));
    CHECK_TRUE(std::get<wire::HomeAgentDiscoveryReply>(sent.message).mobile_router);
}

TEST(discovery, replies_are_limited) {
    const auto limit = configuration().limits.discovery_replies_per_second;
    for (std::uint32_t asked = 0; asked < limit; ++asked)
        LONGS_EQUAL(1, discovered(anycast1).size());
    CHECK(discovered(anycast1).empty());
    check_counted(core::Counter::discovery_suppressed, 1);
    pass(1s);
    LONGS_EQUAL(1, discovered(anycast1).size());
}

TEST(discovery, rfc6275_10_5_1_home_agents_of_the_link_by_preference) {
    learn(router1, advertisement(router1_global, 9, 600));
    learn(router2, advertisement(router2_global, -1, 600));
    CHECK(discovered(link_anycast) == (Addresses{router1_global, home_agent, router2_global}));
    LONGS_EQUAL(3, anchor->home_agents(now.boot).size() - 1);
}

TEST(discovery, home_agents_of_equal_preference_by_address) {
    learn(router2, advertisement(router2_global, 5, 600));
    learn(router1, advertisement(router1_global, 5, 600));
    CHECK(discovered(link_anycast) == (Addresses{home_agent, router1_global, router2_global}));
}

TEST(discovery, rfc6275_7_4_without_the_option_preference_0_and_the_routers_lifetime) {
    wire::RouterAdvertisement plain = advertisement(router1_global, 9, 600);
    plain.home_agent_information.reset();
    learn(router1, plain);
    CHECK(discovered(link_anycast) == (Addresses{home_agent, router1_global}));
    pass(1800s - 1ns);
    tick();
    LONGS_EQUAL(2, discovered(link_anycast).size());
    pass(1ns);
    CHECK(anchor->next_deadline() <= now.boot);
    tick();
    LONGS_EQUAL(1, discovered(link_anycast).size());
}

TEST(discovery, rfc6275_10_5_1_lifetime_0_removes_a_home_agent) {
    learn(router1, advertisement(router1_global, 9, 600));
    learn(router1, advertisement(router1_global, 9, 0));
    LONGS_EQUAL(1, discovered(link_anycast).size());
}

TEST(discovery, rfc6275_10_1_without_the_h_bit_it_is_none) {
    wire::RouterAdvertisement resigned = advertisement(router1_global, 9, 600);
    learn(router1, resigned);
    resigned.home_agent = false;
    learn(router1, resigned);
    LONGS_EQUAL(1, discovered(link_anycast).size());
}

TEST(discovery, rfc6275_7_2_without_a_global_address_it_cannot_be_named) {
    wire::RouterAdvertisement nameless = advertisement(router1_global, 9, 600);
    nameless.prefixes[0].router_address = false;
    learn(router1, nameless);
    nameless.prefixes[0] = advertisement(link_prefix.address(), 9, 600).prefixes[0];
    learn(router2, nameless);
    nameless.prefixes[0] = advertisement(router1_global, 9, 600).prefixes[0];
    nameless.prefixes[0].length = 129;
    learn(address("fe80::3"), nameless);
    LONGS_EQUAL(1, discovered(link_anycast).size());
}

TEST(discovery, advertisements_from_elsewhere_are_ignored) {
    const auto advertised = advertisement(router1_global, 9, 600);
    hear(packet(router1, address("ff02::1")), advertised);
    hear(packet(router1_global, address("ff02::1")), advertised, link);
    LONGS_EQUAL(1, discovered(link_anycast).size());
    check_counted(core::Counter::router_advertisements_ignored, 2);
}

TEST(discovery, home_agents_of_a_link_serve_no_other_prefix) {
    learn(router1, advertisement(router1_global, 9, 600));
    CHECK(discovered(anycast1) == Addresses{home_agent});
    CHECK(discovered(home_agent) == (Addresses{router1_global, home_agent}));
}

TEST(discovery, another_groups_links_do_not_count) {
    learn(router1, advertisement(router1_global, 9, 600));
    const auto effects =
        hear(packet(care_of, address("2001:db8:f::11")), wire::HomeAgentDiscoveryRequest{1, false});
    const auto& sent = std::get<core::SendIcmp>(effects.at(0));
    LONGS_EQUAL(1, std::get<wire::HomeAgentDiscoveryReply>(sent.message).home_agents.size());
}

TEST(discovery, the_list_is_bounded_and_the_reply_fits_1280_octets) {
    wire::Address::Octets octets = router1.octets();
    wire::Address::Octets global = router1_global.octets();
    global[13] = 1;
    const std::size_t room = 2 * wire::max_home_agents;
    for (std::size_t index = 0; index <= room; ++index) {
        octets[14] = global[14] = static_cast<std::uint8_t>(index >> 8);
        octets[15] = global[15] = static_cast<std::uint8_t>(index);
        learn(wire::Address{octets}, advertisement(wire::Address{global}, 9, 600));
    }
    check_counted(core::Counter::home_agents_list_full, 1);
    LONGS_EQUAL(wire::max_home_agents, discovered(link_anycast).size());
    learn(router1, advertisement(router1_global, 10, 600));
    CHECK(discovered(link_anycast).front() == router1_global);
}

TEST_GROUP_BASE(prefix_advertiser, DiscoveryTest) {
    core::Config with_valid(std::chrono::seconds valid) {
        core::Config config = configuration();
        config.groups[0].home_prefixes[1].lifetimes.valid = valid;
        config.groups[0].home_prefixes[1].lifetimes.preferred = 600s;
        return config;
    }

    wire::MobilePrefixAdvertisement check_advertised(const core::Effects& effects) {
        LONGS_EQUAL(1, effects.size());
        const auto& sent = std::get<core::SendIcmp>(effects.at(0));
        CHECK(sent.source == home_agent && sent.destination == home1);
        CHECK(sent.care_of_address == care_of);
        return std::get<wire::MobilePrefixAdvertisement>(sent.message);
    }

    static constexpr unsigned others = 2000;

    /// Of nodes to whom no prefix has changed.
    static core::RetainedPrefix other_prefix(unsigned number) {
        auto octets = address("2001:db8:1000::").octets();
        octets[6] = static_cast<std::uint8_t>(number >> 8U);
        octets[7] = static_cast<std::uint8_t>(number);
        return {*wire::Prefix::of(wire::Address{octets}, 64),
                "other" + std::to_string(number) + "@example.org", core::BootTime::max()};
    }

    /// More bindings than one look at the table finds, and what others may register.
    void remember_many() {
        core::Remembered remembered;
        for (unsigned number = 0x100; number < 0x100 + 541; ++number) {
            core::HomeBinding one = binding(now);
            auto octets = home1.octets();
            octets[6] = static_cast<std::uint8_t>(number >> 8U);
            octets[7] = static_cast<std::uint8_t>(number);
            one.home_address = wire::Address{octets};
            one.prefixes = {wire::Prefix::host(one.home_address)};
            one.cookie = number;
            one.node = "node" + std::to_string(number) + "@example.org";
            remembered.home_bindings.push_back(one);
        }
        for (unsigned number = 0; number < others; ++number)
            remembered.retained_prefixes.push_back(other_prefix(number));
        anchor =
            std::make_unique<core::Anchor>(core::make_policy(configuration()), remembered, now);
    }

    void register_node(const wire::Address& home, const std::optional<std::string>& identifier) {
        const core::Packet from = with_home_address(packet(other_care_of, home_agent), home);
        wire::BindingUpdate update = laboratory::binding_update(1);
        if (identifier)
            update.options.mn_identifier = wire::MnIdentifier{.identifier = *identifier};
        const auto effects = anchor->step(core::MessageReceived{from, update}, now);
        LONGS_EQUAL(1, effects.size());
        anchor->step(core::TransactionEnded{std::get<core::Transaction>(effects.at(0)).id,
                                            core::TransactionEnded::Outcome::committed, 0},
                     now);
    }

    /// One node to whom the prefix has changed, and of the others so many that each part of the
    /// table grows.
    void register_more() {
        register_node(laboratory::home2, {});
        for (unsigned number = 0; number < others; ++number) {
            const core::RetainedPrefix retained = other_prefix(number);
            register_node(retained.prefix.address(), retained.mn_identifier);
        }
        LONGS_EQUAL(542 + others, anchor->home_binding_count());
    }

    /// How often each has been told by now.
    void count_told(const core::Effects& effects, std::map<wire::Address, int>& told) {
        for (const core::Effect& effect : effects)
            ++told[std::get<core::SendIcmp>(effect).destination];
    }

    core::Effects change(const core::Config& config) {
        CHECK(anchor->step(core::ConfigChanged{core::make_policy(config)}, now).empty());
        return tick();
    }
};

TEST(prefix_advertiser, rfc6275_10_6_2_a_solicitation_gets_the_home_network_prefix) {
    const auto asked = with_home_address(packet(care_of, home_agent), home1);
    const auto answer = check_advertised(hear(asked, wire::MobilePrefixSolicitation{77}));
    LONGS_EQUAL(77, answer.identifier);
    LONGS_EQUAL(1, answer.prefixes.size());
    const wire::PrefixInformation& information = answer.prefixes[0];
    CHECK(information.prefix == prefix1.address() && information.length == prefix1.length());
    CHECK(information.autonomous && !information.on_link && !information.router_address);
    LONGS_EQUAL(2592000, information.valid_lifetime);
    LONGS_EQUAL(604800, information.preferred_lifetime);
}

TEST(prefix_advertiser, rfc6275_10_6_2_the_lifetimes_are_what_is_left) {
    core::Config config = configuration();
    auto& lifetimes = config.groups[0].home_prefixes[1].lifetimes;
    lifetimes.valid_until = now.real + 1000s;
    lifetimes.preferred_until = now.real + 400s;
    start(config);
    pass(500s - 420s);
    const auto asked = with_home_address(packet(care_of, home_agent), home1);
    const auto answer = check_advertised(hear(asked, wire::MobilePrefixSolicitation{1}));
    LONGS_EQUAL(920, answer.prefixes.at(0).valid_lifetime);
    LONGS_EQUAL(320, answer.prefixes.at(0).preferred_lifetime);
}

TEST(prefix_advertiser, rfc6275_10_6_2_without_a_binding_a_binding_error) {
    const auto asked = with_home_address(packet(other_care_of, home_agent), home1);
    check_binding_error(hear(asked, wire::MobilePrefixSolicitation{1}),
                        wire::BindingError::unknown_binding);
    check_counted(core::Counter::prefix_solicitations_unbound, 1);
}

TEST(prefix_advertiser, a_solicitation_without_home_address_is_dropped) {
    LONGS_EQUAL(0, hear(packet(care_of, home_agent), wire::MobilePrefixSolicitation{1}).size());
    check_counted(core::Counter::prefix_solicitations_unbound, 1);
}

TEST(prefix_advertiser, answers_are_limited) {
    const auto asked = with_home_address(packet(care_of, home_agent), home1);
    const auto limit = configuration().limits.prefix_advertisements_per_second;
    for (std::uint32_t times = 0; times < limit; ++times)
        check_advertised(hear(asked, wire::MobilePrefixSolicitation{1}));
    LONGS_EQUAL(0, hear(asked, wire::MobilePrefixSolicitation{1}).size());
    check_counted(core::Counter::prefix_advertisements_suppressed, 1);
}

TEST(prefix_advertiser, rfc6275_10_6_3_other_lifetimes_are_told_three_times) {
    const auto first = check_advertised(change(with_valid(1200s)));
    LONGS_EQUAL(1200, first.prefixes.at(0).valid_lifetime);
    for (int again = 0; again < 2; ++again) {
        pass(3s - 1ns);
        LONGS_EQUAL(0, tick().size());
        pass(1ns);
        CHECK(check_advertised(tick()).identifier == first.identifier);
    }
    pass(3s);
    LONGS_EQUAL(0, tick().size());
    check_counted(core::Counter::prefix_advertisements_sent, 3);
    CHECK(anchor->next_deadline() > now.boot + 60s);
}

TEST(prefix_advertiser, rfc6275_10_6_3_until_a_solicitation_shows_that_it_was_heard) {
    check_advertised(change(with_valid(1200s)));
    hear(with_home_address(packet(care_of, home_agent), home1), wire::MobilePrefixSolicitation{1});
    pass(3s);
    LONGS_EQUAL(0, tick().size());
}

TEST(prefix_advertiser, the_same_lifetimes_are_no_news) {
    LONGS_EQUAL(0, change(configuration()).size());
    check_advertised(change(with_valid(1200s)));
    check_counted(core::Counter::prefix_advertisements_sent, 1);
}

TEST(prefix_advertiser, a_second_change_begins_anew) {
    check_advertised(change(with_valid(1200s)));
    pass(3s);
    LONGS_EQUAL(
        0, anchor->step(core::ConfigChanged{core::make_policy(with_valid(1300s))}, now).size());
    LONGS_EQUAL(1300, check_advertised(tick()).prefixes.at(0).valid_lifetime);
    for (int again = 0; again < 2; ++again) {
        pass(3s);
        check_advertised(tick());
    }
    pass(3s);
    LONGS_EQUAL(0, tick().size());
}

TEST(prefix_advertiser, many_nodes_are_looked_for_a_few_at_a_time_and_all_found) {
    remember_many();
    core::Config config = with_valid(1200s);
    config.limits.prefix_advertisements_per_second = 100'000;
    std::map<wire::Address, int> told;
    count_told(change(config), told);
    CHECK(anchor->next_deadline() == core::BootTime{});
    // The table grows, and what has been found is met again.
    register_more();
    const core::BootTime end = now.boot + 10s;
    while (anchor->next_deadline() < end) {
        pass(std::max(*anchor->next_deadline() - now.boot, core::BootClock::duration{0}));
        count_told(tick(), told);
    }
    LONGS_EQUAL(542, told.size());
    for (const auto& [home_address, times] : told)
        LONGS_EQUAL(3, times);
}

TEST(prefix_advertiser, a_change_during_the_search_for_another_forgets_none) {
    remember_many();
    core::Config first = with_valid(1200s);
    first.limits.prefix_advertisements_per_second = 100'000;
    core::Config second = first;
    second.groups[0].home_prefixes[0].lifetimes.valid = 1300s;
    std::map<wire::Address, int> told;
    anchor->step(core::ConfigChanged{core::make_policy(first)}, now);
    anchor->step(core::ConfigChanged{core::make_policy(second)}, now);
    while (anchor->next_deadline() < now.boot + 1s) {
        pass(10us);
        count_told(tick(), told);
    }
    LONGS_EQUAL(541, told.size());
}

TEST_GROUP_BASE(home_address_option, DiscoveryTest){};

TEST(home_address_option, rfc6275_9_3_1_a_home_address_option_without_binding) {
    const auto from = with_home_address(packet(other_care_of, home_agent), home1);
    check_binding_error(anchor->step(core::HomeAddressRejected{from}, now),
                        wire::BindingError::unknown_binding);
    check_counted(core::Counter::home_address_unbound, 1);
}

TEST(home_address_option, a_node_with_a_binding_must_not_lose_it) {
    const auto from = with_home_address(packet(care_of, home_agent), home1);
    LONGS_EQUAL(0, anchor->step(core::HomeAddressRejected{from}, now).size());
    check_counted(core::Counter::home_address_unused, 1);
}

TEST(home_address_option, both_kinds_share_one_limit) {
    const auto from = with_home_address(packet(other_care_of, home_agent), home1);
    const wire::ParseError unknown{wire::ParseFault::unknown_type, 99, 2};
    const auto limit = configuration().limits.binding_errors_per_second;
    for (std::uint32_t sent = 0; sent < limit; ++sent)
        LONGS_EQUAL(1, anchor->step(core::HomeAddressRejected{from}, now).size());
    LONGS_EQUAL(0, anchor->step(core::MessageReceived{from, unknown}, now).size());
    check_counted(core::Counter::binding_errors_suppressed, 1);
    pass(1s);
    check_binding_error(anchor->step(core::MessageReceived{from, unknown}, now),
                        wire::BindingError::unrecognized_type);
}

TEST(home_address_option, messages_that_are_not_an_anchors_business) {
    LONGS_EQUAL(0, hear(packet(care_of, home_agent), wire::HomeAgentDiscoveryReply{}).size());
    check_counted(core::Counter::icmp_not_for_anchor, 1);
}

} // namespace anchor6
