// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/heartbeat.h"

#include <utility>

namespace anchor6::core {

namespace {

const Mag* mag_to_ask(const PeerPath& path, const Policy& policy) {
    const Mag* mag = policy.mag(path.proxy_care_of_address);
    const bool asks =
        mag != nullptr && mag->heartbeat && policy.timers().heartbeat_interval.count() != 0;
    return asks ? mag : nullptr;
}

// A session being deleted is no longer its MAG's.
std::optional<PeerPath> shared_path(const std::optional<ProxyBinding>& session) {
    const bool active = session && session->state == ProxyBinding::State::active;
    return active ? std::optional{path_of(*session)} : std::nullopt;
}

void send(const PeerPath& path, wire::Heartbeat heartbeat, StepContext& step) {
    Send send;
    send.source = path.lma_address;
    send.destination = path.proxy_care_of_address;
    send.message = std::move(heartbeat);
    step.effects.emplace_back(std::move(send));
}

bool is_lma_address(const Policy& policy, const wire::Address& address) {
    for (const Group& group : policy.config().groups)
        if (group.lma_address == address)
            return true;
    return false;
}

} // namespace

void Heartbeats::announce_loss(StepContext& step) {
    wire::Heartbeat announcement{true, true, 0, {}};
    announcement.options.restart_counter = step.restart_counter;
    for (const Group& group : step.policy.config().groups)
        for (const Mag& mag : step.policy.config().mags)
            for (const wire::Address& address : mag.addresses)
                if (mag.authentication)
                    send({address, group.lma_address}, announcement, step);
}

Heartbeats::Lost Heartbeats::receive(const Packet& packet, const wire::Heartbeat& heartbeat,
                                     StepContext& step) {
    const Mag* mag = step.policy.mag(packet.source);
    if (mag == nullptr || !mag->authentication ||
        !is_lma_address(step.policy, packet.destination)) {
        step.counters.add(Counter::heartbeats_of_strangers);
        return std::nullopt;
    }
    const PeerPath path{packet.source, packet.destination};
    if (!heartbeat.response) {
        step.counters.add(Counter::heartbeats_answered);
        wire::Heartbeat answer{true, false, heartbeat.sequence, {}};
        answer.options.restart_counter = step.restart_counter;
        send(path, std::move(answer), step);
        return std::nullopt;
    }
    const auto entry = paths_.find(path);
    const bool expected = entry != paths_.end() &&
                          (heartbeat.unsolicited ||
                           (entry->second.waits && heartbeat.sequence == entry->second.sequence));
    if (!expected) {
        step.counters.add(Counter::heartbeats_unexpected);
        return std::nullopt;
    }
    return answered(path, entry->second, heartbeat, *mag, step);
}

Heartbeats::Lost Heartbeats::answered(const PeerPath& path, Watched& watched,
                                      const wire::Heartbeat& heartbeat, const Mag& mag,
                                      StepContext& step) {
    PeerState& state = watched.state;
    watched.waits = watched.waits && heartbeat.unsolicited;
    state.missing = 0;
    if (!std::exchange(state.reachable, true))
        step.counters.add(Counter::mags_reachable_again);
    const auto& told = heartbeat.options.restart_counter;
    if (!told)
        return std::nullopt;
    const auto before = std::exchange(state.restart_counter, told);
    // The first word of a MAG after our own start says nothing, unless it says so itself.
    const bool restarted = before ? *before != *told : heartbeat.unsolicited;
    if (!restarted)
        return std::nullopt;
    step.counters.add(Counter::mags_restarted);
    return mag.end_sessions_when_restarted ? Lost{path} : std::nullopt;
}

Heartbeats::Lost Heartbeats::missed(const PeerPath& path, Watched& watched, const Mag& mag,
                                    StepContext& step) {
    PeerState& state = watched.state;
    ++state.missing;
    if (!state.reachable || state.missing < step.policy.timers().missing_heartbeats_allowed)
        return std::nullopt;
    state.reachable = false;
    step.counters.add(Counter::mags_unreachable);
    return mag.end_sessions_when_unreachable ? Lost{path} : std::nullopt;
}

void Heartbeats::note(const std::optional<ProxyBinding>& before,
                      const std::optional<ProxyBinding>& after, const StepContext& step) {
    const auto old = shared_path(before);
    const auto fresh = shared_path(after);
    if (old == fresh)
        return;
    if (fresh && paths_[*fresh].sessions++ == 0 && mag_to_ask(*fresh, step.policy) != nullptr)
        due_.set(*fresh, step.now.boot);
    if (!old)
        return;
    const auto entry = paths_.find(*old);
    if (--entry->second.sessions != 0)
        return;
    due_.clear(*old);
    paths_.erase(entry);
}

void Heartbeats::configure(const StepContext& step) {
    for (auto& [path, watched] : paths_) {
        if (mag_to_ask(path, step.policy) == nullptr) {
            due_.clear(path);
            watched.waits = false;
        } else if (!due_.of(path)) {
            due_.set(path, step.now.boot);
        }
    }
}

bool Heartbeats::ask_one(StepContext& step, Lost& lost) {
    const auto path = due_.take_due(step.now.boot);
    if (!path)
        return false;
    const Mag* mag = mag_to_ask(*path, step.policy);
    if (mag == nullptr)
        return true;
    due_.set(*path, step.now.boot + step.policy.timers().heartbeat_interval);
    Watched& watched = paths_.at(*path);
    if (watched.waits)
        lost = missed(*path, watched, *mag, step);
    watched.waits = true;
    step.counters.add(Counter::heartbeats_sent);
    send(*path, {false, false, ++watched.sequence, {}}, step);
    return true;
}

const PeerState* Heartbeats::find(const PeerPath& path) const {
    const auto entry = paths_.find(path);
    return entry == paths_.end() ? nullptr : &entry->second.state;
}

} // namespace anchor6::core
