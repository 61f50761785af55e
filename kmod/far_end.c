// SPDX-License-Identifier: GPL-2.0
#include <linux/slab.h>
#include <net/ipv6.h>

#include "far_end.h"

static struct kmem_cache *anchor6_far_end_cache;

/* In words: the kernel's own comparison, octet by octet, costs a packet more than its hash. */
static int anchor6_far_end_differs(struct rhashtable_compare_arg *arg,
				   const void *object)
{
	const struct anchor6_far_end_key *a = arg->key;
	const struct anchor6_far_end_key *b =
		&((const struct anchor6_far_end *)object)->key;

	return !ipv6_addr_equal(&a->remote, &b->remote) ||
	       !ipv6_addr_equal(&a->local, &b->local) || a->encap != b->encap;
}

static const struct rhashtable_params anchor6_far_end_hash_params = {
	.head_offset = offsetof(struct anchor6_far_end, hash),
	.key_offset = offsetof(struct anchor6_far_end, key),
	.key_len = sizeof(struct anchor6_far_end_key),
	.obj_cmpfn = anchor6_far_end_differs,
	.automatic_shrinking = true,
};

/**
 * anchor6_far_end_cache_create - set up the memory that far ends come from
 *
 * Context: module initialisation.
 * Return: 0 or -ENOMEM
 */
int anchor6_far_end_cache_create(void)
{
	anchor6_far_end_cache = KMEM_CACHE(anchor6_far_end,
					   SLAB_HWCACHE_ALIGN | SLAB_ACCOUNT);
	return anchor6_far_end_cache ? 0 : -ENOMEM;
}

/**
 * anchor6_far_end_cache_destroy - give the memory of far ends back
 *
 * Context: module removal, after rcu_barrier(). The kernel complains about any
 * far end that is left.
 */
void anchor6_far_end_cache_destroy(void)
{
	kmem_cache_destroy(anchor6_far_end_cache);
}

/**
 * anchor6_far_ends_init - make an empty set of far ends
 * @far_ends: the set
 *
 * Context: process.
 * Return: 0 or a negative error
 */
int anchor6_far_ends_init(struct anchor6_far_ends *far_ends)
{
	far_ends->by_key = RB_ROOT;
	far_ends->count = 0;
	return rhashtable_init(&far_ends->hash, &anchor6_far_end_hash_params);
}

/**
 * anchor6_far_ends_destroy - end an empty set of far ends
 * @far_ends: the set
 *
 * Context: process, without readers left.
 */
void anchor6_far_ends_destroy(struct anchor6_far_ends *far_ends)
{
	WARN_ON(far_ends->count);
	rhashtable_destroy(&far_ends->hash);
}

/**
 * anchor6_far_end_find - the far end with these addresses
 * @far_ends: far ends of a device
 * @key: outer addresses and encapsulation
 *
 * Context: RCU read side.
 * Return: the far end or NULL
 */
struct anchor6_far_end *
anchor6_far_end_find(struct anchor6_far_ends *far_ends,
		     const struct anchor6_far_end_key *key)
{
	return rhashtable_lookup(&far_ends->hash, key,
				 anchor6_far_end_hash_params);
}

static int anchor6_far_end_compare(const struct anchor6_far_end_key *key,
				   const struct rb_node *node)
{
	return memcmp(key,
		      &rb_entry(node, struct anchor6_far_end, node)->key,
		      sizeof(*key));
}

static int anchor6_far_end_order(struct rb_node *node,
				 const struct rb_node *other)
{
	return anchor6_far_end_compare(&rb_entry(node, struct anchor6_far_end,
						 node)->key, other);
}

static void anchor6_far_end_free(struct anchor6_far_end *far_end)
{
	dst_cache_destroy(&far_end->route);
	kmem_cache_free(anchor6_far_end_cache, far_end);
}

static void anchor6_far_end_free_rcu(struct rcu_head *rcu)
{
	anchor6_far_end_free(container_of(rcu, struct anchor6_far_end, rcu));
}

static struct anchor6_far_end *
anchor6_far_end_create(struct anchor6_far_ends *far_ends,
		       const struct anchor6_far_end_key *key)
{
	struct anchor6_far_end *far_end;
	int err;

	far_end = kmem_cache_zalloc(anchor6_far_end_cache, GFP_KERNEL);
	if (!far_end)
		return ERR_PTR(-ENOMEM);
	far_end->key = *key;
	err = dst_cache_init(&far_end->route, GFP_KERNEL);
	if (err)
		goto err_free;
	err = rhashtable_insert_fast(&far_ends->hash, &far_end->hash,
				     anchor6_far_end_hash_params);
	if (err)
		goto err_free;
	rb_find_add(&far_end->node, &far_ends->by_key, anchor6_far_end_order);
	far_ends->count++;
	return far_end;

err_free:
	anchor6_far_end_free(far_end);
	return ERR_PTR(-ENOMEM);
}

/**
 * anchor6_far_end_get - use a far end, made when it is not there yet
 * @far_ends: far ends of a device
 * @key: outer addresses and encapsulation; every octet is compared
 *
 * Context: process, under the bindings' lock.
 * Return: the far end, to be given back by anchor6_far_end_put(), or an
 * ERR_PTR()
 */
struct anchor6_far_end *
anchor6_far_end_get(struct anchor6_far_ends *far_ends,
		    const struct anchor6_far_end_key *key)
{
	struct anchor6_far_end *far_end;

	rcu_read_lock();
	far_end = anchor6_far_end_find(far_ends, key);
	rcu_read_unlock();
	if (!far_end)
		far_end = anchor6_far_end_create(far_ends, key);
	if (!IS_ERR(far_end))
		far_end->users++;
	return far_end;
}

/**
 * anchor6_far_end_put - stop using a far end
 * @far_ends: far ends of a device
 * @far_end: got from anchor6_far_end_get()
 *
 * Context: process, under the bindings' lock.
 */
void anchor6_far_end_put(struct anchor6_far_ends *far_ends,
			 struct anchor6_far_end *far_end)
{
	if (--far_end->users)
		return;
	rhashtable_remove_fast(&far_ends->hash, &far_end->hash,
			       anchor6_far_end_hash_params);
	rb_erase(&far_end->node, &far_ends->by_key);
	far_ends->count--;
	call_rcu(&far_end->rcu, anchor6_far_end_free_rcu);
}

/**
 * anchor6_far_end_after - the next far end in order
 * @far_ends: far ends of a device
 * @key: where to go on; NULL for the first
 *
 * Context: process, under the bindings' lock.
 * Return: the first far end above @key or NULL
 */
struct anchor6_far_end *
anchor6_far_end_after(struct anchor6_far_ends *far_ends,
		      const struct anchor6_far_end_key *key)
{
	struct rb_node *node = far_ends->by_key.rb_node;
	struct anchor6_far_end *after = NULL;

	while (node) {
		if (!key || anchor6_far_end_compare(key, node) < 0) {
			after = rb_entry(node, struct anchor6_far_end, node);
			node = node->rb_left;
		} else {
			node = node->rb_right;
		}
	}
	return after;
}
