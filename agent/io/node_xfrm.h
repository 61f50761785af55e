// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <optional>

#include "io/netlink_socket.h"
#include "wire/address.h"

namespace anchor6::io {

/// Route optimisation between a node and its home agent: mobility messages leave with a Home
/// Address option, and come with a type 2 routing header (RFC 6275 sections 6.3, 6.4 and 11.3.1).
/// Of the sub type: a main policy that demands ESP still holds. Failures are std::runtime_error.
class NodeXfrm {
public:
    struct Way {
        wire::Address home_address;
        wire::Address home_agent;
        wire::Address care_of_address;
        friend bool operator==(const Way&, const Way&) = default;
    };

    /// Removes what an earlier run left for the home address.
    explicit NodeXfrm(const wire::Address& home_address);
    NodeXfrm(const NodeXfrm&) = delete;
    NodeXfrm& operator=(const NodeXfrm&) = delete;
    ~NodeXfrm();

    /// Instead of the way before; nothing: neither option nor header.
    void use(const std::optional<Way>& way);
    /// The same for one socket of other messages: solicitations of prefixes, and their answers.
    static void use(int fd, const std::optional<Way>& way);

private:
    void install(const Way& way);
    void remove(const Way& way);
    void remove_leftovers(const wire::Address& home_address);

    NetlinkSocket socket_;
    std::optional<Way> way_;
};

} // namespace anchor6::io
