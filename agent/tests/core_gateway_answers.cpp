// SPDX-License-Identifier: GPL-2.0-or-later
// Proxy Binding Acknowledgements at a gateway (RFC 5213 section 6.9.1.2).
#include "tests/core_gateway_support.h"

using namespace anchor6;
using namespace anchor6::access_network;
using namespace std::chrono_literals;
using core::Counter;
using wire::Status;
using State = core::GatewayNodeStatus::State;

/// A node that has asked and has no answer yet.
class GatewayAnswerTest : public GatewayTest {
public:
    void setup() override {
        GatewayTest::setup();
        ask(on_wlan0(1));
    }

    void ask(const core::AccessPoint& at) {
        attach(at);
        asked = update();
    }
    void check_incredible(Counter counter, const wire::BindingAcknowledgement& message,
                          const wire::Address& peer = lma) {
        check_dropped(counter, message, peer);
        CHECK(world->forwardings.empty());
        CHECK(world->installing.empty());
    }
    /// Refused, and asked again after so long, not sooner.
    void check_retried_after(std::chrono::milliseconds delay) {
        check_silence();
        world->pass(delay - 1ms);
        check_silence();
        world->pass(1ms);
        asked = update();
    }
    void refuse(Status status) { receive(answer(asked, status)); }
    void check_denied(Status status, Counter counter) {
        refuse(status);
        check_counted(counter, 1);
        check_silence();
    }
    void serve_asked() {
        receive(answer(asked));
        check_state(mn1, State::registered);
    }
    void refresh() {
        world->pass(108s);
        asked = update();
    }

    wire::BindingUpdate asked;
};

TEST_GROUP_BASE(GatewayAnswers, GatewayAnswerTest){};

TEST(GatewayAnswers, an_answer_without_the_p_flag_is_of_mobile_ipv6) {
    auto message = answer(asked);
    message.flags = 0;
    check_incredible(Counter::gateway_answers_not_proxy, message);
}

TEST(GatewayAnswers, an_answer_names_a_node_that_is_here) {
    auto message = answer(asked);
    message.options.mn_identifier->identifier = guest;
    check_incredible(Counter::gateway_answers_unknown_node, message);
    message.options.mn_identifier = {2, mn1};
    check_incredible(Counter::gateway_answers_unknown_node, message);
    message.options.mn_identifier = {wire::MnIdentifier::nai, ""};
    check_incredible(Counter::gateway_answers_unknown_node, message);
    message.options.mn_identifier.reset();
    check_incredible(Counter::gateway_answers_unknown_node, message);
}

TEST(GatewayAnswers, an_answer_comes_from_the_anchor_that_was_asked) {
    check_incredible(Counter::gateway_answers_of_strangers, answer(asked), southern_lma);
    core::Packet elsewhere = from(lma);
    elsewhere.destination = mag2;
    world->receive(elsewhere, answer(asked));
    check_counted(Counter::gateway_answers_of_strangers, 2);
    serve_asked();
}

TEST(GatewayAnswers, an_answer_has_the_sequence_number_of_the_last_update) {
    auto message = answer(asked);
    for (const int distance : {-1, 1, 0x8000}) {
        message.sequence = static_cast<std::uint16_t>(asked.sequence + distance);
        check_incredible(Counter::gateway_answers_unexpected, message);
    }
    message.sequence = asked.sequence;
    receive(message);
    check_state(mn1, State::registered);
    check_dropped(Counter::gateway_answers_unexpected, message);
    message.status = Status::sequence_out_of_window;
    check_dropped(Counter::gateway_answers_unexpected, message);
}

TEST(GatewayAnswers, rfc5213_5_5_an_answer_echoes_the_timestamp) {
    auto message = answer(asked);
    ++*message.options.timestamp;
    check_incredible(Counter::gateway_answers_other_timestamp, message);
    message.options.timestamp.reset();
    check_incredible(Counter::gateway_answers_other_timestamp, message);
    message.status = Status::insufficient_resources;
    receive(message);
    check_counted(Counter::gateway_refused_resources, 1);
}

TEST(GatewayAnswers, an_answer_copies_what_was_asked) {
    auto message = answer(asked);
    message.options.handoff_indicator = 3;
    check_incredible(Counter::gateway_answers_other_options, message);
    message = answer(asked);
    message.options.access_technology_type = 3;
    check_incredible(Counter::gateway_answers_other_options, message);
    message = answer(asked);
    message.options.link_layer_identifier = station(2);
    check_incredible(Counter::gateway_answers_other_options, message);
    message.options.link_layer_identifier.reset();
    receive(message);
    check_state(mn1, State::registered);
}

TEST(GatewayAnswers, a_registration_has_a_lifetime) {
    auto message = answer(asked);
    message.lifetime = 0;
    check_incredible(Counter::gateway_answers_without_lifetime, message);
    message.lifetime = 1;
    receive(message);
    CHECK(world->status(mn1)->expires == world->now.boot + 4s);
}

TEST(GatewayAnswers, a_registration_has_a_prefix_that_a_node_can_have) {
    auto message = answer(asked);
    const auto check_bad = [&](std::vector<wire::PrefixOption> options) {
        message.options.home_network_prefixes = std::move(options);
        check_incredible(Counter::gateway_answers_bad_prefix, message);
    };
    check_bad({});
    check_bad({{}});
    check_bad({{64, {}}});
    check_bad({{0, address("2001:db8::")}});
    check_bad({{129, assigned.address()}});
    check_bad({{64, address("2001:db8:1000::1")}});
    check_bad({{10, address("fe80::")}});
    check_bad({{8, address("ff00::")}});
    check_bad({{64, *&wire::Prefix::of(mag1, 64)->address()}});
    check_bad({{64, wire::Prefix::of(lma, 64)->address()}});
    check_bad({{64, assigned.address()}, {64, assigned.address()}});
    check_bad({{64, assigned.address()}, {48, assigned.address()}});
    check_bad({{64, assigned.address()}, {}});
    message.options.home_network_prefixes = {{64, assigned.address()},
                                             {56, address("2001:db8:2000:300::")}};
    receive(message);
    LONGS_EQUAL(2, static_cast<long>(world->status(mn1)->prefixes.size()));
}

TEST(GatewayAnswers, named_prefixes_come_back_as_they_were_named) {
    ask(on_wlan0(2));
    auto message = answer(asked);
    auto& prefixes = message.options.home_network_prefixes;
    prefixes.pop_back();
    check_incredible(Counter::gateway_answers_other_prefixes, message);
    prefixes.push_back({64, assigned.address()});
    check_incredible(Counter::gateway_answers_other_prefixes, message);
    prefixes = asked.options.home_network_prefixes;
    prefixes.push_back({64, assigned.address()});
    check_incredible(Counter::gateway_answers_other_prefixes, message);
    prefixes.pop_back();
    std::swap(prefixes[0], prefixes[1]);
    receive(message);
    check_state(mn2, State::registered);
}

TEST(GatewayAnswers, a_prefix_of_another_node_or_of_the_link_is_not_accepted) {
    serve_asked();
    ask(on_wlan0(6));
    const auto check_taken = [&](const wire::Prefix& prefix) {
        check_dropped(Counter::gateway_answers_prefix_taken, answer(asked, {}, prefix));
        check_state(guest, State::registering);
    };
    check_taken(assigned);
    check_taken(prefix("2001:db8:1000::/56"));
    check_taken(prefix("2001:db8:1000::8000:0:0:0/65"));
    check_taken(local_prefix);
    receive(answer(asked, {}, other_assigned));
    check_state(guest, State::registered);
}

TEST(GatewayAnswers, a_prefix_whose_node_has_expired_is_free) {
    serve_asked();
    world->pass(120s);
    world->sent.clear();
    ask(on_wlan0(6));
    receive(answer(asked));
    check_state(guest, State::registered);
}

TEST(GatewayAnswers, a_link_local_address_of_the_anchor_is_one) {
    core::GatewayConfig other = config();
    other.link_local_address.reset();
    start(other);
    ask(on_wlan0(1));
    auto message = answer(asked);
    message.options.link_local_address = address("2001:db8::1");
    check_incredible(Counter::gateway_answers_bad_link_local_address, message);
    message.options.link_local_address.reset();
    receive(message);
    CHECK(world->forwarding(on_wlan0(1))->link_local_address == core::fixed_link_local_address);
}

TEST(GatewayAnswers, rfc5213_6_9_1_2_135_goes_on_behind_the_number_of_the_anchor) {
    auto message = answer(asked, Status::sequence_out_of_window);
    message.sequence = 5000;
    receive(message);
    check_counted(Counter::gateway_refused_sequence, 1);
    asked = update();
    LONGS_EQUAL(5001, asked.sequence);
    serve_asked();
}

TEST(GatewayAnswers, rfc5213_6_9_1_2_156_follows_the_clock_of_the_anchor) {
    auto message = answer(asked, Status::timestamp_mismatch);
    const auto theirs = world->now.real - 1h;
    message.options.timestamp = wire::to_timestamp(theirs.time_since_epoch());
    receive(message);
    check_counted(Counter::gateway_refused_timestamp, 1);
    asked = update();
    const auto distance =
        static_cast<std::int64_t>(*asked.options.timestamp - *message.options.timestamp);
    CHECK(distance >= 0 && distance <= 1);
    serve_asked();
    CHECK(world->gateway.anchors().front().clock_offset < -59min);
    refresh();
    CHECK(*asked.options.timestamp >= wire::to_timestamp((theirs + 108s).time_since_epoch()));
    CHECK(*asked.options.timestamp <= wire::to_timestamp((theirs + 109s).time_since_epoch()));
}

TEST(GatewayAnswers, a_time_that_no_clock_has_is_not_followed) {
    auto message = answer(asked, Status::timestamp_mismatch);
    message.options.timestamp = ~std::uint64_t{0};
    receive(message);
    asked = update();
    CHECK(*asked.options.timestamp == wire::to_timestamp(world->now.real.time_since_epoch()));
}

TEST(GatewayAnswers, rfc5213_6_9_1_2_157_is_sent_again_with_a_later_timestamp) {
    const auto first = *asked.options.timestamp;
    refuse(Status::timestamp_lower_than_prev_accepted);
    check_counted(Counter::gateway_refused_timestamp_lower, 1);
    asked = update();
    CHECK(*asked.options.timestamp > first);
    serve_asked();
}

TEST(GatewayAnswers, what_a_refusal_corrects_is_sent_at_once_three_times_only) {
    for (int times = 0; times < 3; ++times) {
        refuse(Status::timestamp_lower_than_prev_accepted);
        asked = update();
    }
    refuse(Status::timestamp_lower_than_prev_accepted);
    check_retried_after(10s);
    refuse(Status::timestamp_lower_than_prev_accepted);
    asked = update();
    serve_asked();
}

TEST(GatewayAnswers, rfc5213_6_9_1_2_152_is_asked_when_the_node_attaches_again) {
    check_denied(Status::proxy_reg_not_enabled, Counter::gateway_refused_not_enabled);
    check_state(mn1, State::denied);
    world->pass(1h);
    attach(on_wlan0(1));
    world->solicit(on_wlan0(1));
    check_silence();
    leave(on_wlan0(1));
    check_silence();
    attach(on_wlan0(1));
    asked = update();
    serve_asked();
}

TEST(GatewayAnswers, a_command_asks_again_what_was_denied) {
    refuse(Status::proxy_reg_not_enabled);
    command(on_wlan0(1), mn1);
    asked = update();
    serve_asked();
}

TEST(GatewayAnswers, refusals_are_tried_again_after_twice_as_long_each_time) {
    for (const auto delay : {10s, 20s, 40s, 80s, 160s, 320s, 320s}) {
        refuse(Status::insufficient_resources);
        check_state(mn1, State::refused);
        check_retried_after(delay);
    }
    check_counted(Counter::gateway_refused_resources, 7);
    serve_asked();
    leave(on_wlan0(1));
    reply();
    ask(on_wlan0(1));
    refuse(Status::insufficient_resources);
    check_retried_after(10s);
}

TEST(GatewayAnswers, every_refusal_has_its_name_and_makes_no_storm) {
    struct Case {
        Status status;
        Counter counter;
    };
    for (const Case& one : std::initializer_list<Case>{
             {Status::reason_unspecified, Counter::gateway_refused_unspecified},
             {Status::administratively_prohibited, Counter::gateway_refused_prohibited},
             {Status::insufficient_resources, Counter::gateway_refused_resources},
             {Status::not_lma_for_this_mobile_node, Counter::gateway_refused_other_anchor},
             {Status::mag_not_authorized_for_proxy_reg, Counter::gateway_refused_not_authorized},
             {Status::not_authorized_for_home_network_prefix, Counter::gateway_refused_prefix},
             {Status::missing_home_network_prefix_option, Counter::gateway_refused_malformed},
             {Status::bce_pbu_prefix_set_do_not_match, Counter::gateway_refused_prefix_set},
             {Status::missing_handoff_indicator_option, Counter::gateway_refused_malformed},
             {Status::missing_access_tech_type_option, Counter::gateway_refused_malformed},
             {Status::missing_mn_identifier_option, Counter::gateway_refused_malformed},
             {Status::gre_key_option_required, Counter::gateway_refused_gre_key},
             {static_cast<Status>(255), Counter::gateway_refused_unspecified}}) {
        start(gateway_config());
        ask(on_wlan0(1));
        refuse(one.status);
        check_counted(one.counter, 1);
        check_retried_after(10s);
        CHECK(world->status(mn1)->status == one.status);
    }
}

TEST(GatewayAnswers, rfc5213_6_9_1_2_155_and_159_ask_for_any_prefix_once) {
    for (const auto status : {Status::not_authorized_for_home_network_prefix,
                              Status::bce_pbu_prefix_set_do_not_match}) {
        start(gateway_config());
        ask(on_wlan0(2));
        refuse(status);
        asked = update();
        LONGS_EQUAL(1, static_cast<long>(asked.options.home_network_prefixes.size()));
        CHECK(asked.options.home_network_prefixes.front().prefix.is_unspecified());
        refuse(status);
        check_retried_after(10s);
        receive(answer(asked));
        CHECK(world->status(mn2)->prefixes == std::vector{assigned});
        refresh();
        CHECK(asked.options.home_network_prefixes.front().value() == assigned);
    }
}

TEST(GatewayAnswers, rfc5213_6_12_the_anchor_may_renumber_a_node) {
    serve_asked();
    refresh();
    world->heard.clear();
    refuse(Status::bce_pbu_prefix_set_do_not_match);
    CHECK(world->forwardings.empty());
    LONGS_EQUAL(0, static_cast<long>(advertisement().prefixes.front().valid_lifetime));
    asked = update();
    LONGS_EQUAL(4, *asked.options.handoff_indicator);
    receive(answer(asked, {}, other_assigned));
    CHECK(world->forwarding(on_wlan0(1))->prefixes == std::vector{other_assigned});
    CHECK(advertisement().prefixes.front().prefix == other_assigned.address());
}

TEST(GatewayAnswers, a_binding_stays_when_a_refresh_fails_for_want_of_resources) {
    serve_asked();
    refresh();
    refuse(Status::insufficient_resources);
    check_state(mn1, State::registered);
    check_retried_after(10s);
    LONGS_EQUAL(5, *asked.options.handoff_indicator);
    serve_asked();
}

TEST(GatewayAnswers, a_refused_refresh_waits_on_when_the_binding_expires) {
    serve_asked();
    refresh();
    refuse(Status::insufficient_resources);
    world->pass(10s);
    asked = update();
    refuse(Status::insufficient_resources);
    world->pass(2s);
    CHECK(world->forwardings.empty());
    check_state(mn1, State::refused);
    check_retried_after(18s);
    serve_asked();
}

TEST(GatewayAnswers, a_binding_ends_when_the_anchor_no_longer_serves_the_node) {
    for (const auto status :
         {Status::proxy_reg_not_enabled, Status::mag_not_authorized_for_proxy_reg,
          Status::not_lma_for_this_mobile_node, Status::administratively_prohibited}) {
        start(gateway_config());
        ask(on_wlan0(1));
        serve_asked();
        refresh();
        refuse(status);
        CHECK(world->forwardings.empty());
        leave(on_wlan0(1));
        check_silence();
        check_gone(mn1);
    }
}

TEST(GatewayAnswers, a_refused_deregistration_is_the_end_as_well) {
    serve_asked();
    leave(on_wlan0(1));
    reply(Status::not_home_agent_for_this_mobile_node);
    check_gone(mn1);
    check_silence();
}

TEST(GatewayAnswers, a_deregistration_is_corrected) {
    serve_asked();
    leave(on_wlan0(1));
    reply(Status::timestamp_lower_than_prev_accepted);
    LONGS_EQUAL(0, reply().lifetime);
    check_gone(mn1);
}

TEST(GatewayAnswers, messages_that_no_gateway_receives_are_counted) {
    check_dropped(Counter::gateway_messages_ignored, wire::BindingRefreshRequest{});
    check_dropped(Counter::gateway_messages_ignored, wire::BindingUpdate{});
    world->tell(core::MessageReceived{from(lma), wire::ParseError{}});
    check_counted(Counter::gateway_messages_malformed, 1);
}
