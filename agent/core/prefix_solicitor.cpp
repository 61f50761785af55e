// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/prefix_solicitor.h"

#include <algorithm>
#include <utility>

namespace anchor6::core {

void PrefixSolicitor::start(const wire::Address& home_agent, MobileNodeContext& step) {
    home_agent_ = home_agent;
    wait_ = step.config.timers.initial_solicitation;
    send(step);
}

void PrefixSolicitor::send(MobileNodeContext& step) {
    step.counters.add(Counter::node_prefix_solicitations);
    SendIcmp solicitation;
    solicitation.source = step.config.home_address;
    solicitation.destination = home_agent_;
    solicitation.message = wire::MobilePrefixSolicitation{++identifier_};
    step.effects.emplace_back(std::move(solicitation));
    due_ = step.now.boot + wait_;
    wait_ = std::min<BootClock::duration>(2 * wait_, step.config.timers.retransmission.most);
}

void PrefixSolicitor::resend_when_due(MobileNodeContext& step) {
    if (due_ && *due_ <= step.now.boot)
        send(step);
}

void PrefixSolicitor::receive(const Packet& packet,
                              const wire::MobilePrefixAdvertisement& advertisement,
                              const wire::Address& home_agent, MobileNodeContext& step) {
    const bool ours = packet.source == home_agent && packet.destination == step.config.home_address;
    if (!ours) {
        step.counters.add(Counter::node_prefix_advertisements_ignored);
        return;
    }
    const bool asked = due_ && advertisement.identifier == identifier_;
    step.counters.add(Counter::node_prefix_advertisements);
    learn(advertisement, step);
    if (asked)
        stop();
    else if (!due_)
        start(home_agent, step);
}

void PrefixSolicitor::learn(const wire::MobilePrefixAdvertisement& advertisement,
                            MobileNodeContext& step) {
    for (const wire::PrefixInformation& information : advertisement.prefixes) {
        const auto prefix = wire::Prefix::of(information.prefix, information.length);
        if (!prefix || !prefix->contains(step.config.home_address))
            continue;
        const auto until = [&](std::uint32_t seconds) {
            return step.now.boot + std::chrono::seconds{seconds};
        };
        advertised_ = {until(information.valid_lifetime), until(information.preferred_lifetime)};
    }
}

} // namespace anchor6::core
