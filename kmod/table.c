// SPDX-License-Identifier: GPL-2.0
/*
 * A hash table whose bucket is one cache line: tags of a byte tell which of its
 * bindings may be the one, so that a search that finds nothing reads nothing
 * else. The buckets are in the order of the hash at any size of the table, and so
 * are dumps.
 */
#include <linux/mm.h>
#include <linux/prefetch.h>
#include <linux/random.h>
#include <linux/siphash.h>
#include <linux/slab.h>

#include "binding.h"
#include "compat.h"

#define ANCHOR6_BUCKET_SLOTS	6
/* Bindings a bucket on average, above and below which the table changes. */
#define ANCHOR6_BUCKET_LOAD_MAX	4
#define ANCHOR6_BUCKET_LOAD_MIN	1
#define ANCHOR6_TABLE_BITS_MIN	4
#define ANCHOR6_TABLE_BITS_MAX	24
/*
 * Buckets are allocated in pieces of half a megabyte: small enough to come from the
 * kernel's own mapping, whose pages are huge, and not from one of 4096 octets a page,
 * which at this size would cost each packet more waiting than the bucket itself.
 */
#define ANCHOR6_PIECE_BITS	13

#define ANCHOR6_TAG_ONES	0x0101010101010101ULL
/* Of the bytes that are tags of a slot. */
#define ANCHOR6_TAG_HIGH_BITS	0x0000808080808080ULL

/**
 * struct anchor6_bucket - bindings whose hashes begin alike
 * @tags: the tag of each slot, the first in the lowest byte; zero when it is empty
 * @slots: the bindings
 * @next: index of the bucket that goes on, zero for none
 *
 * A reader that sees a tag without its binding or another one's
 * looks at the prefix: tags only save it reading bindings.
 */
struct anchor6_bucket {
	u64 tags;
	struct anchor6_binding __rcu *slots[ANCHOR6_BUCKET_SLOTS];
	u32 next;
} ____cacheline_aligned;

static_assert(sizeof(struct anchor6_bucket) == 64);

/**
 * struct anchor6_buckets - all buckets of a table
 * @rcu: for freeing
 * @bits: of the hash that tell the bucket
 * @spare: index of the first bucket that has not been used to go on with
 * @end: number of all buckets
 * @pieces: those of the hash, then those to go on with, in pieces of
 *	2^%ANCHOR6_PIECE_BITS; the last one may be shorter
 */
struct anchor6_buckets {
	struct rcu_head rcu;
	u8 bits;
	u32 spare;
	u32 end;
	struct anchor6_bucket *pieces[];
};

/* Mobile nodes choose their addresses: the hash must not be theirs to aim at. */
static hsiphash_key_t anchor6_table_hash_key __read_mostly;

/**
 * anchor6_table_hash_init - choose the key of the hash
 *
 * Context: module initialisation.
 */
void anchor6_table_hash_init(void)
{
	get_random_bytes(&anchor6_table_hash_key,
			 sizeof(anchor6_table_hash_key));
}

static u64 anchor6_mask(unsigned int length)
{
	return length >= 64 ? ~0ULL : (__force u64)cpu_to_be64(~(~0ULL >> length));
}

/* The same address with another length is rare: it may share the bucket. */
static u32 anchor6_words_hash(const u64 *words, u8 length)
{
	if (length <= 64)
		return hsiphash_2u32(words[0], words[0] >> 32,
				     &anchor6_table_hash_key);
	return hsiphash_4u32(words[0], words[0] >> 32, words[1],
			     words[1] >> 32, &anchor6_table_hash_key);
}

static void anchor6_table_key_make(struct anchor6_table_key *key,
				   const struct in6_addr *address, u8 length)
{
	const u64 *words = (const u64 *)address;

	key->words[0] = get_unaligned(words) & anchor6_mask(length);
	key->words[1] = length <= 64 ? 0 : get_unaligned(words + 1) &
					   anchor6_mask(length - 64);
	key->length = length;
	key->hash = anchor6_words_hash(key->words, length);
}

static bool anchor6_table_key_matches(const struct anchor6_table_key *key,
				      const struct anchor6_binding *binding)
{
	const u64 *words = (const u64 *)&binding->prefix.address;

	return !((get_unaligned(words) ^ key->words[0]) |
		 (get_unaligned(words + 1) ^ key->words[1]) |
		 (binding->prefix.length ^ key->length));
}

static u64 anchor6_tag(u32 hash)
{
	u8 tag = hash;

	return tag ?: 1;
}

static u32 anchor6_bucket_index(const struct anchor6_buckets *buckets, u32 hash)
{
	return hash >> (32 - buckets->bits);
}

static struct anchor6_bucket *
anchor6_bucket_at(const struct anchor6_buckets *buckets, u32 index)
{
	return buckets->pieces[index >> ANCHOR6_PIECE_BITS] +
	       index % BIT(ANCHOR6_PIECE_BITS);
}

static struct anchor6_bucket *
anchor6_bucket_of(const struct anchor6_buckets *buckets, u32 hash)
{
	return anchor6_bucket_at(buckets, anchor6_bucket_index(buckets, hash));
}

static const struct anchor6_bucket *
anchor6_bucket_after(const struct anchor6_buckets *buckets,
		     const struct anchor6_bucket *bucket)
{
	u32 next = READ_ONCE(bucket->next);

	return next ? anchor6_bucket_at(buckets, next) : NULL;
}

/* The lowest bit of each byte that is the tag; some above a match may be wrong. */
static u64 anchor6_tags_equal(u64 tags, u64 tag)
{
	u64 difference = tags ^ tag * ANCHOR6_TAG_ONES;

	return (difference - ANCHOR6_TAG_ONES) & ~difference &
	       ANCHOR6_TAG_HIGH_BITS;
}

static struct anchor6_binding *
anchor6_bucket_find(const struct anchor6_buckets *buckets,
		    const struct anchor6_bucket *bucket,
		    const struct anchor6_table_key *key)
{
	struct anchor6_binding *binding;
	u64 equal;

	for (; bucket; bucket = anchor6_bucket_after(buckets, bucket)) {
		equal = anchor6_tags_equal(READ_ONCE(bucket->tags),
					   anchor6_tag(key->hash));
		for (; equal; equal &= equal - 1) {
			binding = rcu_dereference(bucket->slots[__ffs64(equal) / 8]);
			if (binding && anchor6_table_key_matches(key, binding))
				return binding;
		}
	}
	return NULL;
}

/**
 * anchor6_search_begin - have the memory fetched that a search will read
 * @search: to be filled in
 * @table: where to look
 * @address: any address
 *
 * Context: RCU read side, until anchor6_search_end().
 */
void anchor6_search_begin(struct anchor6_search *search,
			  const struct anchor6_table *table,
			  const struct in6_addr *address)
{
	const struct anchor6_buckets *buckets = rcu_dereference(table->buckets);
	u64 lengths = READ_ONCE(table->lengths);
	struct anchor6_search_step *step = search->steps;

	for (; lengths; lengths >>= 8, step++) {
		anchor6_table_key_make(&step->key, address, lengths);
		step->bucket = anchor6_bucket_of(buckets, step->key.hash);
		prefetch(step->bucket);
	}
	search->buckets = buckets;
	search->end = step;
}

/**
 * anchor6_search_fetch - have the bindings fetched that a search may find
 * @search: begun for an address, best a while ago
 *
 * A packet writes to the binding that it takes. What a chain goes on with, or a
 * second binding with the same tag, is too rare to be looked for here.
 *
 * Context: RCU read side, until anchor6_search_end().
 */
void anchor6_search_fetch(const struct anchor6_search *search)
{
	const struct anchor6_search_step *step;
	const struct anchor6_binding *binding;
	u64 equal;

	for (step = search->steps; step < search->end; step++) {
		equal = anchor6_tags_equal(READ_ONCE(step->bucket->tags),
					   anchor6_tag(step->key.hash));
		if (!equal)
			continue;
		binding = rcu_dereference(step->bucket->slots[__ffs64(equal) / 8]);
		prefetchw(&binding->prefix);
		prefetchw(&binding->up_packets);
	}
}

/**
 * anchor6_search_end - the live binding with the longest prefix
 * @search: begun for an address
 * @now: boot time
 *
 * Context: RCU read side.
 * Return: the binding, or NULL
 */
struct anchor6_binding *anchor6_search_end(const struct anchor6_search *search,
					   u64 now)
{
	const struct anchor6_search_step *step;
	struct anchor6_binding *binding;

	for (step = search->steps; step < search->end; step++) {
		binding = anchor6_bucket_find(search->buckets, step->bucket,
					      &step->key);
		if (binding && anchor6_binding_live(binding, now))
			return binding;
	}
	return NULL;
}

/* Writers. */

static void anchor6_buckets_free(struct anchor6_buckets *buckets)
{
	u32 first;

	for (first = 0; first < buckets->end; first += BIT(ANCHOR6_PIECE_BITS))
		kvfree(buckets->pieces[first >> ANCHOR6_PIECE_BITS]);
	kvfree(buckets);
}

static void anchor6_buckets_free_rcu(struct rcu_head *rcu)
{
	anchor6_buckets_free(container_of(rcu, struct anchor6_buckets, rcu));
}

static struct anchor6_buckets *anchor6_buckets_alloc(u8 bits)
{
	u32 piece = BIT(ANCHOR6_PIECE_BITS), count = BIT(bits);
	u32 end = count + max(count / 8, 2U), first;
	struct anchor6_buckets *buckets;

	buckets = kvzalloc(struct_size(buckets, pieces,
				       DIV_ROUND_UP(end, piece)), GFP_KERNEL);
	if (!buckets)
		return NULL;
	buckets->bits = bits;
	buckets->spare = count;
	buckets->end = end;
	for (first = 0; first < end; first += piece) {
		buckets->pieces[first >> ANCHOR6_PIECE_BITS] =
			kvcalloc(min(end - first, piece),
				 sizeof(struct anchor6_bucket), GFP_KERNEL);
		if (!buckets->pieces[first >> ANCHOR6_PIECE_BITS])
			goto err_free;
	}
	return buckets;

err_free:
	anchor6_buckets_free(buckets);
	return NULL;
}

/* The table's lock is that of its device, which it does not know. */
static struct anchor6_buckets *anchor6_buckets_of(struct anchor6_table *table)
{
	return rcu_dereference_protected(table->buckets, true);
}

static struct anchor6_binding *
anchor6_bucket_binding(const struct anchor6_bucket *bucket, unsigned int slot)
{
	return rcu_dereference_protected(bucket->slots[slot], true);
}

static bool anchor6_bucket_put(struct anchor6_bucket *bucket,
			       struct anchor6_binding *binding)
{
	u64 empty = anchor6_tags_equal(bucket->tags, 0);
	unsigned int slot;

	if (!empty)
		return false;
	slot = __ffs64(empty) / 8;
	rcu_assign_pointer(bucket->slots[slot], binding);
	/* Who sees the tag sees the binding. */
	smp_wmb();
	WRITE_ONCE(bucket->tags,
		   bucket->tags | anchor6_tag(binding->hash) << 8 * slot);
	return true;
}

static bool anchor6_buckets_put(struct anchor6_buckets *buckets,
				struct anchor6_binding *binding)
{
	struct anchor6_bucket *bucket = anchor6_bucket_of(buckets,
							  binding->hash);

	while (!anchor6_bucket_put(bucket, binding)) {
		if (!bucket->next) {
			if (buckets->spare == buckets->end)
				return false;
			WRITE_ONCE(bucket->next, buckets->spare++);
		}
		bucket = anchor6_bucket_at(buckets, bucket->next);
	}
	return true;
}

static void anchor6_bucket_prefetch(const struct anchor6_bucket *bucket)
{
	unsigned int slot;

	for (slot = 0; slot < ANCHOR6_BUCKET_SLOTS; slot++)
		prefetch(anchor6_bucket_binding(bucket, slot));
}

/* Spare buckets go on with others, so that this passes all bindings. */
static bool anchor6_buckets_copy(struct anchor6_buckets *to,
				 const struct anchor6_buckets *from)
{
	struct anchor6_binding *binding;
	unsigned int slot;
	u32 index;

	for (index = 0; index < from->spare; index++) {
		if (index + 2 < from->spare)
			anchor6_bucket_prefetch(anchor6_bucket_at(from,
								  index + 2));
		for (slot = 0; slot < ANCHOR6_BUCKET_SLOTS; slot++) {
			binding = anchor6_bucket_binding(anchor6_bucket_at(from,
									   index),
							 slot);
			if (binding && !anchor6_buckets_put(to, binding))
				return false;
		}
		if (index % 1024 == 0)
			cond_resched();
	}
	return true;
}

/* Packets go on with the old buckets meanwhile. */
static bool anchor6_table_resize(struct anchor6_table *table, u8 bits)
{
	struct anchor6_buckets *old = anchor6_buckets_of(table), *new;

	if (bits > ANCHOR6_TABLE_BITS_MAX || bits < ANCHOR6_TABLE_BITS_MIN)
		return false;
	new = anchor6_buckets_alloc(bits);
	if (!new)
		return false;
	if (!anchor6_buckets_copy(new, old)) {
		anchor6_buckets_free(new);
		return false;
	}
	rcu_assign_pointer(table->buckets, new);
	call_rcu(&old->rcu, anchor6_buckets_free_rcu);
	return true;
}

static u32 anchor6_table_room(struct anchor6_table *table, u32 load)
{
	return load << anchor6_buckets_of(table)->bits;
}

static void anchor6_table_lengths_update(struct anchor6_table *table)
{
	unsigned int length, shift = 0;
	u64 lengths = 0;

	for (length = 128; length; length--) {
		if (!table->length_counts[length])
			continue;
		lengths |= (u64)length << shift;
		shift += 8;
	}
	WRITE_ONCE(table->lengths, lengths);
}

/**
 * anchor6_table_takes_length - may a binding with this prefix length come in?
 * @table: the table
 * @length: of the prefix
 *
 * Context: process, under the lock of the bindings.
 * Return: whether it is in use, or there is room for one more
 */
bool anchor6_table_takes_length(const struct anchor6_table *table, u8 length)
{
	return table->length_counts[length] ||
	       !(table->lengths >> (8 * (ANCHOR6_PREFIX_LENGTHS_MAX - 1)));
}

static bool anchor6_table_has_spare(struct anchor6_table *table)
{
	const struct anchor6_buckets *buckets = anchor6_buckets_of(table);

	return buckets->spare < buckets->end;
}

/*
 * Spare buckets stay with the chain that got one. When they are used up, another
 * table may have spare ones again; a size that has room for all need not grow.
 */
static bool anchor6_table_spread(struct anchor6_table *table)
{
	u8 bits = anchor6_buckets_of(table)->bits;

	return (table->count < anchor6_table_room(table, 2) &&
		anchor6_table_resize(table, bits) &&
		anchor6_table_has_spare(table)) ||
	       anchor6_table_resize(table, bits + 1);
}

/**
 * anchor6_table_insert - let packets see a binding
 * @table: the table
 * @binding: with a prefix that is not in the table
 *
 * Context: process, under the lock of the bindings.
 * Return: 0 or -ENOMEM
 */
int anchor6_table_insert(struct anchor6_table *table,
			 struct anchor6_binding *binding)
{
	const struct anchor6_prefix *prefix = &binding->prefix;
	struct anchor6_table_key key;

	anchor6_table_key_make(&key, &prefix->address, prefix->length);
	binding->hash = key.hash;
	if (table->count >= anchor6_table_room(table, ANCHOR6_BUCKET_LOAD_MAX))
		anchor6_table_resize(table, anchor6_buckets_of(table)->bits + 1);
	while (!anchor6_buckets_put(anchor6_buckets_of(table), binding))
		if (!anchor6_table_spread(table))
			return -ENOMEM;
	table->count++;
	if (table->length_counts[prefix->length]++ == 0)
		anchor6_table_lengths_update(table);
	return 0;
}

static void anchor6_buckets_take(struct anchor6_buckets *buckets,
				 const struct anchor6_binding *binding)
{
	struct anchor6_bucket *bucket = anchor6_bucket_of(buckets,
							  binding->hash);
	unsigned int slot = 0;

	while (anchor6_bucket_binding(bucket, slot) != binding) {
		if (++slot < ANCHOR6_BUCKET_SLOTS)
			continue;
		slot = 0;
		bucket = anchor6_bucket_at(buckets, bucket->next);
	}
	WRITE_ONCE(bucket->tags, bucket->tags & ~(0xffULL << 8 * slot));
	RCU_INIT_POINTER(bucket->slots[slot], NULL);
}

/*
 * A flush goes in the order of the hash: what it has left lies close together, and a
 * smaller table may have no room for that. So an attempt comes only with each eighth
 * of the buckets, not with each removal.
 */
static void anchor6_table_shrink(struct anchor6_table *table)
{
	u8 bits = anchor6_buckets_of(table)->bits;
	u8 fit = max_t(u8, ilog2(table->count | 1), ANCHOR6_TABLE_BITS_MIN);

	if (table->count < anchor6_table_room(table, ANCHOR6_BUCKET_LOAD_MIN) &&
	    table->count % (BIT(bits) / 8) == 0 && fit < bits)
		anchor6_table_resize(table, fit);
}

/**
 * anchor6_table_remove - hide a binding from packets
 * @table: the table
 * @binding: in it; packets may still see it until a grace period has passed
 *
 * Context: process, under the lock of the bindings.
 */
void anchor6_table_remove(struct anchor6_table *table,
			  struct anchor6_binding *binding)
{
	anchor6_buckets_take(anchor6_buckets_of(table), binding);
	table->count--;
	if (--table->length_counts[binding->prefix.length] == 0)
		anchor6_table_lengths_update(table);
	anchor6_table_shrink(table);
}

/**
 * anchor6_table_find - the binding of a prefix, alive or not
 * @table: the table
 * @prefix: with zero bits beyond its length
 *
 * Context: process, under the lock of the bindings.
 * Return: the binding or NULL
 */
struct anchor6_binding *anchor6_table_find(struct anchor6_table *table,
					   const struct anchor6_prefix *prefix)
{
	const struct anchor6_buckets *buckets;
	struct anchor6_binding *binding;
	struct anchor6_table_key key;

	anchor6_table_key_make(&key, &prefix->address, prefix->length);
	rcu_read_lock();
	buckets = rcu_dereference(table->buckets);
	binding = anchor6_bucket_find(buckets,
				      anchor6_bucket_of(buckets, key.hash),
				      &key);
	rcu_read_unlock();
	return binding;
}

static int anchor6_table_order(u32 hash, const struct anchor6_prefix *prefix,
			       const struct anchor6_binding *binding)
{
	if (hash != binding->hash)
		return hash < binding->hash ? -1 : 1;
	return ipv6_addr_cmp(&prefix->address, &binding->prefix.address) ?:
	       prefix->length - binding->prefix.length;
}

/* The first binding of a chain, or the first above a prefix. */
static struct anchor6_binding *
anchor6_bucket_first(const struct anchor6_buckets *buckets, u32 index, u32 hash,
		     const struct anchor6_prefix *above)
{
	const struct anchor6_bucket *bucket = anchor6_bucket_at(buckets, index);
	struct anchor6_binding *first = NULL, *binding;
	unsigned int slot;

	for (; bucket; bucket = anchor6_bucket_after(buckets, bucket)) {
		for (slot = 0; slot < ANCHOR6_BUCKET_SLOTS; slot++) {
			binding = anchor6_bucket_binding(bucket, slot);
			if (!binding || (above &&
					 anchor6_table_order(hash, above,
							     binding) >= 0))
				continue;
			if (!first ||
			    anchor6_table_order(binding->hash, &binding->prefix,
						first) < 0)
				first = binding;
		}
	}
	return first;
}

/**
 * anchor6_table_after - the next binding in the order of dumps
 * @table: the table
 * @prefix: where to go on; NULL for the first
 *
 * The order is that of the hash, whatever the table's size.
 *
 * Context: process, under the lock of the bindings.
 * Return: the first binding above @prefix, or NULL
 */
struct anchor6_binding *
anchor6_table_after(struct anchor6_table *table,
		    const struct anchor6_prefix *prefix)
{
	const struct anchor6_buckets *buckets = anchor6_buckets_of(table);
	struct anchor6_binding *binding = NULL;
	struct anchor6_table_key key;
	u32 index = 0;

	if (prefix) {
		anchor6_table_key_make(&key, &prefix->address, prefix->length);
		index = anchor6_bucket_index(buckets, key.hash);
		binding = anchor6_bucket_first(buckets, index++, key.hash,
					       prefix);
	}
	for (; !binding && index < BIT(buckets->bits); index++)
		binding = anchor6_bucket_first(buckets, index, 0, NULL);
	return binding;
}

/**
 * anchor6_table_init - begin with nothing in the table
 * @table: zeroed memory
 *
 * Context: process.
 * Return: 0 or -ENOMEM
 */
int anchor6_table_init(struct anchor6_table *table)
{
	struct anchor6_buckets *buckets;

	buckets = anchor6_buckets_alloc(ANCHOR6_TABLE_BITS_MIN);
	if (!buckets)
		return -ENOMEM;
	RCU_INIT_POINTER(table->buckets, buckets);
	return 0;
}

/**
 * anchor6_table_destroy - end an empty table
 * @table: the table
 *
 * Context: process, without readers left.
 */
void anchor6_table_destroy(struct anchor6_table *table)
{
	anchor6_buckets_free(anchor6_buckets_of(table));
}
