// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <vector>

#include "io/netlink_socket.h"
#include "wire/address.h"

namespace anchor6::io {

/// The XFRM state and policy without which the kernel drops every Binding Update that carries a
/// Home Address option. Of the sub type: a main policy that demands ESP still holds.
class HomeAddressPolicy {
public:
    HomeAddressPolicy() : socket_(NETLINK_XFRM) {}
    HomeAddressPolicy(const HomeAddressPolicy&) = delete;
    HomeAddressPolicy& operator=(const HomeAddressPolicy&) = delete;
    /// Removes what is in place.
    ~HomeAddressPolicy();

    /// Puts it in place for these addresses, over what an earlier agent left, and removes it for
    /// all others. Throws std::runtime_error.
    void cover(const std::vector<wire::Address>& home_agents);

private:
    void install(const wire::Address& home_agent);
    void remove(const wire::Address& home_agent);

    NetlinkSocket socket_;
    std::vector<wire::Address> covered_;
};

} // namespace anchor6::io
