/* words: for the enums of a field; see the header. */
#include "tools/print/words.h"

const char *
words_kind(const struct stats_field *field)
{
	static const char *const kinds[] = {
		[STATS_KIND_TOTAL] = "total",
		[STATS_KIND_DIFFERENCE] = "gauge",
		[STATS_KIND_HIST] = "histogram",
		[STATS_KIND_GAUGE] = "gauge",
	};

	return kinds[field->kind];
}

const char *
words_unit(const struct stats_field *field)
{
	static const char *const units[] = {
		[STATS_UNIT_COUNT] = "count",
		[STATS_UNIT_BYTES] = "bytes",
		[STATS_UNIT_NS] = "ns",
		[STATS_UNIT_DATE] = "date",
	};

	return units[field->unit];
}

const char *
words_level(const struct stats_field *field)
{
	static const char *const levels[] = {
		[STATS_LEVEL_INFO] = "info",
		[STATS_LEVEL_DETAIL] = "detail",
	};

	return levels[field->level];
}
