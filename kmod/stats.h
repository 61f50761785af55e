/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ANCHOR6_STATS_H
#define _ANCHOR6_STATS_H

#include <linux/percpu.h>
#include <linux/types.h>

enum anchor6_counter {
#define ANCHOR6_COUNTER(name, kind, text) ANCHOR6_COUNT_##name,
#include "counter_list.h"
#undef ANCHOR6_COUNTER
	ANCHOR6_COUNTER_NUM
};

enum anchor6_counter_kind {
	ANCHOR6_COUNTER_TOOK,
	ANCHOR6_COUNTER_LEFT,
	ANCHOR6_COUNTER_DROP,
	ANCHOR6_COUNTER_EVENT,
};

struct anchor6_counter_info {
	const char *name;
	const char *text;
	enum anchor6_counter_kind kind;
};

extern const struct anchor6_counter_info
	anchor6_counter_infos[ANCHOR6_COUNTER_NUM];

struct anchor6_stats {
	u64 counts[ANCHOR6_COUNTER_NUM];
};

static inline void anchor6_count(struct anchor6_stats __percpu *stats,
				 enum anchor6_counter counter)
{
	this_cpu_inc(stats->counts[counter]);
}

u64 anchor6_counter_sum(const struct anchor6_stats __percpu *stats,
			enum anchor6_counter counter);

#endif /* _ANCHOR6_STATS_H */
