// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <functional>
#include <map>
#include <string>

#include "core/time.h"
#include "io/event_loop.h"

namespace anchor6::io {

/// When to ask for the routers of a link: at once, and again until one has been heard, three times
/// four seconds apart (RFC 4861 section 6.3.7). The kernel asks when a link comes up; who starts
/// later has missed the answer.
class RouterSolicitations {
public:
    using Send = std::function<void(const std::string& interface)>;

    RouterSolicitations(EventLoop& loop, Send send);

    void begin(const std::string& interface);
    void stop(const std::string& interface);

private:
    struct Solicitation {
        int left = 0;
        core::BootTime due;
    };

    void send_due();
    void arm();

    EventLoop* loop_;
    Send send_;
    std::map<std::string, Solicitation> solicitations_;
    EventSource timer_;
};

} // namespace anchor6::io
