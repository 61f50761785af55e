// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "tests/core_laboratory.h"
#include "tests/core_world.h"

#include <CppUTest/TestHarness.h>

namespace anchor6 {

/// What the core's tests have in common: the laboratory with one anchor.
class CoreTest : public Utest {
public:
    void setup() override { world = std::make_unique<World>(laboratory::config()); }
    void teardown() override { STRCMP_EQUAL("", world->complaint.c_str()); }

    /// The one answer to what was sent since the last call; everything commits.
    core::Send answer_sent() {
        world->run();
        LONGS_EQUAL(1, static_cast<long>(world->sent.size()));
        core::Send answer = world->sent.front();
        world->sent.clear();
        return answer;
    }

    wire::BindingAcknowledgement answer() {
        return std::get<wire::BindingAcknowledgement>(answer_sent().message);
    }

    void check_silence() {
        world->run();
        LONGS_EQUAL(0, static_cast<long>(world->sent.size()));
    }

    wire::BindingAcknowledgement send(const core::Packet& packet,
                                      const wire::BindingUpdate& update) {
        world->receive(packet, update);
        return answer();
    }

    void check_status(wire::Status expected, const core::Packet& packet,
                      const wire::BindingUpdate& update) {
        STRCMP_EQUAL(std::string{status_text(expected)}.c_str(),
                     std::string{status_text(send(packet, update).status)}.c_str());
    }

    void check_refused(wire::Status status, core::Counter counter, const core::Packet& packet,
                       const wire::BindingUpdate& update) {
        const auto before = world->count(counter);
        const auto home = world->stored_home;
        const auto proxy = world->stored_proxy;
        check_status(status, packet, update);
        check_counted(counter, before + 1);
        CHECK(home == world->stored_home && proxy == world->stored_proxy);
    }

    void check_dropped(core::Counter counter, const core::Packet& packet,
                       const wire::Message& message) {
        const auto before = world->count(counter);
        world->receive(packet, message);
        check_silence();
        check_counted(counter, before + 1);
    }

    void check_counted(core::Counter counter, std::uint64_t expected) {
        UNSIGNED_LONGS_EQUAL_TEXT(expected, world->count(counter),
                                  std::string{counter_name(counter)}.c_str());
    }

    void check_accepted(const core::Packet& packet, const wire::BindingUpdate& update) {
        check_status(wire::Status::accepted, packet, update);
    }

    std::optional<core::HomeBinding> home_binding(const wire::Address& home) const {
        for (const core::HomeBinding& binding : home_bindings(world->anchor))
            if (binding.home_address == home)
                return binding;
        return std::nullopt;
    }

    bool is_bound(const wire::Address& home) const {
        const auto binding = home_binding(home);
        return binding && binding->state == core::HomeBinding::State::active;
    }

    /// The only session of a node.
    core::ProxyBinding session(const std::string& mn_identifier) const {
        const auto all = sessions(mn_identifier);
        LONGS_EQUAL(1, static_cast<long>(all.size()));
        return all.front();
    }

    std::vector<core::ProxyBinding> sessions(const std::string& mn_identifier) const {
        std::vector<core::ProxyBinding> result;
        for (const core::ProxyBinding& session : proxy_bindings(world->anchor))
            if (session.mn_identifier == mn_identifier)
                result.push_back(session);
        return result;
    }

    /// Where a packet to this address is sent; unspecified: nowhere.
    wire::Address far_end(const wire::Address& destination) const {
        const core::KernelBinding* binding = world->route(destination);
        return binding != nullptr ? binding->remote : wire::Address{};
    }

    void check_far_end(const wire::Address& expected, const wire::Address& destination) const {
        STRCMP_EQUAL(expected.to_string().c_str(), far_end(destination).to_string().c_str());
    }

    /// A Proxy Binding Update of this moment.
    wire::BindingUpdate timed_proxy_update(const std::string& mn_identifier, std::uint16_t sequence,
                                           std::uint16_t lifetime = laboratory::two_minutes) const {
        auto update = laboratory::proxy_update(mn_identifier, sequence, lifetime);
        update.options.timestamp = world->timestamp();
        return update;
    }

    std::unique_ptr<World> world;
};

} // namespace anchor6
