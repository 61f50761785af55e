// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/core_node_world.h"

#include <algorithm>
#include <memory>
#include <utility>
#include <variant>

namespace anchor6 {

NodeWorld::NodeWorld(core::MobileNodeConfig config)
    : now{core::BootTime{std::chrono::hours{1}}, core::RealTime{std::chrono::hours{500'000}}},
      node(std::make_shared<const core::MobileNodeConfig>(std::move(config)), {100, 7}) {
}

NodeWorld::~NodeWorld() = default;

void NodeWorld::tell(const core::MobileNodeEvent& event) {
    step(event);
    while (!preparing.empty() && !hold_paths)
        end_preparation(!refuse_paths);
}

void NodeWorld::end_preparation(bool ready) {
    const core::NodePath path = preparing.front();
    preparing.pop_front();
    if (ready)
        paths.insert_or_assign(path.id, path);
    else
        paths.erase(path.id);
    step(core::PathPrepared{path.id, ready});
}

void NodeWorld::interface(const std::string& name, bool up) {
    tell(core::InterfaceChanged{name, up});
}

void NodeWorld::address(const std::string& interface, const wire::Address& address, bool usable) {
    tell(core::AddressChanged{interface, address, usable});
}

void NodeWorld::hear(const std::string& interface, const wire::Address& router,
                     const wire::RouterAdvertisement& advertisement) {
    core::Packet packet;
    packet.source = router;
    tell(core::IcmpReceived{packet, interface, advertisement});
}

void NodeWorld::receive(const core::Packet& packet, const wire::Message& message) {
    tell(core::MessageReceived{packet, message});
}

void NodeWorld::receive(const core::Packet& packet, const wire::IcmpMessage& message) {
    tell(core::IcmpReceived{packet, {}, message});
}

void NodeWorld::wait(core::BootClock::duration time) {
    now.boot += time;
    now.real += time;
}

void NodeWorld::pass(core::BootClock::duration time) {
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

const core::NodePath* NodeWorld::used_path() const {
    const auto found = paths.find(used);
    return found != paths.end() ? &found->second : nullptr;
}

bool NodeWorld::accepts(const wire::Address& care_of) const {
    return std::ranges::any_of(
        paths, [&](const auto& entry) { return entry.second.care_of_address == care_of; });
}

void NodeWorld::step(const core::MobileNodeEvent& event) {
    for (const core::MobileNodeEffect& effect : node.step(event, now))
        std::visit([this](const auto& what) { take(what); }, effect);
    complain(paths.size() > paths_most, "paths are never released");
}

void NodeWorld::take(const core::PreparePath& effect) {
    last_prepared = effect.path.id;
    preparing.push_back(effect.path);
}

void NodeWorld::take(const core::UsePath& effect) {
    complain(!paths.contains(effect.id), "a path is used that is not prepared");
    used = effect.id;
}

void NodeWorld::take(const core::ReleasePath& effect) {
    complain(effect.id == used, "the path in use is released");
    complain(paths.erase(effect.id) == 0, "a path is released that is not there");
}

void NodeWorld::take(const core::Send& effect) {
    judge(std::get<wire::BindingUpdate>(effect.message));
    sent.push_back(effect);
}

// RFC 6275 11.7.1: what a Binding Update says is where it comes from.
void NodeWorld::judge(const wire::BindingUpdate& update) {
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

} // namespace anchor6
