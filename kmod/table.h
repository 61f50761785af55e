/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ANCHOR6_TABLE_H
#define _ANCHOR6_TABLE_H

#include <linux/cache.h>
#include <linux/rcupdate.h>
#include <linux/types.h>

#include <anchor6.h>

#include "prefix.h"

struct anchor6_binding;
struct anchor6_bucket;
struct anchor6_buckets;

/**
 * struct anchor6_table - the bindings of one cache by prefix
 * @lengths: the prefix lengths in use, one an octet, the longest in the lowest,
 *	closed by a zero octet when there are less than eight: one word is read
 *	and written as a whole
 * @buckets: where they are; replaced as a whole by a larger or smaller one
 * @count: bindings
 * @length_counts: bindings of each prefix length
 *
 * Packets read @lengths and @buckets; the rest belongs to the writers.
 */
struct anchor6_table {
	u64 lengths;
	struct anchor6_buckets __rcu *buckets;
	u32 count;
	u32 length_counts[129];
};

/* A prefix as it is searched for: words in network byte order. */
struct anchor6_table_key {
	u64 words[2];
	u32 hash;
	u8 length;
};

struct anchor6_search_step {
	struct anchor6_table_key key;
	const struct anchor6_bucket *bucket;
};

/**
 * struct anchor6_search - a search begun for an address
 * @buckets: of the table
 * @end: behind the last of @steps
 * @steps: what to look for and where, the longest prefix first
 */
struct anchor6_search {
	const struct anchor6_buckets *buckets;
	const struct anchor6_search_step *end;
	struct anchor6_search_step steps[ANCHOR6_PREFIX_LENGTHS_MAX];
};

void anchor6_table_hash_init(void);
int anchor6_table_init(struct anchor6_table *table);
void anchor6_table_destroy(struct anchor6_table *table);

void anchor6_search_begin(struct anchor6_search *search,
			  const struct anchor6_table *table,
			  const struct in6_addr *address);
void anchor6_search_fetch(const struct anchor6_search *search);
struct anchor6_binding *anchor6_search_end(const struct anchor6_search *search,
					   u64 now);

bool anchor6_table_takes_length(const struct anchor6_table *table, u8 length);
int anchor6_table_insert(struct anchor6_table *table,
			 struct anchor6_binding *binding);
void anchor6_table_remove(struct anchor6_table *table,
			  struct anchor6_binding *binding);
struct anchor6_binding *anchor6_table_find(struct anchor6_table *table,
					   const struct anchor6_prefix *prefix);
struct anchor6_binding *
anchor6_table_after(struct anchor6_table *table,
		    const struct anchor6_prefix *prefix);

#endif /* _ANCHOR6_TABLE_H */
