// SPDX-License-Identifier: GPL-2.0-or-later
#include "io/router_solicitations.h"

#include <chrono>
#include <utility>

#include "io/clock.h"

namespace anchor6::io {

namespace {

/// MAX_RTR_SOLICITATIONS and RTR_SOLICITATION_INTERVAL of RFC 4861.
constexpr int repetitions = 3;
constexpr std::chrono::seconds interval{4};

} // namespace

RouterSolicitations::RouterSolicitations(EventLoop& loop, Send send)
    : loop_(&loop), send_(std::move(send)) {
    loop.watch_time(timer_, [this] { send_due(); });
}

void RouterSolicitations::begin(const std::string& interface) {
    solicitations_[interface] = {repetitions, now().boot};
    arm();
}

void RouterSolicitations::stop(const std::string& interface) {
    if (solicitations_.erase(interface) != 0)
        arm();
}

void RouterSolicitations::send_due() {
    const core::BootTime time = now().boot;
    for (auto& [interface, solicitation] : solicitations_) {
        if (solicitation.due > time)
            continue;
        send_(interface);
        --solicitation.left;
        solicitation.due = time + interval;
    }
    std::erase_if(solicitations_, [](const auto& entry) { return entry.second.left == 0; });
    arm();
}

void RouterSolicitations::arm() {
    std::optional<core::BootTime> next;
    for (const auto& [interface, solicitation] : solicitations_)
        next = core::earliest({next, solicitation.due});
    loop_->arm(timer_, next);
}

} // namespace anchor6::io
