// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/policy.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace anchor6::core {

namespace {

constexpr std::string_view realm_pattern = "*@";

std::optional<std::string_view> realm_of_pattern(std::string_view pattern) {
    if (!pattern.starts_with(realm_pattern))
        return std::nullopt;
    return pattern.substr(realm_pattern.size());
}

// The realm of a network access identifier follows its last "@" (RFC 7542 section 2.2).
std::optional<std::string_view> realm_of(std::string_view mn_identifier) {
    const auto at = mn_identifier.rfind('@');
    if (at == std::string_view::npos)
        return std::nullopt;
    return mn_identifier.substr(at + 1);
}

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
}

void Policy::index_mags() {
    for (std::size_t index = 0; index < config_.mags.size(); ++index) {
        const Mag& mag = config_.mags[index];
        for (const wire::Address& address : mag.addresses)
            mags_.emplace(address, index);
        Patterns& patterns = served_[mag.name];
        for (const std::string& pattern : mag.nodes)
            if (pattern == "*")
                patterns.everybody = true;
            else if (auto realm = realm_of_pattern(pattern))
                patterns.realms.emplace(*realm);
            else
                patterns.identifiers.insert(pattern);
    }
}

void Policy::index_nodes() {
    for (std::size_t index = 0; index < config_.nodes.size(); ++index) {
        const Node& node = config_.nodes[index];
        if (auto realm = realm_of_pattern(node.identifier))
            realms_.emplace(*realm, index);
        else
            nodes_.emplace(node.identifier, index);
    }
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
    auto entry = served_.find(mag.name);
    if (entry == served_.end())
        return false;
    const Patterns& patterns = entry->second;
    const auto realm = realm_of(mn_identifier);
    return patterns.everybody || patterns.identifiers.contains(mn_identifier) ||
           (realm && patterns.realms.contains(*realm));
}

const Node* Policy::node(std::string_view mn_identifier) const {
    if (const Node* own = value_at(nodes_, mn_identifier, config_.nodes))
        return own;
    const auto realm = realm_of(mn_identifier);
    return realm ? value_at(realms_, *realm, config_.nodes) : nullptr;
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
