/*
 * field: what a counter, gauge, difference or histogram is called, what it
 * means, and where it is: as a segment describes it to whoever reads it.
 *
 * Use:
 *	struct stats_field fields[STATS_FIELDS];
 *	stats_describe(fields);
 */
#ifndef COMMON_STATS_FIELD_H
#define COMMON_STATS_FIELD_H

#include <stdbool.h>
#include <stdint.h>

enum stats_kind {
	STATS_KIND_TOTAL,
	STATS_KIND_DIFFERENCE,
	STATS_KIND_HIST,
	STATS_KIND_GAUGE
};
enum stats_level {
	STATS_LEVEL_INFO,
	STATS_LEVEL_DETAIL
};
enum stats_unit {
	STATS_UNIT_COUNT,
	STATS_UNIT_BYTES,
	STATS_UNIT_NS,
	STATS_UNIT_DATE
};

enum {
	STATS_NAME = 32, /* of a field, with its NUL */
	STATS_HELP = 80
};

/* One counter or histogram, as the segment describes it. */
struct stats_field {
	char name[STATS_NAME]; /* lower case: "bytes_sent" */
	char help[STATS_HELP];
	uint32_t kind;   /* enum stats_kind */
	uint32_t level;  /* enum stats_level */
	uint32_t unit;   /* enum stats_unit */
	uint32_t offset; /* in the shard, bytes; 0 for a difference */
	uint32_t plus;   /* of a difference: indices of fields */
	uint32_t minus;
	uint32_t reserved[2];
};

/* How many counters, gauges, differences and histograms there are. */
enum {
#define COUNTER(name, level, unit, help)                 STATS_FIELD_##name,
#define GAUGE(name, level, unit, help)                   STATS_FIELD_##name,
#define DIFFERENCE(name, level, unit, plus, minus, help) STATS_FIELD_##name,
#define HISTOGRAM(name, level, unit, help)               STATS_FIELD_##name,
#include "common/stats/counters.def"
	STATS_FIELDS
};

/* Fills in the descriptors of this program's counters. */
void stats_describe(struct stats_field fields[static STATS_FIELDS]);

/* Does it only grow, so that its rate means something? */
static inline bool
stats_field_grows(const struct stats_field *field)
{
	return field->kind == STATS_KIND_TOTAL ||
	    field->kind == STATS_KIND_HIST;
}

#endif
