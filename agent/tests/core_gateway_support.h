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

/// mn1 has number 1, mn2 with two named prefixes 2, host 3, refused 4, southern 5, guest 6.
core::GatewayConfig gateway_config();

} // namespace access_network

/// What the tests of a gateway have in common.
class GatewayTest : public Utest {
public:
    std::unique_ptr<GatewayWorld> world;

    GatewayTest();
    ~GatewayTest() override;
    void setup() override;
    void teardown() override;

    void start(const core::GatewayConfig& config);
    const core::GatewayConfig& config() const { return world->gateway.config(); }

    void attach(const core::AccessPoint& at, std::optional<std::uint8_t> handoff = {});
    void command(const core::AccessPoint& at, const std::string& identifier,
                 std::optional<std::uint8_t> handoff = {});
    void leave(const core::AccessPoint& at);

    template <class Message>
    Message take() {
        LONGS_EQUAL(1, static_cast<long>(world->sent.size()));
        auto message = std::get<Message>(world->sent.front().message);
        world->sent.clear();
        return message;
    }
    wire::BindingUpdate update();
    void check_silence();

    static core::Packet from(const wire::Address& peer);
    /// As RFC 5213 5.3.6 has it: a free choice of prefix is `granted`.
    static wire::BindingAcknowledgement
    answer(const wire::BindingUpdate& to, wire::Status status = {},
           const wire::Prefix& granted = access_network::assigned);
    void receive(const wire::Message& message, const wire::Address& peer = laboratory::lma);
    /// Answers the one update that has been sent.
    wire::BindingUpdate reply(wire::Status status = wire::Status::accepted,
                              const wire::Prefix& granted = access_network::assigned);
    void serve(const core::AccessPoint& at);

    wire::RouterAdvertisement advertisement();
    void check_state(const std::string& identifier, core::GatewayNodeStatus::State expected);
    void check_gone(const std::string& identifier) { CHECK(!world->status(identifier)); }
    void check_counted(core::Counter counter, std::uint64_t expected);
    /// The message changes nothing and is counted under that name.
    void check_dropped(core::Counter counter, const wire::Message& message,
                       const wire::Address& peer = laboratory::lma);
};

} // namespace anchor6
