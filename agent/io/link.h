// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <string>

#include "io/netlink_socket.h"
#include "wire/address.h"

namespace anchor6::io {

/// The anchor's network device and the routes to it. Failures are std::runtime_error with the
/// kernel's reason.
class Link {
public:
    /// Makes the device when it is missing and sets it up.
    explicit Link(const std::string& name);

    std::uint32_t index() const { return index_; }

    void add_route(const wire::Prefix& prefix);
    /// A route that is not there is no failure.
    void delete_route(const wire::Prefix& prefix);

private:
    bool find(const std::string& name);
    void create(const std::string& name);
    void set_up();

    NetlinkSocket socket_;
    std::uint32_t index_ = 0;
};

} // namespace anchor6::io
