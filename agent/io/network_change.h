// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <vector>

#include "io/netlink_socket.h"
#include "io/network_request.h"

namespace anchor6::io {

/// Carries out the requests in their order, in one datagram where they fit. One that is refused
/// stops no other; it comes back as "WHAT: REASON".
std::vector<std::string> carry_out(NetlinkSocket& socket, const NetworkRequests& requests);

/// The same for what must be: throws std::runtime_error with the first refusal.
void require_done(NetlinkSocket& socket, const NetworkRequests& requests);

/// What removes all that a maker has made, in an earlier run as well: routes and addresses,
/// permanent neighbours unless they are to stay, tunnel devices whose name begins with
/// `tunnel_names`, and the rules at last, so that no packet takes a way meanwhile that they closed.
/// Throws std::runtime_error when the kernel does not say.
enum class Neighbours : std::uint8_t { go, stay };
NetworkRequests leftovers(Maker maker, const std::string& tunnel_names,
                          Neighbours neighbours = Neighbours::go);

} // namespace anchor6::io
