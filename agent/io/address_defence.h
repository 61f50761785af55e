// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/binding.h"
#include "core/event.h"
#include "io/netlink_socket.h"

namespace anchor6::io {

/// What makes this router answer for addresses on physical home links (RFC 6275 section 10.4.1): a
/// proxy neighbour entry, and for a routable address a route of the one address to the anchor's
/// device, so that the router's own packets find it. Both carry a routing protocol number of ours.
class AddressDefence {
public:
    /// `device`: index of the anchor's device.
    explicit AddressDefence(std::uint32_t device);

    /// Defends or releases, each address on its own; other changes are not for it. One errno a
    /// change, 0: done. A link that is missing or down fails a defence, and no release.
    std::vector<int> apply(std::span<const core::KernelChange> changes);

    /// What is defended now, by whatever run of the agent. Half of it, as a link leaves when it
    /// goes down, is none and is removed. Throws std::runtime_error.
    std::vector<core::DefendedAddress> defended();

private:
    struct Request;

    std::vector<Request> requests_of(const core::KernelChange& change, int& error) const;
    void remove_half(const core::DefendedAddress& address);
    std::vector<core::DefendedAddress> proxies();
    std::vector<wire::Address> routes();

    NetlinkSocket socket_;
    std::uint32_t device_;
};

} // namespace anchor6::io
