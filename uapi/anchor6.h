/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * anchor6: the IPv6 mobility anchor.
 *
 * State lives in a network device of kind %ANCHOR6_LINK_KIND, one in each
 * network namespace. Every request names that device by %ANCHOR6_A_IFINDEX.
 * The requests go to the generic netlink family %ANCHOR6_GENL_NAME and need
 * CAP_NET_ADMIN in the user namespace that owns the network namespace, reading
 * included: where a mobile node is, is not everybody's business.
 *
 * Addresses are in network byte order, every number is in host byte order.
 *
 * Errors that any command can return, each with an extended ACK
 * that names the attribute or says the reason in a sentence:
 *
 *   EINVAL      an attribute is missing, malformed or unknown, or a value makes
 *               no sense
 *   ERANGE      a number is outside the range of its attribute
 *   ENODEV      the interface does not exist or is not an anchor6 device
 *   EPERM       the caller lacks CAP_NET_ADMIN
 *   EOPNOTSUPP  the command or a flag of it is unknown
 *   ENOMEM      the kernel is out of memory; nothing was changed
 */
#ifndef _UAPI_ANCHOR6_H
#define _UAPI_ANCHOR6_H

#define ANCHOR6_LINK_KIND	"anchor6"
#define ANCHOR6_GENL_NAME	"anchor6"
#define ANCHOR6_GENL_VERSION	1

/* Multicast group of %ANCHOR6_CMD_BINDING_NTF. */
#define ANCHOR6_MCGRP_BINDINGS	"bindings"
/* Multicast group of %ANCHOR6_CMD_HOME_PREFIX_NTF and %ANCHOR6_CMD_DEVICE_NTF. */
#define ANCHOR6_MCGRP_EVENTS	"events"

/* The number of different prefix lengths that the bindings of a cache may have. */
#define ANCHOR6_PREFIX_LENGTHS_MAX	8
/* The number of home prefixes of a device. */
#define ANCHOR6_HOME_PREFIXES_MAX	64
/* The longest lifetime of a binding, in milliseconds: 65535 units of 4 s. */
#define ANCHOR6_LIFETIME_MS_MAX		262140000

/**
 * enum anchor6_cmd - commands of the family
 * @ANCHOR6_CMD_UNSPEC: reserved
 * @ANCHOR6_CMD_DEVICE_GET: one device (do, by %ANCHOR6_A_IFINDEX) or those of
 *	the namespace (dump); answers with %ANCHOR6_A_IFINDEX and
 *	%ANCHOR6_A_DEVICE
 * @ANCHOR6_CMD_DEVICE_SET: change the settings given in %ANCHOR6_A_DEVICE, all
 *	of them or none; attributes marked read-only are refused with EINVAL
 * @ANCHOR6_CMD_HOME_PREFIX_ADD: declare %ANCHOR6_A_HOME_PREFIX: destinations in
 *	it are looked up, and bindings are allowed inside it. EEXIST if it is
 *	there or overlaps another, ENOSPC beyond %ANCHOR6_HOME_PREFIXES_MAX
 * @ANCHOR6_CMD_HOME_PREFIX_DEL: withdraw a home prefix. ENOENT if it is not
 *	there, EBUSY while a binding lies inside it
 * @ANCHOR6_CMD_HOME_PREFIX_GET: dump the home prefixes of a device
 * @ANCHOR6_CMD_BINDING_SET: create or replace %ANCHOR6_A_BINDING. NLM_F_CREATE
 *	allows creation (else ENOENT), NLM_F_EXCL forbids replacement (else
 *	EEXIST). Replacement is atomic for packets and keeps the packet counts.
 *	EADDRNOTAVAIL outside every home prefix; ELOOP if the far end's remote
 *	address lies inside the bound prefix; ENOSPC if the device's limit of
 *	bindings or %ANCHOR6_PREFIX_LENGTHS_MAX is reached
 * @ANCHOR6_CMD_BINDING_DEL: delete the binding named by cache and prefix.
 *	ENOENT if it is not there, ESTALE if %ANCHOR6_BINDING_A_COOKIE is given
 *	and differs
 * @ANCHOR6_CMD_BINDING_GET: one binding (do, named by cache and prefix) or all
 *	that match every attribute given in %ANCHOR6_A_BINDING (dump). A dump
 *	that raced with a change carries NLM_F_DUMP_INTR
 * @ANCHOR6_CMD_BINDING_FLUSH: delete every binding that matches all of the
 *	attributes cache, owner, group and the far end's remote address given in
 *	%ANCHOR6_A_BINDING; without any, all bindings of the device
 * @ANCHOR6_CMD_FAR_END_GET: dump the far ends in use on a device
 * @ANCHOR6_CMD_LOOKUP: what would happen to a packet to
 *	%ANCHOR6_LOOKUP_A_ADDRESS, and why
 * @ANCHOR6_CMD_STATS_GET: dump the counters of a device, one
 *	%ANCHOR6_A_COUNTER each
 * @ANCHOR6_CMD_BINDING_NTF: notification: a binding changed, and why
 *	(%ANCHOR6_A_REASON). A flush is one notification whose
 *	%ANCHOR6_A_BINDING is the filter of the request. The requester itself is
 *	not notified of its own changes; to the others nlmsg_pid is its port,
 *	and 0 when the module itself made the change
 * @ANCHOR6_CMD_HOME_PREFIX_NTF: notification: a home prefix was added or
 *	withdrawn (%ANCHOR6_A_REASON)
 * @ANCHOR6_CMD_DEVICE_NTF: notification: settings of the device changed
 */
enum anchor6_cmd {
	ANCHOR6_CMD_UNSPEC,
	ANCHOR6_CMD_DEVICE_GET,
	ANCHOR6_CMD_DEVICE_SET,
	ANCHOR6_CMD_HOME_PREFIX_ADD,
	ANCHOR6_CMD_HOME_PREFIX_DEL,
	ANCHOR6_CMD_HOME_PREFIX_GET,
	ANCHOR6_CMD_BINDING_SET,
	ANCHOR6_CMD_BINDING_DEL,
	ANCHOR6_CMD_BINDING_GET,
	ANCHOR6_CMD_BINDING_FLUSH,
	ANCHOR6_CMD_FAR_END_GET,
	ANCHOR6_CMD_LOOKUP,
	ANCHOR6_CMD_STATS_GET,
	ANCHOR6_CMD_BINDING_NTF,
	ANCHOR6_CMD_HOME_PREFIX_NTF,
	ANCHOR6_CMD_DEVICE_NTF,
	/* private: */
	__ANCHOR6_CMD_MAX,
	ANCHOR6_CMD_MAX = __ANCHOR6_CMD_MAX - 1
};

/**
 * enum anchor6_attr - attributes of a message
 * @ANCHOR6_A_UNSPEC: reserved
 * @ANCHOR6_A_IFINDEX: u32, interface index of the anchor6 device
 * @ANCHOR6_A_DEVICE: nest of enum anchor6_device_attr
 * @ANCHOR6_A_HOME_PREFIX: nest of enum anchor6_home_prefix_attr
 * @ANCHOR6_A_BINDING: nest of enum anchor6_binding_attr
 * @ANCHOR6_A_SHADOWED: nest of enum anchor6_binding_attr: the proxy binding
 *	that a lookup's home binding hides
 * @ANCHOR6_A_FAR_END: nest of enum anchor6_far_end_attr
 * @ANCHOR6_A_LOOKUP: nest of enum anchor6_lookup_attr
 * @ANCHOR6_A_COUNTER: nest of enum anchor6_counter_attr
 * @ANCHOR6_A_REASON: u8, enum anchor6_reason, in notifications
 */
enum anchor6_attr {
	ANCHOR6_A_UNSPEC,
	ANCHOR6_A_IFINDEX,
	ANCHOR6_A_DEVICE,
	ANCHOR6_A_HOME_PREFIX,
	ANCHOR6_A_BINDING,
	ANCHOR6_A_SHADOWED,
	ANCHOR6_A_FAR_END,
	ANCHOR6_A_LOOKUP,
	ANCHOR6_A_COUNTER,
	ANCHOR6_A_REASON,
	/* private: */
	__ANCHOR6_A_MAX,
	ANCHOR6_A_MAX = __ANCHOR6_A_MAX - 1
};

/**
 * enum anchor6_mode - what a node's packets pass on their way
 * @ANCHOR6_MODE_UNSPEC: reserved
 * @ANCHOR6_MODE_FAST: downlink packets are encapsulated before connection
 *	tracking and routing see them; uplink packets are not tracked
 * @ANCHOR6_MODE_STATEFUL: downlink packets are routed to the device, so that
 *	both directions pass connection tracking and FORWARD
 */
enum anchor6_mode {
	ANCHOR6_MODE_UNSPEC,
	ANCHOR6_MODE_FAST,
	ANCHOR6_MODE_STATEFUL,
	/* private: */
	__ANCHOR6_MODE_MAX,
	ANCHOR6_MODE_MAX = __ANCHOR6_MODE_MAX - 1
};

/**
 * enum anchor6_device_attr - settings and state of a device
 * @ANCHOR6_DEVICE_A_UNSPEC: reserved
 * @ANCHOR6_DEVICE_A_REPLY_MARK: u32. A packet of a local socket whose mark,
 *	masked, equals this one and that is routed to the device skips the home
 *	cache: the answer to a node at home reaches it through its MAG
 * @ANCHOR6_DEVICE_A_REPLY_MASK: u32, mask of the reply mark; 0, the default,
 *	turns it off
 * @ANCHOR6_DEVICE_A_BINDINGS_MAX: u32, limit of bindings in each cache;
 *	default 4194304
 * @ANCHOR6_DEVICE_A_HOME_BINDINGS: u32, read-only, bindings in the home cache
 * @ANCHOR6_DEVICE_A_PROXY_BINDINGS: u32, read-only, bindings in the proxy cache
 * @ANCHOR6_DEVICE_A_FAR_ENDS: u32, read-only, far ends in use
 * @ANCHOR6_DEVICE_A_MODE: u8, enum anchor6_mode; default %ANCHOR6_MODE_FAST
 * @ANCHOR6_DEVICE_A_OUTER_MARK: u32, mark of outer packets, for policy routing
 *	and filters; 0, the default, keeps that of the inner packet and routes
 *	without
 * @ANCHOR6_DEVICE_A_OUTER_VRF: u32, interface index of the VRF that outer
 *	packets are routed in and must come from; 0, the default, none. EINVAL if
 *	the interface is not a VRF
 */
enum anchor6_device_attr {
	ANCHOR6_DEVICE_A_UNSPEC,
	ANCHOR6_DEVICE_A_REPLY_MARK,
	ANCHOR6_DEVICE_A_REPLY_MASK,
	ANCHOR6_DEVICE_A_BINDINGS_MAX,
	ANCHOR6_DEVICE_A_HOME_BINDINGS,
	ANCHOR6_DEVICE_A_PROXY_BINDINGS,
	ANCHOR6_DEVICE_A_FAR_ENDS,
	ANCHOR6_DEVICE_A_MODE,
	ANCHOR6_DEVICE_A_OUTER_MARK,
	ANCHOR6_DEVICE_A_OUTER_VRF,
	/* private: */
	__ANCHOR6_DEVICE_A_MAX,
	ANCHOR6_DEVICE_A_MAX = __ANCHOR6_DEVICE_A_MAX - 1
};

/**
 * enum anchor6_home_prefix_attr - a home prefix
 * @ANCHOR6_HOME_PREFIX_A_UNSPEC: reserved
 * @ANCHOR6_HOME_PREFIX_A_ADDRESS: 16 octets, bits beyond the length must be 0;
 *	a multicast or link-local prefix and ::/0 are refused
 * @ANCHOR6_HOME_PREFIX_A_LENGTH: u8, 1 to 128
 * @ANCHOR6_HOME_PREFIX_A_BINDINGS: u32, read-only, bindings inside the prefix
 */
enum anchor6_home_prefix_attr {
	ANCHOR6_HOME_PREFIX_A_UNSPEC,
	ANCHOR6_HOME_PREFIX_A_ADDRESS,
	ANCHOR6_HOME_PREFIX_A_LENGTH,
	ANCHOR6_HOME_PREFIX_A_BINDINGS,
	/* private: */
	__ANCHOR6_HOME_PREFIX_A_MAX,
	ANCHOR6_HOME_PREFIX_A_MAX = __ANCHOR6_HOME_PREFIX_A_MAX - 1
};

/**
 * enum anchor6_cache - the binding cache that a binding belongs to
 * @ANCHOR6_CACHE_UNSPEC: reserved
 * @ANCHOR6_CACHE_HOME: bindings made by Binding Updates (RFC 6275)
 * @ANCHOR6_CACHE_PROXY: bindings made by Proxy Binding Updates (RFC 5213)
 */
enum anchor6_cache {
	ANCHOR6_CACHE_UNSPEC,
	ANCHOR6_CACHE_HOME,
	ANCHOR6_CACHE_PROXY,
	/* private: */
	__ANCHOR6_CACHE_MAX,
	ANCHOR6_CACHE_MAX = __ANCHOR6_CACHE_MAX - 1
};

/**
 * enum anchor6_binding_attr - a binding, or a filter over bindings
 * @ANCHOR6_BINDING_A_UNSPEC: reserved
 * @ANCHOR6_BINDING_A_CACHE: u8, enum anchor6_cache
 * @ANCHOR6_BINDING_A_PREFIX: 16 octets, bits beyond the length must be 0
 * @ANCHOR6_BINDING_A_PREFIX_LENGTH: u8, 1 to 128
 * @ANCHOR6_BINDING_A_FAR_END: nest of enum anchor6_far_end_attr
 * @ANCHOR6_BINDING_A_LIFETIME_MS: u64, 1 to %ANCHOR6_LIFETIME_MS_MAX. In a
 *	request from now on, in an answer what remains; boot time, so that it
 *	runs while the machine sleeps and no clock change moves it
 * @ANCHOR6_BINDING_A_COOKIE: u64, the owner's own name for this binding;
 *	default 0
 * @ANCHOR6_BINDING_A_OWNER: u64, the instance that made it; default 0
 * @ANCHOR6_BINDING_A_GROUP: u32, the anchor group; default 0
 * @ANCHOR6_BINDING_A_DOWN_PACKETS: u64, read-only, packets encapsulated
 * @ANCHOR6_BINDING_A_DOWN_BYTES: u64, read-only, octets of their inner packets
 * @ANCHOR6_BINDING_A_UP_PACKETS: u64, read-only, packets decapsulated
 * @ANCHOR6_BINDING_A_UP_BYTES: u64, read-only, octets of their inner packets
 * @ANCHOR6_BINDING_A_PAD: padding of 64 bit attributes
 *
 * %ANCHOR6_CMD_BINDING_SET needs cache, prefix, prefix length, far end and
 * lifetime; %ANCHOR6_CMD_BINDING_DEL and a single %ANCHOR6_CMD_BINDING_GET need
 * the first three.
 */
enum anchor6_binding_attr {
	ANCHOR6_BINDING_A_UNSPEC,
	ANCHOR6_BINDING_A_CACHE,
	ANCHOR6_BINDING_A_PREFIX,
	ANCHOR6_BINDING_A_PREFIX_LENGTH,
	ANCHOR6_BINDING_A_FAR_END,
	ANCHOR6_BINDING_A_LIFETIME_MS,
	ANCHOR6_BINDING_A_COOKIE,
	ANCHOR6_BINDING_A_OWNER,
	ANCHOR6_BINDING_A_GROUP,
	ANCHOR6_BINDING_A_DOWN_PACKETS,
	ANCHOR6_BINDING_A_DOWN_BYTES,
	ANCHOR6_BINDING_A_UP_PACKETS,
	ANCHOR6_BINDING_A_UP_BYTES,
	ANCHOR6_BINDING_A_PAD,
	/* private: */
	__ANCHOR6_BINDING_A_MAX,
	ANCHOR6_BINDING_A_MAX = __ANCHOR6_BINDING_A_MAX - 1
};

/**
 * enum anchor6_encap - encapsulation of a far end
 * @ANCHOR6_ENCAP_UNSPEC: reserved
 * @ANCHOR6_ENCAP_IP6IP6: IPv6 in IPv6 (RFC 2473), next header 41
 */
enum anchor6_encap {
	ANCHOR6_ENCAP_UNSPEC,
	ANCHOR6_ENCAP_IP6IP6,
	/* private: */
	__ANCHOR6_ENCAP_MAX,
	ANCHOR6_ENCAP_MAX = __ANCHOR6_ENCAP_MAX - 1
};

/**
 * enum anchor6_far_end_attr - the other end of a tunnel
 * @ANCHOR6_FAR_END_A_UNSPEC: reserved
 * @ANCHOR6_FAR_END_A_LOCAL: 16 octets, source of outer packets: the home
 *	agent's or the LMA's address; unicast, not link-local
 * @ANCHOR6_FAR_END_A_REMOTE: 16 octets, destination of outer packets: a care-of
 *	address or a Proxy-CoA; unicast, not link-local, not the local address
 * @ANCHOR6_FAR_END_A_ENCAP: u8, enum anchor6_encap; default
 *	%ANCHOR6_ENCAP_IP6IP6
 * @ANCHOR6_FAR_END_A_MTU: u32, read-only, the largest inner packet that fits
 *	the path as the kernel knows it now, at least 1280
 * @ANCHOR6_FAR_END_A_BINDINGS: u32, read-only, bindings that use the far end
 */
enum anchor6_far_end_attr {
	ANCHOR6_FAR_END_A_UNSPEC,
	ANCHOR6_FAR_END_A_LOCAL,
	ANCHOR6_FAR_END_A_REMOTE,
	ANCHOR6_FAR_END_A_ENCAP,
	ANCHOR6_FAR_END_A_MTU,
	ANCHOR6_FAR_END_A_BINDINGS,
	/* private: */
	__ANCHOR6_FAR_END_A_MAX,
	ANCHOR6_FAR_END_A_MAX = __ANCHOR6_FAR_END_A_MAX - 1
};

/**
 * enum anchor6_verdict - outcome of a lookup
 * @ANCHOR6_VERDICT_UNSPEC: reserved
 * @ANCHOR6_VERDICT_HOME: encapsulated by %ANCHOR6_A_BINDING of the home cache
 * @ANCHOR6_VERDICT_PROXY: encapsulated by %ANCHOR6_A_BINDING of the proxy cache
 * @ANCHOR6_VERDICT_UNBOUND: inside %ANCHOR6_A_HOME_PREFIX, but no binding
 *	matches: left to ordinary routing; address unreachable if that leads to
 *	the device
 * @ANCHOR6_VERDICT_FOREIGN: outside every home prefix: not ours
 * @ANCHOR6_VERDICT_LOCAL: an address of this router: never taken
 * @ANCHOR6_VERDICT_EXEMPT: link-local or multicast: never taken
 */
enum anchor6_verdict {
	ANCHOR6_VERDICT_UNSPEC,
	ANCHOR6_VERDICT_HOME,
	ANCHOR6_VERDICT_PROXY,
	ANCHOR6_VERDICT_UNBOUND,
	ANCHOR6_VERDICT_FOREIGN,
	ANCHOR6_VERDICT_LOCAL,
	ANCHOR6_VERDICT_EXEMPT,
	/* private: */
	__ANCHOR6_VERDICT_MAX,
	ANCHOR6_VERDICT_MAX = __ANCHOR6_VERDICT_MAX - 1
};

/**
 * enum anchor6_lookup_attr - question and answer of a lookup
 * @ANCHOR6_LOOKUP_A_UNSPEC: reserved
 * @ANCHOR6_LOOKUP_A_ADDRESS: 16 octets, destination address of the packet
 * @ANCHOR6_LOOKUP_A_MARK: u32, mark of a packet from a local socket; default 0
 * @ANCHOR6_LOOKUP_A_VERDICT: u8, enum anchor6_verdict, in the answer
 */
enum anchor6_lookup_attr {
	ANCHOR6_LOOKUP_A_UNSPEC,
	ANCHOR6_LOOKUP_A_ADDRESS,
	ANCHOR6_LOOKUP_A_MARK,
	ANCHOR6_LOOKUP_A_VERDICT,
	/* private: */
	__ANCHOR6_LOOKUP_A_MAX,
	ANCHOR6_LOOKUP_A_MAX = __ANCHOR6_LOOKUP_A_MAX - 1
};

/**
 * enum anchor6_counter_attr - a counter
 * @ANCHOR6_COUNTER_A_UNSPEC: reserved
 * @ANCHOR6_COUNTER_A_NAME: string, stable, lower case with underscores
 * @ANCHOR6_COUNTER_A_VALUE: u64, since the device was made
 * @ANCHOR6_COUNTER_A_TEXT: string, what it counts, for a person
 * @ANCHOR6_COUNTER_A_PAD: padding of 64 bit attributes
 */
enum anchor6_counter_attr {
	ANCHOR6_COUNTER_A_UNSPEC,
	ANCHOR6_COUNTER_A_NAME,
	ANCHOR6_COUNTER_A_VALUE,
	ANCHOR6_COUNTER_A_TEXT,
	ANCHOR6_COUNTER_A_PAD,
	/* private: */
	__ANCHOR6_COUNTER_A_MAX,
	ANCHOR6_COUNTER_A_MAX = __ANCHOR6_COUNTER_A_MAX - 1
};

/**
 * enum anchor6_reason - why a notification was sent
 * @ANCHOR6_REASON_UNSPEC: reserved
 * @ANCHOR6_REASON_SET: created or replaced by a request
 * @ANCHOR6_REASON_DELETED: deleted by a request
 * @ANCHOR6_REASON_EXPIRED: its lifetime ended
 * @ANCHOR6_REASON_FLUSHED: deleted by a flush
 */
enum anchor6_reason {
	ANCHOR6_REASON_UNSPEC,
	ANCHOR6_REASON_SET,
	ANCHOR6_REASON_DELETED,
	ANCHOR6_REASON_EXPIRED,
	ANCHOR6_REASON_FLUSHED,
	/* private: */
	__ANCHOR6_REASON_MAX,
	ANCHOR6_REASON_MAX = __ANCHOR6_REASON_MAX - 1
};

#endif /* _UAPI_ANCHOR6_H */
