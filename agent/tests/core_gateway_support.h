// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "tests/core_gateway_world.h"
#include "tests/core_laboratory.h"

#include <CppUTest/TestHarness.h>

namespace anchor6 {

/// The gateway of the tests: two access links, nodes of each kind.
namespace access_network {

using namespace laboratory;

inline const std::string host = "host@example.org";
inline const std::string refused = "refused@example.org";
inline const std::string southern = "southern@example.org";
inline const wire::Address southern_lma = address("2001:db8:f::12");
inline const wire::Prefix local_prefix = prefix("2001:db8:b::/64");
inline const wire::Prefix assigned = prefix("2001:db8:1000::/64");
inline const wire::Prefix other_assigned = prefix("2001:db8:1000:1::/64");
inline const wire::Address all_nodes = address("ff02::1");

inline wire::LinkLayerAddress station(std::uint8_t number) {
    return {0x02, 0, 0, 0, 0, number};
}
/// Where the node with that number is seen.
inline core::AccessPoint on_wlan0(std::uint8_t number) {
    return {"wlan0", station(number)};
}
inline core::AccessPoint on_wlan1(std::uint8_t number) {
    return {"wlan1", station(number)};
}

inline core::GatewayNode profile(std::string identifier, std::uint8_t number,
                                 core::NodeMobility mobility = core::NodeMobility::proxy) {
    core::GatewayNode node;
    node.identifier = std::move(identifier);
    node.link_layer_address = station(number);
    node.mobility = mobility;
    return node;
}

/// mn1 has number 1, mn2 with two named prefixes 2, host 3, refused 4, southern 5, guest 6.
inline core::GatewayConfig gateway_config() {
    core::GatewayConfig config;
    config.address = mag1;
    config.lma_address = lma;
    config.authentication = core::Authentication::none;
    config.lifetime = std::chrono::seconds{120};
    config.heartbeat_interval = std::chrono::seconds{0};
    core::AccessLink wlan0;
    wlan0.interface = "wlan0";
    wlan0.local_prefix = local_prefix;
    core::AccessLink wlan1;
    wlan1.interface = "wlan1";
    wlan1.access_technology = 3;
    config.access_links = {wlan0, wlan1};
    config.nodes = {profile(mn1, 1),
                    profile(mn2, 2),
                    profile(host, 3, core::NodeMobility::host),
                    profile(refused, 4, core::NodeMobility::refused),
                    profile(southern, 5),
                    profile(guest, 6)};
    config.nodes[1].home_network_prefixes = {prefix2a, prefix2b};
    config.nodes[4].lma_address = southern_lma;
    return config;
}

} // namespace access_network

/// What the tests of a gateway have in common.
class GatewayTest : public Utest {
public:
    std::unique_ptr<GatewayWorld> world;

    void setup() override { start(access_network::gateway_config()); }
    void teardown() override { STRCMP_EQUAL("", world->complaint.c_str()); }

    void start(const core::GatewayConfig& config) {
        world = std::make_unique<GatewayWorld>(config);
        world->tick();
        world->sent.clear();
    }
    const core::GatewayConfig& config() const { return world->gateway.config(); }

    void attach(const core::AccessPoint& at, std::optional<std::uint8_t> handoff = {}) {
        world->tell(core::NodeAttached{at, {}, handoff, false});
    }
    void command(const core::AccessPoint& at, const std::string& identifier,
                 std::optional<std::uint8_t> handoff = {}) {
        world->tell(core::NodeAttached{at, identifier, handoff, true});
    }
    void leave(const core::AccessPoint& at) { world->tell(core::NodeDetached{at, {}, false}); }

    template <class Message>
    Message take() {
        LONGS_EQUAL(1, static_cast<long>(world->sent.size()));
        auto message = std::get<Message>(world->sent.front().message);
        world->sent.clear();
        return message;
    }
    wire::BindingUpdate update() { return take<wire::BindingUpdate>(); }
    void check_silence() { LONGS_EQUAL(0, static_cast<long>(world->sent.size())); }

    static core::Packet from(const wire::Address& peer) {
        core::Packet packet;
        packet.source = peer;
        packet.destination = laboratory::mag1;
        return packet;
    }
    /// As RFC 5213 5.3.6 has it: a free choice of prefix is `granted`.
    static wire::BindingAcknowledgement
    answer(const wire::BindingUpdate& to, wire::Status status = {},
           const wire::Prefix& granted = access_network::assigned) {
        wire::BindingAcknowledgement result;
        result.status = status;
        result.flags = wire::ba_flag::proxy_registration;
        result.sequence = to.sequence;
        result.lifetime = wire::is_refusal(status) ? std::uint16_t{0} : to.lifetime;
        result.options = to.options;
        auto& prefixes = result.options.home_network_prefixes;
        if (!wire::is_refusal(status) && prefixes.front().prefix.is_unspecified())
            prefixes = {{granted.length(), granted.address()}};
        return result;
    }
    void receive(const wire::Message& message, const wire::Address& peer = laboratory::lma) {
        world->receive(from(peer), message);
    }
    /// Answers the one update that has been sent.
    wire::BindingUpdate reply(wire::Status status = wire::Status::accepted,
                              const wire::Prefix& granted = access_network::assigned) {
        auto asked = update();
        receive(answer(asked, status, granted));
        return asked;
    }
    void serve(const core::AccessPoint& at) {
        attach(at);
        reply();
        CHECK(world->forwarding(at) != nullptr);
    }

    wire::RouterAdvertisement advertisement() {
        LONGS_EQUAL(1, static_cast<long>(world->heard.size()));
        auto result = std::get<wire::RouterAdvertisement>(world->heard.front().message);
        world->heard.clear();
        return result;
    }
    void check_state(const std::string& identifier, core::GatewayNodeStatus::State expected) {
        CHECK(world->status(identifier).has_value());
        LONGS_EQUAL(static_cast<long>(expected),
                    static_cast<long>(world->status(identifier)->state));
    }
    void check_gone(const std::string& identifier) { CHECK(!world->status(identifier)); }
    void check_counted(core::Counter counter, std::uint64_t expected) {
        UNSIGNED_LONGS_EQUAL_TEXT(expected, world->count(counter),
                                  std::string{counter_name(counter)}.c_str());
    }
    /// The message changes nothing and is counted under that name.
    void check_dropped(core::Counter counter, const wire::Message& message,
                       const wire::Address& peer = laboratory::lma) {
        const auto before = world->count(counter);
        receive(message, peer);
        check_counted(counter, before + 1);
        check_silence();
    }
};

} // namespace anchor6
