// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/mobile_node.h"
#include "tests/core_judge.h"

namespace anchor6 {

/// A mobile node with a clock and a kernel that do what the test says, and a judge that looks at
/// each step. What it found first stands in `complaint`; fuzzers and tests share it.
class NodeWorld : public Judge {
public:
    explicit NodeWorld(core::MobileNodeConfig config);
    ~NodeWorld();

    void tell(const core::MobileNodeEvent& event);

    /// The oldest preparation ends.
    void end_preparation(bool ready);

    void interface(const std::string& name, bool up);
    void address(const std::string& interface, const wire::Address& address, bool usable = true);
    void hear(const std::string& interface, const wire::Address& router,
              const wire::RouterAdvertisement& advertisement);
    void receive(const core::Packet& packet, const wire::Message& message);
    void receive(const core::Packet& packet, const wire::IcmpMessage& message);

    void wait(core::BootClock::duration time);
    /// Lets time pass with a Tick at each deadline.
    void pass(core::BootClock::duration time);

    /// The path that everything takes.
    const core::NodePath* used_path() const;
    /// Whether packets to the care-of address are accepted.
    bool accepts(const wire::Address& care_of) const;

    std::uint64_t count(core::Counter counter) const { return node.counters().value(counter); }
    core::MobileNodeStatus status() const { return node.status(now.boot); }

    core::Now now;
    core::MobileNode node;
    std::vector<core::Send> sent;
    std::vector<core::SendIcmp> icmp_sent;
    std::vector<core::ProbeRouter> probes;
    std::vector<core::AnnounceReturn> announced;
    std::deque<core::NodePath> preparing;
    std::map<core::PathId, core::NodePath> paths;
    core::PathId used = 0;
    core::PathId last_prepared = 0;
    /// Preparations end when the test says so; or they fail.
    bool hold_paths = false;
    bool refuse_paths = false;

private:
    static constexpr std::size_t paths_most = 64;

    void step(const core::MobileNodeEvent& event);
    void take(const core::PreparePath& effect);
    void take(const core::UsePath& effect);
    void take(const core::ReleasePath& effect);
    void take(const core::ProbeRouter& effect) { probes.push_back(effect); }
    void take(const core::AnnounceReturn& effect) { announced.push_back(effect); }
    void take(const core::SendIcmp& effect) { icmp_sent.push_back(effect); }
    void take(const core::Send& effect);
    void judge(const wire::BindingUpdate& update);

    std::optional<std::uint16_t> last_sequence;
};

} // namespace anchor6
