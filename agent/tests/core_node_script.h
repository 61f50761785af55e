// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "tests/core_judge.h"
#include "tests/core_laboratory.h"
#include "tests/core_node_world.h"
#include "tests/core_story.h"
#include "tests/core_world.h"

namespace anchor6 {

/// Octets as a story of a mobile node and its home agent: links come and go, routers speak and fall
/// silent, messages are lost, late, out of order and repeated, kernels and stores refuse.
class NodeScript : Judge {
public:
    /// The first octet says what kind of node it is.
    explicit NodeScript(std::span<const std::uint8_t> octets);

    /// Plays to the end and lets the dust settle. Returns what was found wrong, or nothing.
    std::string play();

    const World& anchor() const { return anchor_; }
    const NodeWorld& node() const { return node_; }

private:
    static constexpr std::size_t mail_most = 16;

    struct Mobility {
        core::Packet packet;
        wire::Message message;
    };
    struct Icmp {
        core::Packet packet;
        wire::IcmpMessage message;
    };
    struct Message {
        bool to_node = false;
        std::variant<Mobility, Icmp> content;
        /// Where it finds the node.
        std::optional<wire::Address> care_of_address;
    };

    std::string first_complaint() const;
    std::uint8_t octet() { return octets_.next(); }
    void act();
    void fly();
    void deliver(const Message& message);
    const wire::Address& home() const { return node_.node.config().home_address; }
    void collect();
    void collect(const core::SendIcmp& send);
    core::Packet packet_from(const wire::Address& care_of) const;
    void work_of_kernels();
    void change_link(std::uint8_t how);
    void hear(const std::string& interface, const wire::Prefix& prefix, std::uint8_t how);
    void rare_act(std::uint8_t how);
    void set_clock() { node_.now = anchor_.now; }
    void pass(core::BootClock::duration time);
    void deliver_all();
    void run_for(std::chrono::seconds time);
    void settle_away();
    void settle_at_home();
    const core::HomeBinding* bound() const;

    Octets octets_;
    World anchor_;
    NodeWorld node_;
    const wire::Address router_ = laboratory::address("fe80::1");
    Mail<Message> mail_{mail_most};
};

} // namespace anchor6
