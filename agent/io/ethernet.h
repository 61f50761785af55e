// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "wire/address.h"
#include "wire/link_layer_address.h"

namespace anchor6::io {

/// The link-local address that an Ethernet address gives, modified EUI-64 (RFC 4291 appendix A).
/// Unspecified when the address is none of Ethernet.
wire::Address link_local_of(const wire::LinkLayerAddress& address);

} // namespace anchor6::io
