/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ANCHOR6_BINDING_H
#define _ANCHOR6_BINDING_H

#include <linux/atomic.h>
#include <linux/mutex.h>
#include <linux/rbtree.h>
#include <linux/timekeeping.h>
#include <linux/workqueue.h>

#include <anchor6.h>

#include "far_end.h"
#include "home_prefix.h"
#include "prefix.h"
#include "table.h"

struct netlink_ext_ack;

/**
 * struct anchor6_binding - a prefix and the far end that its packets go to
 * @prefix: what is bound
 * @hash: of the prefix
 * @far_end: where it is; replaced in one step, freed after a grace period
 * @expires_ns: boot time from which on it is no binding any more
 * @down_packets: packets encapsulated
 * @down_bytes: octets of their inner packets
 * @cookie: the owner's name for it
 * @up_packets: packets decapsulated
 * @up_bytes: octets of their inner packets
 * @expiry_node: in &anchor6_bindings.by_expiry
 * @next_removed: when it is removed: in &anchor6_bindings.removed
 * @owner: the instance that made it
 * @group: the anchor group
 * @cache: enum anchor6_cache
 *
 * A packet to the node reads and writes nothing but the first cache line, one
 * from the node writes the second one, too; the rest belongs to the writers,
 * under &anchor6_bindings.lock.
 */
struct anchor6_binding {
	struct anchor6_prefix prefix;
	u32 hash;
	struct anchor6_far_end __rcu *far_end;
	u64 expires_ns;
	atomic64_t down_packets;
	atomic64_t down_bytes;
	u64 cookie;

	atomic64_t up_packets ____cacheline_aligned;
	atomic64_t up_bytes;
	union {
		struct rb_node expiry_node;
		struct anchor6_binding *next_removed;
	};
	u64 owner;
	u32 group;
	u8 cache;
};

static_assert(offsetofend(struct anchor6_binding, down_bytes) <= 64);
static_assert(sizeof(struct anchor6_binding) <= 128);

/**
 * struct anchor6_bindings - everything that is bound on a device
 * @home_prefixes: what may be bound
 * @tables: the two caches, by enum anchor6_cache - 1
 * @far_ends: where the bindings lead
 * @lock: protects all of this against other writers
 * @by_expiry: bindings by their end
 * @expiry: removes what has expired
 * @removed: bindings that packets may still see
 * @reclaimed: those of them whose grace period is under way
 * @reclaim: frees them when it has passed
 * @expired: called for each binding that expires, before it is removed
 * @max: limit of bindings in each cache
 * @generation: changes with every change but that of a lifetime
 */
struct anchor6_bindings {
	struct anchor6_home_prefixes __rcu *home_prefixes;
	struct anchor6_table tables[ANCHOR6_CACHE_MAX];
	struct anchor6_far_ends far_ends;

	struct mutex lock; /* every writer */
	struct rb_root_cached by_expiry;
	struct delayed_work expiry;
	struct anchor6_binding *removed;
	struct anchor6_binding *reclaimed;
	struct rcu_work reclaim;
	void (*expired)(struct anchor6_bindings *bindings,
			const struct anchor6_binding *binding);
	u32 max;
	u32 generation;
};

struct anchor6_binding_key {
	u8 cache;
	struct anchor6_prefix prefix;
};

/* What a request says about a binding. */
struct anchor6_binding_spec {
	struct anchor6_binding_key key;
	struct anchor6_far_end_key far_end;
	u64 lifetime_ms;
	u64 cookie;
	u64 owner;
	u32 group;
};

enum anchor6_binding_field {
	ANCHOR6_FIELD_CACHE = BIT(0),
	ANCHOR6_FIELD_PREFIX = BIT(1),
	ANCHOR6_FIELD_PREFIX_LENGTH = BIT(2),
	ANCHOR6_FIELD_LOCAL = BIT(3),
	ANCHOR6_FIELD_REMOTE = BIT(4),
	ANCHOR6_FIELD_ENCAP = BIT(5),
	ANCHOR6_FIELD_COOKIE = BIT(6),
	ANCHOR6_FIELD_OWNER = BIT(7),
	ANCHOR6_FIELD_GROUP = BIT(8),
};

/* Matches the bindings whose @fields equal those of @spec. */
struct anchor6_binding_filter {
	u32 fields;
	struct anchor6_binding_spec spec;
};

/* What a downlink packet hits. */
struct anchor6_hit {
	struct anchor6_binding *binding;
	struct anchor6_far_end *far_end;
};

/**
 * struct anchor6_lookup - a search for an address in both caches
 * @home: the search in the home cache; empty when that is left out
 * @proxy: the search in the proxy cache
 *
 * Memory takes longer than anything else here: who looks up does something else
 * between anchor6_lookup_begin(), anchor6_lookup_fetch() and the end.
 */
struct anchor6_lookup {
	struct anchor6_search home;
	struct anchor6_search proxy;
};

static inline u64 anchor6_now(void)
{
	return ktime_get_coarse_boottime_ns();
}

static inline bool anchor6_binding_live(const struct anchor6_binding *binding,
					u64 now)
{
	return READ_ONCE(binding->expires_ns) > now;
}

static inline struct anchor6_table *
anchor6_table_of(struct anchor6_bindings *bindings, enum anchor6_cache cache)
{
	return &bindings->tables[cache - 1];
}

int anchor6_binding_cache_create(void);
void anchor6_binding_cache_destroy(void);
int anchor6_bindings_init(struct anchor6_bindings *bindings,
			  void (*expired)(struct anchor6_bindings *bindings,
					  const struct anchor6_binding *binding));
void anchor6_bindings_destroy(struct anchor6_bindings *bindings);

bool anchor6_home_prefix_covers(const struct anchor6_bindings *bindings,
				const struct in6_addr *address);
struct anchor6_binding *
anchor6_binding_lookup(struct anchor6_bindings *bindings,
		       enum anchor6_cache cache, const struct in6_addr *address,
		       u64 now);
void anchor6_lookup_begin(struct anchor6_lookup *lookup,
			  struct anchor6_bindings *bindings,
			  const struct in6_addr *address, bool skip_home);
void anchor6_lookup_fetch(const struct anchor6_lookup *lookup);
bool anchor6_lookup_downlink(const struct anchor6_lookup *lookup, u64 now,
			     struct anchor6_hit *hit);
bool anchor6_downlink_lookup(struct anchor6_bindings *bindings,
			     const struct in6_addr *address, bool skip_home,
			     struct anchor6_hit *hit);

int anchor6_home_prefix_add(struct anchor6_bindings *bindings,
			    const struct anchor6_prefix *prefix,
			    struct netlink_ext_ack *extack);
int anchor6_home_prefix_del(struct anchor6_bindings *bindings,
			    const struct anchor6_prefix *prefix,
			    struct netlink_ext_ack *extack);
struct anchor6_binding *
anchor6_binding_find(struct anchor6_bindings *bindings,
		     const struct anchor6_binding_key *key);
struct anchor6_binding *
anchor6_binding_set(struct anchor6_bindings *bindings,
		    const struct anchor6_binding_spec *spec, u16 flags,
		    struct netlink_ext_ack *extack);
void anchor6_binding_remove(struct anchor6_bindings *bindings,
			    struct anchor6_binding *binding);
u32 anchor6_binding_flush(struct anchor6_bindings *bindings,
			  const struct anchor6_binding_filter *filter);
bool anchor6_binding_matches(const struct anchor6_bindings *bindings,
			     const struct anchor6_binding *binding,
			     const struct anchor6_binding_filter *filter);
struct anchor6_binding *
anchor6_binding_after(struct anchor6_bindings *bindings,
		      const struct anchor6_binding_key *key);

/* The far end of a binding, for writers. */
static inline struct anchor6_far_end *
anchor6_binding_far_end(const struct anchor6_bindings *bindings,
			const struct anchor6_binding *binding)
{
	return rcu_dereference_protected(binding->far_end,
					 lockdep_is_held(&bindings->lock));
}

/* The home prefixes, for writers. */
static inline struct anchor6_home_prefixes *
anchor6_home_prefixes_of(const struct anchor6_bindings *bindings)
{
	return rcu_dereference_protected(bindings->home_prefixes,
					 lockdep_is_held(&bindings->lock));
}

static inline struct anchor6_binding_key
anchor6_binding_key_of(const struct anchor6_binding *binding)
{
	return (struct anchor6_binding_key) {
		.cache = binding->cache,
		.prefix = binding->prefix,
	};
}

/* In the order of dumps, for writers. */
static inline struct anchor6_binding *
anchor6_binding_next(struct anchor6_bindings *bindings,
		     const struct anchor6_binding *binding)
{
	const struct anchor6_binding_key key = anchor6_binding_key_of(binding);

	return anchor6_binding_after(bindings, &key);
}

#ifdef DEBUG
bool anchor6_binding_selftest(void);
#else
static inline bool anchor6_binding_selftest(void)
{
	return true;
}
#endif

#endif /* _ANCHOR6_BINDING_H */
