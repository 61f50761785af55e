// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include <libmnl/libmnl.h>

#include "io/file_descriptor.h"

namespace anchor6::io {

/// Hears what the kernel tells multicast groups of a netlink bus.
class NetlinkListener {
public:
    /// `bus` as NETLINK_ROUTE. Throws std::system_error.
    NetlinkListener(int bus, std::uint32_t group);

    int fd() const { return fd_.get(); }
    /// Hears another group of the bus as well, in the order of what happens.
    void join(std::uint32_t group);
    /// Messages that carry this port as their sender's are not heard any more.
    void ignore(std::uint32_t port);

    using Visitor = std::function<void(const nlmsghdr*)>;
    /// Hands over what has arrived, a bounded batch at most. False: some was lost.
    bool receive(const Visitor& visit);

private:
    FileDescriptor fd_;
    std::vector<std::uint8_t> buffer_;
};

} // namespace anchor6::io
