// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/core_node_script.h"

#include <algorithm>
#include <array>
#include <memory>
#include <utility>

namespace anchor6 {

namespace {

using State = core::MobileNodeStatus::State;

constexpr unsigned steps_most = 2000;
/// Longer than any delay that the story may have left behind.
constexpr std::chrono::seconds rest{400};

core::Config anchor_config() {
    core::Config config = laboratory::config();
    config.timers.refresh_request_before_expiry = std::chrono::seconds{10};
    config.timers.max_home_lifetime = std::chrono::seconds{100};
    return config;
}

core::MobileNodeConfig config(std::uint8_t kind) {
    core::MobileNodeConfig config;
    config.home_address = laboratory::home1;
    config.home_network_prefix = laboratory::prefix1;
    config.home_agent = laboratory::home_agent;
    config.interfaces = {{"eth0", 10}, {"wlan0", 5}};
    config.lifetime = std::chrono::seconds{120};
    config.authentication = core::Authentication::none;
    config.mobile_router = (kind & 1U) != 0;
    if ((kind & 2U) != 0)
        config.home_agent.reset();
    if ((kind & 4U) != 0) {
        config.home_address = laboratory::home_keyed;
        config.home_network_prefix = laboratory::prefix("2001:db8:2000:5::/64");
        config.authentication = core::Authentication::mn_ha;
        config.mn_ha = laboratory::node_with_key().mn_ha;
    }
    return config;
}

// Octets lie between the two, as in the world: an authenticator covers them.
wire::Message carried(const wire::Message& message) {
    return std::get<wire::Message>(wire::parse(wire::serialise(message)));
}

const wire::Address& care_of(bool wired) {
    static const wire::Address wireless = laboratory::address("2001:db8:d::10");
    return wired ? laboratory::care_of : wireless;
}

} // namespace

NodeScript::NodeScript(std::span<const std::uint8_t> octets)
    : octets_(octets), anchor_(anchor_config()), node_(config(octet())) {
    set_clock();
}

std::string NodeScript::play() {
    while (!octets_.empty() && first_complaint().empty())
        act();
    settle_away();
    settle_at_home();
    return first_complaint();
}

std::string NodeScript::first_complaint() const {
    for (const std::string* one : {&anchor_.complaint, &node_.complaint, &complaint})
        if (!one->empty())
            return *one;
    return {};
}

void NodeScript::act() {
    const auto what = octet() % 32;
    if (what < 12)
        fly();
    else if (what < 17)
        work_of_kernels();
    else if (what < 23)
        change_link(octet());
    else if (what < 27)
        pass(std::chrono::milliseconds{20} * octet());
    else if (what < 30)
        pass(std::chrono::milliseconds{500} * octet());
    else
        rare_act(octet());
    collect();
}

void NodeScript::fly() {
    if (mail_.is_flying())
        mail_.arrive(octet(), [this](const Message& message) { deliver(message); });
}

void NodeScript::deliver(const Message& message) {
    if (message.to_node && !node_.accepts(message.care_of_address.value_or(home())))
        return;
    std::visit(
        [&](const auto& content) {
            if (message.to_node)
                node_.receive(content.packet, content.message);
            else
                anchor_.receive(content.packet, content.message);
        },
        message.content);
}

void NodeScript::collect() {
    for (const core::Send& send : std::exchange(node_.sent, {})) {
        const auto& update = std::get<wire::BindingUpdate>(send.message);
        const wire::Address care_of = *update.options.alternate_care_of_address;
        mail_.send({false, Mobility{packet_from(care_of), carried(send.message)}, {}});
    }
    for (const core::SendIcmp& send : std::exchange(node_.icmp_sent, {}))
        collect(send);
    for (const core::Send& send : std::exchange(anchor_.sent, {})) {
        core::Packet packet;
        packet.source = send.source;
        packet.destination = send.destination;
        mail_.send({true, Mobility{packet, carried(send.message)}, send.care_of_address});
    }
    for (const core::SendIcmp& send : std::exchange(anchor_.icmp_sent, {})) {
        core::Packet packet;
        packet.source = send.source;
        packet.destination = send.destination;
        mail_.send({true, Icmp{packet, send.message},
                    send.care_of_address ? send.care_of_address : send.destination});
    }
}

void NodeScript::collect(const core::SendIcmp& send) {
    core::Packet packet;
    packet.source = send.source;
    packet.destination = send.destination;
    const auto path = node_.paths.find(node_.last_prepared);
    if (send.source == home() && path != node_.paths.end() && !path->second.at_home()) {
        packet.source = path->second.care_of_address;
        packet.home_address = home();
    }
    mail_.send({false, Icmp{packet, send.message}, {}});
}

core::Packet NodeScript::packet_from(const wire::Address& care_of) const {
    return care_of == home() ? laboratory::at_home(home()) : laboratory::away(home(), care_of);
}

void NodeScript::work_of_kernels() {
    using Outcome = World::Outcome;
    static constexpr std::array outcomes{Outcome::committed, Outcome::committed, Outcome::committed,
                                         Outcome::store_failed, Outcome::kernel_failed};
    const auto how = octet();
    node_.refuse_paths = how % 16 == 4;
    if (!anchor_.open.empty())
        anchor_.end(outcomes[how % outcomes.size()],
                    anchor_.first_of_its_kind(how % anchor_.open.size()));
}

void NodeScript::change_link(std::uint8_t how) {
    const bool wired = (how & 1U) != 0;
    const std::string interface = wired ? "eth0" : "wlan0";
    switch (how / 2 % 8) {
    case 0:
        node_.interface(interface, (how & 0x80U) != 0);
        break;
    case 1:
        node_.address(interface, care_of(wired), (how & 0xc0U) != 0);
        break;
    case 2:
        node_.tell(core::RouterLost{interface, router_});
        break;
    case 3:
        hear(interface, node_.node.config().home_network_prefix, how);
        break;
    default:
        node_.interface(interface, true);
        node_.address(interface, care_of(wired));
        hear(interface, *wire::Prefix::of(care_of(wired), 64), how);
    }
}

void NodeScript::hear(const std::string& interface, const wire::Prefix& prefix, std::uint8_t how) {
    wire::RouterAdvertisement advertisement;
    advertisement.router_lifetime = how >= 0xf0 ? std::uint16_t{0} : std::uint16_t{9000};
    wire::PrefixInformation information;
    information.prefix = prefix.address();
    information.length = prefix.length();
    information.on_link = information.autonomous = true;
    information.valid_lifetime = information.preferred_lifetime = how >= 0xe0 ? 5 : 9000;
    advertisement.prefixes = {information};
    node_.hear(interface, router_, advertisement);
}

void NodeScript::rare_act(std::uint8_t how) {
    if (how % 4 == 0) {
        anchor_.restart(anchor_config());
        anchor_.adopt();
    } else if (how % 4 == 1) {
        wire::BindingError error;
        error.status = (how & 0x80U) != 0 ? wire::BindingError::unknown_binding
                                          : wire::BindingError::unrecognized_type;
        core::Packet packet;
        packet.source = laboratory::home_agent;
        packet.destination = home();
        node_.receive(packet, error);
    } else if (how % 4 == 2) {
        node_.tell(core::MobileNodeConfigChanged{
            std::make_shared<const core::MobileNodeConfig>(node_.node.config())});
    } else if (!mail_.past().empty()) {
        deliver(mail_.past()[how % mail_.past().size()]);
    }
}

void NodeScript::pass(core::BootClock::duration time) {
    anchor_.wait(time);
    set_clock();
    const auto due = [&](std::optional<core::BootTime> deadline) {
        return deadline && *deadline <= anchor_.now.boot;
    };
    if (due(anchor_.anchor.next_deadline()))
        anchor_.tick();
    if (due(node_.node.next_deadline()))
        node_.tell(core::Tick{});
}

void NodeScript::deliver_all() {
    bool busy = true;
    while (busy && first_complaint().empty()) {
        anchor_.run();
        collect();
        busy = mail_.is_flying();
        for (const auto flying = mail_.take_all(); const Message& message : flying)
            deliver(message);
    }
}

void NodeScript::run_for(std::chrono::seconds time) {
    const core::BootTime end = anchor_.now.boot + time;
    for (unsigned steps = 0; first_complaint().empty(); ++steps) {
        complain(steps > steps_most, "the story does not come to rest");
        deliver_all();
        const auto next =
            core::earliest({anchor_.anchor.next_deadline(), node_.node.next_deadline()});
        if (!next || *next > end)
            break;
        pass(std::max(*next - anchor_.now.boot, core::BootClock::duration{0}));
    }
    pass(std::max(end - anchor_.now.boot, core::BootClock::duration{0}));
    deliver_all();
}

// One network, and everything arrives: the node is registered from there.
void NodeScript::settle_away() {
    node_.refuse_paths = false;
    node_.interface("wlan0", false);
    node_.interface("eth0", false);
    node_.interface("eth0", true);
    node_.address("eth0", care_of(true));
    hear("eth0", *wire::Prefix::of(care_of(true), 64), 0);
    run_for(rest);
    complain(node_.status().state != State::registered, "the node is not registered");
    complain(node_.used_path() == nullptr || node_.used_path()->care_of_address != care_of(true),
             "packets do not take the way that is registered");
    const core::HomeBinding* binding = bound();
    complain(binding == nullptr || binding->care_of_address != care_of(true),
             "the home agent does not know where the node is");
}

// The home link, and everything arrives: there is no binding.
void NodeScript::settle_at_home() {
    node_.interface("eth0", false);
    node_.interface("wlan0", true);
    hear("wlan0", node_.node.config().home_network_prefix, 0);
    run_for(rest);
    complain(node_.status().state != State::home, "the node is not at home");
    complain(node_.used_path() == nullptr || !node_.used_path()->at_home(),
             "packets do not take the home link");
    complain(bound() != nullptr, "there is a binding of a node at home");
    complain(node_.paths.size() != 1, "an old way is kept");
}

const core::HomeBinding* NodeScript::bound() const {
    const auto found = anchor_.stored_home.find(home());
    const bool active = found != anchor_.stored_home.end() &&
                        found->second.state == core::HomeBinding::State::active &&
                        found->second.expires > anchor_.now.boot;
    return active ? &found->second : nullptr;
}

} // namespace anchor6
