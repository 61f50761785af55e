// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <iterator>
#include <span>
#include <string>
#include <vector>

#include "tests/core_story.h"
#include "tests/core_world.h"

namespace anchor6 {

/// Octets as a story: messages of all kinds, in any order, again and late, transactions that end
/// any way, time, restarts. The laboratory is small, so that stories meet themselves.
class Script {
public:
    explicit Script(std::span<const std::uint8_t> octets);

    /// Plays to the end and lets the dust settle. Returns what was found wrong, or nothing.
    std::string play();

    const World& world() const { return world_; }

private:
    struct Past {
        core::Packet packet;
        wire::BindingUpdate update;
    };

    std::uint8_t octet() { return octets_.next(); }
    template <class Values>
    const auto& one_of(const Values& values) {
        return values[octet() % std::size(values)];
    }
    void act();
    void rare_act();
    /// What a gateway answers, or says of its own: to anything that was ever sent, so that answers
    /// are lost, late, out of order and repeated.
    void act_as_peer();
    void answer_as_peer(const core::Send& sent);
    void revoke_as_peer(const core::Packet& packet);
    core::Packet packet_of_node();
    void receive_binding_update();
    void receive_icmp();
    wire::BindingUpdate binding_update();
    wire::BindingUpdate proxy_update();
    void laboratory_prefix(std::vector<wire::PrefixOption>& options);
    void remember_and_receive(const core::Packet& packet, const wire::BindingUpdate& update);
    void replay();
    void receive_octets();
    void end_transaction();
    void end_probe();
    void pass_time(std::chrono::milliseconds unit);

    Octets octets_;
    World world_;
    std::vector<Past> past_;
    std::uint16_t sequence_ = 65530;
};

} // namespace anchor6
