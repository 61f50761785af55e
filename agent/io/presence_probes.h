// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <vector>

#include "core/deadlines.h"
#include "core/gateway_event.h"
#include "core/time.h"
#include "io/event_loop.h"

namespace anchor6::io {

/// Finds out whether a node is still on its link (RFC 5213 section 6.13): asks for the link-local
/// addresses that it was heard with, and for the one that its link-layer address gives, a few times
/// in the time it has. Whatever it says is an answer.
class PresenceProbes {
public:
    using Solicit = std::function<void(const core::AccessPoint&, const wire::Address& target)>;
    using Ended = std::function<void(const core::NodeProbed&)>;

    /// `ended` is called once for each probe, never before begin() has returned.
    PresenceProbes(EventLoop& loop, Solicit solicit, Ended ended);

    /// One that is under way begins again.
    void begin(const core::AccessPoint& at, std::chrono::milliseconds patience);
    /// The node has said something, with that source.
    void heard(const core::AccessPoint& at, const wire::Address& source);

private:
    struct Probe {
        core::BootTime ends;
        std::chrono::nanoseconds interval;
    };

    void ask(const core::AccessPoint& at);
    void proceed();

    EventLoop* loop_;
    Solicit solicit_;
    Ended ended_;
    std::map<core::AccessPoint, Probe> probes_;
    /// When each is to be asked again, or has been silent for too long.
    core::Deadlines<core::AccessPoint> deadlines_;
    /// Of the nodes that were heard, as many as fit.
    std::map<core::AccessPoint, std::vector<wire::Address>> addresses_;
    EventSource timer_;
};

} // namespace anchor6::io
