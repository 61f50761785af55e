// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <linux/xfrm.h>

#include "io/netlink_message.h"
#include "wire/address.h"

namespace anchor6::io {

// What requests to XFRM for route optimisation (RFC 6275 section 6) have in common.

xfrm_address_t to_xfrm_address(const wire::Address& address);
wire::Address to_address(const xfrm_address_t& address);

void set_unlimited(xfrm_lifetime_cfg& lifetime);

/// A template of route optimisation: IPPROTO_DSTOPTS (Home Address option) or IPPROTO_ROUTING (type
/// 2 routing header). Optional: a packet may come without.
xfrm_user_tmpl route_optimisation(std::uint8_t protocol, bool optional);

/// A policy of the sub type.
void put_sub_type(NetlinkMessage& message);

} // namespace anchor6::io
