/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ANCHOR6_FAR_END_H
#define _ANCHOR6_FAR_END_H

#include <linux/in6.h>
#include <linux/rbtree.h>
#include <linux/rcupdate.h>
#include <linux/rhashtable.h>
#include <net/dst_cache.h>

struct anchor6_far_end_key {
	struct in6_addr local;
	struct in6_addr remote;
	u32 encap;
};

/**
 * struct anchor6_far_end - the other end of a tunnel
 * @hash: in &anchor6_far_ends.hash
 * @key: outer addresses and encapsulation
 * @route: cached route to the remote address
 * @users: bindings that use it; under the bindings' lock. The last one takes it
 *	out of both indices; packets that still see it finish before it is freed
 * @node: in &anchor6_far_ends.by_key
 * @rcu: for freeing
 */
struct anchor6_far_end {
	struct rhash_head hash;
	struct anchor6_far_end_key key;
	struct dst_cache route;

	u32 users;
	struct rb_node node;
	struct rcu_head rcu;
};

/**
 * struct anchor6_far_ends - far ends of a device
 * @hash: for packets
 * @by_key: the same in order, for dumps
 * @count: how many
 */
struct anchor6_far_ends {
	struct rhashtable hash;
	struct rb_root by_key;
	u32 count;
};

int anchor6_far_end_cache_create(void);
void anchor6_far_end_cache_destroy(void);
int anchor6_far_ends_init(struct anchor6_far_ends *far_ends);
void anchor6_far_ends_destroy(struct anchor6_far_ends *far_ends);

struct anchor6_far_end *anchor6_far_end_find(struct anchor6_far_ends *far_ends,
					     const struct anchor6_far_end_key *key);
struct anchor6_far_end *anchor6_far_end_get(struct anchor6_far_ends *far_ends,
					    const struct anchor6_far_end_key *key);
void anchor6_far_end_put(struct anchor6_far_ends *far_ends,
			 struct anchor6_far_end *far_end);
struct anchor6_far_end *
anchor6_far_end_after(struct anchor6_far_ends *far_ends,
		      const struct anchor6_far_end_key *key);

#endif /* _ANCHOR6_FAR_END_H */
