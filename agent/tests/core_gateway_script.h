// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "tests/core_gateway_world.h"
#include "tests/core_judge.h"
#include "tests/core_story.h"
#include "tests/core_world.h"

namespace anchor6 {

/// Octets as a story of two gateways and their anchor: nodes come, move and leave, seen or unseen;
/// messages are lost, late, out of order and repeated; kernels and stores refuse; clocks differ.
class GatewayScript : Judge {
public:
    explicit GatewayScript(std::span<const std::uint8_t> octets);

    /// Plays to the end and lets the dust settle. Returns what was found wrong, or nothing.
    std::string play();

    const World& anchor() const { return anchor_; }
    const std::array<GatewayWorld, 2>& gateways() const { return gateways_; }

private:
    static constexpr std::size_t mail_most = 24;

    struct Message {
        wire::Address source;
        wire::Address destination;
        wire::Message content;
    };
    struct Node {
        std::string identifier;
        wire::LinkLayerAddress station;
        /// Where it is; nothing: nowhere.
        std::optional<std::pair<std::size_t, std::string>> place;
    };

    static std::vector<Node> all_nodes();
    static core::GatewayConfig config(std::size_t number);
    std::string first_complaint() const;
    std::uint8_t octet() { return octets_.next(); }
    void act();
    void fly();
    void deliver(const Message& message);
    void collect();
    void fly(const core::Send& send);
    void note_grant(const core::Send& send);
    void judge_forwardings();
    void work_of_kernels();
    bool is_there(std::size_t gateway, const core::AccessPoint& at) const;
    core::AccessPoint place_of(const Node& node) const;
    void move_node();
    void show_node();
    void show(const Node& node, std::uint8_t how);
    void rare_act();
    void step_clock(std::size_t gateway, std::chrono::nanoseconds step);
    void reconfigure(std::size_t number, std::uint8_t how);
    void lie(GatewayWorld& gateway, std::uint8_t how);
    void set_clocks();
    std::optional<core::BootTime> next_deadline() const;
    void tick_due();
    void pass(core::BootClock::duration time);
    void settle();
    void run_until(core::BootTime end);
    void deliver_all();
    void end_work(std::size_t number);
    void see_everybody();
    void judge_served(const Node& node);
    bool is_served_by(const core::ProxyBinding& session, const core::NodeForwarding& forwarding,
                      std::size_t gateway) const;

    Octets octets_;
    World anchor_;
    std::array<GatewayWorld, 2> gateways_;
    std::array<std::chrono::nanoseconds, 2> skew_{std::chrono::seconds{0}, std::chrono::seconds{9}};
    std::vector<Node> nodes_ = all_nodes();
    Mail<Message> mail_{mail_most};
    std::size_t collected_ = 0;
    std::set<std::tuple<wire::Address, std::string, wire::Prefix>> granted_;
};

} // namespace anchor6
