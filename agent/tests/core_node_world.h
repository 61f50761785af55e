// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <algorithm>
#include <chrono>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "core/message_authentication.h"
#include "core/mobile_node.h"
#include "tests/core_laboratory.h"

namespace anchor6 {

/// A mobile node with a clock and a kernel that do what the test says, and a judge that looks at
/// each step. What it found first stands in `complaint`; fuzzers and tests share it.
class NodeWorld {
public:
    explicit NodeWorld(core::MobileNodeConfig config)
        : now{core::BootTime{std::chrono::hours{1}}, core::RealTime{std::chrono::hours{500'000}}},
          node(std::make_shared<const core::MobileNodeConfig>(std::move(config)), {100, 7}) {}

    void tell(const core::MobileNodeEvent& event) {
        step(event);
        while (!preparing.empty() && !hold_paths)
            end_preparation(!refuse_paths);
    }

    /// The oldest preparation ends.
    void end_preparation(bool ready) {
        const core::NodePath path = preparing.front();
        preparing.pop_front();
        if (ready)
            paths.insert_or_assign(path.id, path);
        else
            paths.erase(path.id);
        step(core::PathPrepared{path.id, ready});
    }

    void interface(const std::string& name, bool up) { tell(core::InterfaceChanged{name, up}); }
    void address(const std::string& interface, const wire::Address& address, bool usable = true) {
        tell(core::AddressChanged{interface, address, usable});
    }
    void hear(const std::string& interface, const wire::Address& router,
              const wire::RouterAdvertisement& advertisement) {
        core::Packet packet;
        packet.source = router;
        tell(core::IcmpReceived{packet, interface, advertisement});
    }
    void receive(const core::Packet& packet, const wire::Message& message) {
        tell(core::MessageReceived{packet, message});
    }
    void receive(const core::Packet& packet, const wire::IcmpMessage& message) {
        tell(core::IcmpReceived{packet, {}, message});
    }

    void wait(core::BootClock::duration time) {
        now.boot += time;
        now.real += time;
    }
    /// Lets time pass with a Tick at each deadline.
    void pass(core::BootClock::duration time) {
        const core::BootTime end = now.boot + time;
        while (node.next_deadline() && *node.next_deadline() <= end) {
            wait(std::max(*node.next_deadline() - now.boot, core::BootClock::duration{0}));
            tell(core::Tick{});
            complain(node.next_deadline() && *node.next_deadline() <= now.boot,
                     "a Tick leaves a deadline that has passed");
            if (!complaint.empty())
                return;
        }
        wait(end - now.boot);
    }

    /// The path that everything takes.
    const core::NodePath* used_path() const {
        const auto found = paths.find(used);
        return found != paths.end() ? &found->second : nullptr;
    }
    /// Whether packets to the care-of address are accepted.
    bool accepts(const wire::Address& care_of) const {
        return std::ranges::any_of(
            paths, [&](const auto& entry) { return entry.second.care_of_address == care_of; });
    }

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
    std::string complaint;

private:
    static constexpr std::size_t paths_most = 64;

    void complain(bool bad, const char* what) {
        if (bad && complaint.empty())
            complaint = what;
    }

    void step(const core::MobileNodeEvent& event) {
        for (const core::MobileNodeEffect& effect : node.step(event, now))
            std::visit([this](const auto& what) { take(what); }, effect);
        complain(paths.size() > paths_most, "paths are never released");
    }

    void take(const core::PreparePath& effect) {
        last_prepared = effect.path.id;
        preparing.push_back(effect.path);
    }
    void take(const core::UsePath& effect) {
        complain(!paths.contains(effect.id), "a path is used that is not prepared");
        used = effect.id;
    }
    void take(const core::ReleasePath& effect) {
        complain(effect.id == used, "the path in use is released");
        complain(paths.erase(effect.id) == 0, "a path is released that is not there");
    }
    void take(const core::ProbeRouter& effect) { probes.push_back(effect); }
    void take(const core::AnnounceReturn& effect) { announced.push_back(effect); }
    void take(const core::SendIcmp& effect) { icmp_sent.push_back(effect); }
    void take(const core::Send& effect) {
        judge(std::get<wire::BindingUpdate>(effect.message));
        sent.push_back(effect);
    }

    // RFC 6275 11.7.1: what a Binding Update says is where it comes from.
    void judge(const wire::BindingUpdate& update) {
        const auto path = paths.find(last_prepared);
        complain(path == paths.end(), "a Binding Update leaves before its path is prepared");
        if (path == paths.end())
            return;
        complain(update.options.alternate_care_of_address != path->second.care_of_address,
                 "a Binding Update names another care-of address than its path's");
        complain(path->second.at_home() && (update.lifetime != 0 || used != last_prepared),
                 "a Binding Update from home registers, or takes another way");
        complain(last_sequence && update.sequence == *last_sequence,
                 "two Binding Updates have one sequence number");
        last_sequence = update.sequence;
    }

    std::optional<std::uint16_t> last_sequence;
};

} // namespace anchor6
