// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/policy.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace anchor6::core {

namespace {

template <class Map, class Key, class Value>
const Value* value_at(const Map& map, const Key& key, const std::vector<Value>& values) {
    auto entry = map.find(key);
    return entry == map.end() ? nullptr : &values[entry->second];
}

} // namespace

Policy::Policy(Config config) : config_(std::move(config)) {
    index_mags();
    index_nodes();
    index_groups();
    prefix_plan_ = PrefixPlan{config_};
}

std::shared_ptr<const Policy> make_policy(Config config) {
    return std::make_shared<const Policy>(std::move(config));
}

void Policy::index_mags() {
    for (std::size_t index = 0; index < config_.mags.size(); ++index) {
        const Mag& mag = config_.mags[index];
        for (const wire::Address& address : mag.addresses)
            mags_.emplace(address, index);
        for (const std::string& pattern : mag.nodes)
            served_[mag.name].insert(pattern, index);
    }
}

void Policy::index_nodes() {
    nodes_.reserve(config_.nodes.size());
    for (std::size_t index = 0; index < config_.nodes.size(); ++index)
        nodes_.insert(config_.nodes[index].identifier, index);
}

void Policy::index_groups() {
    for (std::size_t index = 0; index < config_.groups.size(); ++index) {
        const Group& group = config_.groups[index];
        groups_.emplace(group.name, index);
        home_agents_.emplace(group.home_agent_address, index);
        anchor_addresses_.insert({group.home_agent_address, group.lma_address});
    }
}

const Mag* Policy::mag(const wire::Address& address) const {
    return value_at(mags_, address, config_.mags);
}

bool Policy::may_serve(const Mag& mag, std::string_view mn_identifier) const {
    const auto entry = served_.find(mag.name);
    return entry != served_.end() && entry->second.find(mn_identifier).has_value();
}

const Node* Policy::node(std::string_view mn_identifier) const {
    const auto index = nodes_.find(mn_identifier);
    return index ? &config_.nodes[*index] : nullptr;
}

const Group* Policy::group(const Node& node) const {
    return value_at(groups_, node.group, config_.groups);
}

const Group* Policy::group_of_home_agent(const wire::Address& address) const {
    return value_at(home_agents_, address, config_.groups);
}

bool Policy::is_home_address(const wire::Address& address) const {
    return std::ranges::any_of(
        config_.groups, [&](const Group& group) { return home_prefix(group, address) != nullptr; });
}

bool Policy::is_anchor_address(const wire::Address& address) const {
    return anchor_addresses_.contains(address);
}

const HomePrefix* home_prefix(const Group& group, const wire::Address& address) {
    return home_prefix(group, wire::Prefix::host(address));
}

const HomePrefix* home_prefix(const Group& group, const wire::Prefix& prefix) {
    const auto found = std::ranges::find_if(
        group.home_prefixes, [&](const HomePrefix& home) { return home.prefix.contains(prefix); });
    return found == group.home_prefixes.end() ? nullptr : &*found;
}

bool on_home_link(const Group& group, const wire::Prefix& prefix) {
    return home_prefix(group, prefix) != nullptr;
}

} // namespace anchor6::core
