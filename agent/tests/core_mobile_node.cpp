// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/message_authentication.h"
#include "tests/core_laboratory.h"
#include "tests/core_node_world.h"
#include "tests/core_world.h"

#include <CppUTest/TestHarness.h>

using namespace anchor6;
using namespace anchor6::laboratory;
using namespace std::chrono_literals;
using core::Counter;
using wire::Status;
using State = core::MobileNodeStatus::State;

namespace {

const wire::Address router1 = address("fe80::1");
const wire::Address router2 = address("fe80::2");
const wire::Address care_of_wlan = address("2001:db8:d::10");
const wire::Prefix home_prefix1 = prefix("2001:db8:2000:1::/64");

core::MobileNodeConfig node_config() {
    core::MobileNodeConfig config;
    config.home_address = home1;
    config.home_network_prefix = home_prefix1;
    config.home_agent = home_agent;
    config.interfaces = {{"eth0", 10}, {"wlan0", 5}};
    config.lifetime = 120s;
    config.authentication = core::Authentication::none;
    return config;
}

core::MobileNodeConfig keyed_config() {
    core::MobileNodeConfig config = node_config();
    config.home_address = home_keyed;
    config.home_network_prefix = prefix("2001:db8:2000:5::/64");
    config.authentication = core::Authentication::mn_ha;
    config.mn_ha = node_with_key().mn_ha;
    return config;
}

wire::RouterAdvertisement advertisement(const wire::Prefix& what, std::uint16_t lifetime = 1800) {
    wire::RouterAdvertisement result;
    result.router_lifetime = lifetime;
    wire::PrefixInformation information;
    information.prefix = what.address();
    information.length = what.length();
    information.on_link = information.autonomous = true;
    information.valid_lifetime = information.preferred_lifetime = 3600;
    result.prefixes = {information};
    return result;
}

} // namespace

/// What the tests of a node have in common.
class MobileNodeTest : public Utest {
public:
    std::unique_ptr<NodeWorld> world = std::make_unique<NodeWorld>(node_config());

    void teardown() override { STRCMP_EQUAL("", world->complaint.c_str()); }

    void configure(const core::MobileNodeConfig& config) {
        world = std::make_unique<NodeWorld>(config);
    }
    const core::MobileNodeConfig& config() const { return world->node.config(); }

    void visit(const std::string& interface, const wire::Address& care_of_address,
               const wire::Address& router = router1) {
        world->interface(interface, true);
        world->address(interface, care_of_address);
        world->hear(interface, router, advertisement(*wire::Prefix::of(care_of_address, 64)));
    }
    void go_home(const std::string& interface) {
        world->interface(interface, true);
        world->hear(interface, router2, advertisement(config().home_network_prefix));
    }

    wire::BindingUpdate update() {
        LONGS_EQUAL(1, static_cast<long>(world->sent.size()));
        const auto result = std::get<wire::BindingUpdate>(world->sent.front().message);
        world->sent.clear();
        return result;
    }
    void check_silence() { LONGS_EQUAL(0, static_cast<long>(world->sent.size())); }

    core::Packet from_home_agent() const {
        core::Packet packet;
        packet.source = home_agent;
        packet.destination = config().home_address;
        return packet;
    }
    static wire::BindingAcknowledgement answer(const wire::BindingUpdate& to, Status status = {}) {
        wire::BindingAcknowledgement result;
        result.status = status;
        result.sequence = to.sequence;
        result.lifetime = wire::is_refusal(status) ? std::uint16_t{0} : to.lifetime;
        return result;
    }
    wire::BindingUpdate reply(Status status = Status::accepted) {
        const auto asked = update();
        world->receive(from_home_agent(), answer(asked, status));
        return asked;
    }
    void register_from(const std::string& interface, const wire::Address& care_of_address) {
        visit(interface, care_of_address);
        reply();
        CHECK(world->status().state == State::registered);
    }
    void check_state(State expected) {
        LONGS_EQUAL(static_cast<long>(expected), static_cast<long>(world->status().state));
    }
    void check_counted(Counter counter, std::uint64_t expected) {
        UNSIGNED_LONGS_EQUAL_TEXT(expected, world->count(counter),
                                  std::string{counter_name(counter)}.c_str());
    }
};

TEST_GROUP_BASE(MobileNode, MobileNodeTest){};

TEST(MobileNode, rfc6275_11_7_1_registers_from_a_visited_link) {
    visit("eth0", care_of);
    check_state(State::registering);
    LONGS_EQUAL(1, static_cast<long>(world->sent.size()));
    CHECK(world->sent.front().source == home1);
    CHECK(world->sent.front().destination == home_agent);
    const auto sent = update();
    LONGS_EQUAL(101, sent.sequence);
    LONGS_EQUAL(two_minutes, sent.lifetime);
    LONGS_EQUAL(wire::bu_flag::acknowledge | wire::bu_flag::home_registration, sent.flags);
    CHECK(sent.options.alternate_care_of_address == care_of);
}

TEST(MobileNode, nothing_is_said_before_the_address_is_usable_and_a_router_known) {
    world->interface("eth0", true);
    world->hear("eth0", router1, advertisement(prefix("2001:db8:c::/64")));
    check_silence();
    world->address("eth0", care_of);
    update();
    world->interface("wlan0", true);
    world->address("wlan0", care_of_wlan);
    check_silence();
    check_state(State::registering);
}

TEST(MobileNode, packets_take_the_new_path_when_the_home_agent_knows) {
    visit("eth0", care_of);
    CHECK(world->accepts(care_of));
    CHECK(world->used_path() == nullptr);
    reply();
    CHECK(world->used_path()->care_of_address == care_of);
    check_state(State::registered);
    CHECK(world->status().registered_care_of_address == care_of);
}

TEST(MobileNode, rfc6275_11_5_4_old_care_of_address_is_accepted_until_the_answer_and_a_while) {
    register_from("wlan0", care_of_wlan);
    visit("eth0", care_of);
    CHECK(world->accepts(care_of) && world->accepts(care_of_wlan));
    CHECK(world->used_path()->care_of_address == care_of_wlan);
    world->pass(5s);
    CHECK(world->accepts(care_of_wlan));
    world->sent.erase(world->sent.begin(), world->sent.end() - 1);
    reply();
    CHECK(world->used_path()->care_of_address == care_of);
    world->pass(2999ms);
    CHECK(world->accepts(care_of_wlan));
    world->pass(1ms);
    CHECK(!world->accepts(care_of_wlan));
}

TEST(MobileNode, rfc6275_11_8_unanswered_updates_are_repeated_with_new_numbers) {
    visit("eth0", care_of);
    LONGS_EQUAL(101, update().sequence);
    world->pass(1499ms);
    check_silence();
    world->pass(1ms);
    LONGS_EQUAL(102, update().sequence);
    world->pass(3s);
    LONGS_EQUAL(103, update().sequence);
    check_counted(Counter::node_updates_sent, 1);
    check_counted(Counter::node_updates_resent, 2);
}

TEST(MobileNode, rfc6275_11_7_3_late_answer_to_an_earlier_number_is_dropped) {
    visit("eth0", care_of);
    const auto first = update();
    world->pass(1500ms);
    world->receive(from_home_agent(), answer(first));
    check_counted(Counter::node_answers_unexpected, 1);
    check_state(State::registering);
    reply();
    check_state(State::registered);
}

TEST(MobileNode, rfc6275_11_7_3_answers_of_others_are_dropped) {
    visit("eth0", care_of);
    const auto asked = update();
    core::Packet packet = from_home_agent();
    packet.source = other_care_of;
    world->receive(packet, answer(asked));
    packet = from_home_agent();
    packet.destination = care_of;
    world->receive(packet, answer(asked));
    auto proxy = answer(asked);
    proxy.flags = wire::ba_flag::proxy_registration;
    world->receive(from_home_agent(), proxy);
    check_counted(Counter::node_answers_unexpected, 3);
    check_state(State::registering);
}

TEST(MobileNode, rfc6275_11_7_3_refreshes_at_95_percent_of_what_was_granted) {
    visit("eth0", care_of);
    auto granted = answer(update());
    granted.lifetime = 25;
    world->receive(from_home_agent(), granted);
    world->pass(94999ms);
    check_silence();
    world->pass(1ms);
    LONGS_EQUAL(102, reply().sequence);
    check_counted(Counter::node_registrations, 2);
    check_state(State::registered);
}

TEST(MobileNode, rfc6275_6_2_4_refreshes_as_advised) {
    visit("eth0", care_of);
    auto granted = answer(update());
    granted.options.refresh_advice = 10;
    world->receive(from_home_agent(), granted);
    world->pass(40s);
    update();
}

TEST(MobileNode, a_lifetime_longer_than_asked_for_is_not_believed) {
    visit("eth0", care_of);
    auto granted = answer(update());
    granted.lifetime = 0xffff;
    world->receive(from_home_agent(), granted);
    CHECK(*world->status().expires == world->now.boot + 120s);
}

TEST(MobileNode, an_acceptance_without_lifetime_is_none) {
    visit("eth0", care_of);
    auto granted = answer(update());
    granted.lifetime = 0;
    world->receive(from_home_agent(), granted);
    check_counted(Counter::node_answers_without_lifetime, 1);
    check_state(State::registering);
}

TEST(MobileNode, rfc6275_11_7_4_refresh_request_is_followed_at_once) {
    register_from("eth0", care_of);
    core::Packet packet = from_home_agent();
    world->receive(packet, wire::BindingRefreshRequest{});
    LONGS_EQUAL(102, update().sequence);
    world->receive(packet, wire::BindingRefreshRequest{});
    check_silence();
}

TEST(MobileNode, rfc6275_11_3_6_binding_error_of_the_home_agent_registers_again) {
    register_from("eth0", care_of);
    core::Packet packet = from_home_agent();
    packet.destination = care_of;
    packet.source = other_care_of;
    world->receive(packet, wire::BindingError{wire::BindingError::unknown_binding, home1});
    check_silence();
    packet.source = home_agent;
    world->receive(packet, wire::BindingError{wire::BindingError::unknown_binding, home1});
    update();
    world->receive(packet, wire::BindingError{wire::BindingError::unknown_binding, home1});
    check_silence();
}

TEST(MobileNode, rfc6275_11_3_6_a_home_agent_without_binding_updates_is_asked_much_later) {
    visit("eth0", care_of);
    update();
    core::Packet packet = from_home_agent();
    packet.destination = care_of;
    world->receive(packet, wire::BindingError{wire::BindingError::unrecognized_type, {}});
    world->pass(59s);
    check_silence();
    world->pass(1s);
    update();
}

// --- home
// ------------------------------------------------------------------------------------------

TEST(MobileNode, rfc6275_11_5_5_at_home_the_registration_ends) {
    register_from("wlan0", care_of_wlan);
    go_home("eth0");
    check_state(State::returning);
    CHECK(world->used_path()->at_home());
    CHECK(world->accepts(care_of_wlan));
    const auto sent = update();
    LONGS_EQUAL(0, sent.lifetime);
    CHECK(sent.options.alternate_care_of_address == home1);
    LONGS_EQUAL(0, static_cast<long>(world->announced.size()));
    world->receive(from_home_agent(), answer(sent));
    check_state(State::home);
    LONGS_EQUAL(1, static_cast<long>(world->announced.size()));
    world->pass(3s);
    CHECK(!world->accepts(care_of_wlan));
    world->pass(1000s);
    check_silence();
}

TEST(MobileNode, at_home_after_a_start_an_earlier_binding_ends_or_there_is_none) {
    go_home("eth0");
    LONGS_EQUAL(0, update().lifetime);
    world->pass(1500ms);
    reply(Status::not_home_agent_for_this_mobile_node);
    check_state(State::home);
    world->pass(1000s);
    check_silence();
}

TEST(MobileNode, at_home_after_a_start_silence_ends_the_precaution) {
    go_home("eth0");
    world->pass(1000s);
    LONGS_EQUAL(5, static_cast<long>(world->sent.size()));
    check_state(State::home);
    check_counted(Counter::node_deregistrations_unanswered, 1);
}

TEST(MobileNode, rfc6275_11_7_1_an_unanswered_end_is_repeated_until_the_binding_ends_by_itself) {
    register_from("wlan0", care_of_wlan);
    go_home("eth0");
    world->pass(119s);
    check_state(State::returning);
    CHECK(world->accepts(care_of_wlan));
    world->pass(60s);
    check_state(State::home);
    CHECK(!world->accepts(care_of_wlan));
}

TEST(MobileNode, home_beats_every_other_link) {
    go_home("wlan0");
    reply(Status::not_home_agent_for_this_mobile_node);
    visit("eth0", care_of);
    check_silence();
    check_state(State::home);
    world->interface("wlan0", false);
    CHECK(update().options.alternate_care_of_address == care_of);
}

TEST(MobileNode, addresses_of_the_home_network_prefix_are_no_care_of_addresses) {
    world->interface("eth0", true);
    world->address("eth0", address("2001:db8:2000:1::77"));
    go_home("eth0");
    reply();
    check_state(State::home);
}

// --- movement
// --------------------------------------------------------------------------------------

TEST(MobileNode, rfc6275_11_5_3_the_preferred_interface_is_taken) {
    register_from("wlan0", care_of_wlan);
    visit("eth0", care_of);
    CHECK(update().options.alternate_care_of_address == care_of);
    world->interface("eth0", false);
    CHECK(update().options.alternate_care_of_address == care_of_wlan);
}

TEST(MobileNode, rfc6275_11_5_3_the_present_care_of_address_stays_without_a_reason) {
    register_from("eth0", care_of);
    visit("wlan0", care_of_wlan);
    world->address("eth0", address("2001:db8:c::1"));
    world->hear("eth0", router2, advertisement(prefix("2001:db8:c::/64")));
    check_silence();
    check_counted(Counter::node_movements, 1);
}

TEST(MobileNode, rfc6275_11_5_1_another_router_of_the_prefix_needs_no_registration) {
    register_from("eth0", care_of);
    world->hear("eth0", router2, advertisement(prefix("2001:db8:c::/64")));
    world->tell(core::RouterLost{"eth0", router1});
    check_silence();
    check_state(State::registered);
    CHECK(world->used_path()->router == router2);
    LONGS_EQUAL(1, static_cast<long>(world->paths.size()));
}

TEST(MobileNode, rfc6275_11_5_1_another_network_on_the_link_makes_the_node_doubt_its_router) {
    register_from("eth0", care_of);
    world->hear("eth0", router2, advertisement(prefix("2001:db8:d::/64")));
    LONGS_EQUAL(1, static_cast<long>(world->probes.size()));
    CHECK(world->probes.front().router == router1);
    world->address("eth0", care_of_wlan);
    check_silence();
    world->tell(core::RouterLost{"eth0", router1});
    CHECK(update().options.alternate_care_of_address == care_of_wlan);
}

TEST(MobileNode, rfc6275_11_5_1_a_router_that_says_goodbye_or_is_silent_is_lost) {
    register_from("eth0", care_of);
    world->hear("eth0", router1, advertisement(prefix("2001:db8:c::/64"), 0));
    check_state(State::nowhere);
    world->hear("eth0", router1, advertisement(prefix("2001:db8:c::/64"), 30));
    check_state(State::registered);
    world->pass(30s);
    check_state(State::nowhere);
    check_counted(Counter::node_links_lost, 2);
}

TEST(MobileNode, an_address_that_goes_takes_the_registration_along) {
    register_from("eth0", care_of);
    world->address("eth0", other_care_of);
    world->address("eth0", care_of, false);
    CHECK(update().options.alternate_care_of_address == other_care_of);
}

TEST(MobileNode, rfc6275_11_7_1_the_same_care_of_address_after_a_broken_link_needs_no_update) {
    register_from("eth0", care_of);
    world->interface("eth0", false);
    check_state(State::nowhere);
    world->pass(10s);
    visit("eth0", care_of);
    check_silence();
    check_state(State::registered);
    CHECK(world->used_path()->care_of_address == care_of);
    world->pass(103s);
    check_silence();
    world->pass(1s);
    update();
}

TEST(MobileNode, rfc6275_11_7_1_a_refresh_that_was_due_on_a_broken_link_is_made_up_for) {
    register_from("eth0", care_of);
    world->interface("eth0", false);
    world->pass(115s);
    check_silence();
    visit("eth0", care_of);
    world->pass(1ms);
    update();
}

TEST(MobileNode, a_binding_that_has_ended_on_a_broken_link_is_asked_for_again) {
    register_from("eth0", care_of);
    world->interface("eth0", false);
    world->pass(121s);
    visit("eth0", care_of);
    update();
}

TEST(MobileNode, an_update_without_an_answer_on_a_broken_link_is_sent_again) {
    register_from("eth0", care_of);
    visit("wlan0", care_of_wlan);
    world->interface("eth0", false);
    CHECK(update().options.alternate_care_of_address == care_of_wlan);
    world->interface("wlan0", false);
    visit("eth0", care_of);
    CHECK(update().options.alternate_care_of_address == care_of);
}

TEST(MobileNode, advertisements_of_other_interfaces_or_from_afar_are_ignored) {
    world->interface("eth9", true);
    world->hear("eth9", router1, advertisement(prefix("2001:db8:c::/64")));
    world->interface("eth0", true);
    world->hear("eth0", care_of, advertisement(prefix("2001:db8:c::/64")));
    check_counted(Counter::node_router_advertisements_ignored, 2);
}

TEST(MobileNode, rfc4861_routers_and_prefixes_of_a_link_are_bounded) {
    visit("eth0", care_of);
    for (unsigned index = 0; index < 1000; ++index) {
        wire::Address::Octets octets{0xfe, 0x80};
        octets[14] = static_cast<std::uint8_t>(index >> 8);
        octets[15] = static_cast<std::uint8_t>(index);
        world->hear("eth0", wire::Address{octets}, advertisement(prefix("2001:db8:d::/64")));
    }
    CHECK(world->count(Counter::node_links_full) > 900);
    update();
}

TEST(MobileNode, a_path_that_fails_is_tried_again) {
    world->refuse_paths = true;
    visit("eth0", care_of);
    check_silence();
    check_state(State::preparing);
    world->refuse_paths = false;
    world->pass(1s);
    update();
    check_counted(Counter::node_path_failures, 1);
}

TEST(MobileNode, a_path_that_is_ready_too_late_is_not_used) {
    world->hold_paths = true;
    visit("wlan0", care_of_wlan);
    visit("eth0", care_of);
    world->end_preparation(true);
    check_silence();
    world->end_preparation(true);
    CHECK(update().options.alternate_care_of_address == care_of);
}

// --- refusals
// --------------------------------------------------------------------------------------

TEST(MobileNode, rfc6275_11_7_3_status_135_names_the_number_to_go_on_from) {
    visit("eth0", care_of);
    auto refusal = answer(update(), Status::sequence_out_of_window);
    refusal.sequence = 5000;
    world->receive(from_home_agent(), refusal);
    LONGS_EQUAL(5001, reply().sequence);
    check_state(State::registered);
}

TEST(MobileNode, status_135_without_end_is_not_followed_without_end) {
    visit("eth0", care_of);
    for (std::uint16_t round = 0; round < 100; ++round) {
        auto refusal = wire::BindingAcknowledgement{};
        refusal.status = Status::sequence_out_of_window;
        refusal.sequence = static_cast<std::uint16_t>(5000 + 100 * round);
        world->receive(from_home_agent(), refusal);
    }
    LONGS_EQUAL(4, static_cast<long>(world->sent.size()));
}

TEST(MobileNode, rfc6275_11_7_3_what_may_go_better_later_is_repeated_with_the_usual_waits) {
    for (const Status status :
         {Status::reason_unspecified, Status::insufficient_resources,
          Status::duplicate_address_detection_failed, Status::forwarding_setup_failed}) {
        configure(node_config());
        visit("eth0", care_of);
        reply(status);
        check_silence();
        world->pass(1500ms);
        reply();
        check_state(State::registered);
        STRCMP_EQUAL("", world->complaint.c_str());
    }
}

TEST(MobileNode, rfc6275_11_7_3_what_will_not_go_better_is_asked_much_later) {
    for (const Status status :
         {Status::administratively_prohibited, Status::home_registration_not_supported,
          Status::not_home_subnet, Status::not_home_agent_for_this_mobile_node,
          Status::mobile_router_operation_not_permitted, Status::invalid_prefix,
          Status::not_authorized_for_prefix, Status::mipv6_auth_fail}) {
        configure(node_config());
        visit("eth0", care_of);
        reply(status);
        world->pass(59s);
        check_silence();
        world->pass(1s);
        update();
        check_counted(Counter::node_refusals, 1);
        CHECK(world->status().status == status);
        STRCMP_EQUAL("", world->complaint.c_str());
    }
}

TEST(MobileNode, rfc6275_11_7_3_status_139_ends_the_binding_of_the_other_type_first) {
    auto changed = node_config();
    changed.mobile_router = true;
    configure(changed);
    visit("eth0", care_of);
    CHECK(reply(Status::registration_type_change_disallowed).has(wire::bu_flag::mobile_router));
    const auto clearing = reply();
    CHECK(!clearing.has(wire::bu_flag::mobile_router));
    LONGS_EQUAL(0, clearing.lifetime);
    const auto again = reply();
    CHECK(again.has(wire::bu_flag::mobile_router));
    LONGS_EQUAL(two_minutes, again.lifetime);
    check_state(State::registered);
}

TEST(MobileNode, rfc6275_11_7_3_status_174_takes_another_care_of_address_if_there_is_one) {
    visit("eth0", care_of);
    reply(Status::invalid_care_of_address);
    check_silence();
    visit("wlan0", care_of_wlan);
    check_silence();
    world->pass(60s);
    reply(Status::invalid_care_of_address);
    CHECK(update().options.alternate_care_of_address == care_of_wlan);
}

TEST(MobileNode, rfc6275_11_7_3_status_1_asks_for_the_prefixes) {
    visit("eth0", care_of);
    reply(Status::accepted_but_prefix_discovery_necessary);
    LONGS_EQUAL(1, static_cast<long>(world->icmp_sent.size()));
    const auto asked =
        std::get<wire::MobilePrefixSolicitation>(world->icmp_sent.front().message).identifier;
    CHECK(world->icmp_sent.front().source == home1);
    world->pass(3s);
    LONGS_EQUAL(2, static_cast<long>(world->icmp_sent.size()));
    wire::MobilePrefixAdvertisement told;
    told.identifier = static_cast<std::uint16_t>(asked + 1);
    told.prefixes = {{64, home_prefix1.address(), true, true, false, 500, 400}};
    world->receive(from_home_agent(), told);
    world->pass(20s);
    LONGS_EQUAL(2, static_cast<long>(world->icmp_sent.size()));
    CHECK(world->status().home_network_prefix.has_value());
}

TEST(MobileNode, rfc6275_11_4_3_unsolicited_prefix_advertisement_is_acknowledged_by_asking) {
    register_from("eth0", care_of);
    wire::MobilePrefixAdvertisement told;
    told.prefixes = {{64, home_prefix1.address(), true, true, false, 500, 400}};
    world->receive(from_home_agent(), told);
    LONGS_EQUAL(1, static_cast<long>(world->icmp_sent.size()));
    core::Packet stranger = from_home_agent();
    stranger.source = care_of;
    world->receive(stranger, told);
    check_counted(Counter::node_prefix_advertisements_ignored, 1);
}

// --- mobile router
// ---------------------------------------------------------------------------------

TEST(MobileNode, rfc3963_5_2_implicit_mode_moves_the_home_network_prefix) {
    auto changed = node_config();
    changed.mobile_router = true;
    configure(changed);
    visit("eth0", care_of);
    const auto asked = update();
    CHECK(asked.has(wire::bu_flag::mobile_router));
    CHECK(asked.options.mobile_network_prefixes.empty());
    auto granted = answer(asked);
    granted.flags = wire::ba_flag::mobile_router;
    world->receive(from_home_agent(), granted);
    CHECK(world->used_path()->prefixes == std::vector{home_prefix1});
    CHECK(world->status().mobile_router);
}

TEST(MobileNode, rfc3963_5_2_explicit_mode_names_its_prefixes) {
    auto changed = node_config();
    changed.mobile_router = true;
    changed.mobile_network_prefixes = {network};
    configure(changed);
    visit("eth0", care_of);
    const auto asked = reply();
    LONGS_EQUAL(1, static_cast<long>(asked.options.mobile_network_prefixes.size()));
    CHECK(asked.options.mobile_network_prefixes.front().value() == network);
    check_counted(Counter::node_router_not_accepted, 1);
    CHECK(!world->status().mobile_router);
    CHECK((world->used_path()->prefixes == std::vector{network, wire::Prefix::host(home1)}));
}

// --- discovery of home agents
// ----------------------------------------------------------------------

TEST_GROUP_BASE(MobileNodeDiscovery, MobileNodeTest) {
    const wire::Address second = address("2001:db8:f::9");

    void setup() override {
        auto changed = node_config();
        changed.home_agent.reset();
        configure(changed);
        visit("eth0", care_of);
    }

    std::uint16_t asked() {
        LONGS_EQUAL(1, static_cast<long>(world->icmp_sent.size()));
        const auto& sent = world->icmp_sent.front();
        CHECK(sent.source == care_of);
        CHECK(sent.destination == wire::home_agents_anycast(home_prefix1));
        const auto identifier = std::get<wire::HomeAgentDiscoveryRequest>(sent.message).identifier;
        world->icmp_sent.clear();
        return identifier;
    }
    void reply_to_search(std::vector<wire::Address> home_agents) {
        core::Packet packet;
        packet.source = home_agent;
        packet.destination = care_of;
        world->receive(packet,
                       wire::HomeAgentDiscoveryReply{asked(), false, std::move(home_agents)});
    }
    core::Packet from(const wire::Address& source) const {
        core::Packet packet = from_home_agent();
        packet.source = source;
        return packet;
    }
};

TEST(MobileNodeDiscovery, rfc6275_11_4_1_asks_the_anycast_address_with_growing_waits) {
    check_state(State::searching);
    asked();
    for (const auto wait : {3000ms, 6000ms, 12000ms, 24000ms, 48000ms, 48000ms}) {
        world->pass(wait - 1ms);
        LONGS_EQUAL(0, static_cast<long>(world->icmp_sent.size()));
        world->pass(1ms);
        asked();
    }
    check_silence();
}

TEST(MobileNodeDiscovery, rfc6275_11_4_1_registers_with_the_first_of_the_list) {
    reply_to_search({second, home_agent});
    CHECK(world->sent.front().destination == second);
    world->receive(from(second), answer(update()));
    check_state(State::registered);
    CHECK(world->used_path()->home_agent == second);
    LONGS_EQUAL(1, static_cast<long>(world->paths.size()));
}

TEST(MobileNodeDiscovery, rfc6275_11_4_1_an_empty_list_means_who_answered) {
    reply_to_search({});
    CHECK(world->sent.front().destination == home_agent);
}

TEST(MobileNodeDiscovery, rfc6275_11_4_1_other_replies_are_dropped) {
    core::Packet packet;
    packet.source = home_agent;
    packet.destination = care_of;
    world->receive(packet, wire::HomeAgentDiscoveryReply{77, false, {second}});
    check_counted(Counter::node_discovery_unexpected, 1);
    check_state(State::searching);
}

TEST(MobileNodeDiscovery, rfc6275_11_4_1_a_refusal_leads_to_the_next_and_then_to_a_new_search) {
    reply_to_search({second, home_agent});
    world->receive(from(second), answer(update(), Status::administratively_prohibited));
    CHECK(world->sent.front().destination == home_agent);
    world->receive(from_home_agent(), answer(update(), Status::not_home_subnet));
    check_silence();
    world->pass(60s);
    asked();
    check_state(State::searching);
}

TEST(MobileNodeDiscovery, rfc6275_11_4_1_silence_leads_to_the_next_too) {
    reply_to_search({second, home_agent});
    world->pass(46500ms);
    CHECK(world->sent.back().destination == home_agent);
    LONGS_EQUAL(6, static_cast<long>(world->sent.size()));
}

// --- authentication
// --------------------------------------------------------------------------------

/// The node and an anchor, both of flesh and blood.
TEST_GROUP(MobileNodeAndAnchor) {
    NodeWorld node{keyed_config()};
    World anchor{laboratory::config()};

    void teardown() override {
        STRCMP_EQUAL("", node.complaint.c_str());
        STRCMP_EQUAL("", anchor.complaint.c_str());
    }

    template <class Message>
    static wire::Message over_the_wire(const Message& message) {
        return std::get<wire::Message>(wire::parse(wire::serialise(message)));
    }

    /// Everything that the two say to each other until both are silent.
    void converse() {
        while (!node.sent.empty()) {
            const core::Send said = node.sent.front();
            node.sent.erase(node.sent.begin());
            const core::NodePath& path = node.paths.at(node.last_prepared);
            anchor.receive(path.at_home() ? at_home(home_keyed)
                                          : away(home_keyed, path.care_of_address),
                           over_the_wire(said.message));
            anchor.run();
            for (const core::Send& answer : std::exchange(anchor.sent, {})) {
                core::Packet packet;
                packet.source = answer.source;
                packet.destination = answer.destination;
                node.receive(packet, over_the_wire(answer.message));
            }
        }
    }
    void pass(core::BootClock::duration time) {
        node.pass(time);
        anchor.pass(time);
        converse();
    }
    void visit(const std::string& interface, const wire::Address& care_of_address) {
        node.interface(interface, true);
        node.address(interface, care_of_address);
        node.hear(interface, router1, advertisement(*wire::Prefix::of(care_of_address, 64)));
        converse();
    }
    bool is_bound() {
        return anchor.route(home_keyed) != nullptr;
    }
};

TEST(MobileNodeAndAnchor, rfc4285_5_1_journey_with_authentication) {
    visit("eth0", care_of);
    CHECK(node.status().state == State::registered);
    CHECK(anchor.route(home_keyed)->remote == care_of);
    pass(114s);
    LONGS_EQUAL(2, static_cast<long>(node.count(Counter::node_registrations)));
    node.interface("eth0", false);
    visit("wlan0", care_of_wlan);
    CHECK(anchor.route(home_keyed)->remote == care_of_wlan);
    node.interface("eth0", true);
    node.hear("eth0", router2, advertisement(node.node.config().home_network_prefix));
    converse();
    CHECK(!is_bound());
    CHECK(node.status().state == State::home);
}

TEST(MobileNodeAndAnchor, rfc4285_6_a_clock_that_is_wrong_follows_the_home_agents) {
    node.now.real -= 100h;
    visit("eth0", care_of);
    CHECK(node.status().state == State::registered);
    node.now.real += 200h;
    pass(114s);
    LONGS_EQUAL(2, static_cast<long>(node.count(Counter::node_registrations)));
}

TEST(MobileNodeAndAnchor, rfc4285_6_a_message_identifier_is_sent_when_it_is_demanded) {
    auto config = keyed_config();
    config.mn_ha->replay_protection = false;
    NodeWorld careless{config};
    std::swap(node, careless);
    visit("eth0", care_of);
    CHECK(node.status().state == State::registered);
}

TEST(MobileNodeAndAnchor, rfc6275_9_5_1_a_new_life_of_the_node_goes_on_from_the_old_number) {
    visit("eth0", care_of);
    NodeWorld reborn{keyed_config()};
    reborn.now = node.now;
    std::swap(node, reborn);
    anchor.wait(1s);
    node.wait(1s);
    visit("eth0", care_of);
    CHECK(node.status().state == State::registered);
    LONGS_EQUAL(1, static_cast<long>(node.count(Counter::node_refusals)));
}

TEST(MobileNodeAndAnchor, rfc4285_5_1_answers_without_the_right_authenticator_are_dropped) {
    node.interface("eth0", true);
    node.address("eth0", care_of);
    node.hear("eth0", router1, advertisement(prefix("2001:db8:c::/64")));
    const auto asked = std::get<wire::BindingUpdate>(node.sent.front().message);
    core::Packet packet;
    packet.source = home_agent;
    packet.destination = home_keyed;
    wire::BindingAcknowledgement answer;
    answer.sequence = asked.sequence;
    answer.lifetime = asked.lifetime;
    answer.options.message_id = asked.options.message_id;
    node.receive(packet, answer);
    LONGS_EQUAL(1, static_cast<long>(node.count(Counter::node_answers_not_authenticated)));
    core::authenticate(answer, *keyed_config().mn_ha, {other_care_of, home_keyed});
    node.receive(packet, over_the_wire(answer));
    LONGS_EQUAL(1, static_cast<long>(node.count(Counter::node_answers_bad_authenticator)));
    auto old = answer;
    old.options.message_id = *asked.options.message_id - 1;
    core::authenticate(old, *keyed_config().mn_ha, {care_of, home_keyed});
    node.receive(packet, over_the_wire(old));
    LONGS_EQUAL(1, static_cast<long>(node.count(Counter::node_answers_unexpected)));
    CHECK(node.status().state == State::registering);
    core::authenticate(answer, *keyed_config().mn_ha, {care_of, home_keyed});
    node.receive(packet, over_the_wire(answer));
    CHECK(node.status().state == State::registered);
}
