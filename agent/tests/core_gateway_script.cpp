// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/core_gateway_script.h"

#include <algorithm>
#include <variant>

#include "tests/core_laboratory.h"

namespace anchor6 {

namespace {

core::Config anchor_config() {
    core::Config config = laboratory::config();
    config.timers.heartbeat_interval = std::chrono::seconds{7};
    config.timers.prefix_retention = std::chrono::seconds{20};
    for (const std::size_t mag : {0U, 1U}) {
        config.mags[mag].heartbeat = config.mags[mag].revocation = true;
        config.mags[mag].end_sessions_when_unreachable = mag == 1;
    }
    return config;
}

constexpr unsigned steps_most = 2000;

} // namespace

core::GatewayConfig GatewayScript::config(std::size_t number) {
    core::GatewayConfig config;
    config.address = number == 0 ? laboratory::mag1 : laboratory::mag2;
    config.lma_address = laboratory::lma;
    config.authentication = core::Authentication::none;
    config.lifetime = std::chrono::seconds{40};
    config.heartbeat_interval = std::chrono::seconds{3};
    config.missing_heartbeats_allowed = 1;
    config.confirmation_timeout = std::chrono::milliseconds{500};
    config.retry_after_refusal = std::chrono::seconds{2};
    config.retry_after_refusal_max = std::chrono::seconds{8};
    config.nodes_max = 4;
    for (const char* interface : {"wlan0", "wlan1"}) {
        core::AccessLink link;
        link.interface = interface;
        link.local_prefix = laboratory::prefix("2001:db8:b::/64");
        config.access_links.push_back(link);
    }
    for (const Node& node : all_nodes()) {
        core::GatewayNode profile;
        profile.identifier = node.identifier;
        profile.link_layer_address = node.station;
        config.nodes.push_back(profile);
    }
    config.nodes[1].home_network_prefixes = {laboratory::prefix2a, laboratory::prefix2b};
    config.nodes[3].mobility = core::NodeMobility::host;
    return config;
}

std::vector<GatewayScript::Node> GatewayScript::all_nodes() {
    return {{laboratory::mn1, {2, 0, 0, 0, 0, 1}, {}},
            {laboratory::mn2, {2, 0, 0, 0, 0, 2}, {}},
            {laboratory::guest, {2, 0, 0, 0, 0, 3}, {}},
            {"host@example.org", {2, 0, 0, 0, 0, 4}, {}}};
}

GatewayScript::GatewayScript(std::span<const std::uint8_t> octets)
    : octets_(octets),
      anchor_(anchor_config()), gateways_{GatewayWorld{config(0)}, GatewayWorld{config(1)}} {
    for (GatewayWorld& gateway : gateways_)
        gateway.hold_forwarding = gateway.hold_probes = true;
    set_clocks();
}

std::string GatewayScript::play() {
    while (!octets_.empty() && first_complaint().empty())
        act();
    settle();
    return first_complaint();
}

std::string GatewayScript::first_complaint() const {
    for (const std::string* one :
         {&anchor_.complaint, &gateways_[0].complaint, &gateways_[1].complaint, &complaint})
        if (!one->empty())
            return *one;
    return {};
}

void GatewayScript::act() {
    const auto what = octet() % 32;
    if (what < 12)
        fly();
    else if (what < 17)
        work_of_kernels();
    else if (what < 20)
        move_node();
    else if (what < 23)
        show_node();
    else if (what < 27)
        pass(std::chrono::milliseconds{20} * octet());
    else if (what < 29)
        pass(std::chrono::milliseconds{200} * octet());
    else
        rare_act();
    collect();
}

void GatewayScript::fly() {
    if (mail_.is_flying())
        mail_.arrive(octet(), [this](const Message& message) { deliver(message); });
}

void GatewayScript::deliver(const Message& message) {
    core::Packet packet;
    packet.source = message.source;
    packet.destination = message.destination;
    if (message.destination == laboratory::lma)
        anchor_.receive(packet, message.content);
    for (GatewayWorld& gateway : gateways_)
        if (message.destination == gateway.gateway.config().address)
            gateway.receive(packet, message.content);
}

// What was sent since the last time is on its way.
void GatewayScript::collect() {
    for (GatewayWorld& gateway : gateways_) {
        for (const core::Send& send : gateway.sent)
            fly(send);
        gateway.sent.clear();
        gateway.heard.clear();
    }
    for (; collected_ < anchor_.sent.size(); ++collected_) {
        note_grant(anchor_.sent[collected_]);
        fly(anchor_.sent[collected_]);
    }
    judge_forwardings();
}

void GatewayScript::fly(const core::Send& send) {
    mail_.send({send.source, send.destination, send.message});
}

void GatewayScript::note_grant(const core::Send& send) {
    const auto* answer = std::get_if<wire::BindingAcknowledgement>(&send.message);
    if (answer == nullptr || wire::is_refusal(answer->status) || answer->lifetime == 0)
        return;
    for (const wire::PrefixOption& option : answer->options.home_network_prefixes)
        granted_.insert({send.destination, answer->options.mn_identifier->identifier,
                         option.value().value_or(wire::Prefix{})});
}

// What a gateway forwards the anchor has granted to it, for this node.
void GatewayScript::judge_forwardings() {
    for (const GatewayWorld& gateway : gateways_)
        for (const auto& [id, forwarding] : gateway.forwardings) {
            const auto page = gateway.gateway.nodes(gateway.now.boot, id);
            for (const wire::Prefix& prefix : forwarding.prefixes)
                complain(forwarding.lma_address &&
                             !granted_.contains({gateway.gateway.config().address,
                                                 page.nodes.front().identifier, prefix}),
                         "a gateway forwards what the anchor never granted");
        }
}

void GatewayScript::work_of_kernels() {
    using Outcome = World::Outcome;
    static constexpr std::array outcomes{Outcome::committed, Outcome::committed, Outcome::committed,
                                         Outcome::store_failed, Outcome::kernel_failed};
    const auto how = octet();
    GatewayWorld& gateway = gateways_[how & 1U];
    if (how % 3 == 0 && !gateway.installing.empty())
        gateway.end_installation(how % 16 != 3);
    else if (how % 3 == 1 && !gateway.probes.empty())
        gateway.end_probe(is_there(how & 1U, gateway.probes.front()));
    else if (!anchor_.open.empty())
        anchor_.end(outcomes[how % outcomes.size()],
                    anchor_.first_of_its_kind(how % anchor_.open.size()));
}

bool GatewayScript::is_there(std::size_t gateway, const core::AccessPoint& at) const {
    return std::ranges::any_of(nodes_, [&](const Node& node) {
        return node.station == at.link_layer_address && node.place &&
               node.place->first == gateway && node.place->second == at.interface;
    });
}

core::AccessPoint GatewayScript::place_of(const Node& node) const {
    return {node.place->second, node.station};
}

// A node goes elsewhere; who has it may see it go.
void GatewayScript::move_node() {
    const auto how = octet();
    Node& node = nodes_[how % nodes_.size()];
    if (node.place && (how & 0x10U) != 0)
        gateways_[node.place->first].tell(
            core::NodeDetached{place_of(node), {}, (how & 0x20U) != 0});
    node.place.reset();
    if ((how & 0xc0U) == 0)
        return;
    node.place = {(how >> 6) & 1U, (how & 0x08U) != 0 ? "wlan1" : "wlan0"};
    if ((how & 0x04U) == 0)
        show(node, octet());
}

void GatewayScript::show_node() {
    const auto how = octet();
    if (const Node& node = nodes_[how % nodes_.size()]; node.place)
        show(node, octet());
}

void GatewayScript::show(const Node& node, std::uint8_t how) {
    static constexpr std::array<std::uint8_t, 4> handoffs{1, 2, 3, 4};
    GatewayWorld& gateway = gateways_[node.place->first];
    if (how % 4 == 0)
        gateway.solicit(place_of(node), laboratory::address("fe80::10"));
    else if (how % 4 == 1 && how >= 0xc0)
        gateway.tell(core::NodeAttached{place_of(node), node.identifier,
                                        handoffs[how / 4 % handoffs.size()], true});
    else
        gateway.tell(core::NodeAttached{place_of(node), {}, {}, false});
}

void GatewayScript::rare_act() {
    const auto how = octet();
    GatewayWorld& gateway = gateways_[how & 1U];
    switch (how / 2 % 8) {
    case 0:
        anchor_.tell(core::RevokeSessions{nodes_[how / 16 % 3].identifier, {}});
        break;
    case 1:
        anchor_.tell(core::RevokeMag{(how & 1U) != 0 ? "mag1" : "mag2"});
        break;
    case 2:
        step_clock(how & 1U, std::chrono::milliseconds{100} * (how - 128));
        break;
    case 3:
        reconfigure(how & 1U, octet());
        break;
    case 4:
        gateway.tell(core::AccessLinkChanged{how >= 128 ? "wlan0" : "wlan1", false});
        break;
    case 5:
        lie(gateway, octet());
        break;
    default:
        if (!mail_.past().empty())
            deliver(mail_.past()[how % mail_.past().size()]);
    }
}

void GatewayScript::step_clock(std::size_t gateway, std::chrono::nanoseconds step) {
    skew_[gateway] += step;
    set_clocks();
    gateways_[gateway].tell(core::ClockStepped{step});
}

void GatewayScript::reconfigure(std::size_t number, std::uint8_t how) {
    core::GatewayConfig other = config(number);
    if ((how & 1U) != 0)
        other.access_links.pop_back();
    if ((how & 2U) != 0)
        other.nodes[0].mobility = core::NodeMobility::host;
    if ((how & 4U) != 0)
        other.link_local_address.reset();
    if ((how & 8U) != 0)
        other.nodes[2].mobility = core::NodeMobility::refused;
    if ((how & 16U) != 0)
        other.heartbeat_interval = std::chrono::seconds{0};
    gateways_[number].configure(other);
}

// A stranger says what an anchor has said, or an anchor something with another number.
void GatewayScript::lie(GatewayWorld& gateway, std::uint8_t how) {
    if (mail_.past().empty())
        return;
    Message message = mail_.past()[how % mail_.past().size()];
    core::Packet packet;
    packet.source = how >= 128 ? laboratory::care_of : laboratory::lma;
    packet.destination = gateway.gateway.config().address;
    if (auto* answer = std::get_if<wire::BindingAcknowledgement>(&message.content);
        answer != nullptr && how < 128)
        answer->sequence = static_cast<std::uint16_t>(answer->sequence + 1000);
    else if (how < 128)
        return;
    gateway.receive(packet, message.content);
}

void GatewayScript::set_clocks() {
    for (std::size_t number = 0; number < gateways_.size(); ++number) {
        gateways_[number].now = anchor_.now;
        gateways_[number].now.real += skew_[number];
    }
}

std::optional<core::BootTime> GatewayScript::next_deadline() const {
    return core::earliest({anchor_.anchor.next_deadline(), gateways_[0].gateway.next_deadline(),
                           gateways_[1].gateway.next_deadline()});
}

void GatewayScript::tick_due() {
    const auto due = [&](std::optional<core::BootTime> deadline) {
        return deadline && *deadline <= anchor_.now.boot;
    };
    if (due(anchor_.anchor.next_deadline()))
        anchor_.tick();
    for (GatewayWorld& gateway : gateways_)
        if (due(gateway.gateway.next_deadline()))
            gateway.tick();
}

void GatewayScript::pass(core::BootClock::duration time) {
    anchor_.wait(time);
    set_clocks();
    tick_due();
}

// Everything arrives, everybody is seen where it is and nowhere else: then each node is served
// where it is, by a binding of the anchor for that gateway.
void GatewayScript::settle() {
    for (std::size_t number = 0; number < gateways_.size(); ++number)
        gateways_[number].configure(config(number));
    for (const auto time : {1, 60, 120}) {
        deliver_all();
        see_everybody();
        const core::BootTime end = anchor_.now.boot + std::chrono::seconds{time};
        run_until(end);
    }
    for (const Node& node : nodes_)
        if (node.place)
            judge_served(node);
    std::size_t forwardings = 0;
    for (const GatewayWorld& gateway : gateways_)
        forwardings += gateway.forwardings.size();
    const auto present = static_cast<std::size_t>(
        std::ranges::count_if(nodes_, [](const Node& node) { return node.place.has_value(); }));
    complain(forwardings != present, "a node is served where it is not");
}

void GatewayScript::run_until(core::BootTime end) {
    for (unsigned steps = 0; first_complaint().empty(); ++steps) {
        complain(steps > steps_most, "the story does not come to rest");
        deliver_all();
        const auto next = next_deadline();
        if (!next || *next > end)
            break;
        pass(std::max(*next - anchor_.now.boot, core::BootClock::duration{0}));
    }
    if (anchor_.now.boot < end)
        pass(end - anchor_.now.boot);
    deliver_all();
}

void GatewayScript::deliver_all() {
    bool busy = true;
    while (busy && first_complaint().empty()) {
        anchor_.run();
        for (std::size_t number = 0; number < gateways_.size(); ++number)
            end_work(number);
        collect();
        busy = mail_.is_flying();
        for (const auto flying = mail_.take_all(); const Message& message : flying)
            deliver(message);
    }
}

void GatewayScript::end_work(std::size_t number) {
    GatewayWorld& gateway = gateways_[number];
    while (!gateway.installing.empty())
        gateway.end_installation(true);
    while (!gateway.probes.empty())
        gateway.end_probe(is_there(number, gateway.probes.front()));
}

void GatewayScript::see_everybody() {
    for (std::size_t number = 0; number < gateways_.size(); ++number)
        for (const auto& node : gateways_[number].gateway.nodes(anchor_.now.boot).nodes)
            if (!is_there(number, node.at))
                gateways_[number].tell(core::NodeDetached{node.at, {}, true});
    for (const Node& node : nodes_)
        if (node.place)
            gateways_[node.place->first].tell(
                core::NodeAttached{place_of(node), node.identifier, {}, true});
}

void GatewayScript::judge_served(const Node& node) {
    const core::NodeForwarding* forwarding =
        gateways_[node.place->first].forwarding(place_of(node));
    complain(forwarding == nullptr, "a node that is here is not served");
    if (forwarding == nullptr || !forwarding->lma_address)
        return;
    const auto sessions = anchor_.anchor.sessions(node.identifier, {});
    complain(std::ranges::none_of(sessions,
                                  [&](const core::ProxyBinding& session) {
                                      return is_served_by(session, *forwarding, node.place->first);
                                  }),
             "a gateway forwards without a binding at the anchor");
}

bool GatewayScript::is_served_by(const core::ProxyBinding& session,
                                 const core::NodeForwarding& forwarding,
                                 std::size_t gateway) const {
    return session.state == core::ProxyBinding::State::active &&
           session.proxy_care_of_address == gateways_[gateway].gateway.config().address &&
           std::ranges::is_permutation(session.home_network_prefixes, forwarding.prefixes);
}

} // namespace anchor6
