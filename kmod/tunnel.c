// SPDX-License-Identifier: GPL-2.0
/*
 * IPv6 in IPv6 (RFC 2473): encapsulation, decapsulation with the source check,
 * path MTU and the ICMPv6 errors from inside the tunnel.
 */
#include <linux/hash.h>
#include <linux/icmpv6.h>
#include <linux/percpu.h>
#include <net/addrconf.h>
#include <net/inet_ecn.h>
#include <net/ip6_route.h>
#include <net/ip6_tunnel.h>
#include <net/ip_tunnels.h>
#include <net/l3mdev.h>
#include <net/netfilter/nf_conntrack.h>
#include <net/xfrm.h>

#include "anchor.h"
#include "compat.h"
#include "tunnel.h"

#define CREATE_TRACE_POINTS
#include "trace.h"

/* Encapsulations of one packet, each inside the transmission of the other. */
#define ANCHOR6_DEPTH_MAX	3

static DEFINE_PER_CPU(unsigned int, anchor6_depth);

/**
 * anchor6_tunnel_depth - is this packet one of our own outer packets?
 *
 * Context: bottom halves disabled.
 * Return: the number of encapsulations that this processor is within
 */
unsigned int anchor6_tunnel_depth(void)
{
	return this_cpu_read(anchor6_depth);
}

static struct dst_entry *anchor6_far_end_route(struct anchor6_device *device,
					       struct anchor6_far_end *far_end)
{
	struct net *net = dev_net(device->netdev);
	struct flowi6 flow = {
		.flowi6_oif = READ_ONCE(device->outer_vrf),
		.flowi6_mark = READ_ONCE(device->outer_mark),
		.flowi6_proto = IPPROTO_IPV6,
		.flowi6_uid = sock_net_uid(net, NULL),
		.saddr = far_end->key.local,
		.daddr = far_end->key.remote,
	};
	struct dst_entry *dst;

	dst = dst_cache_get(&far_end->route);
	if (dst)
		return dst;
	dst = ip6_dst_lookup_flow(net, NULL, &flow, NULL);
	if (!IS_ERR(dst))
		dst_cache_set_ip6(&far_end->route, dst, &flow.saddr);
	return dst;
}

static u32 anchor6_route_mtu(const struct dst_entry *dst)
{
	u32 mtu = dst_mtu(dst);

	return max_t(u32, mtu - min_t(u32, mtu, ANCHOR6_OVERHEAD),
		     IPV6_MIN_MTU);
}

/**
 * anchor6_tunnel_mtu - the largest inner packet that fits a tunnel
 * @device: device of the far end
 * @far_end: other end of the tunnel
 *
 * Context: process; the far end must not go away meanwhile.
 * Return: octets, at least 1280
 */
u32 anchor6_tunnel_mtu(struct anchor6_device *device,
		       struct anchor6_far_end *far_end)
{
	u32 mtu = IPV6_MIN_MTU;
	struct dst_entry *dst;

	local_bh_disable();
	dst = anchor6_far_end_route(device, far_end);
	if (!IS_ERR(dst)) {
		mtu = anchor6_route_mtu(dst);
		dst_release(dst);
	}
	local_bh_enable();
	return mtu;
}

static bool anchor6_packet_too_big(const struct sk_buff *skb, u32 mtu)
{
	if (skb->len <= mtu)
		return false;
	return !skb_is_gso(skb) || !skb_gso_validate_network_len(skb, mtu);
}

/*
 * Spreads flows over paths and queues, no more: taking packets apart as
 * skb_get_hash() does would be a fifth of what the packet costs here. Ports
 * behind extension headers do not count.
 */
static void anchor6_flow_hash(struct sk_buff *skb)
{
	const struct ipv6hdr *header = ipv6_hdr(skb);
	const u64 *words = (const u64 *)&header->saddr;
	bool with_ports = header->nexthdr == IPPROTO_TCP ||
			  header->nexthdr == IPPROTO_UDP;
	u32 buffer = 0, *ports = &buffer;
	u64 hash = header->nexthdr;
	int i;

	if (skb->l4_hash || skb->sw_hash)
		return;
	if (with_ports)
		ports = skb_header_pointer(skb, skb_network_offset(skb) +
					   sizeof(*header), sizeof(buffer),
					   &buffer) ?: &buffer;
	for (i = 0; i < 4; i++)
		hash = hash * GOLDEN_RATIO_64 + get_unaligned(words + i);
	hash = (hash + *ports) * GOLDEN_RATIO_64;
	__skb_set_sw_hash(skb, hash >> 32 ?: 1, with_ports);
}

/* Must see the packet before the outer header hides the inner flow. */
static __be32 anchor6_outer_flowlabel(struct net *net, struct sk_buff *skb,
				      struct anchor6_far_end *far_end)
{
	__be32 label = ip6_flowlabel(ipv6_hdr(skb));
	struct flowi6 flow = {
		.saddr = far_end->key.local,
		.daddr = far_end->key.remote,
	};

	if (label)
		return label;
	anchor6_flow_hash(skb);
	return ip6_make_flowlabel(net, skb, 0, true, &flow);
}

static void anchor6_outer_header_push(struct anchor6_device *device,
				      struct anchor6_far_end *far_end,
				      struct sk_buff *skb)
{
	struct net *net = dev_net(device->netdev);
	__be32 label = anchor6_outer_flowlabel(net, skb, far_end);
	/* RFC 6040, normal mode: the outer field is a copy of the inner one. */
	u8 dsfield = ipv6_get_dsfield(ipv6_hdr(skb));
	u32 mark = READ_ONCE(device->outer_mark);
	struct ipv6hdr *outer;

	if (mark)
		skb->mark = mark;
	skb_push(skb, sizeof(*outer));
	skb_reset_network_header(skb);
	outer = ipv6_hdr(skb);
	ip6_flow_hdr(outer, dsfield, label);
	outer->hop_limit = ip6_dst_hoplimit(skb_dst(skb));
	outer->nexthdr = IPPROTO_IPV6;
	outer->saddr = far_end->key.local;
	outer->daddr = far_end->key.remote;
}

static void anchor6_outer_send(struct anchor6_device *device,
			       struct sk_buff *skb)
{
	int inner_length = skb->len - ANCHOR6_OVERHEAD;
	bool sent;
	int err;

	/*
	 * What is too large although the inner packet respects the tunnel's MTU
	 * is an inner packet of up to 1280 octets: fragment the outer one.
	 */
	skb->ignore_df = 1;
	memset(skb->cb, 0, sizeof(struct inet6_skb_parm));
	__this_cpu_inc(anchor6_depth);
	err = ip6_local_out(dev_net(device->netdev), NULL, skb);
	__this_cpu_dec(anchor6_depth);
	sent = !net_xmit_eval(err);
	iptunnel_xmit_stats(device->netdev, sent ? inner_length : -1);
	if (!sent)
		anchor6_count(device->stats, ANCHOR6_COUNT_outer_refused);
}

static int anchor6_inner_prepare(struct sk_buff *skb, struct dst_entry *dst,
				 bool forward)
{
	unsigned int headroom = LL_RESERVED_SPACE(dst->dev) + dst->header_len +
				ANCHOR6_OVERHEAD;
	int err;

	skb_scrub_packet(skb, false);
	err = skb_cow_head(skb, headroom);
	if (err)
		return err;
	if (forward)
		ipv6_hdr(skb)->hop_limit--;
	err = iptunnel_handle_offloads(skb, SKB_GSO_IPXIP6);
	if (err)
		return err;
	skb_set_inner_ipproto(skb, IPPROTO_IPV6);
	return 0;
}

static void anchor6_binding_count_down(struct anchor6_binding *binding,
				       const struct sk_buff *skb)
{
	atomic64_add(max_t(u16, skb_shinfo(skb)->gso_segs, 1),
		     &binding->down_packets);
	atomic64_add(skb->len, &binding->down_bytes);
}

/*
 * A policy for the inner flow, payload protection for one, is for ordinary
 * forwarding to apply. The route tells when the lookup has replaced it.
 */
static bool anchor6_flow_has_policy(struct net *net, struct sk_buff *skb,
				    struct dst_entry *dst)
{
	bool applies;

	if (!net->xfrm.policy_count[XFRM_POLICY_OUT])
		return false;
	skb_dst_set(skb, dst_clone(dst));
	applies = !__xfrm_route_forward(skb, AF_INET6) || skb_dst(skb) != dst;
	skb_dst_drop(skb);
	return applies;
}

/**
 * anchor6_tunnel_send - encapsulate a packet and send it off
 * @device: where the binding is
 * @hit: binding of the packet's destination and its far end
 * @skb: IPv6 packet, the network header pulled
 * @forward: the packet has not been forwarded yet: look for a policy and
 *	decrement the hop limit, which the caller has found to be above 1
 *
 * Context: RCU read side, bottom halves disabled.
 * Return: %ANCHOR6_COUNTER_NUM when the packet is gone, or else the reason why
 * the caller has to drop or leave it
 */
enum anchor6_counter anchor6_tunnel_send(struct anchor6_device *device,
					 const struct anchor6_hit *hit,
					 struct sk_buff *skb, bool forward)
{
	struct dst_entry *dst;
	u32 mtu;

	if (anchor6_tunnel_depth() >= ANCHOR6_DEPTH_MAX)
		return ANCHOR6_COUNT_nesting;
	dst = anchor6_far_end_route(device, hit->far_end);
	if (IS_ERR(dst)) {
		icmpv6_ndo_send(skb, ICMPV6_DEST_UNREACH, ICMPV6_ADDR_UNREACH,
				0);
		return ANCHOR6_COUNT_no_route;
	}
	if (forward && anchor6_flow_has_policy(dev_net(device->netdev), skb,
					       dst)) {
		dst_release(dst);
		return ANCHOR6_COUNT_hook_outbound_policy;
	}
	mtu = anchor6_route_mtu(dst);
	if (anchor6_packet_too_big(skb, mtu)) {
		icmpv6_ndo_send(skb, ICMPV6_PKT_TOOBIG, 0, mtu);
		dst_release(dst);
		return ANCHOR6_COUNT_too_big;
	}
	if (anchor6_inner_prepare(skb, dst, forward)) {
		dst_release(dst);
		return ANCHOR6_COUNT_encapsulation_memory;
	}
	anchor6_binding_count_down(hit->binding, skb);
	trace_anchor6_encapsulate(device->netdev, skb, hit->binding,
				  hit->far_end);
	skb_dst_set(skb, dst);
	anchor6_outer_header_push(device, hit->far_end, skb);
	anchor6_outer_send(device, skb);
	return ANCHOR6_COUNTER_NUM;
}

static const struct ipv6hdr *anchor6_inner_header(const struct sk_buff *skb)
{
	const struct ipv6hdr *inner = (const struct ipv6hdr *)skb->data;

	if (inner->version != 6 ||
	    ntohs(inner->payload_len) + sizeof(*inner) > skb->len)
		return NULL;
	return inner;
}

static bool anchor6_binding_leads_to(const struct anchor6_binding *binding,
				     const struct anchor6_far_end *far_end)
{
	return rcu_access_pointer(binding->far_end) == far_end;
}

/*
 * The proxy cache counts even when the home cache points elsewhere: a node that
 * is back home sends through its MAG before its home binding is gone.
 */
static enum anchor6_counter
anchor6_source_check(const struct anchor6_lookup *lookup,
		     const struct anchor6_far_end *far_end,
		     struct anchor6_binding **bound)
{
	struct anchor6_binding *home, *proxy;
	u64 now = anchor6_now();

	home = anchor6_search_end(&lookup->home, now);
	*bound = home;
	if (home && anchor6_binding_leads_to(home, far_end))
		return ANCHOR6_COUNTER_NUM;
	proxy = anchor6_search_end(&lookup->proxy, now);
	*bound = proxy;
	if (proxy && anchor6_binding_leads_to(proxy, far_end))
		return ANCHOR6_COUNTER_NUM;
	return home || proxy ? ANCHOR6_COUNT_source_mismatch :
			       ANCHOR6_COUNT_source_unbound;
}

static enum anchor6_counter anchor6_ecn_decapsulate(struct sk_buff *skb,
						    u8 outer)
{
	u8 inner = ipv6_get_dsfield(ipv6_hdr(skb));

	if ((inner ^ outer) & INET_ECN_MASK &&
	    skb_ensure_writable(skb, sizeof(struct ipv6hdr)))
		return ANCHOR6_COUNT_decapsulation_memory;
	if (INET_ECN_decapsulate(skb, outer, inner) > 1)
		return ANCHOR6_COUNT_ecn_violation;
	return ANCHOR6_COUNTER_NUM;
}

/*
 * In fast mode connection tracking sees no downlink packet of a node's flows:
 * half of a flow would only look invalid to it.
 */
static void anchor6_inner_untrack(struct anchor6_device *device,
				  struct sk_buff *skb)
{
	if (READ_ONCE(device->mode) == ANCHOR6_MODE_FAST &&
	    !anchor6_address_is_local(device, &ipv6_hdr(skb)->daddr))
		nf_ct_set(skb, NULL, IP_CT_UNTRACKED);
}

static void anchor6_inner_receive(struct anchor6_device *device,
				  const struct anchor6_far_end *far_end,
				  struct anchor6_binding *binding,
				  struct sk_buff *skb)
{
	struct net_device *netdev = device->netdev;

	memset(skb->cb, 0, sizeof(struct inet6_skb_parm));
	__skb_tunnel_rx(skb, netdev, dev_net(netdev));
	anchor6_inner_untrack(device, skb);
	atomic64_add(max_t(u16, skb_shinfo(skb)->gso_segs, 1),
		     &binding->up_packets);
	atomic64_add(skb->len, &binding->up_bytes);
	dev_sw_netstats_rx_add(netdev, skb->len);
	trace_anchor6_decapsulate(netdev, skb, binding, far_end);
	gro_cells_receive(&device->gro_cells, skb);
}

/* The source check comes when its memory has had time to; it keeps the address. */
static enum anchor6_counter
anchor6_tunnel_decapsulate(struct anchor6_device *device,
			   const struct anchor6_far_end *far_end,
			   const struct anchor6_lookup *lookup,
			   struct sk_buff *skb)
{
	u8 outer_dsfield = ipv6_get_dsfield(ipv6_hdr(skb));
	struct anchor6_binding *binding;
	enum anchor6_counter counter;

	if (!xfrm6_policy_check(NULL, XFRM_POLICY_IN, skb))
		return ANCHOR6_COUNT_tunnel_policy;
	if (!anchor6_inner_header(skb))
		return ANCHOR6_COUNT_inner_malformed;
	anchor6_lookup_fetch(lookup);
	if (iptunnel_pull_header(skb, 0, htons(ETH_P_IPV6), false))
		return ANCHOR6_COUNT_decapsulation_memory;
	counter = anchor6_source_check(lookup, far_end, &binding);
	if (counter != ANCHOR6_COUNTER_NUM)
		return counter;
	skb_reset_network_header(skb);
	skb_reset_mac_header(skb);
	counter = anchor6_ecn_decapsulate(skb, outer_dsfield);
	if (counter != ANCHOR6_COUNTER_NUM)
		return counter;
	anchor6_inner_receive(device, far_end, binding, skb);
	return ANCHOR6_COUNT_decapsulated;
}

/* What a VRF received has the VRF for its device. */
static struct anchor6_far_end *
anchor6_far_end_of(struct anchor6_device *device, const struct sk_buff *skb,
		   const struct anchor6_far_end_key *key)
{
	int vrf = netif_is_l3_master(skb->dev) ? skb->dev->ifindex : 0;

	if (vrf != READ_ONCE(device->outer_vrf))
		return NULL;
	return anchor6_far_end_find(&device->bindings.far_ends, key);
}

/* A stranger's tunnel is other handlers' business, unless it claims a node. */
static enum anchor6_counter
anchor6_stranger_check(struct anchor6_device *device, const struct sk_buff *skb)
{
	const struct ipv6hdr *inner = (const struct ipv6hdr *)skb->data;

	if (anchor6_home_prefix_covers(&device->bindings, &inner->saddr))
		return ANCHOR6_COUNT_tunnel_unknown;
	return ANCHOR6_COUNTER_NUM;
}

/* tunnel6 has pulled the inner header and holds the RCU read lock. */
static int anchor6_tunnel_receive(struct sk_buff *skb)
{
	struct anchor6_device *device = anchor6_device_running(dev_net(skb->dev));
	const struct ipv6hdr *outer = ipv6_hdr(skb);
	struct anchor6_far_end_key key = {
		.local = outer->daddr,
		.remote = outer->saddr,
		.encap = ANCHOR6_ENCAP_IP6IP6,
	};
	const struct ipv6hdr *inner = (const struct ipv6hdr *)skb->data;
	struct anchor6_far_end *far_end;
	struct anchor6_lookup lookup;
	enum anchor6_counter counter;

	if (!device)
		return -ENOENT;
	anchor6_lookup_begin(&lookup, &device->bindings, &inner->saddr, false);
	far_end = anchor6_far_end_of(device, skb, &key);
	counter = far_end ? anchor6_tunnel_decapsulate(device, far_end, &lookup,
						       skb) :
			    anchor6_stranger_check(device, skb);
	if (counter == ANCHOR6_COUNTER_NUM)
		return -ENOENT;
	anchor6_packet_count(device, skb, counter);
	if (anchor6_counter_infos[counter].kind == ANCHOR6_COUNTER_DROP) {
		dev_core_stats_rx_dropped_inc(device->netdev);
		kfree_skb(skb);
	}
	return 0;
}

/* An ICMPv6 error as it is relayed to the inner source. */
struct anchor6_inner_error {
	u8 type;
	u8 code;
	u32 info;
};

static void anchor6_inner_error_send(struct anchor6_device *device,
				     struct sk_buff *skb, int offset,
				     const struct anchor6_inner_error *error)
{
	struct sk_buff *inner = skb_clone(skb, GFP_ATOMIC);
	struct rt6_info *route;

	if (!inner)
		return;
	memset(IP6CB(inner), 0, sizeof(*IP6CB(inner)));
	skb_dst_drop(inner);
	skb_pull(inner, offset);
	skb_reset_network_header(inner);
	route = rt6_lookup(dev_net(device->netdev), &ipv6_hdr(inner)->saddr,
			   NULL, l3mdev_master_ifindex_rcu(device->netdev),
			   inner, 0);
	if (route && route->dst.dev)
		inner->dev = route->dst.dev;
	icmpv6_send(inner, error->type, error->code, error->info);
	ip6_rt_put(route);
	kfree_skb(inner);
}

/* The errors that concern the inner source (RFC 2473, section 8). */
static bool anchor6_error_translate(struct anchor6_inner_error *error,
				    u32 inner_length, int offset)
{
	switch (error->type) {
	case ICMPV6_DEST_UNREACH:
		break;
	case ICMPV6_TIME_EXCEED:
		if (error->code != ICMPV6_EXC_HOPLIMIT)
			return false;
		break;
	case ICMPV6_PKT_TOOBIG:
		error->info -= min_t(u32, error->info, offset);
		error->info = max_t(u32, error->info, IPV6_MIN_MTU);
		error->code = 0;
		return inner_length > error->info;
	default:
		return false;
	}
	error->type = ICMPV6_DEST_UNREACH;
	error->code = ICMPV6_ADDR_UNREACH;
	error->info = 0;
	return true;
}

static enum anchor6_counter
anchor6_error_relay(struct anchor6_device *device, struct sk_buff *skb,
		    int offset, struct anchor6_inner_error *error)
{
	const struct ipv6hdr *inner;

	if (!pskb_may_pull(skb, offset + sizeof(*inner)))
		return ANCHOR6_COUNT_tunnel_error_absorbed;
	inner = (const struct ipv6hdr *)(skb->data + offset);
	if (!anchor6_error_translate(error, ntohs(inner->payload_len) +
				     sizeof(*inner), offset))
		return ANCHOR6_COUNT_tunnel_error_absorbed;
	anchor6_inner_error_send(device, skb, offset, error);
	return ANCHOR6_COUNT_tunnel_error_relayed;
}

/* The packet starts with the outer header that the error is about. */
static int anchor6_tunnel_error(struct sk_buff *skb, struct inet6_skb_parm *opt,
				u8 type, u8 code, int offset, __be32 info)
{
	struct net *net = dev_net(skb->dev);
	struct anchor6_device *device = anchor6_device_running(net);
	const struct ipv6hdr *outer = (const struct ipv6hdr *)skb->data;
	struct anchor6_far_end_key key = {
		.local = outer->saddr,
		.remote = outer->daddr,
		.encap = ANCHOR6_ENCAP_IP6IP6,
	};
	struct anchor6_inner_error error = {
		.type = type,
		.code = code,
		.info = ntohl(info),
	};

	if (!device || !anchor6_far_end_of(device, skb, &key))
		return -ENOENT;
	if (type == ICMPV6_PKT_TOOBIG) {
		anchor6_count(device->stats, ANCHOR6_COUNT_path_mtu_changed);
		ip6_update_pmtu(skb, net, info, READ_ONCE(device->outer_vrf),
				READ_ONCE(device->outer_mark),
				sock_net_uid(net, NULL));
	} else if (type == NDISC_REDIRECT) {
		ip6_redirect(skb, net, skb->dev->ifindex,
			     READ_ONCE(device->outer_mark),
			     sock_net_uid(net, NULL));
	}
	anchor6_count(device->stats,
		      anchor6_error_relay(device, skb, offset, &error));
	return 0;
}

static struct xfrm6_tunnel anchor6_tunnel_handler __read_mostly = {
	.handler = anchor6_tunnel_receive,
	.err_handler = anchor6_tunnel_error,
	.priority = 0,
};

/**
 * anchor6_tunnel_init - begin to receive tunnelled packets
 *
 * Context: module initialisation.
 * Return: 0, or -EEXIST when another module has our priority
 */
int anchor6_tunnel_init(void)
{
	return xfrm6_tunnel_register(&anchor6_tunnel_handler, AF_INET6);
}

/**
 * anchor6_tunnel_exit - end receiving tunnelled packets
 *
 * Context: module removal; waits for the packets in flight.
 */
void anchor6_tunnel_exit(void)
{
	xfrm6_tunnel_deregister(&anchor6_tunnel_handler, AF_INET6);
}
