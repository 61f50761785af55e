// SPDX-License-Identifier: GPL-2.0-or-later
#include "io/icmp_socket.h"

#include <array>

#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "io/system_error.h"
#include "io/xfrm_message.h"
#include "wire/icmpv6.h"

namespace anchor6::io {

namespace {

/// No router has forwarded it (RFC 4861 section 6.1.2).
constexpr std::uint8_t neighbour_hop_limit = 255;

constexpr RawSocketCounters counter_names{core::Counter::icmp_received,
                                          core::Counter::icmp_too_long,
                                          core::Counter::icmp_without_addresses,
                                          core::Counter::icmp_receive_failures,
                                          core::Counter::icmp_sent,
                                          core::Counter::icmp_not_sent,
                                          core::Counter::icmp_not_written};

std::array<std::uint8_t, 3> types_of(IcmpSocket::Use use) {
    namespace type = wire::icmp_type;
    if (use == IcmpSocket::Use::home_agent)
        return {type::router_advertisement, type::home_agent_discovery_request,
                type::mobile_prefix_solicitation};
    return {type::router_advertisement, type::home_agent_discovery_reply,
            type::mobile_prefix_advertisement};
}

// Lets in what carries a Home Address option, to this socket alone: a policy of the whole machine
// would have to name the type, which Linux 6.1 reads at the wrong place behind such an option, and
// without the type the kernel would answer echo requests for home addresses that nobody has bound.
void accept_home_addresses(int fd) {
    struct {
        xfrm_userpolicy_info policy;
        xfrm_user_tmpl option;
    } request{{}, route_optimisation(IPPROTO_DSTOPTS, true)};
    request.policy.sel.family = AF_INET6;
    request.policy.dir = XFRM_POLICY_IN;
    request.policy.action = XFRM_POLICY_ALLOW;
    set_unlimited(request.policy.lft);
    if (setsockopt(fd, IPPROTO_IPV6, IPV6_XFRM_POLICY, &request, sizeof(request)) < 0)
        throw system_error("IPV6_XFRM_POLICY");
}

} // namespace

IcmpSocket::IcmpSocket(Use use, std::uint32_t anchor_ifindex, core::Counters& counters)
    : anchor_ifindex_(anchor_ifindex), counters_(&counters),
      socket_(IPPROTO_ICMPV6, counter_names, counters) {
    icmp6_filter filter;
    ICMP6_FILTER_SETBLOCKALL(&filter);
    for (const std::uint8_t type : types_of(use))
        ICMP6_FILTER_SETPASS(type, &filter);
    if (setsockopt(fd(), IPPROTO_ICMPV6, ICMP6_FILTER, &filter, sizeof(filter)) < 0)
        throw system_error("ICMP6_FILTER");
    if (use == Use::home_agent)
        accept_home_addresses(fd());
}

void IcmpSocket::receive(const LinkNames& links, const Receiver& receiver) {
    socket_.receive(anchor_ifindex_,
                    [&](const Incoming& incoming) { parse(incoming, links, receiver); });
}

void IcmpSocket::parse(const Incoming& incoming, const LinkNames& links, const Receiver& receiver) {
    auto content = wire::parse_icmp(incoming.octets);
    auto* message = std::get_if<wire::IcmpMessage>(&content);
    if (message == nullptr) {
        counters_->add(core::Counter::icmp_malformed);
        return;
    }
    if (accepts(incoming, *message))
        receiver({incoming.packet, links(incoming.packet.interface), std::move(*message)});
}

bool IcmpSocket::accepts(const Incoming& incoming, const wire::IcmpMessage& message) {
    if (!std::holds_alternative<wire::RouterAdvertisement>(message))
        return true;
    if (incoming.hop_limit == neighbour_hop_limit)
        return true;
    counters_->add(core::Counter::icmp_not_of_neighbour);
    return false;
}

void IcmpSocket::send(std::span<const core::SendIcmp> messages) {
    std::vector<Outgoing> outgoing;
    outgoing.reserve(messages.size());
    for (const core::SendIcmp& send : messages)
        outgoing.push_back({wire::serialise_icmp(send.message),
                            {send.source, send.destination, send.care_of_address, 0, {}}});
    socket_.send(outgoing);
}

// The kernel chooses the link-local source.
void IcmpSocket::solicit_routers(std::uint32_t interface) {
    static const wire::Address all_routers = *wire::Address::parse("ff02::2");
    const Outgoing solicitation{wire::serialise_icmp(wire::RouterSolicitation{}),
                                {{}, all_routers, {}, interface, {}}};
    socket_.send({&solicitation, 1});
}

} // namespace anchor6::io
