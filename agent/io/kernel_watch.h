// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <functional>
#include <optional>

#include "core/counter.h"
#include "core/event.h"
#include "io/event_loop.h"
#include "io/kernel_client.h"
#include "io/netlink_listener.h"

namespace anchor6::io {

/// What the kernel tells unasked: interfaces come and go, somebody else deletes bindings, a packet
/// is dropped for its Home Address option.
class KernelWatch {
public:
    struct Handlers {
        std::function<void()> interfaces_changed;
        std::function<void()> bindings_deleted;
        /// Of one batch; settle() follows.
        std::function<void(const core::HomeAddressRejected&)> home_address_rejected;
        std::function<void()> settle;
    };

    KernelWatch(EventLoop& loop, const KernelClient& kernel, core::Counters& counters,
                Handlers handlers);

private:
    void on_interfaces();
    void on_bindings();
    void on_reports();

    core::Counters* counters_;
    Handlers handlers_;
    NetlinkListener interfaces_;
    NetlinkListener bindings_;
    NetlinkListener reports_;
    EventSource interface_source_;
    EventSource binding_source_;
    EventSource report_source_;
};

/// What a report of XFRM says of a packet to a home agent; nothing when it is about something else.
std::optional<core::HomeAddressRejected> read_home_address_report(const nlmsghdr* message);

} // namespace anchor6::io
