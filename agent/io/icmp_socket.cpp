// SPDX-License-Identifier: GPL-2.0-or-later
#include "io/icmp_socket.h"

#include <linux/xfrm.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "io/system_error.h"
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

// Lets in what carries a Home Address option, to this socket alone: a policy of the whole machine
// would have to name the type, which Linux 6.1 reads at the wrong place behind such an option, and
// without the type the kernel would answer echo requests for home addresses that nobody has bound.
void accept_home_addresses(int fd) {
    struct {
        xfrm_userpolicy_info policy;
        xfrm_user_tmpl option;
    } request{};
    request.policy.sel.family = AF_INET6;
    request.policy.dir = XFRM_POLICY_IN;
    request.policy.action = XFRM_POLICY_ALLOW;
    for (__u64* limit :
         {&request.policy.lft.soft_byte_limit, &request.policy.lft.hard_byte_limit,
          &request.policy.lft.soft_packet_limit, &request.policy.lft.hard_packet_limit})
        *limit = XFRM_INF;
    request.option.id.proto = IPPROTO_DSTOPTS;
    request.option.family = AF_INET6;
    request.option.mode = XFRM_MODE_ROUTEOPTIMIZATION;
    request.option.optional = 1;
    request.option.aalgos = request.option.ealgos = request.option.calgos = ~0U;
    if (setsockopt(fd, IPPROTO_IPV6, IPV6_XFRM_POLICY, &request, sizeof(request)) < 0)
        throw system_error("IPV6_XFRM_POLICY");
}

} // namespace

IcmpSocket::IcmpSocket(std::uint32_t anchor_ifindex, core::Counters& counters)
    : anchor_ifindex_(anchor_ifindex), counters_(&counters),
      socket_(IPPROTO_ICMPV6, counter_names, counters) {
    icmp6_filter filter;
    ICMP6_FILTER_SETBLOCKALL(&filter);
    ICMP6_FILTER_SETPASS(wire::icmp_type::router_advertisement, &filter);
    ICMP6_FILTER_SETPASS(wire::icmp_type::home_agent_discovery_request, &filter);
    ICMP6_FILTER_SETPASS(wire::icmp_type::mobile_prefix_solicitation, &filter);
    if (setsockopt(fd(), IPPROTO_ICMPV6, ICMP6_FILTER, &filter, sizeof(filter)) < 0)
        throw system_error("ICMP6_FILTER");
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

} // namespace anchor6::io
