// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "core/binding.h"
#include "wire/message.h"

namespace anchor6::tests {

inline wire::Address address(const char* text) {
    return *wire::Address::parse(text);
}
inline wire::Prefix prefix(const char* text) {
    return *wire::Prefix::parse(text);
}

/// Each member has a value of its own, most of them the largest.
inline core::HomeBinding home_binding() {
    core::HomeBinding binding;
    binding.home_address = address("2001:db8:77:1::10");
    binding.care_of_address = address("2001:db8:c::10");
    binding.home_agent = address("2001:db8:1::1");
    binding.prefixes = {prefix("2001:db8:77:1::10/128"), prefix("2001:db8:77:8::/61")};
    binding.sequence = 65535;
    binding.flags = wire::bu_flag::acknowledge | wire::bu_flag::mobile_router;
    binding.lifetime = std::chrono::seconds{262140};
    binding.expires = core::BootTime{std::chrono::seconds{1814}};
    binding.group = 4000000000U;
    binding.cookie = UINT64_MAX;
    binding.node = "mn1@example.org";
    binding.link = "eth1";
    binding.message_id = UINT64_MAX;
    return binding;
}

inline core::ProxyBinding proxy_binding() {
    core::ProxyBinding binding;
    binding.id = (std::uint64_t{1} << 63U) + 5;
    binding.mn_identifier = std::string{"mn\0\xff", 4};
    binding.access_technology = 4;
    binding.link_layer_identifier = {0, 1, 2};
    binding.link_local_address = address("fe80::1");
    binding.home_network_prefixes = {prefix("2001:db8:77:1::/64")};
    binding.proxy_care_of_address = address("2001:db8:a::1");
    binding.lma_address = address("2001:db8:1::1");
    binding.mag = "mag1";
    binding.sequence = 3;
    binding.timestamp = UINT64_MAX;
    binding.handoff_indicator = 5;
    binding.lifetime = std::chrono::seconds{300};
    binding.expires = core::BootTime{std::chrono::seconds{1815}};
    binding.state = core::ProxyBinding::State::being_deleted;
    return binding;
}

} // namespace anchor6::tests
