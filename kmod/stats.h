/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ANCHOR6_STATS_H
#define _ANCHOR6_STATS_H

#include <linux/percpu.h>
#include <linux/types.h>

/*
 * The one list of what the module counts: name, kind and text. The kind says
 * what became of the packet: the module TOOK it, LEFT it to the stack as it
 * was, or DROPped it; an EVENT is no packet's fate.
 *
 * A packet outside every home prefix is not ours and not counted: it must cost
 * nothing measurable.
 */
#define ANCHOR6_COUNTERS(X)						\
	X(hook_encapsulated, TOOK,					\
	  "packets encapsulated by the pre-routing hook")		\
	X(device_encapsulated, TOOK,					\
	  "packets encapsulated by the device's transmit function")	\
	X(decapsulated, TOOK,						\
	  "packets that came out of a tunnel and passed the source check") \
	X(hook_unbound, LEFT,						\
	  "packets to a home prefix without a binding, left to routing") \
	X(hook_local, LEFT,						\
	  "packets to an address of this router inside a home prefix")	\
	X(hook_neighbour_discovery, LEFT,				\
	  "neighbour discovery messages to a bound address")		\
	X(hook_source_scope, LEFT,					\
	  "packets to a bound address whose source must not be forwarded") \
	X(hook_transformed, LEFT,					\
	  "packets to a bound address that carry an IPsec route")	\
	X(hook_not_forwarding, LEFT,					\
	  "packets to a bound address while forwarding is off")		\
	X(forward_policy, DROP,						\
	  "packets to a bound address that IPsec policy does not let through") \
	X(hop_limit, DROP,						\
	  "packets whose hop limit ended here, answered by ICMPv6")	\
	X(too_big, DROP,						\
	  "packets larger than the tunnel, answered by ICMPv6")		\
	X(no_route, DROP,						\
	  "packets without a route to their far end, answered by ICMPv6") \
	X(nesting, DROP,						\
	  "packets already encapsulated here as often as is allowed")	\
	X(encapsulation_memory, DROP,					\
	  "packets not encapsulated for want of memory")		\
	X(device_unbound, DROP,						\
	  "packets routed to the device without a binding, answered by ICMPv6") \
	X(device_foreign, DROP,						\
	  "packets routed to the device outside every home prefix")	\
	X(device_not_ipv6, DROP,					\
	  "packets sent to the device that are no IPv6 packets")	\
	X(tunnel_unknown, DROP,						\
	  "packets with a home source address from an unknown tunnel")	\
	X(tunnel_policy, DROP,						\
	  "tunnelled packets that IPsec policy does not let in")	\
	X(inner_malformed, DROP,					\
	  "tunnelled packets whose inner header is wrong")		\
	X(source_unbound, DROP,						\
	  "tunnelled packets whose inner source has no binding")	\
	X(source_mismatch, DROP,					\
	  "tunnelled packets whose inner source is bound to another tunnel") \
	X(ecn_violation, DROP,						\
	  "tunnelled packets marked congested though not ECN-capable")	\
	X(decapsulation_memory, DROP,					\
	  "packets not decapsulated for want of memory")		\
	X(path_mtu_changed, EVENT,					\
	  "Packet Too Big messages about packets of a tunnel")		\
	X(tunnel_error_relayed, EVENT,					\
	  "ICMPv6 errors about a tunnel relayed to the inner source")	\
	X(tunnel_error_absorbed, EVENT,					\
	  "ICMPv6 errors about a tunnel that concern no inner source")	\
	X(bindings_expired, EVENT,					\
	  "bindings removed because their lifetime ended")

enum anchor6_counter {
#define ANCHOR6_COUNTER_ENUM(name, kind, text) ANCHOR6_COUNT_##name,
	ANCHOR6_COUNTERS(ANCHOR6_COUNTER_ENUM)
#undef ANCHOR6_COUNTER_ENUM
	ANCHOR6_COUNTER_NUM
};

enum anchor6_counter_kind {
	ANCHOR6_COUNTER_TOOK,
	ANCHOR6_COUNTER_LEFT,
	ANCHOR6_COUNTER_DROP,
	ANCHOR6_COUNTER_EVENT,
};

struct anchor6_counter_info {
	const char *name;
	const char *text;
	enum anchor6_counter_kind kind;
};

extern const struct anchor6_counter_info
	anchor6_counter_infos[ANCHOR6_COUNTER_NUM];

struct anchor6_stats {
	u64 counts[ANCHOR6_COUNTER_NUM];
};

static inline void anchor6_count(struct anchor6_stats __percpu *stats,
				 enum anchor6_counter counter)
{
	this_cpu_inc(stats->counts[counter]);
}

u64 anchor6_counter_sum(const struct anchor6_stats __percpu *stats,
			enum anchor6_counter counter);

#endif /* _ANCHOR6_STATS_H */
