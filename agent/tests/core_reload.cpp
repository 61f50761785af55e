// SPDX-License-Identifier: GPL-2.0-or-later
// A configuration is read again while a million sessions hold prefixes.
#include <chrono>
#include <cstdio>

#include "tests/core_support.h"

#include <CppUTest/MemoryLeakWarningPlugin.h>

using namespace anchor6;
using namespace anchor6::laboratory;
using std::chrono::seconds;

namespace {

using Clock = std::chrono::steady_clock;
constexpr unsigned million = 1000000;

using Milliseconds = std::chrono::duration<double, std::milli>;

/// The /64 of that number inside a /36.
wire::Prefix numbered(wire::Address::Octets octets, unsigned number) {
    for (unsigned octet = 8; octet-- > 4; number >>= 8)
        octets[octet] |= static_cast<std::uint8_t>(number);
    return *wire::Prefix::of(wire::Address{octets}, 64);
}

wire::Prefix assigned_prefix(unsigned number) {
    return numbered({0x20, 0x01, 0x0d, 0xb8, 0x10}, number);
}

std::string identifier(unsigned number) {
    return "n" + std::to_string(number) + "@example.org";
}

/// Sessions of nodes without a prefix of their own; each number is a node.
core::Remembered remembered(unsigned count, unsigned distance) {
    core::Remembered result;
    for (unsigned number = 0; number < count; ++number) {
        core::ProxyBinding session;
        session.id = number + 1;
        session.mn_identifier = identifier(number);
        session.home_network_prefixes = {assigned_prefix(number * distance)};
        session.proxy_care_of_address = mag1;
        session.lma_address = lma;
        session.mag = "mag1";
        session.lifetime = seconds{3600};
        session.expires = core::BootTime{seconds{3600}};
        session.group = 1;
        result.proxy_bindings.push_back(session);
    }
    return result;
}

/// The laboratory with so many more nodes that have prefixes of their own.
core::Config policy_of(unsigned nodes) {
    core::Config result = config();
    for (unsigned number = 0; number < nodes; ++number)
        result.nodes.push_back(node("f" + identifier(number), {assigned_prefix(number * 2 + 1)}));
    return result;
}

/// Ticks until nothing is due any more.
unsigned ticks(core::Anchor& anchor, Milliseconds& longest) {
    unsigned count = 0;
    for (auto due = anchor.next_deadline(); due && *due <= core::BootTime{};
         due = anchor.next_deadline(), ++count) {
        const auto begin = Clock::now();
        anchor.step(core::Tick{}, {});
        longest = std::max<Milliseconds>(longest, Clock::now() - begin);
    }
    return count;
}

void measure(unsigned fixed) {
    // Whoever brings a new policy frees the old one.
    const auto before = core::make_policy(policy_of(fixed));
    core::Anchor anchor{before, remembered(million, 2), {}};
    core::ConfigChanged changed{core::make_policy(policy_of(fixed))};
    changed.slots =
        std::make_shared<std::vector<core::PrefixSlots>>(changed.policy->prefix_plan().slots());
    const auto begin = Clock::now();
    anchor.step(changed, {});
    const Milliseconds change = Clock::now() - begin;
    Milliseconds longest{0};
    const unsigned count = ticks(anchor, longest);
    const Milliseconds whole = Clock::now() - begin;
    std::printf("%u fixed prefixes: %.1f ms for the change, then %u ticks of %.1f ms at most, "
                "%.0f ms in all\n",
                fixed, change.count(), count, longest.count(), whole.count());
}

} // namespace

TEST_GROUP_BASE(reload, CoreTest){};

TEST(reload, prefixes_are_taken_over_in_bounded_steps) {
    core::Anchor anchor{core::make_policy(config()), remembered(5000, 1), {}};
    Milliseconds longest{0};
    LONGS_EQUAL(0, ticks(anchor, longest));
    anchor.step(core::ConfigChanged{core::make_policy(config())}, {});
    LONGS_EQUAL(5, ticks(anchor, longest));
}

// The memory leak detector is off: it takes quadratic time, and the memory of a million sessions
// many times over. `build/unit-tests -ri -g reload` prints the result.
IGNORE_TEST(reload, how_long_a_million_sessions_wait) {
    MemoryLeakWarningPlugin::saveAndDisableNewDeleteOverloads();
    for (const unsigned fixed : {0U, million})
        measure(fixed);
    MemoryLeakWarningPlugin::restoreNewDeleteOverloads();
}
