/* field: the descriptors, made from stats/counters.def; see the header. */
#include "common/stats/field.h"

#include <ctype.h>
#include <stddef.h>
#include <string.h>

#include "common/stats/stats.h"

#define COUNTER_OFFSET(name)                                \
	(uint32_t)(offsetof(struct stats_shard, counters) + \
	    STATS_##name * sizeof(uint64_t))
#define HIST_OFFSET(name)                                \
	(uint32_t)(offsetof(struct stats_shard, hists) + \
	    STATS_##name * sizeof(struct hist))

static const struct stats_field table[STATS_FIELDS] = {
#define COUNTER(n, l, u, h)               \
	{ .name = #n,                     \
		.help = h,                \
		.kind = STATS_KIND_TOTAL, \
		.level = STATS_LEVEL_##l, \
		.unit = STATS_UNIT_##u,   \
		.offset = COUNTER_OFFSET(n) },
#define GAUGE(n, l, u, h)                 \
	{ .name = #n,                     \
		.help = h,                \
		.kind = STATS_KIND_GAUGE, \
		.level = STATS_LEVEL_##l, \
		.unit = STATS_UNIT_##u,   \
		.offset = COUNTER_OFFSET(n) },
#define DIFFERENCE(n, l, u, p, m, h)           \
	{ .name = #n,                          \
		.help = h,                     \
		.kind = STATS_KIND_DIFFERENCE, \
		.level = STATS_LEVEL_##l,      \
		.unit = STATS_UNIT_##u,        \
		.plus = STATS_FIELD_##p,       \
		.minus = STATS_FIELD_##m },
#define HISTOGRAM(n, l, u, h)             \
	{ .name = #n,                     \
		.help = h,                \
		.kind = STATS_KIND_HIST,  \
		.level = STATS_LEVEL_##l, \
		.unit = STATS_UNIT_##u,   \
		.offset = HIST_OFFSET(n) },
#include "common/stats/counters.def"
};

void
stats_describe(struct stats_field fields[static STATS_FIELDS])
{
	memcpy(fields, table, sizeof table);
	for (int i = 0; i < STATS_FIELDS; i++)
		for (char *c = fields[i].name; *c != '\0'; c++)
			*c = (char)tolower((unsigned char)*c);
}
