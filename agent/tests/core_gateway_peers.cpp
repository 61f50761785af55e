// SPDX-License-Identifier: GPL-2.0-or-later
// Heartbeats and revocations at a gateway (RFC 5847, RFC 5846).
#include "tests/core_gateway_support.h"

using namespace anchor6;
using namespace anchor6::access_network;
using namespace std::chrono_literals;
using core::Counter;
using wire::RevocationStatus;
using wire::RevocationTrigger;
using State = core::GatewayNodeStatus::State;

class GatewayPeerTest : public GatewayTest {
public:
    void setup() override {
        core::GatewayConfig asking = gateway_config();
        asking.heartbeat_interval = 10s;
        asking.lifetime = 3600s;
        start(asking);
    }

    core::GatewayAnchorStatus anchor(const wire::Address& address = lma) const {
        for (const core::GatewayAnchorStatus& one : world->gateway.anchors())
            if (one.lma_address == address)
                return one;
        FAIL("no such anchor");
        return {};
    }
    static wire::Heartbeat response(std::uint32_t sequence, std::optional<std::uint32_t> counter,
                                    bool unsolicited = false) {
        wire::Heartbeat result{true, unsolicited, sequence, {}};
        result.options.restart_counter = counter;
        return result;
    }
    /// One node is served, and the first heartbeat has been answered.
    void serve_and_answer(std::uint32_t counter = 1) {
        serve(on_wlan0(1));
        world->tick();
        answer_heartbeat(counter);
    }
    void answer_heartbeat(std::optional<std::uint32_t> counter) {
        receive(response(take<wire::Heartbeat>().sequence, counter));
    }

    wire::BindingRevocationIndication
    indication(RevocationTrigger trigger = RevocationTrigger::administrative_reason) const {
        wire::BindingRevocationIndication result;
        result.trigger = trigger;
        result.sequence = 77;
        result.flags = wire::revocation_flag::proxy_binding;
        result.options.mn_identifier = {wire::MnIdentifier::nai, mn1};
        return result;
    }
    wire::BindingRevocationIndication global_indication() const {
        auto result = indication(RevocationTrigger::per_peer_policy);
        result.flags |= wire::revocation_flag::global;
        result.options.mn_identifier.reset();
        return result;
    }
    void check_acknowledged(RevocationStatus expected,
                            const wire::BindingRevocationIndication& message,
                            const wire::Address& peer = lma) {
        world->sent.clear();
        receive(message, peer);
        LONGS_EQUAL(1, static_cast<long>(world->sent.size()));
        CHECK(world->sent.front().destination == peer);
        CHECK(world->sent.front().source == mag1);
        const auto answered = take<wire::BindingRevocationAcknowledgement>();
        LONGS_EQUAL(static_cast<long>(expected), static_cast<long>(answered.status));
        LONGS_EQUAL(message.sequence, answered.sequence);
        LONGS_EQUAL(message.flags, answered.flags);
        CHECK(answered.options.mn_identifier == message.options.mn_identifier);
    }
};

TEST_GROUP_BASE(GatewayPeers, GatewayPeerTest){};

TEST(GatewayPeers, rfc5847_3_2_a_gateway_that_starts_says_that_it_knows_nothing) {
    world = std::make_unique<GatewayWorld>(config());
    attach(on_wlan0(1));
    LONGS_EQUAL(3, static_cast<long>(world->sent.size()));
    CHECK(world->sent[0].destination == southern_lma || world->sent[1].destination == southern_lma);
    for (const std::size_t place : {0U, 1U}) {
        const auto announcement = std::get<wire::Heartbeat>(world->sent[place].message);
        CHECK(announcement.response && announcement.unsolicited);
        LONGS_EQUAL(7, static_cast<long>(*announcement.options.restart_counter));
    }
    CHECK(std::holds_alternative<wire::BindingUpdate>(world->sent[2].message));
}

TEST(GatewayPeers, rfc5847_3_1_requests_are_answered) {
    receive(wire::Heartbeat{false, false, 99, {}});
    LONGS_EQUAL(1, static_cast<long>(world->sent.size()));
    CHECK(world->sent.front().destination == lma);
    const auto answered = take<wire::Heartbeat>();
    CHECK(answered.response && !answered.unsolicited);
    LONGS_EQUAL(99, static_cast<long>(answered.sequence));
    LONGS_EQUAL(7, static_cast<long>(*answered.options.restart_counter));
    receive(wire::Heartbeat{false, false, 1, {}}, southern_lma);
    take<wire::Heartbeat>();
    check_dropped(Counter::gateway_heartbeats_of_strangers, wire::Heartbeat{false, false, 1, {}},
                  mag2);
}

TEST(GatewayPeers, rfc5847_anchors_are_asked_while_there_are_bindings) {
    world->pass(60s);
    check_silence();
    serve(on_wlan0(1));
    world->tick();
    LONGS_EQUAL(1, static_cast<long>(take<wire::Heartbeat>().sequence));
    world->pass(10s - 1ms);
    check_silence();
    world->pass(1ms);
    const auto second = take<wire::Heartbeat>();
    LONGS_EQUAL(2, static_cast<long>(second.sequence));
    check_dropped(Counter::gateway_heartbeats_unexpected, response(1, 1));
    receive(response(2, 1));
    check_dropped(Counter::gateway_heartbeats_unexpected, response(2, 1));
    leave(on_wlan0(1));
    reply();
    world->pass(60s);
    check_silence();
}

TEST(GatewayPeers, rfc5847_3_3_an_anchor_that_does_not_answer_is_unreachable) {
    serve(on_wlan0(1));
    world->pass(30s - 1ms);
    CHECK(anchor().state.reachable);
    LONGS_EQUAL(2, anchor().state.missing);
    world->pass(1ms);
    CHECK(!anchor().state.reachable);
    check_counted(Counter::gateway_anchors_unreachable, 1);
    // Its kernel may forward though it does not answer.
    check_state(mn1, State::registered);
    world->sent.clear();
    world->pass(10s);
    answer_heartbeat(std::nullopt);
    CHECK(anchor().state.reachable);
    check_counted(Counter::gateway_anchors_reachable_again, 1);
    world->tick();
    LONGS_EQUAL(4, *update().options.handoff_indicator);
}

TEST(GatewayPeers, an_answer_in_time_starts_the_count_anew) {
    serve(on_wlan0(1));
    for (int times = 0; times < 5; ++times) {
        world->pass(19s);
        world->sent.erase(world->sent.begin(), world->sent.end() - 1);
        answer_heartbeat(1);
        world->sent.clear();
    }
    check_counted(Counter::gateway_anchors_unreachable, 0);
}

TEST(GatewayPeers, rfc5847_3_2_all_nodes_of_an_anchor_that_restarted_are_registered_again) {
    serve_and_answer();
    attach(on_wlan0(5));
    auto southern_update = update();
    receive(answer(southern_update, {}, other_assigned), southern_lma);
    world->pass(10s);
    world->sent.clear();
    receive(response(0, 2, true));
    world->tick();
    check_counted(Counter::gateway_anchors_restarted, 1);
    const auto asked = reply();
    STRCMP_EQUAL(mn1.c_str(), asked.options.mn_identifier->identifier.c_str());
    LONGS_EQUAL(4, *asked.options.handoff_indicator);
    CHECK(asked.options.home_network_prefixes.front().value() == assigned);
    CHECK(world->forwarding(on_wlan0(1)) != nullptr);
    world->tick();
    check_silence();
}

TEST(GatewayPeers, the_first_word_of_an_anchor_says_nothing_unless_it_says_so) {
    serve_and_answer(5);
    check_counted(Counter::gateway_anchors_restarted, 0);
    world->pass(10s);
    answer_heartbeat(5);
    check_counted(Counter::gateway_anchors_restarted, 0);
    receive(response(0, 5, true));
    check_counted(Counter::gateway_anchors_restarted, 0);
    receive(response(0, 1, true), southern_lma);
    check_counted(Counter::gateway_anchors_restarted, 1);
}

TEST(GatewayPeers, many_nodes_are_registered_again_a_step_at_a_time) {
    constexpr unsigned nodes = 1500;
    core::GatewayConfig wide = config();
    wide.heartbeat_interval = 0s;
    start(wide);
    for (unsigned number = 0; number < nodes; ++number) {
        command(
            {"wlan0", {static_cast<std::uint8_t>(number >> 8), static_cast<std::uint8_t>(number)}},
            std::to_string(number) + "@example.org");
        reply(wire::Status::accepted,
              *wire::Prefix::of(address("2001:db8:1000:" + std::to_string(number) + "::"), 64));
    }
    world->heard.clear();
    receive(response(0, 2, true));
    world->tick();
    LONGS_EQUAL(1024, static_cast<long>(world->sent.size()));
    CHECK(*world->gateway.next_deadline() <= world->now.boot);
    world->tick();
    LONGS_EQUAL(nodes, static_cast<long>(world->sent.size()));
}

TEST(GatewayPeers, an_anchor_that_does_not_know_heartbeats_is_not_asked_again) {
    serve(on_wlan0(1));
    world->tick();
    take<wire::Heartbeat>();
    wire::BindingError error;
    error.status = wire::BindingError::unrecognized_type;
    receive(error);
    check_counted(Counter::gateway_binding_errors, 1);
    world->pass(60s);
    check_silence();
    CHECK(anchor().heartbeats_refused);
    world->configure(config());
    world->tick();
    take<wire::Heartbeat>();
}

TEST(GatewayPeers, another_configuration_begins_and_ends_heartbeats) {
    serve_and_answer();
    core::GatewayConfig silent = config();
    silent.heartbeat_interval = 0s;
    world->configure(silent);
    world->pass(60s);
    check_silence();
    silent.heartbeat_interval = 20s;
    world->configure(silent);
    world->tick();
    take<wire::Heartbeat>();
}

TEST(GatewayPeers, rfc5846_10_1_a_revoked_session_ends) {
    serve(on_wlan0(1));
    world->heard.clear();
    check_acknowledged(RevocationStatus::success, indication());
    check_gone(mn1);
    CHECK(world->forwardings.empty());
    LONGS_EQUAL(0, static_cast<long>(advertisement().prefixes.front().valid_lifetime));
    check_counted(Counter::gateway_nodes_revoked, 1);
    check_acknowledged(RevocationStatus::binding_does_not_exist, indication());
    world->solicit(on_wlan0(1));
    LONGS_EQUAL(two_minutes * 30, update().lifetime);
}

TEST(GatewayPeers, rfc5846_a_session_is_named_by_its_prefixes_as_well) {
    serve(on_wlan0(1));
    auto message = indication();
    message.options.home_network_prefixes = {{64, other_assigned.address()}};
    check_acknowledged(RevocationStatus::binding_does_not_exist, message);
    message.options.home_network_prefixes = {{64, assigned.address()}};
    check_acknowledged(RevocationStatus::success, message);
}

TEST(GatewayPeers, rfc5846_what_a_gateway_does_not_revoke) {
    serve(on_wlan0(1));
    auto message = indication();
    message.flags = 0;
    check_acknowledged(RevocationStatus::binding_does_not_exist, message);
    message.flags =
        wire::revocation_flag::proxy_binding | wire::revocation_flag::ipv4_home_address_only;
    check_acknowledged(RevocationStatus::binding_does_not_exist, message);
    check_acknowledged(RevocationStatus::trigger_not_supported,
                       indication(RevocationTrigger::per_peer_policy));
    message = global_indication();
    message.trigger = RevocationTrigger::administrative_reason;
    check_acknowledged(RevocationStatus::trigger_not_supported, message);
    message.trigger = RevocationTrigger::mobility_node_local_policy;
    check_acknowledged(RevocationStatus::trigger_not_supported, message);
    message = indication();
    message.options.mn_identifier.reset();
    check_acknowledged(RevocationStatus::mobile_node_identity_required, message);
    message.options.mn_identifier = {wire::MnIdentifier::nai, guest};
    check_acknowledged(RevocationStatus::binding_does_not_exist, message);
    check_acknowledged(RevocationStatus::binding_does_not_exist, indication(), southern_lma);
    check_counted(Counter::gateway_bri_refused, 8);
    check_state(mn1, State::registered);
}

TEST(GatewayPeers, revocations_of_strangers_are_dropped) {
    serve(on_wlan0(1));
    check_dropped(Counter::gateway_bri_of_strangers, indication(), mag2);
    core::Packet elsewhere = from(lma);
    elsewhere.destination = mag2;
    world->receive(elsewhere, indication());
    check_counted(Counter::gateway_bri_of_strangers, 2);
    check_silence();
}

TEST(GatewayPeers, rfc5846_10_1_1_everything_of_one_anchor_is_revoked) {
    serve(on_wlan0(1));
    attach(on_wlan0(5));
    receive(answer(update(), {}, other_assigned), southern_lma);
    attach(on_wlan0(3));
    attach(on_wlan0(6));
    check_acknowledged(RevocationStatus::success, global_indication());
    check_gone(mn1);
    check_state(southern, State::registered);
    check_state(host, State::local);
    check_state(guest, State::registering);
}

TEST(GatewayPeers, a_session_that_was_not_yet_granted_cannot_be_revoked) {
    attach(on_wlan0(1));
    check_acknowledged(RevocationStatus::binding_does_not_exist, indication());
    check_state(mn1, State::registering);
}

TEST(GatewayPeers, a_revocation_ends_a_deregistration) {
    serve(on_wlan0(1));
    leave(on_wlan0(1));
    check_acknowledged(RevocationStatus::success, indication());
    check_gone(mn1);
    world->pass(60s);
    check_silence();
}

TEST(GatewayPeers, rfc5846_10_1_a_node_that_may_have_moved_is_asked) {
    serve(on_wlan0(1));
    world->hold_probes = true;
    receive(indication(RevocationTrigger::inter_mag_handover_unknown));
    receive(indication(RevocationTrigger::inter_mag_handover_unknown));
    check_silence();
    LONGS_EQUAL(1, static_cast<long>(world->probes.size()));
    world->end_probe(false);
    LONGS_EQUAL(static_cast<long>(RevocationStatus::success),
                static_cast<long>(take<wire::BindingRevocationAcknowledgement>().status));
    check_gone(mn1);
    check_counted(Counter::gateway_nodes_revoked, 1);
}

TEST(GatewayPeers, rfc5846_10_1_a_node_that_is_still_here_is_kept) {
    serve(on_wlan0(1));
    receive(indication(RevocationTrigger::inter_mag_handover_unknown));
    LONGS_EQUAL(2, static_cast<long>(world->sent.size()));
    LONGS_EQUAL(
        static_cast<long>(RevocationStatus::mobile_node_is_attached),
        static_cast<long>(
            std::get<wire::BindingRevocationAcknowledgement>(world->sent.front().message).status));
    world->sent.pop_front();
    LONGS_EQUAL(4, *update().options.handoff_indicator);
    check_state(mn1, State::registered);
}

TEST(GatewayPeers, a_node_that_a_command_holds_is_revoked_when_the_anchor_says_so) {
    command(on_wlan0(1), mn1);
    reply();
    check_acknowledged(RevocationStatus::success,
                       indication(RevocationTrigger::inter_mag_handover_unknown));
    check_gone(mn1);
}

TEST(GatewayPeers, a_handover_that_the_anchor_knows_of_ends_the_session_at_once) {
    serve(on_wlan0(1));
    check_acknowledged(RevocationStatus::success,
                       indication(RevocationTrigger::inter_mag_handover_same_access));
    check_gone(mn1);
}
