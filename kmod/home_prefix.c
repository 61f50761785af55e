// SPDX-License-Identifier: GPL-2.0
#include <linux/slab.h>

#include <anchor6.h>

#include "compat.h"
#include "home_prefix.h"

static const struct anchor6_prefix anchor6_prefixes_never_home[] = {
	{ .address.s6_addr = { 0xff }, .length = 8 },
	{ .address.s6_addr = { 0xfe, 0x80 }, .length = 10 },
};

static struct anchor6_home_prefixes *anchor6_home_prefixes_alloc(u32 count)
{
	struct anchor6_home_prefixes *prefixes;

	prefixes = kzalloc(struct_size(prefixes, entries, count), GFP_KERNEL);
	if (prefixes)
		prefixes->count = count;
	return prefixes;
}

/* What ipv6_addr_cmp() says, in two comparisons of words. */
static bool anchor6_address_above(const struct in6_addr *a,
				  const struct in6_addr *b)
{
	u64 high_a = get_unaligned_be64(a), high_b = get_unaligned_be64(b);

	if (high_a != high_b)
		return high_a > high_b;
	return get_unaligned_be64(&a->s6_addr[8]) >
	       get_unaligned_be64(&b->s6_addr[8]);
}

/**
 * anchor6_home_prefix_rank - the place of an address in the order
 * @prefixes: home prefixes of a device
 * @address: any address
 *
 * Context: RCU read side, or the lock of the device's bindings.
 * Return: the number of home prefixes whose address is not above @address
 */
u32 anchor6_home_prefix_rank(const struct anchor6_home_prefixes *prefixes,
			     const struct in6_addr *address)
{
	u32 low = 0, high = prefixes->count;

	while (low < high) {
		u32 middle = (low + high) / 2;

		if (anchor6_address_above(&prefixes->entries[middle].prefix.address,
					  address))
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

/**
 * anchor6_home_prefix_find - the home prefix that an address lies in
 * @prefixes: home prefixes of a device
 * @address: any address
 *
 * Context: RCU read side, or the lock of the device's bindings.
 * Return: the home prefix or NULL
 */
struct anchor6_home_prefix *
anchor6_home_prefix_find(struct anchor6_home_prefixes *prefixes,
			 const struct in6_addr *address)
{
	struct anchor6_home_prefix *candidate;
	u32 rank = anchor6_home_prefix_rank(prefixes, address);

	if (!rank)
		return NULL;
	candidate = &prefixes->entries[rank - 1];
	return anchor6_prefix_contains(&candidate->prefix, address) ? candidate :
								      NULL;
}

static int anchor6_home_prefix_check(const struct anchor6_home_prefixes *old,
				     const struct anchor6_prefix *prefix,
				     struct netlink_ext_ack *extack)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(anchor6_prefixes_never_home); i++) {
		if (anchor6_prefix_overlaps(&anchor6_prefixes_never_home[i],
					    prefix)) {
			NL_SET_ERR_MSG(extack, "it covers multicast or link-local addresses");
			return -EINVAL;
		}
	}
	for (i = 0; i < old->count; i++) {
		if (anchor6_prefix_overlaps(&old->entries[i].prefix, prefix)) {
			NL_SET_ERR_MSG(extack, "home prefix exists or overlaps another one");
			return -EEXIST;
		}
	}
	if (old->count == ANCHOR6_HOME_PREFIXES_MAX) {
		NL_SET_ERR_MSG(extack, "too many home prefixes");
		return -ENOSPC;
	}
	return 0;
}

/**
 * anchor6_home_prefixes_with - home prefixes with one more
 * @old: the present ones, or NULL for an empty set to begin with
 * @prefix: to be added, with zero bits beyond its length
 * @extack: where the reason of a refusal goes
 *
 * Context: process, under the lock of the device's bindings.
 * Return: a new set, or an ERR_PTR()
 */
struct anchor6_home_prefixes *
anchor6_home_prefixes_with(const struct anchor6_home_prefixes *old,
			   const struct anchor6_prefix *prefix,
			   struct netlink_ext_ack *extack)
{
	struct anchor6_home_prefixes *prefixes;
	u32 rank;
	int err;

	err = anchor6_home_prefix_check(old, prefix, extack);
	if (err)
		return ERR_PTR(err);
	prefixes = anchor6_home_prefixes_alloc(old->count + 1);
	if (!prefixes)
		return ERR_PTR(-ENOMEM);

	rank = anchor6_home_prefix_rank(old, &prefix->address);
	memcpy(prefixes->entries, old->entries, rank * sizeof(*old->entries));
	prefixes->entries[rank].prefix = *prefix;
	memcpy(prefixes->entries + rank + 1, old->entries + rank,
	       (old->count - rank) * sizeof(*old->entries));
	return prefixes;
}

/**
 * anchor6_home_prefixes_without - home prefixes with one less
 * @old: the present ones
 * @prefix: to be removed
 * @extack: where the reason of a refusal goes
 *
 * Context: process, under the lock of the device's bindings.
 * Return: a new set, or an ERR_PTR()
 */
struct anchor6_home_prefixes *
anchor6_home_prefixes_without(const struct anchor6_home_prefixes *old,
			      const struct anchor6_prefix *prefix,
			      struct netlink_ext_ack *extack)
{
	u32 rank = anchor6_home_prefix_rank(old, &prefix->address);
	struct anchor6_home_prefixes *prefixes;

	if (!rank ||
	    !anchor6_prefix_equal(&old->entries[rank - 1].prefix, prefix)) {
		NL_SET_ERR_MSG(extack, "no such home prefix");
		return ERR_PTR(-ENOENT);
	}
	if (old->entries[rank - 1].bindings) {
		NL_SET_ERR_MSG(extack, "home prefix still has bindings");
		return ERR_PTR(-EBUSY);
	}
	prefixes = anchor6_home_prefixes_alloc(old->count - 1);
	if (!prefixes)
		return ERR_PTR(-ENOMEM);

	memcpy(prefixes->entries, old->entries,
	       (rank - 1) * sizeof(*old->entries));
	memcpy(prefixes->entries + rank - 1, old->entries + rank,
	       (old->count - rank) * sizeof(*old->entries));
	return prefixes;
}
