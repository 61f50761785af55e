/* SPDX-License-Identifier: GPL-2.0 */
/* Tracepoints: a packet's encapsulation, decapsulation or drop, with its reason. */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM anchor6

#if !defined(_ANCHOR6_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define _ANCHOR6_TRACE_H

#include <linux/ipv6.h>
#include <linux/netdevice.h>
#include <linux/tracepoint.h>

#include "binding.h"
#include "stats.h"

#ifndef TRACE_HEADER_MULTI_READ
/*
 * The addresses of the header where a packet was dropped, the outer one before
 * decapsulation; zero when there is no IPv6 header.
 */
static inline void anchor6_trace_addresses(const struct sk_buff *skb,
					   u8 source[16], u8 destination[16])
{
	memset(source, 0, 16);
	memset(destination, 0, 16);
	if (skb->protocol != htons(ETH_P_IPV6) ||
	    skb_network_header(skb) + sizeof(struct ipv6hdr) >
		    skb_tail_pointer(skb))
		return;
	memcpy(source, &ipv6_hdr(skb)->saddr, 16);
	memcpy(destination, &ipv6_hdr(skb)->daddr, 16);
}
#endif

DECLARE_EVENT_CLASS(anchor6_tunnel,
		    TP_PROTO(const struct net_device *netdev, const struct sk_buff *skb,
			     const struct anchor6_binding *binding,
			     const struct anchor6_far_end *far_end),
		    TP_ARGS(netdev, skb, binding, far_end),
		    TP_STRUCT__entry(__field(int, ifindex)
				     __field(unsigned int, length)
				     __field(unsigned int, segments)
				     __field(u8, cache)
				     __array(u8, source, 16)
				     __array(u8, destination, 16)
				     __array(u8, local, 16)
				     __array(u8, remote, 16)),
		    TP_fast_assign(memcpy(__entry->source, &ipv6_hdr(skb)->saddr, 16);
				   memcpy(__entry->destination, &ipv6_hdr(skb)->daddr, 16);
				   memcpy(__entry->local, &far_end->key.local, 16);
				   memcpy(__entry->remote, &far_end->key.remote, 16);
				   __entry->ifindex = netdev->ifindex;
				   __entry->length = skb->len;
				   __entry->segments = max_t(u16, skb_shinfo(skb)->gso_segs, 1);
				   __entry->cache = binding->cache;),
		    TP_printk("ifindex=%d source=%pI6c destination=%pI6c length=%u segments=%u cache=%s local=%pI6c remote=%pI6c",
			      __entry->ifindex, __entry->source, __entry->destination,
			      __entry->length, __entry->segments,
			      __print_symbolic(__entry->cache,
					       { ANCHOR6_CACHE_HOME, "home" },
					       { ANCHOR6_CACHE_PROXY, "proxy" }),
			      __entry->local, __entry->remote)
);

DEFINE_EVENT(anchor6_tunnel, anchor6_encapsulate,
	     TP_PROTO(const struct net_device *netdev, const struct sk_buff *skb,
		      const struct anchor6_binding *binding,
		      const struct anchor6_far_end *far_end),
	     TP_ARGS(netdev, skb, binding, far_end)
);

DEFINE_EVENT(anchor6_tunnel, anchor6_decapsulate,
	     TP_PROTO(const struct net_device *netdev, const struct sk_buff *skb,
		      const struct anchor6_binding *binding,
		      const struct anchor6_far_end *far_end),
	     TP_ARGS(netdev, skb, binding, far_end)
);

TRACE_EVENT(anchor6_drop,
	    TP_PROTO(const struct net_device *netdev, const struct sk_buff *skb,
		     enum anchor6_counter counter),
	    TP_ARGS(netdev, skb, counter),
	    TP_STRUCT__entry(__field(int, ifindex)
			     __field(unsigned int, length)
			     __array(u8, source, 16)
			     __array(u8, destination, 16)
			     __array(char, reason, 32)),
	    TP_fast_assign(anchor6_trace_addresses(skb, __entry->source,
						   __entry->destination);
			   strscpy(__entry->reason, anchor6_counter_infos[counter].name,
				   sizeof(__entry->reason));
			   __entry->ifindex = netdev->ifindex;
			   __entry->length = skb->len;),
	    TP_printk("ifindex=%d source=%pI6c destination=%pI6c length=%u reason=%s",
		      __entry->ifindex, __entry->source, __entry->destination,
		      __entry->length, __entry->reason)
);

#endif /* _ANCHOR6_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
