/* series_point: sparse buckets, merged as sorted lists; see the header. */
#include "client/report/series_point.h"

#include <stdlib.h>

#include "common/base/counter.h"

/* Both lists into a new one, which into then owns; -1: out of memory. */
static int
join_buckets(struct series_point *into, const struct series_point *from)
{
	struct series_bucket *both;
	unsigned used = 0;
	unsigned a = 0;
	unsigned b = 0;

	if (from->used == 0)
		return 0;
	both = calloc(into->used + from->used, sizeof *both);
	if (both == NULL)
		return -1;
	while (a < into->used || b < from->used) {
		unsigned at =
		    a < into->used ? into->buckets[a].index : HIST_BUCKETS;

		if (b < from->used && from->buckets[b].index < at)
			at = from->buckets[b].index;
		both[used].index = at;
		if (a < into->used && into->buckets[a].index == at)
			both[used].count += into->buckets[a++].count;
		if (b < from->used && from->buckets[b].index == at)
			both[used].count += from->buckets[b++].count;
		used++;
	}
	free(into->buckets);
	into->buckets = both;
	into->used = used;
	return 0;
}

int
series_point_join(struct series_point *into, struct series_point *from)
{
	if (join_buckets(into, from) < 0)
		return -1;
	into->second = from->second;
	into->end_ns = from->end_ns;
	into->open = from->open;
	for (int i = 0; i < SERIES_COUNTS; i++)
		into->counts[i] += from->counts[i];
	into->cpu_ns = into->cpu_ns < 0 || from->cpu_ns < 0
	    ? -1
	    : into->cpu_ns + from->cpu_ns;
	into->latency_count += from->latency_count;
	into->latency_sum += from->latency_sum;
	if (from->latency_max > into->latency_max)
		into->latency_max = from->latency_max;
	series_point_fini(from);
	return 0;
}

void
series_point_fini(struct series_point *point)
{
	free(point->buckets);
	point->buckets = NULL;
	point->used = 0;
}

void
series_point_add_latency(const struct series_point *p, struct hist *into)
{
	for (unsigned i = 0; i < p->used; i++)
		counter_add(
		    &into->buckets[p->buckets[i].index], p->buckets[i].count);
	counter_add(&into->count, p->latency_count);
	counter_add(&into->sum, p->latency_sum);
	if (p->latency_max > hist_max(into))
		counter_set(&into->max, p->latency_max);
}
