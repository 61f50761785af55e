// SPDX-License-Identifier: GPL-2.0
#include <linux/cpumask.h>

#include "stats.h"

const struct anchor6_counter_info anchor6_counter_infos[ANCHOR6_COUNTER_NUM] = {
#define ANCHOR6_COUNTER(_name, _kind, _text)		\
	[ANCHOR6_COUNT_##_name] = {				\
		.name = #_name,					\
		.kind = ANCHOR6_COUNTER_##_kind,		\
		.text = _text,					\
	},
#include "counter_list.h"
#undef ANCHOR6_COUNTER
};

/**
 * anchor6_counter_sum - value of a counter over all processors
 * @stats: counters of a device
 * @counter: which one
 *
 * Context: any; a packet counted meanwhile may be missing.
 * Return: the sum
 */
u64 anchor6_counter_sum(const struct anchor6_stats __percpu *stats,
			enum anchor6_counter counter)
{
	u64 sum = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		sum += READ_ONCE(per_cpu_ptr(stats, cpu)->counts[counter]);
	return sum;
}
