// SPDX-License-Identifier: GPL-2.0-or-later
#include "io/home_address_policy.h"

#include <algorithm>
#include <stdexcept>

#include <netinet/in.h>

#include "io/log.h"
#include "io/xfrm_message.h"

namespace anchor6::io {

namespace {

constexpr std::uint32_t policy_priority = 9;

// ip xfrm state add src :: dst HA proto hao mode ro coa :: flag wildrecv
NetlinkMessage state_addition(const wire::Address& home_agent) {
    NetlinkMessage message{XFRM_MSG_NEWSA, NLM_F_CREATE | NLM_F_EXCL};
    auto& state = message.extend<xfrm_usersa_info>();
    state.id.daddr = to_xfrm_address(home_agent);
    state.id.proto = IPPROTO_DSTOPTS;
    state.family = AF_INET6;
    state.sel.family = AF_INET6;
    state.mode = XFRM_MODE_ROUTEOPTIMIZATION;
    state.flags = XFRM_STATE_WILDRECV;
    set_unlimited(state.lft);
    message.put(XFRMA_COADDR, wire::Address{});
    return message;
}

NetlinkMessage state_deletion(const wire::Address& home_agent) {
    NetlinkMessage message{XFRM_MSG_DELSA, 0};
    auto& id = message.extend<xfrm_usersa_id>();
    id.daddr = to_xfrm_address(home_agent);
    id.family = AF_INET6;
    id.proto = IPPROTO_DSTOPTS;
    message.put(XFRMA_SRCADDR, wire::Address{});
    return message;
}

// Every Mobility Header message to the address. No type: Linux 6.7 and later match none.
xfrm_selector selector(const wire::Address& home_agent) {
    xfrm_selector selector{};
    selector.daddr = to_xfrm_address(home_agent);
    selector.prefixlen_d = wire::Prefix::max_length;
    selector.family = AF_INET6;
    selector.proto = IPPROTO_MH;
    return selector;
}

// ip xfrm policy add src ::/0 dst HA/128 proto 135 dir in priority 9 ptype sub
//     tmpl src :: dst :: proto hao mode ro level use
NetlinkMessage policy_addition(const wire::Address& home_agent) {
    NetlinkMessage message{XFRM_MSG_UPDPOLICY, 0};
    auto& policy = message.extend<xfrm_userpolicy_info>();
    policy.sel = selector(home_agent);
    policy.priority = policy_priority;
    policy.dir = XFRM_POLICY_IN;
    policy.action = XFRM_POLICY_ALLOW;
    set_unlimited(policy.lft);
    put_sub_type(message);
    const xfrm_user_tmpl option = route_optimisation(IPPROTO_DSTOPTS, true);
    message.put_octets(XFRMA_TMPL, &option, sizeof(option));
    return message;
}

NetlinkMessage policy_deletion(const wire::Address& home_agent) {
    NetlinkMessage message{XFRM_MSG_DELPOLICY, 0};
    auto& id = message.extend<xfrm_userpolicy_id>();
    id.sel = selector(home_agent);
    id.dir = XFRM_POLICY_IN;
    put_sub_type(message);
    return message;
}

void require(const Acknowledgement& acknowledgement, const wire::Address& home_agent,
             const char* what) {
    if (!acknowledgement.ok())
        throw std::runtime_error("xfrm: " + std::string{what} + " for " + home_agent.to_string() +
                                 ": " + acknowledgement.describe());
}

} // namespace

HomeAddressPolicy::~HomeAddressPolicy() {
    for (const wire::Address& home_agent : std::vector{covered_}) {
        try {
            remove(home_agent);
        } catch (const std::exception& error) {
            log::warn("{}", error.what());
        }
    }
}

void HomeAddressPolicy::cover(const std::vector<wire::Address>& home_agents) {
    for (const wire::Address& home_agent : home_agents)
        if (std::ranges::find(covered_, home_agent) == covered_.end())
            install(home_agent);
    for (const wire::Address& home_agent : std::vector{covered_})
        if (std::ranges::find(home_agents, home_agent) == home_agents.end())
            remove(home_agent);
}

void HomeAddressPolicy::install(const wire::Address& home_agent) {
    socket_.transact(state_deletion(home_agent));
    require(socket_.transact(state_addition(home_agent)), home_agent, "state");
    covered_.push_back(home_agent);
    require(socket_.transact(policy_addition(home_agent)), home_agent, "policy");
}

void HomeAddressPolicy::remove(const wire::Address& home_agent) {
    Acknowledgement policy = socket_.transact(policy_deletion(home_agent));
    Acknowledgement state = socket_.transact(state_deletion(home_agent));
    std::erase(covered_, home_agent);
    if (policy.error != ENOENT)
        require(policy, home_agent, "removing the policy");
    if (state.error != ESRCH)
        require(state, home_agent, "removing the state");
}

} // namespace anchor6::io
