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
    wanted_.clear();
    for (const core::Group& group : config.groups)
        for (const core::HomePrefix& home : group.home_prefixes)
            wanted_.push_back(home.prefix);
    withdraw_others();
    std::vector<wire::Prefix> present = kernel_->home_prefixes();
    for (const wire::Prefix& prefix : wanted_) {
        if (!contains(present, prefix))
            kernel_->add_home_prefix(prefix);
        link_->add_route(prefix);
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
