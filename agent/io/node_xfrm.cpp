// SPDX-License-Identifier: GPL-2.0-or-later
#include "io/node_xfrm.h"

#include <stdexcept>
#include <utility>

#include <netinet/in.h>
#include <sys/socket.h>

#include "io/log.h"
#include "io/system_error.h"
#include "io/xfrm_message.h"

namespace anchor6::io {

namespace {

constexpr std::uint32_t policy_priority = 9;

/// One of the two directions.
struct Direction {
    wire::Address source;
    wire::Address destination;
    std::uint8_t protocol = 0;
    std::uint8_t policy = 0;
};

Direction outward(const NodeXfrm::Way& way) {
    return {way.home_address, way.home_agent, IPPROTO_DSTOPTS, XFRM_POLICY_OUT};
}

Direction inward(const NodeXfrm::Way& way) {
    return {way.home_agent, way.home_address, IPPROTO_ROUTING, XFRM_POLICY_IN};
}

// ip xfrm state add src SOURCE dst DESTINATION proto hao|route2 mode ro coa CARE-OF
NetlinkMessage state_addition(const Direction& direction, const wire::Address& care_of_address) {
    NetlinkMessage message{XFRM_MSG_NEWSA, NLM_F_CREATE | NLM_F_EXCL};
    auto& state = message.extend<xfrm_usersa_info>();
    state.saddr = to_xfrm_address(direction.source);
    state.id.daddr = to_xfrm_address(direction.destination);
    state.id.proto = direction.protocol;
    state.family = AF_INET6;
    state.sel.family = AF_INET6;
    state.mode = XFRM_MODE_ROUTEOPTIMIZATION;
    set_unlimited(state.lft);
    message.put(XFRMA_COADDR, care_of_address);
    return message;
}

NetlinkMessage state_deletion(const Direction& direction) {
    NetlinkMessage message{XFRM_MSG_DELSA, 0};
    auto& id = message.extend<xfrm_usersa_id>();
    id.daddr = to_xfrm_address(direction.destination);
    id.family = AF_INET6;
    id.proto = direction.protocol;
    message.put(XFRMA_SRCADDR, direction.source);
    return message;
}

xfrm_selector selector(const Direction& direction, std::uint8_t protocol) {
    xfrm_selector selector{};
    selector.saddr = to_xfrm_address(direction.source);
    selector.daddr = to_xfrm_address(direction.destination);
    selector.prefixlen_s = selector.prefixlen_d = wire::Prefix::max_length;
    selector.family = AF_INET6;
    selector.proto = protocol;
    return selector;
}

xfrm_userpolicy_info policy_of(const Direction& direction, std::uint8_t protocol) {
    xfrm_userpolicy_info policy{};
    policy.sel = selector(direction, protocol);
    policy.priority = policy_priority;
    policy.dir = direction.policy;
    policy.action = XFRM_POLICY_ALLOW;
    set_unlimited(policy.lft);
    return policy;
}

// What comes in was checked against the state already, if it has a routing header at all.
xfrm_user_tmpl template_of(const Direction& direction) {
    return route_optimisation(direction.protocol, direction.policy == XFRM_POLICY_IN);
}

// ip xfrm policy add src SOURCE dst DESTINATION proto 135 dir in|out priority 9 ptype sub
//     tmpl src :: dst :: proto hao|route2 mode ro level use|required
NetlinkMessage policy_addition(const Direction& direction) {
    NetlinkMessage message{XFRM_MSG_UPDPOLICY, 0};
    message.extend<xfrm_userpolicy_info>() = policy_of(direction, IPPROTO_MH);
    put_sub_type(message);
    const xfrm_user_tmpl option = template_of(direction);
    message.put_octets(XFRMA_TMPL, &option, sizeof(option));
    return message;
}

NetlinkMessage policy_deletion(const xfrm_selector& selector, std::uint8_t direction) {
    NetlinkMessage message{XFRM_MSG_DELPOLICY, 0};
    auto& id = message.extend<xfrm_userpolicy_id>();
    id.sel = selector;
    id.dir = direction;
    put_sub_type(message);
    return message;
}

void require(const Acknowledgement& acknowledgement, const Direction& direction, const char* what) {
    if (!acknowledgement.ok())
        throw std::runtime_error("xfrm: " + std::string{what} + " to " +
                                 direction.destination.to_string() + ": " +
                                 acknowledgement.describe());
}

/// A state of route optimisation that begins or ends at the home address.
std::optional<Direction> state_of(const nlmsghdr* message, const wire::Address& home_address) {
    const auto* state = fixed_part<xfrm_usersa_info>(message);
    if (state == nullptr)
        return {};
    Direction direction{to_address(state->saddr), to_address(state->id.daddr), state->id.proto, 0};
    const bool ours =
        state->family == AF_INET6 &&
        ((direction.protocol == IPPROTO_DSTOPTS && direction.source == home_address) ||
         (direction.protocol == IPPROTO_ROUTING && direction.destination == home_address));
    return ours ? std::optional{direction} : std::nullopt;
}

std::optional<xfrm_userpolicy_info> policy_of(const nlmsghdr* message,
                                              const wire::Address& home_address) {
    const auto* policy = fixed_part<xfrm_userpolicy_info>(message);
    if (policy == nullptr)
        return {};
    NetlinkAttributes<XFRMA_POLICY_TYPE> attributes{message, sizeof(*policy)};
    const auto type = attributes.value<xfrm_userpolicy_type>(XFRMA_POLICY_TYPE);
    const xfrm_address_t& end =
        policy->dir == XFRM_POLICY_OUT ? policy->sel.saddr : policy->sel.daddr;
    const bool ours = type && type->type == XFRM_POLICY_TYPE_SUB &&
                      policy->sel.family == AF_INET6 && policy->sel.proto == IPPROTO_MH &&
                      to_address(end) == home_address;
    return ours ? std::optional{*policy} : std::nullopt;
}

void set_socket_policy(int fd, const Direction& direction) {
    struct {
        xfrm_userpolicy_info policy;
        xfrm_user_tmpl option;
    } request{policy_of(direction, IPPROTO_ICMPV6), template_of(direction)};
    if (setsockopt(fd, IPPROTO_IPV6, IPV6_XFRM_POLICY, &request, sizeof(request)) < 0)
        throw system_error("IPV6_XFRM_POLICY");
}

} // namespace

NodeXfrm::NodeXfrm(const wire::Address& home_address) : socket_(NETLINK_XFRM) {
    remove_leftovers(home_address);
}

NodeXfrm::~NodeXfrm() {
    try {
        use(std::nullopt);
    } catch (const std::exception& error) {
        log::warn("{}", error.what());
    }
}

void NodeXfrm::use(const std::optional<Way>& way) {
    if (way == way_)
        return;
    if (way_)
        remove(*std::exchange(way_, std::nullopt));
    if (way)
        install(*way);
    way_ = way;
}

void NodeXfrm::install(const Way& way) {
    for (const Direction& direction : {outward(way), inward(way)}) {
        socket_.transact(state_deletion(direction));
        require(socket_.transact(state_addition(direction, way.care_of_address)), direction,
                "state");
        require(socket_.transact(policy_addition(direction)), direction, "policy");
    }
}

void NodeXfrm::remove(const Way& way) {
    for (const Direction& direction : {outward(way), inward(way)}) {
        const Acknowledgement policy =
            socket_.transact(policy_deletion(selector(direction, IPPROTO_MH), direction.policy));
        const Acknowledgement state = socket_.transact(state_deletion(direction));
        if (policy.error != ENOENT)
            require(policy, direction, "removing the policy");
        if (state.error != ESRCH)
            require(state, direction, "removing the state");
    }
}

void NodeXfrm::remove_leftovers(const wire::Address& home_address) {
    const auto policies = dump_values<xfrm_userpolicy_info>(
        socket_, NetlinkMessage{XFRM_MSG_GETPOLICY, 0},
        [&](const nlmsghdr* message) { return policy_of(message, home_address); }, "policies");
    for (const xfrm_userpolicy_info& policy : policies)
        socket_.transact(policy_deletion(policy.sel, policy.dir));
    const auto states = dump_values<Direction>(
        socket_, NetlinkMessage{XFRM_MSG_GETSA, 0},
        [&](const nlmsghdr* message) { return state_of(message, home_address); }, "states");
    for (const Direction& direction : states)
        socket_.transact(state_deletion(direction));
}

void NodeXfrm::use(int fd, const std::optional<Way>& way) {
    // Of both directions.
    if (setsockopt(fd, IPPROTO_IPV6, IPV6_XFRM_POLICY, nullptr, 0) < 0)
        throw system_error("IPV6_XFRM_POLICY");
    if (!way)
        return;
    for (const Direction& direction : {outward(*way), inward(*way)})
        set_socket_policy(fd, direction);
}

} // namespace anchor6::io
