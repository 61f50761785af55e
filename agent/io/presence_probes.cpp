// SPDX-License-Identifier: GPL-2.0-or-later
#include "io/presence_probes.h"

#include <algorithm>

#include "io/clock.h"
#include "io/ethernet.h"

namespace anchor6::io {

namespace {

constexpr int solicitations = 5;
constexpr std::size_t addresses_max = 4;
constexpr std::size_t nodes_max = 16384;

} // namespace

PresenceProbes::PresenceProbes(EventLoop& loop, Solicit solicit, Ended ended)
    : loop_(&loop), solicit_(std::move(solicit)), ended_(std::move(ended)) {
    loop.watch_time(timer_, [this] { proceed(); });
}

void PresenceProbes::begin(const core::AccessPoint& at, std::chrono::milliseconds patience) {
    const core::BootTime time = now().boot;
    const auto interval = std::chrono::nanoseconds{patience} / solicitations;
    probes_[at] = {time + patience, interval};
    deadlines_.set(at, time + interval);
    ask(at);
    loop_->arm(timer_, deadlines_.next());
}

void PresenceProbes::ask(const core::AccessPoint& at) {
    const wire::Address guess = link_local_of(at.link_layer_address);
    solicit_(at, guess);
    if (const auto known = addresses_.find(at); known != addresses_.end())
        for (const wire::Address& address : known->second)
            if (address != guess)
                solicit_(at, address);
}

// Anybody can send from as many link-layer addresses as he likes.
void PresenceProbes::heard(const core::AccessPoint& at, const wire::Address& source) {
    if (source.is_link_local() && (addresses_.size() < nodes_max || addresses_.contains(at))) {
        auto& known = addresses_[at];
        if (std::ranges::find(known, source) == known.end()) {
            if (known.size() == addresses_max)
                known.erase(known.begin());
            known.push_back(source);
        }
    }
    deadlines_.clear(at);
    if (probes_.erase(at) != 0)
        ended_({at, true});
}

void PresenceProbes::proceed() {
    const core::BootTime time = now().boot;
    std::vector<core::AccessPoint> silent;
    while (const auto at = deadlines_.take_due(time)) {
        const Probe& probe = probes_.at(*at);
        if (probe.ends <= time) {
            silent.push_back(*at);
        } else {
            deadlines_.set(*at, std::min(time + probe.interval, probe.ends));
            ask(*at);
        }
    }
    for (const core::AccessPoint& at : silent) {
        probes_.erase(at);
        addresses_.erase(at);
        ended_({at, false});
    }
    loop_->arm(timer_, deadlines_.next());
}

} // namespace anchor6::io
