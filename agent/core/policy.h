// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/config.h"
#include "core/identifier_map.h"
#include "core/prefix_plan.h"
#include "wire/address.h"

namespace anchor6::core {

/// The questions that the roles ask the configuration. MN-Identifiers are compared octet by octet.
/// Never changed, so that one of a million nodes can be made and freed by another thread.
class Policy {
public:
    explicit Policy(Config config);
    Policy(const Policy&) = delete;
    Policy& operator=(const Policy&) = delete;

    const Config& config() const { return config_; }
    const Timers& timers() const { return config_.timers; }
    const Limits& limits() const { return config_.limits; }

    /// The MAG with that address.
    const Mag* mag(const wire::Address& address) const;
    /// May this MAG register that node (RFC 5213 section 4)?
    bool may_serve(const Mag& mag, std::string_view mn_identifier) const;

    /// The profile of a node: its own, else that of the most specific pattern.
    const Node* node(std::string_view mn_identifier) const;
    const Group* group(const Node& node) const;

    const Group* group_of_home_agent(const wire::Address& address) const;
    /// Within a home prefix of any group.
    bool is_home_address(const wire::Address& address) const;
    /// An address of the anchor itself.
    bool is_anchor_address(const wire::Address& address) const;

    const PrefixPlan& prefix_plan() const { return prefix_plan_; }

private:
    void index_mags();
    void index_nodes();
    void index_groups();

    Config config_;
    std::map<wire::Address, std::size_t> mags_;
    std::map<std::string, IdentifierMap, std::less<>> served_;
    IdentifierMap nodes_;
    std::map<std::string, std::size_t, std::less<>> groups_;
    std::map<wire::Address, std::size_t> home_agents_;
    std::set<wire::Address> anchor_addresses_;
    PrefixPlan prefix_plan_;
};

/// What the anchor is told of a configuration.
std::shared_ptr<const Policy> make_policy(Config config);

/// The home prefix of the group that contains the address or the prefix.
const HomePrefix* home_prefix(const Group& group, const wire::Address& address);
const HomePrefix* home_prefix(const Group& group, const wire::Prefix& prefix);

/// Is the prefix within a home prefix of the group?
bool on_home_link(const Group& group, const wire::Prefix& prefix);

} // namespace anchor6::core
