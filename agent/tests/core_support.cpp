// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/core_support.h"

#include <variant>

namespace anchor6 {

CoreTest::CoreTest() = default;

CoreTest::~CoreTest() = default;

void CoreTest::setup() {
    world = std::make_unique<World>(laboratory::config());
}

void CoreTest::teardown() {
    STRCMP_EQUAL("", world->complaint.c_str());
}

core::Send CoreTest::answer_sent() {
    world->run();
    LONGS_EQUAL(1, static_cast<long>(world->sent.size()));
    core::Send answer = world->sent.front();
    world->sent.clear();
    return answer;
}

wire::BindingAcknowledgement CoreTest::answer() {
    return std::get<wire::BindingAcknowledgement>(answer_sent().message);
}

void CoreTest::check_silence() {
    world->run();
    LONGS_EQUAL(0, static_cast<long>(world->sent.size()));
}

wire::BindingAcknowledgement CoreTest::send(const core::Packet& packet,
                                            const wire::BindingUpdate& update) {
    world->receive(packet, update);
    return answer();
}

void CoreTest::check_status(wire::Status expected, const core::Packet& packet,
                            const wire::BindingUpdate& update) {
    STRCMP_EQUAL(std::string{status_text(expected)}.c_str(),
                 std::string{status_text(send(packet, update).status)}.c_str());
}

void CoreTest::check_refused(wire::Status status, core::Counter counter, const core::Packet& packet,
                             const wire::BindingUpdate& update) {
    const auto before = world->count(counter);
    const auto home = world->stored_home;
    const auto proxy = world->stored_proxy;
    check_status(status, packet, update);
    check_counted(counter, before + 1);
    CHECK(home == world->stored_home && proxy == world->stored_proxy);
}

void CoreTest::check_dropped(core::Counter counter, const core::Packet& packet,
                             const wire::Message& message) {
    const auto before = world->count(counter);
    world->receive(packet, message);
    check_silence();
    check_counted(counter, before + 1);
}

void CoreTest::check_counted(core::Counter counter, std::uint64_t expected) {
    UNSIGNED_LONGS_EQUAL_TEXT(expected, world->count(counter),
                              std::string{counter_name(counter)}.c_str());
}

void CoreTest::check_accepted(const core::Packet& packet, const wire::BindingUpdate& update) {
    check_status(wire::Status::accepted, packet, update);
}

std::optional<core::HomeBinding> CoreTest::home_binding(const wire::Address& home) const {
    for (const core::HomeBinding& binding : home_bindings(world->anchor))
        if (binding.home_address == home)
            return binding;
    return std::nullopt;
}

bool CoreTest::is_bound(const wire::Address& home) const {
    const auto binding = home_binding(home);
    return binding && binding->state == core::HomeBinding::State::active;
}

core::ProxyBinding CoreTest::session(const std::string& mn_identifier) const {
    const auto all = sessions(mn_identifier);
    LONGS_EQUAL(1, static_cast<long>(all.size()));
    return all.front();
}

std::vector<core::ProxyBinding> CoreTest::sessions(const std::string& mn_identifier) const {
    std::vector<core::ProxyBinding> result;
    for (const core::ProxyBinding& session : proxy_bindings(world->anchor))
        if (session.mn_identifier == mn_identifier)
            result.push_back(session);
    return result;
}

wire::Address CoreTest::far_end(const wire::Address& destination) const {
    const core::KernelBinding* binding = world->route(destination);
    return binding != nullptr ? binding->remote : wire::Address{};
}

void CoreTest::check_far_end(const wire::Address& expected,
                             const wire::Address& destination) const {
    STRCMP_EQUAL(expected.to_string().c_str(), far_end(destination).to_string().c_str());
}

wire::BindingUpdate CoreTest::timed_proxy_update(const std::string& mn_identifier,
                                                 std::uint16_t sequence,
                                                 std::uint16_t lifetime) const {
    auto update = laboratory::proxy_update(mn_identifier, sequence, lifetime);
    update.options.timestamp = world->timestamp();
    return update;
}

} // namespace anchor6
