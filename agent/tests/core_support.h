// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tests/core_laboratory.h"
#include "tests/core_world.h"

#include <CppUTest/TestHarness.h>

namespace anchor6 {

/// What the core's tests have in common: the laboratory with one anchor.
class CoreTest : public Utest {
public:
    CoreTest();
    ~CoreTest() override;
    void setup() override;
    void teardown() override;

    /// The one answer to what was sent since the last call; everything commits.
    core::Send answer_sent();

    wire::BindingAcknowledgement answer();

    void check_silence();

    wire::BindingAcknowledgement send(const core::Packet& packet,
                                      const wire::BindingUpdate& update);

    void check_status(wire::Status expected, const core::Packet& packet,
                      const wire::BindingUpdate& update);

    void check_refused(wire::Status status, core::Counter counter, const core::Packet& packet,
                       const wire::BindingUpdate& update);

    void check_dropped(core::Counter counter, const core::Packet& packet,
                       const wire::Message& message);

    void check_counted(core::Counter counter, std::uint64_t expected);

    void check_accepted(const core::Packet& packet, const wire::BindingUpdate& update);

    std::optional<core::HomeBinding> home_binding(const wire::Address& home) const;

    bool is_bound(const wire::Address& home) const;

    /// The only session of a node.
    core::ProxyBinding session(const std::string& mn_identifier) const;

    std::vector<core::ProxyBinding> sessions(const std::string& mn_identifier) const;

    /// Where a packet to this address is sent; unspecified: nowhere.
    wire::Address far_end(const wire::Address& destination) const;

    void check_far_end(const wire::Address& expected, const wire::Address& destination) const;

    /// A Proxy Binding Update of this moment.
    wire::BindingUpdate timed_proxy_update(const std::string& mn_identifier, std::uint16_t sequence,
                                           std::uint16_t lifetime = laboratory::two_minutes) const;

    std::unique_ptr<World> world;
};

} // namespace anchor6
