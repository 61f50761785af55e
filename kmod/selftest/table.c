// SPDX-License-Identifier: GPL-2.0
/*
 * The tables against a deliberately naive model: one array that every question
 * walks from end to end. Runs when a module built with DEBUG is loaded.
 */
#include <linux/prandom.h>

#define ANCHOR6_SELFTEST_STEPS		20000
#define ANCHOR6_SELFTEST_BINDINGS	192
#define ANCHOR6_SELFTEST_CROWD		20000
#define ANCHOR6_SELFTEST_NESTED	(3 * 7)
#define ANCHOR6_SELFTEST_SEED		0x616e63686f723601ULL

struct anchor6_model_binding {
	bool used;
	u64 expires_ns;
	struct anchor6_binding_spec spec;
};

struct anchor6_selftest {
	struct anchor6_bindings bindings;
	struct rnd_state random;
	struct anchor6_model_binding model[ANCHOR6_SELFTEST_BINDINGS];
	u32 step;
};

#define ANCHOR6_EXPECT(test, condition) ({				\
	bool __holds = (condition);					\
									\
	if (!__holds)							\
		pr_err("anchor6: selftest: step %u: not true: %s\n",	\
		       (test)->step, #condition);			\
	__holds;							\
})

static u32 anchor6_selftest_below(struct anchor6_selftest *test, u32 limit)
{
	return prandom_u32_state(&test->random) % limit;
}

/* Few different bits, so that prefixes of all lengths meet. */
static void anchor6_selftest_address(struct anchor6_selftest *test,
				     struct in6_addr *address)
{
	*address = (struct in6_addr) { .s6_addr = { 0x20, 0x01, 0x0d, 0xb8 } };
	address->s6_addr[4] = anchor6_selftest_below(test, 3);
	address->s6_addr[7] = anchor6_selftest_below(test, 4);
	address->s6_addr[9] = anchor6_selftest_below(test, 2) << 7;
	address->s6_addr[15] = anchor6_selftest_below(test, 4);
}

static void anchor6_selftest_spec(struct anchor6_selftest *test,
				  struct anchor6_binding_spec *spec)
{
	static const u8 lengths[] = { 40, 56, 64, 65, 73, 96, 120, 127, 128 };
	struct anchor6_prefix *prefix = &spec->key.prefix;
	struct in6_addr address;

	memset(spec, 0, sizeof(*spec));
	spec->key.cache = ANCHOR6_CACHE_HOME + anchor6_selftest_below(test, 2);
	anchor6_selftest_address(test, &address);
	prefix->length =
		lengths[anchor6_selftest_below(test, ARRAY_SIZE(lengths))];
	ipv6_addr_prefix(&prefix->address, &address, prefix->length);
	spec->far_end.local.s6_addr[0] = 0x20;
	spec->far_end.remote.s6_addr[0] = 0x30;
	spec->far_end.remote.s6_addr[15] = anchor6_selftest_below(test, 7);
	spec->far_end.encap = ANCHOR6_ENCAP_IP6IP6;
	spec->lifetime_ms = 1000000 + anchor6_selftest_below(test, 1000000);
	spec->cookie = test->step;
	spec->group = anchor6_selftest_below(test, 3);
}

static struct anchor6_model_binding *
anchor6_model_find(struct anchor6_selftest *test,
		   const struct anchor6_binding_key *key)
{
	struct anchor6_model_binding *entry = test->model;

	for (; entry < test->model + ANCHOR6_SELFTEST_BINDINGS; entry++)
		if (entry->used && entry->spec.key.cache == key->cache &&
		    anchor6_prefix_equal(&entry->spec.key.prefix, &key->prefix))
			return entry;
	return NULL;
}

static struct anchor6_model_binding *
anchor6_model_free(struct anchor6_selftest *test)
{
	struct anchor6_model_binding *entry = test->model;

	for (; entry < test->model + ANCHOR6_SELFTEST_BINDINGS; entry++)
		if (!entry->used)
			return entry;
	return NULL;
}

static bool anchor6_model_takes_length(struct anchor6_selftest *test,
				       const struct anchor6_binding_key *key)
{
	bool used[129] = {};
	u32 i, count = 0;

	for (i = 0; i < ANCHOR6_SELFTEST_BINDINGS; i++)
		if (test->model[i].used &&
		    test->model[i].spec.key.cache == key->cache)
			used[test->model[i].spec.key.prefix.length] = true;
	for (i = 0; i < ARRAY_SIZE(used); i++)
		count += used[i];
	return used[key->prefix.length] || count < ANCHOR6_PREFIX_LENGTHS_MAX;
}

static struct anchor6_model_binding *
anchor6_model_lookup(struct anchor6_selftest *test, enum anchor6_cache cache,
		     const struct in6_addr *address, u64 now)
{
	struct anchor6_model_binding *entry = test->model, *best = NULL;

	for (; entry < test->model + ANCHOR6_SELFTEST_BINDINGS; entry++) {
		if (!entry->used || entry->spec.key.cache != cache ||
		    entry->expires_ns <= now ||
		    !anchor6_prefix_contains(&entry->spec.key.prefix, address))
			continue;
		if (!best || entry->spec.key.prefix.length >
			     best->spec.key.prefix.length)
			best = entry;
	}
	return best;
}

static bool anchor6_selftest_set(struct anchor6_selftest *test)
{
	struct anchor6_model_binding *entry;
	struct anchor6_binding_spec spec;
	struct anchor6_binding *binding;
	bool room;

	anchor6_selftest_spec(test, &spec);
	entry = anchor6_model_find(test, &spec.key);
	room = entry || anchor6_model_takes_length(test, &spec.key);
	if (!entry)
		entry = anchor6_model_free(test);
	if (!entry)
		return true;
	binding = anchor6_binding_set(&test->bindings, &spec, NLM_F_CREATE,
				      NULL);
	if (!room)
		return ANCHOR6_EXPECT(test, PTR_ERR(binding) == -ENOSPC);
	if (!ANCHOR6_EXPECT(test, !IS_ERR(binding)))
		return false;
	entry->used = true;
	entry->spec = spec;
	entry->expires_ns = binding->expires_ns;
	return true;
}

static bool anchor6_selftest_remove(struct anchor6_selftest *test)
{
	struct anchor6_model_binding *entry;
	struct anchor6_binding_spec spec;
	struct anchor6_binding *binding;

	anchor6_selftest_spec(test, &spec);
	entry = anchor6_model_find(test, &spec.key);
	binding = anchor6_binding_find(&test->bindings, &spec.key);
	if (!ANCHOR6_EXPECT(test, !entry == !binding) || !binding)
		return !entry;
	anchor6_binding_remove(&test->bindings, binding);
	entry->used = false;
	return true;
}

static bool anchor6_selftest_flush(struct anchor6_selftest *test)
{
	struct anchor6_binding_filter filter = {
		.fields = ANCHOR6_FIELD_REMOTE | ANCHOR6_FIELD_GROUP,
	};
	u32 i, expected = 0;

	anchor6_selftest_spec(test, &filter.spec);
	for (i = 0; i < ANCHOR6_SELFTEST_BINDINGS; i++) {
		struct anchor6_model_binding *entry = &test->model[i];

		if (!entry->used || entry->spec.group != filter.spec.group ||
		    !ipv6_addr_equal(&entry->spec.far_end.remote,
				     &filter.spec.far_end.remote))
			continue;
		entry->used = false;
		expected++;
	}
	return ANCHOR6_EXPECT(test, anchor6_binding_flush(&test->bindings,
							  &filter) == expected);
}

static bool anchor6_selftest_lookup(struct anchor6_selftest *test)
{
	u64 now = anchor6_now() + 2000000ULL * NSEC_PER_MSEC *
		  anchor6_selftest_below(test, 1000) / 1000;
	struct anchor6_model_binding *entry;
	const struct anchor6_far_end *far_end;
	enum anchor6_cache cache = ANCHOR6_CACHE_HOME +
				   anchor6_selftest_below(test, 2);
	struct anchor6_binding *binding;
	struct in6_addr address;

	anchor6_selftest_address(test, &address);
	entry = anchor6_model_lookup(test, cache, &address, now);
	rcu_read_lock();
	binding = anchor6_binding_lookup(&test->bindings, cache, &address, now);
	rcu_read_unlock();
	if (!ANCHOR6_EXPECT(test, !entry == !binding) || !binding)
		return !entry;
	far_end = anchor6_binding_far_end(&test->bindings, binding);
	return ANCHOR6_EXPECT(test, binding->cookie == entry->spec.cookie) &&
	       ANCHOR6_EXPECT(test, anchor6_prefix_equal(&binding->prefix,
							 &entry->spec.key.prefix)) &&
	       ANCHOR6_EXPECT(test, !memcmp(&far_end->key, &entry->spec.far_end,
					    sizeof(far_end->key)));
}

/* As packets ask: both caches at once, the home cache first or left out. */
static bool anchor6_selftest_downlink(struct anchor6_selftest *test)
{
	u64 now = anchor6_now() + 2000000ULL * NSEC_PER_MSEC *
		  anchor6_selftest_below(test, 1000) / 1000;
	bool skip_home = anchor6_selftest_below(test, 2);
	struct anchor6_model_binding *entry = NULL;
	struct anchor6_lookup lookup;
	struct anchor6_hit hit = {};
	struct in6_addr address;
	bool found;

	anchor6_selftest_address(test, &address);
	if (!skip_home)
		entry = anchor6_model_lookup(test, ANCHOR6_CACHE_HOME,
					     &address, now);
	if (!entry)
		entry = anchor6_model_lookup(test, ANCHOR6_CACHE_PROXY,
					     &address, now);
	rcu_read_lock();
	anchor6_lookup_begin(&lookup, &test->bindings, &address, skip_home);
	anchor6_lookup_fetch(&lookup);
	found = anchor6_lookup_downlink(&lookup, now, &hit);
	rcu_read_unlock();
	if (!ANCHOR6_EXPECT(test, found == !!entry) || !found)
		return !entry;
	return ANCHOR6_EXPECT(test, hit.binding->cookie == entry->spec.cookie) &&
	       ANCHOR6_EXPECT(test, hit.binding->cache == entry->spec.key.cache) &&
	       ANCHOR6_EXPECT(test, !memcmp(&hit.far_end->key,
					    &entry->spec.far_end,
					    sizeof(hit.far_end->key)));
}

/* What the writers count against what is there. */
static bool anchor6_selftest_sums(struct anchor6_selftest *test)
{
	struct anchor6_bindings *bindings = &test->bindings;
	u32 modelled = 0, walked = 0, users = 0, inside = 0, i;
	struct anchor6_binding *binding;
	struct anchor6_far_end *far_end;

	for (i = 0; i < ANCHOR6_SELFTEST_BINDINGS; i++)
		modelled += test->model[i].used;
	binding = anchor6_binding_after(bindings, NULL);
	for (; binding; binding = anchor6_binding_next(bindings, binding))
		walked++;
	far_end = anchor6_far_end_after(&bindings->far_ends, NULL);
	for (; far_end; far_end = anchor6_far_end_after(&bindings->far_ends,
							&far_end->key))
		users += far_end->users;
	for (i = 0; i < anchor6_home_prefixes_of(bindings)->count; i++)
		inside += anchor6_home_prefixes_of(bindings)->entries[i].bindings;
	return ANCHOR6_EXPECT(test, walked == modelled) &&
	       ANCHOR6_EXPECT(test, users == modelled) &&
	       ANCHOR6_EXPECT(test, inside == modelled) &&
	       ANCHOR6_EXPECT(test, bindings->tables[0].count +
				    bindings->tables[1].count == modelled);
}

static bool anchor6_selftest_step(struct anchor6_selftest *test)
{
	u32 choice = anchor6_selftest_below(test, 1000);

	if (choice < 300)
		return anchor6_selftest_set(test);
	if (choice < 480)
		return anchor6_selftest_remove(test);
	if (choice < 490)
		return anchor6_selftest_flush(test);
	if (choice < 500)
		return anchor6_selftest_sums(test);
	if (choice < 750)
		return anchor6_selftest_downlink(test);
	return anchor6_selftest_lookup(test);
}

static void anchor6_selftest_crowd_spec(struct anchor6_selftest *test,
					struct anchor6_binding_spec *spec,
					u32 index)
{
	memset(spec, 0, sizeof(*spec));
	spec->key.cache = ANCHOR6_CACHE_HOME;
	spec->key.prefix.length = 128;
	spec->key.prefix.address = (struct in6_addr) {
		.s6_addr32 = { htonl(0x20010db8), 0, 0, htonl(index) },
	};
	spec->far_end.remote.s6_addr[0] = 0x30;
	spec->far_end.encap = ANCHOR6_ENCAP_IP6IP6;
	spec->lifetime_ms = 1000000;
	spec->cookie = index;
}

static bool anchor6_selftest_create(struct anchor6_selftest *test,
				    const struct anchor6_binding_spec *spec)
{
	return ANCHOR6_EXPECT(test, !IS_ERR(anchor6_binding_set(&test->bindings,
								spec,
								NLM_F_CREATE,
								NULL)));
}

/*
 * Prefixes of one address share a chain: so many of them that a table of their size has
 * too few spare buckets, whatever the key of the hash.
 */
static bool anchor6_selftest_nested(struct anchor6_selftest *test)
{
	struct anchor6_bindings *bindings = &test->bindings;
	const struct anchor6_binding_filter all = {};
	struct anchor6_binding_spec spec;
	u32 index;

	for (index = 0; index < ANCHOR6_SELFTEST_NESTED; index++) {
		anchor6_selftest_crowd_spec(test, &spec, 0);
		spec.key.prefix.length = 58 + index % 7;
		spec.key.prefix.address.s6_addr[6] = index / 7;
		if (!anchor6_selftest_create(test, &spec))
			return false;
		if (!ANCHOR6_EXPECT(test, anchor6_binding_find(bindings, &spec.key)))
			return false;
	}
	return ANCHOR6_EXPECT(test, anchor6_binding_flush(bindings, &all) ==
				    ANCHOR6_SELFTEST_NESTED);
}

/* Whether those from @from on are found, and a dump has each of them once. */
static bool anchor6_selftest_crowd_check(struct anchor6_selftest *test, u32 from)
{
	struct anchor6_bindings *bindings = &test->bindings;
	struct anchor6_binding *binding;
	struct anchor6_binding_spec spec;
	u32 index, dumped = 0;
	bool there;
	u64 sum = 0;

	for (index = 0; index < ANCHOR6_SELFTEST_CROWD; index++) {
		anchor6_selftest_crowd_spec(test, &spec, index);
		binding = anchor6_binding_find(bindings, &spec.key);
		there = index >= from;
		if (!ANCHOR6_EXPECT(test, there == !!binding))
			return false;
		sum += binding ? index : 0;
	}
	binding = anchor6_binding_after(bindings, NULL);
	for (; binding; binding = anchor6_binding_next(bindings, binding)) {
		sum -= binding->cookie;
		dumped++;
	}
	return ANCHOR6_EXPECT(test, !sum) &&
	       ANCHOR6_EXPECT(test, dumped == ANCHOR6_SELFTEST_CROWD - from);
}

/* So many that the table grows and shrinks, and chains go on. */
static bool anchor6_selftest_crowd(struct anchor6_selftest *test)
{
	struct anchor6_bindings *bindings = &test->bindings;
	const struct anchor6_binding_filter all = {};
	struct anchor6_binding_spec spec;
	u32 index;

	for (index = 0; index < ANCHOR6_SELFTEST_CROWD; index++) {
		anchor6_selftest_crowd_spec(test, &spec, index);
		if (!anchor6_selftest_create(test, &spec))
			return false;
	}
	if (!anchor6_selftest_crowd_check(test, 0))
		return false;
	for (index = 0; index < ANCHOR6_SELFTEST_CROWD - 10; index++) {
		anchor6_selftest_crowd_spec(test, &spec, index);
		anchor6_binding_remove(bindings,
				       anchor6_binding_find(bindings, &spec.key));
	}
	return anchor6_selftest_crowd_check(test, index) &&
	       ANCHOR6_EXPECT(test, anchor6_binding_flush(bindings, &all) == 10);
}

static bool anchor6_selftest_run(struct anchor6_selftest *test)
{
	struct anchor6_prefix home = { .length = 40 };
	bool good = true;
	u8 site;

	for (site = 0; site < 3; site++) {
		home.address = (struct in6_addr) {
			.s6_addr = { 0x20, 0x01, 0x0d, 0xb8, site },
		};
		good &= ANCHOR6_EXPECT(test,
				       !anchor6_home_prefix_add(&test->bindings,
								&home, NULL));
	}
	good = good && anchor6_selftest_nested(test);
	good = good && anchor6_selftest_crowd(test);
	while (good && test->step++ < ANCHOR6_SELFTEST_STEPS) {
		good = anchor6_selftest_step(test);
		cond_resched();
	}
	return good;
}

static void anchor6_selftest_expired(struct anchor6_bindings *bindings,
				     const struct anchor6_binding *binding)
{
}

/**
 * anchor6_binding_selftest - compare the tables with a naive model
 *
 * Context: module initialisation, after the caches were made.
 * Return: whether they agree
 */
bool anchor6_binding_selftest(void)
{
	struct anchor6_selftest *test = kvzalloc(sizeof(*test), GFP_KERNEL);
	bool good = false;

	if (!test)
		return false;
	prandom_seed_state(&test->random, ANCHOR6_SELFTEST_SEED);
	if (anchor6_bindings_init(&test->bindings, anchor6_selftest_expired))
		goto out;
	mutex_lock(&test->bindings.lock);
	good = anchor6_selftest_run(test);
	mutex_unlock(&test->bindings.lock);
	anchor6_bindings_destroy(&test->bindings);
	pr_info("anchor6: selftest: binding tables: %s\n",
		good ? "pass" : "FAIL");
out:
	kvfree(test);
	return good;
}
