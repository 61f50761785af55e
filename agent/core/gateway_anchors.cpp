// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/gateway_anchors.h"

#include <algorithm>
#include <set>
#include <utility>

#include "wire/timestamp.h"

namespace anchor6::core {

namespace {

void send(const wire::Address& lma_address, wire::Heartbeat heartbeat, GatewayContext& step) {
    Send send;
    send.source = step.config.address;
    send.destination = lma_address;
    send.message = std::move(heartbeat);
    step.effects.emplace_back(std::move(send));
}

// Clocks that differ by more are not followed: the sums stay within what nanoseconds can hold.
constexpr std::chrono::nanoseconds offset_max = std::chrono::hours{24 * 366 * 50};

bool is_followed(std::chrono::nanoseconds offset) {
    return offset <= offset_max && offset >= -offset_max;
}

wire::Heartbeat response(bool unsolicited, std::uint32_t sequence, std::uint32_t restart_counter) {
    wire::Heartbeat response{true, unsolicited, sequence, {}};
    response.options.restart_counter = restart_counter;
    return response;
}

} // namespace

void GatewayAnchors::configure(const GatewayConfig& config) {
    std::set<wire::Address> named{config.lma_address};
    for (const GatewayNode& node : config.nodes)
        named.insert(node.lma_address.value_or(config.lma_address));
    for (const wire::Address& address : named)
        anchors_[address].status.lma_address = address;
    for (auto& [address, anchor] : anchors_) {
        anchor.status.heartbeats_refused = false;
        if (!named.contains(address) || config.heartbeat_interval.count() == 0) {
            anchor.waits = false;
            due_.clear(address);
        }
    }
    std::erase_if(anchors_, [&](const auto& entry) {
        return !named.contains(entry.first) && entry.second.status.sessions == 0;
    });
}

void GatewayAnchors::announce_loss(std::uint32_t restart_counter, GatewayContext& step) const {
    if (step.config.authentication)
        for (const auto& [address, anchor] : anchors_)
            send(address, response(true, 0, restart_counter), step);
}

void GatewayAnchors::resume(GatewayContext& step) {
    for (const auto& [address, anchor] : anchors_)
        if (!due_.of(address))
            watch(anchor, step);
}

void GatewayAnchors::watch(const Anchor& anchor, GatewayContext& step) {
    const bool asks = step.config.heartbeat_interval.count() != 0 &&
                      !anchor.status.heartbeats_refused && anchor.status.sessions != 0;
    if (asks)
        due_.set(anchor.status.lma_address, step.now.boot);
}

void GatewayAnchors::enter(const wire::Address& lma_address, GatewayContext& step) {
    Anchor& anchor = anchors_[lma_address];
    anchor.status.lma_address = lma_address;
    if (anchor.status.sessions++ == 0)
        watch(anchor, step);
}

// What is not asked any more may have come and gone meanwhile.
void GatewayAnchors::leave(const wire::Address& lma_address) {
    Anchor& anchor = anchors_.at(lma_address);
    if (--anchor.status.sessions != 0)
        return;
    due_.clear(lma_address);
    anchor.waits = false;
    anchor.status.state.reachable = true;
    anchor.status.state.missing = 0;
}

bool GatewayAnchors::receive(const Packet& packet, const wire::Heartbeat& heartbeat,
                             std::uint32_t restart_counter, GatewayContext& step) {
    const auto found = anchors_.find(packet.source);
    if (found == anchors_.end() || !step.config.authentication ||
        packet.destination != step.config.address) {
        step.counters.add(Counter::gateway_heartbeats_of_strangers);
        return false;
    }
    Anchor& anchor = found->second;
    if (!heartbeat.response) {
        step.counters.add(Counter::gateway_heartbeats_answered);
        send(packet.source, response(false, heartbeat.sequence, restart_counter), step);
        return false;
    }
    if (!heartbeat.unsolicited && !(anchor.waits && heartbeat.sequence == anchor.sequence)) {
        step.counters.add(Counter::gateway_heartbeats_unexpected);
        return false;
    }
    return answered(anchor, heartbeat, step);
}

// An anchor that was away may have missed what it was told meanwhile. The first word of an anchor
// after our own start says nothing, unless it says so itself.
bool GatewayAnchors::answered(Anchor& anchor, const wire::Heartbeat& heartbeat,
                              GatewayContext& step) {
    PeerState& state = anchor.status.state;
    anchor.waits = anchor.waits && heartbeat.unsolicited;
    state.missing = 0;
    const bool back = !std::exchange(state.reachable, true);
    if (back)
        step.counters.add(Counter::gateway_anchors_reachable_again);
    const auto& told = heartbeat.options.restart_counter;
    if (!told)
        return back;
    const auto before = std::exchange(state.restart_counter, told);
    const bool restarted = before ? *before != *told : heartbeat.unsolicited;
    if (restarted)
        step.counters.add(Counter::gateway_anchors_restarted);
    return back || restarted;
}

void GatewayAnchors::refuse_heartbeats(const wire::Address& lma_address) {
    const auto found = anchors_.find(lma_address);
    if (found == anchors_.end() || !std::exchange(found->second.waits, false))
        return;
    found->second.status.heartbeats_refused = true;
    found->second.status.state = {};
    due_.clear(lma_address);
}

void GatewayAnchors::ask_when_due(GatewayContext& step) {
    while (const auto address = due_.take_due(step.now.boot))
        ask(anchors_.at(*address), step);
}

void GatewayAnchors::ask(Anchor& anchor, GatewayContext& step) {
    PeerState& state = anchor.status.state;
    due_.set(anchor.status.lma_address, step.now.boot + step.config.heartbeat_interval);
    if (anchor.waits && ++state.missing >= step.config.missing_heartbeats_allowed &&
        std::exchange(state.reachable, false))
        step.counters.add(Counter::gateway_anchors_unreachable);
    anchor.waits = true;
    step.counters.add(Counter::gateway_heartbeats_sent);
    send(anchor.status.lma_address, {false, false, ++anchor.sequence, {}}, step);
}

wire::Timestamp GatewayAnchors::clock(const wire::Address& lma_address, Now now) const {
    const auto found = anchors_.find(lma_address);
    const auto offset =
        found != anchors_.end() ? found->second.status.clock_offset : std::chrono::nanoseconds{0};
    return wire::to_timestamp(now.real.time_since_epoch() + offset);
}

void GatewayAnchors::follow_clock(const wire::Address& lma_address, wire::Timestamp told, Now now) {
    const auto found = anchors_.find(lma_address);
    if (found == anchors_.end())
        return;
    const auto offset = wire::from_timestamp(told) - now.real.time_since_epoch();
    if (is_followed(offset))
        found->second.status.clock_offset = offset;
    found->second.agrees = false;
}

void GatewayAnchors::agree(const wire::Address& lma_address) {
    if (const auto found = anchors_.find(lma_address); found != anchors_.end())
        found->second.agrees = true;
}

// What has worked goes on; what has not may be right now.
void GatewayAnchors::step_clock(std::chrono::nanoseconds step) {
    for (auto& [address, anchor] : anchors_) {
        auto& offset = anchor.status.clock_offset;
        const bool goes_on = anchor.agrees && is_followed(step) && is_followed(offset - step);
        offset = goes_on ? offset - step : std::chrono::nanoseconds{0};
    }
}

std::vector<GatewayAnchorStatus> GatewayAnchors::status() const {
    std::vector<GatewayAnchorStatus> result;
    for (const auto& [address, anchor] : anchors_)
        result.push_back(anchor.status);
    return result;
}

} // namespace anchor6::core
