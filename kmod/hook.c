// SPDX-License-Identifier: GPL-2.0
/*
 * The two doors that downlink packets come in by: the pre-routing hook and the
 * device's transmit function.
 */
#include <linux/icmpv6.h>
#include <linux/netfilter_bridge.h>
#include <linux/netfilter_ipv6.h>
#include <net/addrconf.h>
#include <net/ip6_route.h>
#include <net/ip_tunnels.h>
#include <net/l3mdev.h>
#include <net/ndisc.h>
#include <net/xfrm.h>

#include "anchor.h"
#include "tunnel.h"

/* Before defragmentation and connection tracking see the packet. */
#define ANCHOR6_HOOK_PRIORITY	(NF_IP6_PRI_CONNTRACK_DEFRAG - 1)

static bool anchor6_packet_is_discovery(struct sk_buff *skb)
{
	const struct ipv6hdr *header = ipv6_hdr(skb);
	struct icmp6hdr buffer, *icmp;

	if (header->hop_limit != 255 || header->nexthdr != IPPROTO_ICMPV6)
		return false;
	icmp = skb_header_pointer(skb, sizeof(*header), sizeof(buffer),
				  &buffer);
	return icmp && icmp->icmp6_type >= NDISC_ROUTER_SOLICITATION &&
	       icmp->icmp6_type <= NDISC_REDIRECT;
}

/* The interface identifiers of RFC 4291, 2.6.1, and of RFC 2526. */
static bool anchor6_address_may_be_anycast(const struct in6_addr *address)
{
	u32 high = ntohl(address->s6_addr32[2]);
	u32 low = ntohl(address->s6_addr32[3]);

	return (!high && !low) ||
	       ((high | BIT(25)) == 0xffffffff && low >= 0xffffff80);
}

/*
 * The kernel exports no test for an anycast address of our own; its route tells,
 * and only addresses of the reserved forms pay for the route lookup.
 */
static bool anchor6_address_is_anycast(struct net *net,
				       const struct in6_addr *address)
{
	struct rt6_info *route;
	bool anycast;

	if (!anchor6_address_may_be_anycast(address))
		return false;
	route = rt6_lookup(net, address, NULL, 0, NULL, 0);
	anycast = route && route->rt6i_flags & RTF_ANYCAST;
	ip6_rt_put(route);
	return anycast;
}

/**
 * anchor6_address_is_local - does a packet to an address end at this router?
 * @device: of the namespace
 * @address: any address
 *
 * Context: any.
 * Return: whether it is a unicast or anycast address of this router
 */
bool anchor6_address_is_local(struct anchor6_device *device,
			      const struct in6_addr *address)
{
	struct net *net = dev_net(device->netdev);

	return ipv6_chk_addr(net, address, NULL, 0) ||
	       anchor6_address_is_anycast(net, address);
}

static bool anchor6_source_forwardable(const struct in6_addr *source)
{
	return !ipv6_addr_any(source) &&
	       !(ipv6_addr_type(source) &
		 (IPV6_ADDR_LINKLOCAL | IPV6_ADDR_LOOPBACK |
		  IPV6_ADDR_MULTICAST));
}

static bool anchor6_packet_is_transformed(const struct sk_buff *skb)
{
	return skb_dst(skb) && dst_xfrm(skb_dst(skb));
}

/*
 * With br_netfilter the hook also sees frames on their way through a bridge, and
 * those to another router with the packet type of our own.
 */
static bool anchor6_packet_is_bridged(const struct sk_buff *skb)
{
#if IS_ENABLED(CONFIG_BRIDGE_NETFILTER)
	const struct nf_bridge_info *bridge = nf_bridge_info_get(skb);

	return bridge && bridge->pkt_otherhost;
#else
	return false;
#endif
}

/*
 * The offloads of a packet describe one encapsulation, and its outer header has
 * 16 bits for the length. On the way to the device the core segments what asks
 * for more.
 */
static bool anchor6_packet_needs_segmentation(const struct sk_buff *skb)
{
	return skb_is_gso(skb) &&
	       (skb->encapsulation || skb->len > IPV6_MAXPLEN ||
		skb_shinfo(skb)->gso_type & SKB_GSO_FRAGLIST);
}

static bool anchor6_domain_is_ours(const struct anchor6_device *device,
				   struct net_device *in)
{
	return l3mdev_master_ifindex_rcu(in) ==
	       l3mdev_master_ifindex_rcu(device->netdev);
}

/* RFC 2526: the Mobile IPv6 home agents of a link, whose prefix has 64 bits. */
static bool anchor6_address_is_home_agents(const struct in6_addr *address)
{
	return address->s6_addr32[2] == htonl(0xfdffffff) &&
	       address->s6_addr32[3] == htonl(0xfffffffe);
}

/*
 * A node asks for home agents at the anycast address of its own home network
 * prefix (RFC 6275, 10.5). A local route for each of a million of them is too
 * much: the request takes the route of an address that every namespace has.
 * Nothing but the request does, or we would answer as that address.
 */
static bool anchor6_hook_deliver(struct net *net, struct sk_buff *skb)
{
	const struct ipv6hdr *header = ipv6_hdr(skb);
	struct icmp6hdr buffer, *icmp;
	struct rt6_info *route;

	if (!anchor6_address_is_home_agents(&header->daddr) ||
	    header->nexthdr != IPPROTO_ICMPV6 || skb_dst(skb))
		return false;
	icmp = skb_header_pointer(skb, sizeof(*header), sizeof(buffer),
				  &buffer);
	if (!icmp || icmp->icmp6_type != ICMPV6_DHAAD_REQUEST)
		return false;
	route = rt6_lookup(net, &in6addr_loopback, NULL, 0, NULL, 0);
	if (!route)
		return false;
	skb_dst_set(skb, &route->dst);
	return true;
}

static enum anchor6_counter anchor6_hook_forward(struct anchor6_device *device,
						 const struct anchor6_hit *hit,
						 struct sk_buff *skb)
{
	enum anchor6_counter counter;

	if (!xfrm6_policy_check(NULL, XFRM_POLICY_FWD, skb))
		return ANCHOR6_COUNT_forward_policy;
	if (ipv6_hdr(skb)->hop_limit <= 1) {
		icmpv6_send(skb, ICMPV6_TIME_EXCEED, ICMPV6_EXC_HOPLIMIT, 0);
		return ANCHOR6_COUNT_hop_limit;
	}
	counter = anchor6_tunnel_send(device, hit, skb, true);
	return counter == ANCHOR6_COUNTER_NUM ?
		       ANCHOR6_COUNT_hook_encapsulated : counter;
}

/* Why a packet to a bound address is not for the hook to encapsulate. */
static enum anchor6_counter anchor6_hook_exempts(struct anchor6_device *device,
						 struct sk_buff *skb)
{
	if (anchor6_packet_is_discovery(skb))
		return ANCHOR6_COUNT_hook_neighbour_discovery;
	if (!anchor6_source_forwardable(&ipv6_hdr(skb)->saddr))
		return ANCHOR6_COUNT_hook_source_scope;
	if (anchor6_packet_is_transformed(skb))
		return ANCHOR6_COUNT_hook_transformed;
	if (!READ_ONCE(dev_net(device->netdev)->ipv6.devconf_all->forwarding))
		return ANCHOR6_COUNT_hook_not_forwarding;
	if (READ_ONCE(device->mode) == ANCHOR6_MODE_STATEFUL)
		return ANCHOR6_COUNT_hook_stateful;
	if (anchor6_packet_needs_segmentation(skb))
		return ANCHOR6_COUNT_hook_segmentation;
	return ANCHOR6_COUNTER_NUM;
}

/* What needs no binding is done while the memory of the lookup is on its way. */
static enum anchor6_counter anchor6_hook_take(struct anchor6_device *device,
					      struct net_device *in,
					      struct sk_buff *skb)
{
	const struct in6_addr *destination = &ipv6_hdr(skb)->daddr;
	enum anchor6_counter exempt;
	struct anchor6_lookup lookup;
	struct anchor6_hit hit;

	if (!anchor6_domain_is_ours(device, in))
		return ANCHOR6_COUNT_hook_other_domain;
	if (anchor6_packet_is_bridged(skb))
		return ANCHOR6_COUNT_hook_bridged;
	anchor6_lookup_begin(&lookup, &device->bindings, destination, false);
	if (anchor6_address_is_local(device, destination))
		return ANCHOR6_COUNT_hook_local;
	if (anchor6_hook_deliver(dev_net(device->netdev), skb))
		return ANCHOR6_COUNT_hook_discovery;
	anchor6_lookup_fetch(&lookup);
	exempt = anchor6_hook_exempts(device, skb);
	if (!anchor6_lookup_downlink(&lookup, anchor6_now(), &hit))
		return ANCHOR6_COUNT_hook_unbound;
	if (exempt != ANCHOR6_COUNTER_NUM)
		return exempt;
	return anchor6_hook_forward(device, &hit, skb);
}

/*
 * A packet that is going to come out of a tunnel: the route lookup before that is
 * time enough for the memory that the source check reads.
 */
static void anchor6_hook_expect(struct anchor6_device *device,
				const struct sk_buff *skb)
{
	const struct ipv6hdr *outer = ipv6_hdr(skb), *inner = outer + 1;
	struct anchor6_lookup lookup;

	if (outer->nexthdr == IPPROTO_IPV6 &&
	    skb_headlen(skb) >= skb_network_offset(skb) + 2 * sizeof(*outer) &&
	    anchor6_home_prefix_covers(&device->bindings, &inner->saddr))
		anchor6_lookup_begin(&lookup, &device->bindings, &inner->saddr,
				     false);
}

static unsigned int anchor6_hook(void *priv, struct sk_buff *skb,
				 const struct nf_hook_state *state)
{
	struct anchor6_device *device = priv;
	enum anchor6_counter counter;

	if (skb->pkt_type != PACKET_HOST)
		return NF_ACCEPT;
	if (!anchor6_home_prefix_covers(&device->bindings,
					&ipv6_hdr(skb)->daddr)) {
		anchor6_hook_expect(device, skb);
		return NF_ACCEPT;
	}
	counter = anchor6_hook_take(device, state->in, skb);
	anchor6_packet_count(device, skb, counter);
	switch (anchor6_counter_infos[counter].kind) {
	case ANCHOR6_COUNTER_TOOK:
		return NF_STOLEN;
	case ANCHOR6_COUNTER_DROP:
		return NF_DROP;
	default:
		return NF_ACCEPT;
	}
}

/**
 * anchor6_hook_register - begin to take packets before routing
 * @device: of the namespace whose packets are taken
 *
 * Context: process, under the RTNL.
 * Return: 0 or a negative error
 */
int anchor6_hook_register(struct anchor6_device *device)
{
	device->hook = (struct nf_hook_ops){
		.hook = anchor6_hook,
		.priv = device,
		.pf = NFPROTO_IPV6,
		.hooknum = NF_INET_PRE_ROUTING,
		.priority = ANCHOR6_HOOK_PRIORITY,
	};
	return nf_register_net_hook(dev_net(device->netdev), &device->hook);
}

/**
 * anchor6_hook_unregister - take no more packets before routing
 * @device: as it was registered
 *
 * Context: process, under the RTNL. Packets in flight may still be inside.
 */
void anchor6_hook_unregister(struct anchor6_device *device)
{
	nf_unregister_net_hook(dev_net(device->netdev), &device->hook);
}

/*
 * The answer to a message goes back the way it came: the agent marks a packet
 * that has to skip the home cache. The mark stays on the outer packet, where it
 * means nothing any more.
 */
static bool anchor6_packet_skips_home(const struct anchor6_device *device,
				      const struct sk_buff *skb)
{
	u32 mask = READ_ONCE(device->reply_mask);

	return mask && skb->sk && !anchor6_tunnel_depth() &&
	       (skb->mark & mask) == READ_ONCE(device->reply_mark);
}

static enum anchor6_counter anchor6_device_take(struct anchor6_device *device,
						struct sk_buff *skb)
{
	enum anchor6_counter counter;
	struct anchor6_hit hit;

	if (skb->protocol != htons(ETH_P_IPV6) || !pskb_inet_may_pull(skb) ||
	    ipv6_hdr(skb)->version != 6)
		return ANCHOR6_COUNT_device_not_ipv6;
	if (!anchor6_downlink_lookup(&device->bindings, &ipv6_hdr(skb)->daddr,
				     anchor6_packet_skips_home(device, skb),
				     &hit)) {
		counter = anchor6_home_prefix_covers(&device->bindings,
						     &ipv6_hdr(skb)->daddr) ?
				  ANCHOR6_COUNT_device_unbound :
				  ANCHOR6_COUNT_device_foreign;
		icmpv6_ndo_send(skb, ICMPV6_DEST_UNREACH, ICMPV6_ADDR_UNREACH,
				0);
		return counter;
	}
	counter = anchor6_tunnel_send(device, &hit, skb, false);
	return counter == ANCHOR6_COUNTER_NUM ?
		       ANCHOR6_COUNT_device_encapsulated : counter;
}

/**
 * anchor6_device_xmit - send a packet that was routed to the device
 * @skb: the packet; who routed it here has counted its hop already
 * @netdev: the device
 *
 * Context: RCU read side, bottom halves disabled.
 * Return: NETDEV_TX_OK
 */
netdev_tx_t anchor6_device_xmit(struct sk_buff *skb, struct net_device *netdev)
{
	struct anchor6_device *device = anchor6_device_of(netdev);
	enum anchor6_counter counter = anchor6_device_take(device, skb);

	anchor6_packet_count(device, skb, counter);
	if (anchor6_counter_infos[counter].kind == ANCHOR6_COUNTER_DROP) {
		dev_core_stats_tx_dropped_inc(netdev);
		kfree_skb(skb);
	}
	return NETDEV_TX_OK;
}
