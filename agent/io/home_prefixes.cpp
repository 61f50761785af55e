// SPDX-License-Identifier: GPL-2.0-or-later
#include "io/home_prefixes.h"

#include <algorithm>

namespace anchor6::io {

namespace {

bool contains(const std::vector<wire::Prefix>& prefixes, const wire::Prefix& prefix) {
    return std::ranges::find(prefixes, prefix) != prefixes.end();
}

} // namespace

void HomePrefixes::declare(const core::Config& config) {
    std::vector<core::HomePrefix> homes;
    for (const core::Group& group : config.groups)
        homes.insert(homes.end(), group.home_prefixes.begin(), group.home_prefixes.end());
    wanted_.clear();
    for (const core::HomePrefix& home : homes)
        wanted_.push_back(home.prefix);
    withdraw_others();
    std::vector<wire::Prefix> present = kernel_->home_prefixes();
    for (const core::HomePrefix& home : homes) {
        if (!contains(present, home.prefix))
            kernel_->add_home_prefix(home.prefix);
        if (home.link.empty())
            link_->add_route(home.prefix);
        else
            link_->delete_route(home.prefix);
    }
}

bool HomePrefixes::withdraw_others() {
    bool complete = true;
    for (const wire::Prefix& prefix : kernel_->home_prefixes()) {
        if (contains(wanted_, prefix))
            continue;
        if (kernel_->withdraw_home_prefix(prefix))
            link_->delete_route(prefix);
        else
            complete = false;
    }
    return complete;
}

} // namespace anchor6::io
