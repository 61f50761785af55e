// SPDX-License-Identifier: GPL-2.0
#include <linux/slab.h>
#include <net/netlink.h>

#include "binding.h"

#define ANCHOR6_BINDINGS_MAX_DEFAULT	4194304
#define ANCHOR6_EXPIRY_BATCH		64
/*
 * Boot time goes on while the machine sleeps, the work queue's timer does not:
 * waking up at least this often bounds how late the removal can be. Packets
 * are not concerned, they look at the time themselves.
 */
#define ANCHOR6_EXPIRY_DELAY_MAX	(60 * HZ)

static struct kmem_cache *anchor6_binding_cache;

/**
 * anchor6_binding_cache_create - set up the memory that bindings come from
 *
 * Context: module initialisation.
 * Return: 0 or -ENOMEM
 */
int anchor6_binding_cache_create(void)
{
	anchor6_table_hash_init();
	anchor6_binding_cache = KMEM_CACHE(anchor6_binding,
					   SLAB_HWCACHE_ALIGN | SLAB_ACCOUNT);
	return anchor6_binding_cache ? 0 : -ENOMEM;
}

/**
 * anchor6_binding_cache_destroy - give the memory of bindings back
 *
 * Context: module removal, after rcu_barrier(). The kernel complains about any
 * binding that is left.
 */
void anchor6_binding_cache_destroy(void)
{
	kmem_cache_destroy(anchor6_binding_cache);
}

/**
 * anchor6_home_prefix_covers - is an address ours to look up at all?
 * @bindings: what is bound on a device
 * @address: any address
 *
 * Context: RCU read side.
 * Return: whether the address lies in a home prefix
 */
bool anchor6_home_prefix_covers(const struct anchor6_bindings *bindings,
				const struct in6_addr *address)
{
	return anchor6_home_prefix_find(rcu_dereference(bindings->home_prefixes),
					address);
}

/**
 * anchor6_binding_lookup - the live binding of a cache for an address
 * @bindings: what is bound on a device
 * @cache: where to look
 * @address: any address
 * @now: boot time
 *
 * Context: RCU read side.
 * Return: the binding with the longest prefix, or NULL
 */
struct anchor6_binding *
anchor6_binding_lookup(struct anchor6_bindings *bindings,
		       enum anchor6_cache cache, const struct in6_addr *address,
		       u64 now)
{
	struct anchor6_search search;

	anchor6_search_begin(&search, anchor6_table_of(bindings, cache),
			     address);
	return anchor6_search_end(&search, now);
}

/**
 * anchor6_lookup_begin - have the memory fetched that a search in both caches reads
 * @lookup: to be filled in
 * @bindings: what is bound on a device
 * @address: any address
 * @skip_home: leave the home cache out
 *
 * Context: RCU read side, until the end of the lookup.
 */
void anchor6_lookup_begin(struct anchor6_lookup *lookup,
			  struct anchor6_bindings *bindings,
			  const struct in6_addr *address, bool skip_home)
{
	if (skip_home)
		lookup->home.end = lookup->home.steps;
	else
		anchor6_search_begin(&lookup->home,
				     anchor6_table_of(bindings,
						      ANCHOR6_CACHE_HOME),
				     address);
	anchor6_search_begin(&lookup->proxy,
			     anchor6_table_of(bindings, ANCHOR6_CACHE_PROXY),
			     address);
}

/**
 * anchor6_lookup_fetch - have the bindings fetched that a lookup may find
 * @lookup: begun a while ago
 *
 * Context: RCU read side.
 */
void anchor6_lookup_fetch(const struct anchor6_lookup *lookup)
{
	anchor6_search_fetch(&lookup->home);
	anchor6_search_fetch(&lookup->proxy);
}

/**
 * anchor6_lookup_downlink - where a packet to the address goes
 * @lookup: begun, best also fetched
 * @now: boot time
 * @hit: the answer
 *
 * Any hit in the home cache beats any hit in the proxy cache.
 *
 * Context: RCU read side; @hit is valid until its end.
 * Return: whether there is a binding
 */
bool anchor6_lookup_downlink(const struct anchor6_lookup *lookup, u64 now,
			     struct anchor6_hit *hit)
{
	hit->binding = anchor6_search_end(&lookup->home, now) ?:
		       anchor6_search_end(&lookup->proxy, now);
	if (!hit->binding)
		return false;
	hit->far_end = rcu_dereference(hit->binding->far_end);
	return true;
}

/**
 * anchor6_downlink_lookup - where a packet to an address goes
 * @bindings: what is bound on a device
 * @address: destination of the packet
 * @skip_home: leave the home cache out
 * @hit: the answer
 *
 * Context: RCU read side; @hit is valid until its end.
 * Return: whether there is a binding
 */
bool anchor6_downlink_lookup(struct anchor6_bindings *bindings,
			     const struct in6_addr *address, bool skip_home,
			     struct anchor6_hit *hit)
{
	struct anchor6_lookup lookup;

	anchor6_lookup_begin(&lookup, bindings, address, skip_home);
	anchor6_lookup_fetch(&lookup);
	return anchor6_lookup_downlink(&lookup, anchor6_now(), hit);
}

/* Writers. */

static void anchor6_home_prefixes_replace(struct anchor6_bindings *bindings,
					  struct anchor6_home_prefixes *new)
{
	struct anchor6_home_prefixes *old;

	old = rcu_replace_pointer(bindings->home_prefixes, new,
				  lockdep_is_held(&bindings->lock));
	kfree_rcu(old, rcu);
	bindings->generation++;
}

/**
 * anchor6_home_prefix_add - allow bindings inside a prefix
 * @bindings: what is bound on a device
 * @prefix: with zero bits beyond its length
 * @extack: where the reason of a refusal goes
 *
 * Context: process, under the lock of @bindings.
 * Return: 0, -EINVAL, -EEXIST, -ENOSPC or -ENOMEM
 */
int anchor6_home_prefix_add(struct anchor6_bindings *bindings,
			    const struct anchor6_prefix *prefix,
			    struct netlink_ext_ack *extack)
{
	struct anchor6_home_prefixes *new;

	new = anchor6_home_prefixes_with(anchor6_home_prefixes_of(bindings),
					 prefix, extack);
	if (IS_ERR(new))
		return PTR_ERR(new);
	anchor6_home_prefixes_replace(bindings, new);
	return 0;
}

/**
 * anchor6_home_prefix_del - withdraw a prefix
 * @bindings: what is bound on a device
 * @prefix: as it was added
 * @extack: where the reason of a refusal goes
 *
 * Context: process, under the lock of @bindings.
 * Return: 0, -ENOENT, -EBUSY or -ENOMEM
 */
int anchor6_home_prefix_del(struct anchor6_bindings *bindings,
			    const struct anchor6_prefix *prefix,
			    struct netlink_ext_ack *extack)
{
	struct anchor6_home_prefixes *new;

	new = anchor6_home_prefixes_without(anchor6_home_prefixes_of(bindings),
					    prefix, extack);
	if (IS_ERR(new))
		return PTR_ERR(new);
	anchor6_home_prefixes_replace(bindings, new);
	return 0;
}

static bool anchor6_binding_expires_before(struct rb_node *node,
					   const struct rb_node *other)
{
	return rb_entry(node, struct anchor6_binding, expiry_node)->expires_ns <
	       rb_entry(other, struct anchor6_binding, expiry_node)->expires_ns;
}

static void anchor6_expiry_schedule(struct anchor6_bindings *bindings)
{
	struct rb_node *first = rb_first_cached(&bindings->by_expiry);
	u64 now = anchor6_now(), end;
	unsigned long delay = 0;

	if (!first)
		return;
	end = rb_entry(first, struct anchor6_binding, expiry_node)->expires_ns;
	if (end > now)
		delay = min_t(u64, nsecs_to_jiffies64(end - now) + 1,
			      ANCHOR6_EXPIRY_DELAY_MAX);
	mod_delayed_work(system_power_efficient_wq, &bindings->expiry, delay);
}

static void anchor6_expiry_add(struct anchor6_bindings *bindings,
			       struct anchor6_binding *binding, u64 lifetime_ms)
{
	WRITE_ONCE(binding->expires_ns,
		   anchor6_now() + lifetime_ms * NSEC_PER_MSEC);
	if (rb_add_cached(&binding->expiry_node, &bindings->by_expiry,
			  anchor6_binding_expires_before))
		anchor6_expiry_schedule(bindings);
}

static void anchor6_reclaim_begin(struct anchor6_bindings *bindings)
{
	/* Read without the lock by anchor6_bindings_destroy(). */
	WRITE_ONCE(bindings->reclaimed, bindings->removed);
	bindings->removed = NULL;
	if (bindings->reclaimed)
		queue_rcu_work(system_unbound_wq, &bindings->reclaim);
}

/*
 * A hundred thousand bindings may go at once: freeing them takes its time where it
 * holds nobody up, and one grace period serves all that came before it.
 */
static void anchor6_bindings_reclaim(struct work_struct *work)
{
	struct anchor6_bindings *bindings =
		container_of(to_rcu_work(work), struct anchor6_bindings,
			     reclaim);
	struct anchor6_binding *binding = bindings->reclaimed, *next;

	for (; binding; binding = next) {
		next = binding->next_removed;
		kmem_cache_free(anchor6_binding_cache, binding);
		cond_resched();
	}
	mutex_lock(&bindings->lock);
	anchor6_reclaim_begin(bindings);
	mutex_unlock(&bindings->lock);
}

/**
 * anchor6_binding_remove - take a binding away
 * @bindings: what is bound on a device
 * @binding: one of them; it is freed after a grace period
 *
 * Context: process, under the lock of @bindings.
 */
void anchor6_binding_remove(struct anchor6_bindings *bindings,
			    struct anchor6_binding *binding)
{
	struct anchor6_table *table = anchor6_table_of(bindings,
						       binding->cache);

	anchor6_table_remove(table, binding);
	anchor6_home_prefix_find(anchor6_home_prefixes_of(bindings),
				 &binding->prefix.address)->bindings--;
	rb_erase_cached(&binding->expiry_node, &bindings->by_expiry);
	bindings->generation++;
	anchor6_far_end_put(&bindings->far_ends,
			    anchor6_binding_far_end(bindings, binding));
	binding->next_removed = bindings->removed;
	bindings->removed = binding;
	if (!bindings->reclaimed)
		anchor6_reclaim_begin(bindings);
}

static void anchor6_binding_expire(struct anchor6_bindings *bindings,
				   struct anchor6_binding *binding)
{
	bindings->expired(bindings, binding);
	anchor6_binding_remove(bindings, binding);
}

static bool anchor6_bindings_expire_batch(struct anchor6_bindings *bindings)
{
	unsigned int budget = ANCHOR6_EXPIRY_BATCH;
	struct anchor6_binding *binding;
	struct rb_node *first;
	u64 now = anchor6_now();

	lockdep_assert_held(&bindings->lock);
	while ((first = rb_first_cached(&bindings->by_expiry))) {
		binding = rb_entry(first, struct anchor6_binding, expiry_node);
		if (anchor6_binding_live(binding, now))
			break;
		if (!budget--)
			return true;
		anchor6_binding_expire(bindings, binding);
	}
	anchor6_expiry_schedule(bindings);
	return false;
}

static void anchor6_bindings_expire(struct work_struct *work)
{
	struct anchor6_bindings *bindings =
		container_of(to_delayed_work(work), struct anchor6_bindings,
			     expiry);
	bool more;

	do {
		mutex_lock(&bindings->lock);
		more = anchor6_bindings_expire_batch(bindings);
		mutex_unlock(&bindings->lock);
		cond_resched();
	} while (more);
}

/**
 * anchor6_binding_find - the live binding of a key
 * @bindings: what is bound on a device
 * @key: cache and prefix
 *
 * A binding whose lifetime ended, but that is still there, is removed as expired.
 *
 * Context: process, under the lock of @bindings.
 * Return: the binding or NULL
 */
struct anchor6_binding *
anchor6_binding_find(struct anchor6_bindings *bindings,
		     const struct anchor6_binding_key *key)
{
	struct anchor6_table *table = anchor6_table_of(bindings, key->cache);
	struct anchor6_binding *binding;

	lockdep_assert_held(&bindings->lock);
	binding = anchor6_table_find(table, &key->prefix);
	if (!binding || anchor6_binding_live(binding, anchor6_now()))
		return binding;
	anchor6_binding_expire(bindings, binding);
	return NULL;
}

static struct anchor6_home_prefix *
anchor6_binding_home_prefix(struct anchor6_bindings *bindings,
			    const struct anchor6_prefix *prefix)
{
	struct anchor6_home_prefix *home_prefix;

	home_prefix = anchor6_home_prefix_find(anchor6_home_prefixes_of(bindings),
					       &prefix->address);
	if (!home_prefix || home_prefix->prefix.length > prefix->length)
		return NULL;
	return home_prefix;
}

static int anchor6_binding_room_check(struct anchor6_bindings *bindings,
				      const struct anchor6_binding_key *key,
				      struct netlink_ext_ack *extack)
{
	const struct anchor6_table *table = anchor6_table_of(bindings,
							     key->cache);

	if (table->count >= bindings->max) {
		NL_SET_ERR_MSG(extack, "the device's limit of bindings is reached");
		return -ENOSPC;
	}
	if (!anchor6_table_takes_length(table, key->prefix.length)) {
		NL_SET_ERR_MSG(extack, "too many different prefix lengths in this cache");
		return -ENOSPC;
	}
	return 0;
}

static struct anchor6_binding *
anchor6_binding_alloc(const struct anchor6_binding_spec *spec)
{
	struct anchor6_binding *binding;

	binding = kmem_cache_zalloc(anchor6_binding_cache, GFP_KERNEL);
	if (!binding)
		return ERR_PTR(-ENOMEM);
	binding->cache = spec->key.cache;
	binding->prefix = spec->key.prefix;
	binding->cookie = spec->cookie;
	binding->owner = spec->owner;
	binding->group = spec->group;
	return binding;
}

/* Packets see the binding from the insertion into the table on. */
static struct anchor6_binding *
anchor6_binding_create(struct anchor6_bindings *bindings,
		       const struct anchor6_binding_spec *spec,
		       struct anchor6_far_end *far_end,
		       struct netlink_ext_ack *extack)
{
	struct anchor6_table *table = anchor6_table_of(bindings,
						       spec->key.cache);
	struct anchor6_binding *binding;
	int err;

	err = anchor6_binding_room_check(bindings, &spec->key, extack);
	if (err)
		return ERR_PTR(err);
	binding = anchor6_binding_alloc(spec);
	if (IS_ERR(binding))
		return binding;
	RCU_INIT_POINTER(binding->far_end, far_end);
	binding->expires_ns = U64_MAX;
	err = anchor6_table_insert(table, binding);
	if (err) {
		kmem_cache_free(anchor6_binding_cache, binding);
		return ERR_PTR(err);
	}
	anchor6_expiry_add(bindings, binding, spec->lifetime_ms);
	anchor6_binding_home_prefix(bindings, &spec->key.prefix)->bindings++;
	bindings->generation++;
	return binding;
}

static void anchor6_binding_replace(struct anchor6_bindings *bindings,
				    struct anchor6_binding *binding,
				    const struct anchor6_binding_spec *spec,
				    struct anchor6_far_end *far_end)
{
	struct anchor6_far_end *old = anchor6_binding_far_end(bindings,
							      binding);

	if (old != far_end || binding->cookie != spec->cookie ||
	    binding->owner != spec->owner || binding->group != spec->group)
		bindings->generation++;
	rcu_assign_pointer(binding->far_end, far_end);
	binding->cookie = spec->cookie;
	binding->owner = spec->owner;
	binding->group = spec->group;
	rb_erase_cached(&binding->expiry_node, &bindings->by_expiry);
	anchor6_expiry_add(bindings, binding, spec->lifetime_ms);
	anchor6_far_end_put(&bindings->far_ends, old);
}

static int anchor6_binding_set_check(struct anchor6_bindings *bindings,
				     const struct anchor6_binding_spec *spec,
				     const struct anchor6_binding *old,
				     u16 flags, struct netlink_ext_ack *extack)
{
	if (!anchor6_binding_home_prefix(bindings, &spec->key.prefix)) {
		NL_SET_ERR_MSG(extack, "the prefix lies outside every home prefix");
		return -EADDRNOTAVAIL;
	}
	if (anchor6_prefix_contains(&spec->key.prefix, &spec->far_end.remote)) {
		NL_SET_ERR_MSG(extack, "the remote address lies inside the bound prefix");
		return -ELOOP;
	}
	if (old && flags & NLM_F_EXCL) {
		NL_SET_ERR_MSG(extack, "the binding exists");
		return -EEXIST;
	}
	if (!old && !(flags & NLM_F_CREATE)) {
		NL_SET_ERR_MSG(extack, "no such binding");
		return -ENOENT;
	}
	return 0;
}

/**
 * anchor6_binding_set - create or replace a binding
 * @bindings: what is bound on a device
 * @spec: the binding as it shall be
 * @flags: NLM_F_CREATE and NLM_F_EXCL
 * @extack: where the reason of a refusal goes
 *
 * A packet meanwhile sees the old far end or the new one, never none.
 *
 * Context: process, under the lock of @bindings.
 * Return: the binding, or an ERR_PTR() and nothing is changed
 */
struct anchor6_binding *
anchor6_binding_set(struct anchor6_bindings *bindings,
		    const struct anchor6_binding_spec *spec, u16 flags,
		    struct netlink_ext_ack *extack)
{
	struct anchor6_binding *binding = anchor6_binding_find(bindings,
							       &spec->key);
	struct anchor6_far_end *far_end;
	int err;

	err = anchor6_binding_set_check(bindings, spec, binding, flags, extack);
	if (err)
		return ERR_PTR(err);
	far_end = anchor6_far_end_get(&bindings->far_ends, &spec->far_end);
	if (IS_ERR(far_end))
		return ERR_CAST(far_end);
	if (binding) {
		anchor6_binding_replace(bindings, binding, spec, far_end);
		return binding;
	}
	binding = anchor6_binding_create(bindings, spec, far_end, extack);
	if (IS_ERR(binding))
		anchor6_far_end_put(&bindings->far_ends, far_end);
	return binding;
}

static u32 anchor6_binding_prefix_fields(const struct anchor6_binding *binding,
					 const struct anchor6_binding_spec *spec)
{
	u32 fields = 0;

	if (binding->cache == spec->key.cache)
		fields |= ANCHOR6_FIELD_CACHE;
	if (ipv6_addr_equal(&binding->prefix.address,
			    &spec->key.prefix.address))
		fields |= ANCHOR6_FIELD_PREFIX;
	if (binding->prefix.length == spec->key.prefix.length)
		fields |= ANCHOR6_FIELD_PREFIX_LENGTH;
	if (binding->cookie == spec->cookie)
		fields |= ANCHOR6_FIELD_COOKIE;
	if (binding->owner == spec->owner)
		fields |= ANCHOR6_FIELD_OWNER;
	if (binding->group == spec->group)
		fields |= ANCHOR6_FIELD_GROUP;
	return fields;
}

static u32 anchor6_far_end_fields(const struct anchor6_far_end_key *far_end,
				  const struct anchor6_far_end_key *spec)
{
	u32 fields = 0;

	if (ipv6_addr_equal(&far_end->local, &spec->local))
		fields |= ANCHOR6_FIELD_LOCAL;
	if (ipv6_addr_equal(&far_end->remote, &spec->remote))
		fields |= ANCHOR6_FIELD_REMOTE;
	if (far_end->encap == spec->encap)
		fields |= ANCHOR6_FIELD_ENCAP;
	return fields;
}

/**
 * anchor6_binding_matches - does a binding pass a filter?
 * @bindings: what is bound on a device
 * @binding: one of them
 * @filter: fields to compare and their values
 *
 * Context: under the lock of @bindings.
 * Return: whether every field of the filter is equal
 */
bool anchor6_binding_matches(const struct anchor6_bindings *bindings,
			     const struct anchor6_binding *binding,
			     const struct anchor6_binding_filter *filter)
{
	const struct anchor6_far_end *far_end;
	u32 equal;

	if (!filter->fields)
		return true;
	far_end = anchor6_binding_far_end(bindings, binding);
	equal = anchor6_binding_prefix_fields(binding, &filter->spec) |
		anchor6_far_end_fields(&far_end->key, &filter->spec.far_end);
	return !(filter->fields & ~equal);
}

/**
 * anchor6_binding_after - the next binding in the order of dumps
 * @bindings: what is bound on a device
 * @key: where to go on; NULL for the first
 *
 * Context: process, under the lock of @bindings.
 * Return: the first binding above @key, alive or just expired, or NULL
 */
struct anchor6_binding *
anchor6_binding_after(struct anchor6_bindings *bindings,
		      const struct anchor6_binding_key *key)
{
	u8 cache = key ? key->cache : ANCHOR6_CACHE_UNSPEC + 1;
	const struct anchor6_prefix *prefix = key ? &key->prefix : NULL;
	struct anchor6_binding *binding = NULL;

	for (; !binding && cache <= ANCHOR6_CACHE_MAX; cache++, prefix = NULL)
		binding = anchor6_table_after(anchor6_table_of(bindings, cache),
					      prefix);
	return binding;
}

/**
 * anchor6_binding_flush - remove the bindings that match
 * @bindings: what is bound on a device
 * @filter: which
 *
 * Context: process, under the lock of @bindings.
 * Return: how many were removed
 */
u32 anchor6_binding_flush(struct anchor6_bindings *bindings,
			  const struct anchor6_binding_filter *filter)
{
	struct anchor6_binding *binding = anchor6_binding_after(bindings, NULL);
	struct anchor6_binding *next;
	u32 removed = 0;

	for (; binding; binding = next) {
		next = anchor6_binding_next(bindings, binding);
		if (anchor6_binding_matches(bindings, binding, filter)) {
			anchor6_binding_remove(bindings, binding);
			removed++;
		}
		cond_resched();
	}
	return removed;
}

static int anchor6_tables_init(struct anchor6_bindings *bindings)
{
	int err, i;

	for (i = 0; i < ARRAY_SIZE(bindings->tables); i++) {
		err = anchor6_table_init(&bindings->tables[i]);
		if (err)
			goto err_destroy;
	}
	return 0;

err_destroy:
	while (i--)
		anchor6_table_destroy(&bindings->tables[i]);
	return err;
}

static void anchor6_tables_destroy(struct anchor6_bindings *bindings)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(bindings->tables); i++)
		anchor6_table_destroy(&bindings->tables[i]);
}

/**
 * anchor6_bindings_init - begin with nothing bound
 * @bindings: zeroed memory
 * @expired: called under the lock for each binding that expires, before it goes
 *
 * Context: process.
 * Return: 0 or a negative error
 */
int anchor6_bindings_init(struct anchor6_bindings *bindings,
			  void (*expired)(struct anchor6_bindings *bindings,
					  const struct anchor6_binding *binding))
{
	struct anchor6_home_prefixes *none = kzalloc(sizeof(*none), GFP_KERNEL);
	int err;

	if (!none)
		return -ENOMEM;
	err = anchor6_tables_init(bindings);
	if (err)
		goto err_free;
	err = anchor6_far_ends_init(&bindings->far_ends);
	if (err)
		goto err_tables;
	RCU_INIT_POINTER(bindings->home_prefixes, none);
	mutex_init(&bindings->lock);
	bindings->by_expiry = RB_ROOT_CACHED;
	INIT_DELAYED_WORK(&bindings->expiry, anchor6_bindings_expire);
	INIT_RCU_WORK(&bindings->reclaim, anchor6_bindings_reclaim);
	bindings->expired = expired;
	bindings->max = ANCHOR6_BINDINGS_MAX_DEFAULT;
	/* Zero means to netlink that a dump does not look for changes. */
	bindings->generation = 1;
	return 0;

err_tables:
	anchor6_tables_destroy(bindings);
err_free:
	kfree(none);
	return err;
}

/**
 * anchor6_bindings_destroy - remove everything that is bound
 * @bindings: what is bound on a device
 *
 * Context: process, without readers left and with later writers turned away.
 */
void anchor6_bindings_destroy(struct anchor6_bindings *bindings)
{
	const struct anchor6_binding_filter all = {};

	mutex_lock(&bindings->lock);
	anchor6_binding_flush(bindings, &all);
	mutex_unlock(&bindings->lock);
	cancel_delayed_work_sync(&bindings->expiry);
	while (READ_ONCE(bindings->reclaimed))
		flush_rcu_work(&bindings->reclaim);
	/* The last run has nothing left, but may still hold the lock. */
	flush_rcu_work(&bindings->reclaim);
	anchor6_far_ends_destroy(&bindings->far_ends);
	anchor6_tables_destroy(bindings);
	kfree(rcu_access_pointer(bindings->home_prefixes));
}

#ifdef DEBUG
#include "selftest/table.c"
#endif
