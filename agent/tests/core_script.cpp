// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/core_script.h"

#include <algorithm>
#include <array>
#include <optional>
#include <variant>

#include "tests/core_laboratory.h"

namespace anchor6 {

namespace {

constexpr std::size_t world_queue = 6;
constexpr std::size_t world_probes = 1;
constexpr std::size_t world_revocations = 4;

const std::array<std::string, 5> identifiers{laboratory::mn1, laboratory::mn2, laboratory::guest,
                                             laboratory::visitor, "late@example.org"};
const std::array<std::string, 3> mag_names{"mag1", "mag2", "mag4"};
const std::array<wire::Address, 4> gateways{laboratory::mag1, laboratory::mag2, laboratory::mag4,
                                            laboratory::mag2};
const std::array<wire::Address, 9> homes{laboratory::home1,
                                         laboratory::home_linked,
                                         laboratory::home_routing,
                                         laboratory::home_keyed,
                                         laboratory::address("2001:db8:2000:1::11"),
                                         laboratory::home2,
                                         laboratory::address("2001:db8:1000::10"),
                                         laboratory::address("2001:db8:1000:1::10"),
                                         laboratory::address("2001:db8:1000:2::10")};
const std::array<wire::Address, 5> cares_of{laboratory::care_of, laboratory::other_care_of,
                                            laboratory::home1, laboratory::home2,
                                            laboratory::address("2001:db8:1000::20")};
const std::array<wire::Prefix, 7> prefixes{laboratory::prefix1,
                                           laboratory::network,
                                           laboratory::prefix2a,
                                           laboratory::prefix2b,
                                           laboratory::prefix("2001:db8:1000::/64"),
                                           laboratory::prefix("2001:db8:1000:1::/64"),
                                           laboratory::prefix("2001:db8:2000:1:f000::/68")};

core::Config config(std::uint8_t variant) {
    core::Config config = laboratory::config();
    config.groups[0].home_prefixes[0] = laboratory::home_prefix("2001:db8:1000::/62", 64);
    config.limits.queued_per_session = 2;
    config.limits.queued_total = world_queue;
    config.limits.transactions_per_mag = 2;
    config.limits.bindings = 12;
    config.limits.sessions_per_node = 3;
    config.limits.address_probes = world_probes;
    config.timers.refresh_request_before_expiry = std::chrono::seconds{3};
    config.timers.prefix_retention = std::chrono::seconds{2};
    config.timers.heartbeat_interval = std::chrono::seconds{5};
    config.limits.revocations = world_revocations;
    for (const std::size_t mag : {0U, 1U})
        config.mags[mag].heartbeat = config.mags[mag].revocation = true;
    config.mags[0].end_sessions_when_restarted = true;
    config.mags[0].end_sessions_when_unreachable = true;
    config.mags[0].global_revocation = true;
    if ((variant & 1U) != 0)
        config.nodes[0].authentication.reset();
    if ((variant & 2U) != 0)
        config.nodes.push_back(
            laboratory::node("late@example.org", {laboratory::prefix("2001:db8:1000::/64")}));
    if ((variant & 4U) != 0)
        config.timers.mobile_node_generated_timestamp = true;
    if ((variant & 8U) != 0)
        config.groups[0].home_prefixes[2].link = "eth2";
    if ((variant & 16U) != 0)
        config.groups[0].home_prefixes[1].lifetimes.valid = std::chrono::seconds{60};
    if ((variant & 32U) != 0)
        config.nodes[9].mobile_network_prefixes.pop_back();
    if ((variant & 64U) != 0)
        config.groups[0].home_prefixes[2].link.clear();
    if ((variant & 128U) != 0)
        config.mags[1].heartbeat = config.mags[1].revocation = false;
    return config;
}

} // namespace

Script::Script(std::span<const std::uint8_t> octets) : octets_(octets), world_(config(0)) {
    world_.queued_most = world_queue;
    world_.probes_most = world_probes;
    world_.revocations_most = world_revocations;
}

std::string Script::play() {
    while (!octets_.empty() && world_.complaint.empty())
        act();
    world_.pass(std::chrono::seconds{5});
    return world_.complaint;
}

void Script::act() {
    const std::uint8_t act = octet() % 20;
    if (act < 4)
        receive_binding_update();
    else if (act < 9)
        remember_and_receive(laboratory::gateway(one_of(gateways)), proxy_update());
    else if (act == 11 && !world_.probes.empty())
        end_probe();
    else if (act < 12)
        end_transaction();
    else if (act == 12)
        pass_time(std::chrono::milliseconds{10});
    else if (act == 13)
        pass_time(std::chrono::milliseconds{300});
    else if (act == 14)
        replay();
    else if (act < 18)
        act_as_peer();
    else
        rare_act();
}

void Script::rare_act() {
    switch (octet() % 12) {
    case 0:
        world_.configure(config(octet()));
        break;
    case 1:
        world_.restart(config(0));
        world_.adopt();
        break;
    case 2:
        world_.adopt();
        break;
    case 3:
        receive_icmp();
        break;
    case 4:
        world_.reject_home_address(packet_of_node());
        break;
    case 5:
        world_.tell(core::RevokeMag{one_of(mag_names)});
        break;
    case 6:
    case 7:
    case 8:
        world_.tell(core::RevokeSessions{one_of(identifiers), {}});
        break;
    default:
        receive_octets();
    }
}

void Script::act_as_peer() {
    const auto what = octet();
    if (what % 8 == 0)
        revoke_as_peer(laboratory::gateway(one_of(gateways)));
    else if (what % 8 == 1)
        world_.receive(laboratory::gateway(one_of(gateways)),
                       wire::Heartbeat{what >= 128, what >= 192, what, {}});
    else if (!world_.sent.empty())
        answer_as_peer(world_.sent[world_.sent.size() - 1 -
                                   octet() % std::min<std::size_t>(world_.sent.size(), 16)]);
}

void Script::answer_as_peer(const core::Send& sent) {
    const core::Packet packet{sent.destination, sent.source, std::nullopt, false};
    const auto how = octet();
    if (const auto* request = std::get_if<wire::Heartbeat>(&sent.message)) {
        wire::Heartbeat response{true, how % 16 == 0, request->sequence, {}};
        if (how % 4 != 0)
            response.options.restart_counter = how % 32 == 1 ? 2 : 1;
        world_.receive(packet, response);
    } else if (const auto* asked = std::get_if<wire::BindingRevocationIndication>(&sent.message)) {
        if (how % 8 == 0)
            world_.receive(packet, wire::BindingError{wire::BindingError::unrecognized_type, {}});
        else
            world_.receive(packet, wire::BindingRevocationAcknowledgement{
                                       static_cast<wire::RevocationStatus>(how % 4 * 43),
                                       asked->sequence,
                                       asked->flags,
                                       {}});
    }
}

void Script::revoke_as_peer(const core::Packet& packet) {
    const auto how = octet();
    wire::BindingRevocationIndication indication{
        wire::RevocationTrigger::access_network, how, wire::revocation_flag::proxy_binding, {}};
    if (how % 8 == 0) {
        indication.trigger = wire::RevocationTrigger::per_peer_policy;
        indication.flags |= wire::revocation_flag::global;
    } else {
        indication.options.mn_identifier = {wire::MnIdentifier::nai, one_of(identifiers)};
    }
    if (how % 16 == 1)
        laboratory_prefix(indication.options.home_network_prefixes);
    world_.receive(packet, indication);
}

core::Packet Script::packet_of_node() {
    const wire::Address& home = one_of(homes);
    const auto where = octet() & 7U;
    if (where == 0)
        return {home, laboratory::home_agent, std::nullopt, false, 7};
    return where == 4 ? laboratory::at_home(home) : laboratory::away(home, one_of(cares_of));
}

void Script::receive_binding_update() {
    const core::Packet packet = packet_of_node();
    wire::BindingUpdate update = binding_update();
    const auto how = octet();
    if (packet.home_address == laboratory::home_keyed && how % 4 != 0) {
        update.options.message_id =
            wire::to_message_id(world_.now.real.time_since_epoch()) + octet();
        update = laboratory::signed_update(update, packet);
        update.options.authentication->authenticator.front() ^= how % 8 == 1 ? 1 : 0;
    }
    remember_and_receive(packet, update);
}

void Script::receive_icmp() {
    static const wire::Address router = laboratory::address("fe80::99");
    const auto kind = octet();
    core::Packet packet = packet_of_node();
    if (kind % 3 == 0) {
        world_.receive(packet, wire::MobilePrefixSolicitation{kind});
    } else if (kind % 3 == 1) {
        world_.receive(packet, wire::HomeAgentDiscoveryRequest{kind, (kind & 4U) != 0});
    } else {
        wire::RouterAdvertisement advertisement{(kind & 8U) != 0, octet(), {}, {}};
        advertisement.prefixes.push_back(
            {64, laboratory::address("2001:db8:88::2"), true, true, true, kind, kind});
        packet.source = router;
        world_.receive(packet, advertisement, laboratory::home_link);
    }
}

wire::BindingUpdate Script::binding_update() {
    static constexpr std::array<std::uint16_t, 4> lifetimes{0, 1, 3, 30};
    const auto kind = octet();
    sequence_ = static_cast<std::uint16_t>(sequence_ + (kind & 7U) - 1);
    auto update = laboratory::binding_update(sequence_, one_of(lifetimes));
    if ((kind & 8U) != 0)
        update.flags |= wire::bu_flag::mobile_router;
    if ((kind & 0x10U) != 0)
        update.flags |= wire::bu_flag::link_local;
    if ((kind & 0x30U) == 0x30U)
        laboratory_prefix(update.options.mobile_network_prefixes);
    if ((kind & 0xc0U) == 0xc0U)
        update.options.alternate_care_of_address = one_of(cares_of);
    return update;
}

wire::BindingUpdate Script::proxy_update() {
    static constexpr std::array<std::uint16_t, 4> lifetimes{30, 0, 2, 30};
    const auto kind = octet();
    const auto options = octet();
    sequence_ = static_cast<std::uint16_t>(sequence_ + (kind & 7U) - 1);
    auto update = laboratory::proxy_update(one_of(identifiers), sequence_, one_of(lifetimes));
    update.options.handoff_indicator = static_cast<std::uint8_t>(kind >> 3 & 7U);
    if ((kind & 0x80U) != 0)
        update.options.link_layer_identifier = {{static_cast<std::uint8_t>(options & 3U)}};
    if ((options & 4U) != 0)
        update.options.timestamp =
            world_.timestamp() - (options & 8U) * 1000U + (options & 0x10U) * 10U;
    if ((options & 0x60U) == 0x60U) {
        update.options.home_network_prefixes.clear();
        laboratory_prefix(update.options.home_network_prefixes);
    }
    if ((options & 0x80U) != 0)
        update.options.link_local_address = wire::Address{};
    return update;
}

void Script::laboratory_prefix(std::vector<wire::PrefixOption>& options) {
    for (int count = 1 + (octet() & 1); count != 0; --count) {
        const wire::Prefix& prefix = one_of(prefixes);
        options.push_back({prefix.length(), prefix.address()});
    }
}

void Script::remember_and_receive(const core::Packet& packet, const wire::BindingUpdate& update) {
    past_.push_back({packet, update});
    world_.receive(packet, update);
}

void Script::replay() {
    if (past_.empty())
        return;
    const auto& [packet, update] = one_of(past_);
    world_.receive(packet, update);
}

void Script::receive_octets() {
    const std::size_t wanted = octet();
    const auto content = wire::parse(octets_.take(std::min(wanted, octets_.size())));
    const core::Packet packet = packet_of_node();
    if (const auto* error = std::get_if<wire::ParseError>(&content))
        world_.receive(packet, *error);
    else
        world_.receive(packet, std::get<wire::Message>(content));
}

void Script::end_transaction() {
    using Outcome = World::Outcome;
    static constexpr std::array outcomes{Outcome::committed, Outcome::committed, Outcome::committed,
                                         Outcome::store_failed, Outcome::kernel_failed};
    if (world_.open.empty())
        return;
    const Outcome outcome = one_of(outcomes);
    world_.end(outcome, world_.first_of_its_kind(octet() % world_.open.size()));
}

void Script::end_probe() {
    using Outcome = core::AddressProbed::Outcome;
    static constexpr std::array outcomes{Outcome::unique, Outcome::unique, Outcome::unique,
                                         Outcome::duplicate, Outcome::failed};
    const Outcome outcome = one_of(outcomes);
    world_.probed(outcome, octet() % world_.probes.size());
}

// Time passes in the middle of transactions as well.
void Script::pass_time(std::chrono::milliseconds unit) {
    world_.wait(unit * octet());
    if (const auto deadline = world_.anchor.next_deadline();
        deadline && *deadline <= world_.now.boot)
        world_.tick();
}

} // namespace anchor6
