/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ANCHOR6_PREFIX_H
#define _ANCHOR6_PREFIX_H

#include <linux/minmax.h>
#include <net/ipv6.h>

struct anchor6_prefix {
	struct in6_addr address;
	u8 length;
};

static inline bool anchor6_prefix_equal(const struct anchor6_prefix *a,
					const struct anchor6_prefix *b)
{
	return a->length == b->length &&
	       ipv6_addr_equal(&a->address, &b->address);
}

static inline bool anchor6_prefix_contains(const struct anchor6_prefix *prefix,
					   const struct in6_addr *address)
{
	return ipv6_prefix_equal(&prefix->address, address, prefix->length);
}

static inline bool anchor6_prefix_overlaps(const struct anchor6_prefix *a,
					   const struct anchor6_prefix *b)
{
	return ipv6_prefix_equal(&a->address, &b->address,
				 min(a->length, b->length));
}

/* The bits beyond the length are zero. */
static inline bool anchor6_prefix_normal(const struct anchor6_prefix *prefix)
{
	struct in6_addr address;

	ipv6_addr_prefix(&address, &prefix->address, prefix->length);
	return ipv6_addr_equal(&address, &prefix->address);
}

#endif /* _ANCHOR6_PREFIX_H */
