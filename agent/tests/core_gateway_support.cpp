// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/core_gateway_support.h"

#include <utility>

namespace anchor6 {

namespace access_network {

namespace {

core::GatewayNode profile(std::string identifier, std::uint8_t number,
                          core::NodeMobility mobility = core::NodeMobility::proxy) {
    core::GatewayNode node;
    node.identifier = std::move(identifier);
    node.link_layer_address = station(number);
    node.mobility = mobility;
    return node;
}

} // namespace

core::GatewayConfig gateway_config() {
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

GatewayTest::GatewayTest() = default;

GatewayTest::~GatewayTest() = default;

void GatewayTest::setup() {
    start(access_network::gateway_config());
}

void GatewayTest::teardown() {
    STRCMP_EQUAL("", world->complaint.c_str());
}

void GatewayTest::start(const core::GatewayConfig& config) {
    world = std::make_unique<GatewayWorld>(config);
    world->tick();
    world->sent.clear();
}

void GatewayTest::attach(const core::AccessPoint& at, std::optional<std::uint8_t> handoff) {
    world->tell(core::NodeAttached{at, {}, handoff, false});
}

void GatewayTest::command(const core::AccessPoint& at, const std::string& identifier,
                          std::optional<std::uint8_t> handoff) {
    world->tell(core::NodeAttached{at, identifier, handoff, true});
}

void GatewayTest::leave(const core::AccessPoint& at) {
    world->tell(core::NodeDetached{at, {}, false});
}

wire::BindingUpdate GatewayTest::update() {
    return take<wire::BindingUpdate>();
}

void GatewayTest::check_silence() {
    LONGS_EQUAL(0, static_cast<long>(world->sent.size()));
}

core::Packet GatewayTest::from(const wire::Address& peer) {
    core::Packet packet;
    packet.source = peer;
    packet.destination = laboratory::mag1;
    return packet;
}

wire::BindingAcknowledgement GatewayTest::answer(const wire::BindingUpdate& to, wire::Status status,
                                                 const wire::Prefix& granted) {
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

void GatewayTest::receive(const wire::Message& message, const wire::Address& peer) {
    world->receive(from(peer), message);
}

wire::BindingUpdate GatewayTest::reply(wire::Status status, const wire::Prefix& granted) {
    auto asked = update();
    receive(answer(asked, status, granted));
    return asked;
}

void GatewayTest::serve(const core::AccessPoint& at) {
    attach(at);
    reply();
    CHECK(world->forwarding(at) != nullptr);
}

wire::RouterAdvertisement GatewayTest::advertisement() {
    LONGS_EQUAL(1, static_cast<long>(world->heard.size()));
    auto result = std::get<wire::RouterAdvertisement>(world->heard.front().message);
    world->heard.clear();
    return result;
}

void GatewayTest::check_state(const std::string& identifier,
                              core::GatewayNodeStatus::State expected) {
    CHECK(world->status(identifier).has_value());
    LONGS_EQUAL(static_cast<long>(expected), static_cast<long>(world->status(identifier)->state));
}

void GatewayTest::check_counted(core::Counter counter, std::uint64_t expected) {
    UNSIGNED_LONGS_EQUAL_TEXT(expected, world->count(counter),
                              std::string{counter_name(counter)}.c_str());
}

void GatewayTest::check_dropped(core::Counter counter, const wire::Message& message,
                                const wire::Address& peer) {
    const auto before = world->count(counter);
    receive(message, peer);
    check_counted(counter, before + 1);
    check_silence();
}

} // namespace anchor6
