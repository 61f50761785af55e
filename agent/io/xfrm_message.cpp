// SPDX-License-Identifier: GPL-2.0-or-later
#include "io/xfrm_message.h"

#include <cstring>

#include <netinet/in.h>

namespace anchor6::io {

xfrm_address_t to_xfrm_address(const wire::Address& address) {
    xfrm_address_t result{};
    std::memcpy(&result, address.octets().data(), address.octets().size());
    return result;
}

wire::Address to_address(const xfrm_address_t& address) {
    wire::Address::Octets octets{};
    std::memcpy(octets.data(), &address, octets.size());
    return wire::Address{octets};
}

void set_unlimited(xfrm_lifetime_cfg& lifetime) {
    lifetime.soft_byte_limit = XFRM_INF;
    lifetime.hard_byte_limit = XFRM_INF;
    lifetime.soft_packet_limit = XFRM_INF;
    lifetime.hard_packet_limit = XFRM_INF;
}

xfrm_user_tmpl route_optimisation(std::uint8_t protocol, bool optional) {
    xfrm_user_tmpl result{};
    result.id.proto = protocol;
    result.family = AF_INET6;
    result.mode = XFRM_MODE_ROUTEOPTIMIZATION;
    result.optional = optional ? 1 : 0;
    result.aalgos = result.ealgos = result.calgos = ~0U;
    return result;
}

void put_sub_type(NetlinkMessage& message) {
    xfrm_userpolicy_type type{};
    type.type = XFRM_POLICY_TYPE_SUB;
    message.put_octets(XFRMA_POLICY_TYPE, &type, sizeof(type));
}

} // namespace anchor6::io
