// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/anchor.h"

#include <algorithm>
#include <utility>

#include "core/adoption.h"

namespace anchor6::core {

namespace {

// A Tick ends so many bindings; the next one follows at once.
constexpr int ends_per_tick = 1024;

// So many identifiers belong to one run.
constexpr unsigned identifier_bits_of_run = 40;

std::uint64_t last_identifier(const Remembered& remembered) {
    std::uint64_t last = remembered.restarts << identifier_bits_of_run;
    for (const HomeBinding& binding : remembered.home_bindings)
        last = std::max(last, binding.cookie);
    for (const ProxyBinding& binding : remembered.proxy_bindings)
        last = std::max(last, binding.id);
    return last;
}

Counter fault_counter(wire::ParseFault fault) {
    switch (fault) {
    case wire::ParseFault::truncated:
        return Counter::parse_truncated;
    case wire::ParseFault::unknown_type:
        return Counter::parse_unknown_type;
    case wire::ParseFault::bad_payload_proto:
        return Counter::parse_bad_payload_proto;
    case wire::ParseFault::header_too_short:
        return Counter::parse_header_too_short;
    case wire::ParseFault::header_beyond_packet:
        return Counter::parse_header_beyond_packet;
    case wire::ParseFault::bad_option_length:
        return Counter::parse_bad_option_length;
    case wire::ParseFault::duplicate_option:
        return Counter::parse_duplicate_option;
    case wire::ParseFault::unknown_revocation:
        break;
    }
    return Counter::parse_unknown_revocation;
}

} // namespace

Anchor::Anchor(std::shared_ptr<const Policy> policy, const Remembered& remembered, Now now)
    : policy_(std::move(policy)), restart_counter_(remembered.restart_counter),
      bindings_lost_(remembered.bindings_lost), bindings_(last_identifier(remembered)) {
    configure_prefixes(nullptr);
    Effects effects;
    StepContext step = context(now, effects);
    for (const ProxyBinding& binding : remembered.proxy_bindings)
        mobility_anchor_.restore(binding, step);
    for (const RetainedPrefix& retained : remembered.retained_prefixes)
        mobility_anchor_.restore(retained, step);
    for (const HomeBinding& binding : remembered.home_bindings)
        home_agent_.restore(binding, step);
}

StepContext Anchor::context(Now now, Effects& effects) {
    return {*policy_,  prefixes_,     occupancy_, counters_, restart_counter_,
            bindings_, transactions_, now,        effects};
}

Effects Anchor::step(const Event& event, Now now) {
    Effects effects;
    StepContext step = context(now, effects);
    std::visit([&](const auto& what) { handle(what, step); }, event);
    return effects;
}

void Anchor::handle(const MessageReceived& event, StepContext& step) {
    if (const auto* error = std::get_if<wire::ParseError>(&event.content))
        refuse(event.packet, *error, step);
    else
        receive(event.packet, std::get<wire::Message>(event.content), step);
}

void Anchor::receive(const Packet& packet, const wire::Message& message, StepContext& step) {
    if (receive_of_mag(packet, message, step))
        return;
    const auto* update = std::get_if<wire::BindingUpdate>(&message);
    if (update == nullptr) {
        counters_.add(Counter::message_not_for_anchor);
        return;
    }
    const BindingRequest request{packet, *update, step.now, {}, {}};
    if (update->has(wire::bu_flag::proxy_registration)) {
        counters_.add(Counter::proxy_binding_updates);
        mobility_anchor_.receive(request, step);
    } else {
        counters_.add(Counter::binding_updates);
        home_agent_.receive(request, step);
    }
}

bool Anchor::receive_of_mag(const Packet& packet, const wire::Message& message, StepContext& step) {
    return std::visit(
        [&](const auto& value) {
            constexpr bool known = requires {
                mobility_anchor_.receive(packet, value, step);
            };
            if constexpr (known)
                mobility_anchor_.receive(packet, value, step);
            return known;
        },
        message);
}

void Anchor::refuse(const Packet& packet, const wire::ParseError& error, StepContext& step) {
    counters_.add(fault_counter(error.fault));
    if (error.fault == wire::ParseFault::unknown_type)
        report(packet, wire::BindingError::unrecognized_type, step);
}

// RFC 6275 9.3.3: to the source on the wire, with no routing header.
void Anchor::report(const Packet& packet, std::uint8_t status, StepContext& step) {
    const bool answer =
        packet.source.is_routable_unicast() && !packet.destination.is_multicast() &&
        binding_errors_.take(policy_->limits().binding_errors_per_second, step.now.boot);
    counters_.add(answer ? Counter::binding_errors_sent : Counter::binding_errors_suppressed);
    if (!answer)
        return;
    Send send;
    send.source = packet.destination;
    send.destination = packet.source;
    const bool from_home = !packet.home_address && policy_->is_home_address(packet.source);
    send.reply_home = packet.tunnelled || from_home;
    send.interface = from_home && !packet.tunnelled ? packet.interface : 0;
    send.message = wire::BindingError{status, packet.home_address.value_or(wire::Address{})};
    step.effects.emplace_back(std::move(send));
}

// What belongs to neither role removed an unknown binding; the next start would try again.
void Anchor::handle(const TransactionEnded& event, StepContext& step) {
    if (!home_agent_.finish(event, step))
        mobility_anchor_.finish(event, step);
}

void Anchor::handle(const AddressProbed& event, StepContext& step) {
    home_agent_.finish(event, step);
}

void Anchor::handle(const IcmpReceived& event, StepContext& step) {
    if (const auto* request = std::get_if<wire::HomeAgentDiscoveryRequest>(&event.message))
        discovery_.receive(event, *request, step);
    else if (const auto* advertisement = std::get_if<wire::RouterAdvertisement>(&event.message))
        discovery_.receive(event, *advertisement, step);
    else if (const auto* asked = std::get_if<wire::MobilePrefixSolicitation>(&event.message))
        receive(event, *asked, step);
    else
        counters_.add(Counter::icmp_not_for_anchor);
}

void Anchor::receive(const IcmpReceived& received,
                     const wire::MobilePrefixSolicitation& solicitation, StepContext& step) {
    const bool bound =
        prefix_advertiser_.receive(received.packet, solicitation, home_agent_.cache(), step);
    if (!bound && received.packet.home_address)
        report(received.packet, wire::BindingError::unknown_binding, step);
}

// RFC 6275 9.3.1. A node whose binding covers the packet must not lose it over this: a home agent
// is nobody's correspondent, so the packet is dropped all the same.
void Anchor::handle(const HomeAddressRejected& event, StepContext& step) {
    const Packet& packet = event.packet;
    const HomeBinding* binding =
        packet.home_address ? home_agent_.cache().find(*packet.home_address) : nullptr;
    if (binding != nullptr && binding->state == HomeBinding::State::active &&
        binding->care_of_address == packet.source) {
        counters_.add(Counter::home_address_unused);
    } else {
        counters_.add(Counter::home_address_unbound);
        report(packet, wire::BindingError::unknown_binding, step);
    }
}

void Anchor::handle(const Tick& /*event*/, StepContext& step) {
    prefix_advertiser_.look_for_some(home_agent_.cache(), step.now.boot);
    for (int ends = 0; ends < ends_per_tick; ++ends)
        if (!home_agent_.expire_one(step) && !mobility_anchor_.expire_one(step) &&
            !mobility_anchor_.end_one_handoff_delay(step) &&
            !mobility_anchor_.end_one_retention(step) && !mobility_anchor_.end_one_lost(step) &&
            !mobility_anchor_.ask_one_mag(step) && !mobility_anchor_.revoke_one_again(step) &&
            !forget_one_unknown(step) && !take_over_one_prefix(step) &&
            !discovery_.expire_one(step.now.boot) &&
            !prefix_advertiser_.advertise_one(home_agent_.cache(), step))
            return;
}

void Anchor::handle(const KernelDumped& event, StepContext& step) {
    if (std::exchange(bindings_lost_, false))
        Heartbeats::announce_loss(step);
    const Adoption adoption =
        compare_with_kernel(home_agent_, mobility_anchor_, event, step.now.boot);
    for (std::size_t kept = 0; kept < adoption.kept; ++kept)
        counters_.add(Counter::adopted);
    for (const wire::Address& home_address : adoption.missing_home) {
        counters_.add(Counter::reinstalled);
        home_agent_.reinstall(*home_agent_.cache().find(home_address), step);
    }
    for (const std::string& mn_identifier : adoption.missing_proxy) {
        counters_.add(Counter::reinstalled);
        mobility_anchor_.reinstall(mn_identifier, step);
    }
    for (const KernelBinding& binding : adoption.unknown) {
        counters_.add(event.store_clean ? Counter::unknown_removed : Counter::unknown_left);
        if (event.store_clean)
            step.effects.emplace_back(make_removal(step.transactions.next(), binding));
        else
            leave_alone(binding, step);
    }
    for (const DefendedAddress& address : adoption.unknown_defended) {
        counters_.add(event.store_clean ? Counter::defended_released : Counter::defended_left);
        if (event.store_clean)
            step.effects.emplace_back(make_release(step.transactions.next(), address));
    }
}

// Nobody may get an address that packets of somebody else still reach.
void Anchor::leave_alone(const KernelBinding& binding, StepContext& step) {
    const wire::Prefix prefix =
        prefixes_.enclosing(binding.prefix.address()).value_or(binding.prefix);
    const auto known = unknown_.of(prefix);
    if (!known && prefixes_.assignment(prefix.address()))
        return;
    if (!known)
        prefixes_.hold(prefix, {});
    const BootTime ends = step.now.boot + binding.lifetime;
    unknown_.set(prefix, known ? std::max(*known, ends) : ends);
}

bool Anchor::forget_one_unknown(StepContext& step) {
    const auto prefix = unknown_.take_due(step.now.boot);
    if (prefix)
        prefixes_.release(*prefix);
    return prefix.has_value();
}

void Anchor::configure_prefixes(std::vector<PrefixSlots>* slots) {
    std::vector<PrefixSlots> own;
    if (slots == nullptr)
        own = policy_->prefix_plan().slots();
    prefixes_.configure({policy_, &policy_->prefix_plan()}, slots == nullptr ? own : *slots);
}

// What is another node's by the new configuration is kept no longer.
bool Anchor::take_over_one_prefix(StepContext& step) {
    const auto prefix = prefixes_.take_over_one();
    if (prefix)
        mobility_anchor_.reconsider(*prefix, step);
    return prefix.has_value();
}

// Bindings stay; the next message of each is judged by the new rules.
void Anchor::handle(const ConfigChanged& event, StepContext& step) {
    const auto before = std::exchange(policy_, event.policy);
    configure_prefixes(event.slots.get());
    StepContext after = context(step.now, step.effects);
    mobility_anchor_.configure(after);
    prefix_advertiser_.compare(before->config(), policy_->config());
}

void Anchor::handle(const ClockStepped& /*event*/, StepContext& /*step*/) {
    counters_.add(Counter::clock_steps);
}

void Anchor::handle(const RevokeSessions& event, StepContext& step) {
    mobility_anchor_.revoke(event, step);
}

void Anchor::handle(const RevokeMag& event, StepContext& step) {
    mobility_anchor_.revoke(event, step);
}

std::optional<BootTime> Anchor::next_deadline() const {
    if (prefixes_.is_taking_over())
        return BootTime{};
    return earliest({home_agent_.next_deadline(), mobility_anchor_.next_deadline(), unknown_.next(),
                     discovery_.next_deadline(), prefix_advertiser_.next_deadline()});
}

std::optional<SessionPage> Anchor::session_page(SessionPlace from) const {
    const auto& home = home_agent_.cache().bindings();
    const auto& proxy = mobility_anchor_.cache().bindings();
    if (!(from.cache == Cache::home ? home.is_place(from.page) : proxy.is_place(from.page)))
        return std::nullopt;
    SessionPage page;
    if (from.cache == Cache::home) {
        const auto next = home.page(
            from.page, [&](const auto& entry) { page.home_bindings.push_back(entry.second); });
        if (next) {
            page.next = {Cache::home, *next};
            return page;
        }
        from.page = {};
    }
    if (const auto next = proxy.page(
            from.page, [&](const auto& entry) { page.proxy_bindings.push_back(entry.second); }))
        page.next = {Cache::proxy, *next};
    return page;
}

std::vector<ProxyBinding> Anchor::sessions(std::string_view mn_identifier,
                                           std::optional<std::uint64_t> id) const {
    std::vector<ProxyBinding> result;
    for (const ProxyBinding* session : mobility_anchor_.cache().sessions(mn_identifier))
        if (!id || session->id == *id)
            result.push_back(*session);
    return result;
}

MagEntry Anchor::entry(const Mag& mag, BootTime now) const {
    const MagState state = mobility_anchor_.mag_state(mag);
    MagEntry entry{mag.name, state.bindings, state.offset, {}, {}, false};
    if (state.heard)
        entry.silence = now - *state.heard;
    for (const wire::Address& address : mag.addresses) {
        entry.revocation_refused =
            entry.revocation_refused || mobility_anchor_.is_revocation_refused_by(address);
        for (const Group& group : policy_->config().groups)
            if (const PeerPath path{address, group.lma_address};
                const PeerState* peer = mobility_anchor_.peer_state(path))
                entry.paths.push_back({path, *peer});
    }
    return entry;
}

std::vector<MagEntry> Anchor::mags(BootTime now) const {
    std::vector<MagEntry> entries;
    for (const Mag& mag : policy_->config().mags)
        entries.push_back(entry(mag, now));
    return entries;
}

std::vector<HomeAgentEntry> Anchor::home_agents(BootTime now) const {
    std::vector<HomeAgentEntry> entries;
    for (const Group& group : policy_->config().groups) {
        const auto of_group = discovery_.home_agents().of_group(group, now);
        entries.insert(entries.end(), of_group.begin(), of_group.end());
    }
    return entries;
}

} // namespace anchor6::core
