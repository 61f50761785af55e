// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/gateway.h"
#include "tests/core_judge.h"

namespace anchor6 {

/// A gateway with a clock, a kernel and access links that do what the test says, and a judge that
/// looks at each step. What it found first stands in `complaint`; fuzzers and tests share it.
class GatewayWorld : public Judge {
public:
    explicit GatewayWorld(core::GatewayConfig config, core::GatewaySeed seed = {100, 7});
    ~GatewayWorld();

    void tell(const core::GatewayEvent& event);

    /// The oldest of them ends.
    void end_installation(bool ready);
    void end_probe(bool present);

    void receive(const core::Packet& packet, const wire::Message& message);
    void solicit(const core::AccessPoint& from, const wire::Address& source = {});
    void configure(core::GatewayConfig config);

    void wait(core::BootClock::duration time);
    void tick();
    /// Lets time pass with a Tick at each deadline.
    void pass(core::BootClock::duration time);

    /// The forwarding that a node at this place has.
    const core::NodeForwarding* forwarding(const core::AccessPoint& at) const;
    std::uint64_t count(core::Counter counter) const { return gateway.counters().value(counter); }
    std::optional<core::GatewayNodeStatus> status(const std::string& identifier) const;

    core::Now now;
    core::Gateway gateway;
    std::deque<core::Send> sent;
    std::vector<core::SendToNode> heard;
    std::deque<core::NodeForwarding> installing;
    std::map<core::ForwardingId, core::NodeForwarding> forwardings;
    std::map<core::ForwardingId, std::size_t> removed_while_installing;
    std::deque<core::AccessPoint> probes;
    /// Installations and probes end when the test says so; or they fail.
    bool hold_forwarding = false;
    bool refuse_forwarding = false;
    bool hold_probes = false;
    std::set<core::AccessPoint> absent;

private:
    static constexpr std::size_t judged_most = 64;

    void step(const core::GatewayEvent& event);
    void judge_prefixes(const core::NodeForwarding& fresh);
    void judge_forwardings();
    bool is_granted(const core::NodeForwarding& forwarding) const;
    std::optional<core::GatewayNodeStatus> shown(core::ForwardingId id) const;
    void take(const core::InstallForwarding& effect);
    void take(const core::RemoveForwarding& effect);
    void take(const core::ProbeNode& effect) { probes.push_back(effect.at); }
    void take(const core::SendToNode& effect);
    void judge_lifetimes(const core::AccessPoint& at, const wire::RouterAdvertisement& message);
    void take(const core::Send& effect);
    void judge(const wire::BindingUpdate& update);
    bool is_forwarded(const std::string& identifier) const;
    void note_followed_clock(const core::GatewayEvent& event);

    std::size_t nodes_most;
    std::map<std::string, wire::Timestamp> timestamps;
};

} // namespace anchor6
