// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "wire/address.h"

namespace anchor6::wire {

using Octets = std::vector<std::uint8_t>;

/// A packet of agent/tests/fixtures.
struct Fixture {
    std::string name;
    Octets packet;
};

std::vector<Fixture> all_fixtures();
Octets fixture_packet(std::string_view name);
/// Only its Mobility Header or ICMPv6 message.
Octets fixture_message(std::string_view name);

Octets from_hex(std::string_view hex);
Address address(std::string_view text);
Prefix prefix(std::string_view text);

} // namespace anchor6::wire
