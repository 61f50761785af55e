/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The one list of what the module counts: name, kind and text. Who includes it
 * defines ANCHOR6_COUNTER. The kind says what became of the packet: the module
 * TOOK it, LEFT it to the stack as it was, or DROPped it; an EVENT is no
 * packet's fate.
 *
 * A packet outside every home prefix is not ours and not counted: it must cost
 * nothing measurable.
 */
ANCHOR6_COUNTER(hook_encapsulated, TOOK,
		"packets encapsulated by the pre-routing hook")
ANCHOR6_COUNTER(device_encapsulated, TOOK,
		"packets encapsulated by the device's transmit function")
ANCHOR6_COUNTER(decapsulated, TOOK,
		"packets that came out of a tunnel and passed the source check")
ANCHOR6_COUNTER(hook_unbound, LEFT,
		"packets to a home prefix without a binding, left to routing")
ANCHOR6_COUNTER(hook_local, LEFT,
		"packets to an address of this router inside a home prefix")
ANCHOR6_COUNTER(hook_discovery, LEFT,
		"home agent address discovery requests, handed to this router")
ANCHOR6_COUNTER(hook_neighbour_discovery, LEFT,
		"neighbour discovery messages to a bound address")
ANCHOR6_COUNTER(hook_source_scope, LEFT,
		"packets to a bound address whose source must not be forwarded")
ANCHOR6_COUNTER(hook_transformed, LEFT,
		"packets to a bound address that carry an IPsec route")
ANCHOR6_COUNTER(hook_not_forwarding, LEFT,
		"packets to a bound address while forwarding is off")
ANCHOR6_COUNTER(hook_stateful, LEFT,
		"packets to a bound address left to routing in stateful mode")
ANCHOR6_COUNTER(hook_segmentation, LEFT,
		"packets left to the device, which segments what another header does not fit")
ANCHOR6_COUNTER(hook_outbound_policy, LEFT,
		"packets to a bound address that an outbound IPsec policy applies to")
ANCHOR6_COUNTER(hook_other_domain, LEFT,
		"packets to a home prefix in another VRF than the device's")
ANCHOR6_COUNTER(hook_bridged, LEFT,
		"frames bridged here to another router of a home prefix")
ANCHOR6_COUNTER(forward_policy, DROP,
		"packets to a bound address that IPsec policy does not let through")
ANCHOR6_COUNTER(hop_limit, DROP,
		"packets whose hop limit ended here, answered by ICMPv6")
ANCHOR6_COUNTER(too_big, DROP,
		"packets larger than the tunnel, answered by ICMPv6")
ANCHOR6_COUNTER(no_route, DROP,
		"packets without a route to their far end, answered by ICMPv6")
ANCHOR6_COUNTER(nesting, DROP,
		"packets already encapsulated here as often as is allowed")
ANCHOR6_COUNTER(encapsulation_memory, DROP,
		"packets not encapsulated for want of memory")
ANCHOR6_COUNTER(device_unbound, DROP,
		"packets routed to the device without a binding, answered by ICMPv6")
ANCHOR6_COUNTER(device_foreign, DROP,
		"packets routed to the device outside every home prefix")
ANCHOR6_COUNTER(device_not_ipv6, DROP,
		"packets sent to the device that are no IPv6 packets")
ANCHOR6_COUNTER(tunnel_unknown, DROP,
		"packets with a home source address from an unknown tunnel")
ANCHOR6_COUNTER(tunnel_policy, DROP,
		"tunnelled packets that IPsec policy does not let in")
ANCHOR6_COUNTER(inner_malformed, DROP,
		"tunnelled packets whose inner header is wrong")
ANCHOR6_COUNTER(source_unbound, DROP,
		"tunnelled packets whose inner source has no binding")
ANCHOR6_COUNTER(source_mismatch, DROP,
		"tunnelled packets whose inner source is bound to another tunnel")
ANCHOR6_COUNTER(ecn_violation, DROP,
		"tunnelled packets marked congested though not ECN-capable")
ANCHOR6_COUNTER(decapsulation_memory, DROP,
		"packets not decapsulated for want of memory")
ANCHOR6_COUNTER(outer_refused, EVENT,
		"encapsulated packets that the network stack did not send, by a filter for one")
ANCHOR6_COUNTER(path_mtu_changed, EVENT,
		"Packet Too Big messages about packets of a tunnel")
ANCHOR6_COUNTER(tunnel_error_relayed, EVENT,
		"ICMPv6 errors about a tunnel relayed to the inner source")
ANCHOR6_COUNTER(tunnel_error_absorbed, EVENT,
		"ICMPv6 errors about a tunnel that concern no inner source")
ANCHOR6_COUNTER(bindings_expired, EVENT,
		"bindings removed because their lifetime ended")
