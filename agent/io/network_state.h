// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "io/netlink_message.h"
#include "wire/address.h"

namespace anchor6::io {

// What rtnetlink tells of the machine's interfaces, asked or unasked. A reader returns nothing for
// a message that is about something else.

struct LinkState {
    std::uint32_t index = 0;
    std::string name;
    /// "dummy", "ip6tnl"; empty: a device of hardware.
    std::string kind;
    /// It is up and has a carrier.
    bool working = false;
};

NetlinkMessage link_dump();
std::optional<LinkState> read_link(const nlmsghdr* message);

struct AddressState {
    std::uint32_t device = 0;
    wire::Address address;
    /// It has passed duplicate address detection, and is not a temporary one (RFC 8981), which goes
    /// away soon.
    bool usable = false;
};

NetlinkMessage address_dump();
std::optional<AddressState> read_address(const nlmsghdr* message);

/// A neighbour that did not answer.
struct NeighbourLost {
    std::uint32_t device = 0;
    wire::Address address;
};

std::optional<NeighbourLost> read_neighbour_lost(const nlmsghdr* message);

} // namespace anchor6::io
