/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ANCHOR6_HOME_PREFIX_H
#define _ANCHOR6_HOME_PREFIX_H

#include <linux/netlink.h>
#include <linux/rcupdate.h>

#include "prefix.h"

/**
 * struct anchor6_home_prefix - a prefix whose addresses may be bound
 * @prefix: its address and length
 * @bindings: bindings inside it; writers only
 */
struct anchor6_home_prefix {
	struct anchor6_prefix prefix;
	u32 bindings;
};

/**
 * struct anchor6_home_prefixes - home prefixes, sorted and disjoint
 * @rcu: a change replaces the whole array
 * @count: elements of @entries
 * @entries: searched by bisection: packets of others pay for a few cache lines
 */
struct anchor6_home_prefixes {
	struct rcu_head rcu;
	u32 count;
	struct anchor6_home_prefix entries[];
};

struct anchor6_home_prefixes *
anchor6_home_prefixes_with(const struct anchor6_home_prefixes *old,
			   const struct anchor6_prefix *prefix,
			   struct netlink_ext_ack *extack);
struct anchor6_home_prefixes *
anchor6_home_prefixes_without(const struct anchor6_home_prefixes *old,
			      const struct anchor6_prefix *prefix,
			      struct netlink_ext_ack *extack);
u32 anchor6_home_prefix_rank(const struct anchor6_home_prefixes *prefixes,
			     const struct in6_addr *address);
struct anchor6_home_prefix *
anchor6_home_prefix_find(struct anchor6_home_prefixes *prefixes,
			 const struct in6_addr *address);

#endif /* _ANCHOR6_HOME_PREFIX_H */
