// SPDX-License-Identifier: GPL-2.0-or-later
#include "io/router.h"

namespace anchor6::io {

namespace {

std::vector<wire::Address> home_agents(const core::Config& config) {
    std::vector<wire::Address> addresses;
    for (const core::Group& group : config.groups)
        addresses.push_back(group.home_agent_address);
    return addresses;
}

} // namespace

Router::Router(const Settings& settings, const core::Config& config,
               AddressAnnouncements& announcements)
    : link_(settings.device), kernel_(link_.index(), settings.instance),
      home_prefixes_(kernel_, link_), defence_(link_.index()),
      tables_(kernel_, defence_, announcements) {
    kernel_.set_reply_mark(settings.reply_mark, settings.reply_mask);
    configure(config);
}

void Router::configure(const core::Config& config) {
    home_prefixes_.declare(config);
    home_address_policy_.cover(home_agents(config));
    home_links_.configure(config);
}

core::KernelDumped Router::dump() {
    return {kernel_.bindings(), defence_.defended(), true};
}

} // namespace anchor6::io
