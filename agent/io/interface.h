// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "wire/address.h"
#include "wire/link_layer_address.h"

namespace anchor6::io {

/// Index of the network interface with that name; 0: there is none.
std::uint32_t interface_index(const std::string& name);
/// The same; 0 also when it is down.
std::uint32_t interface_in_use(const std::string& name);
/// Name of the interface with that index; empty: there is none.
std::string interface_name(std::uint32_t index);
/// Its link-layer address; empty: there is no such interface, or it is no Ethernet.
wire::LinkLayerAddress link_layer_address(const std::string& name);
/// A link-local address of the interface.
std::optional<wire::Address> link_local_address(const std::string& name);

} // namespace anchor6::io
