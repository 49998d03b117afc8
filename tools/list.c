/* list: words for the enums of a field; see the header. */
#include "tools/list.h"

#include <stdio.h>

#include "common/stats/field.h"
#include "common/stats/reader.h"
#include "tools/screen.h"

static const char *const kinds[] = {
	[STATS_KIND_TOTAL] = "total",
	[STATS_KIND_DIFFERENCE] = "gauge",
	[STATS_KIND_HIST] = "histogram",
	[STATS_KIND_GAUGE] = "gauge",
};

static const char *const units[] = {
	[STATS_UNIT_COUNT] = "count",
	[STATS_UNIT_BYTES] = "bytes",
	[STATS_UNIT_NS] = "ns",
	[STATS_UNIT_DATE] = "date",
};

static const char *const levels[] = {
	[STATS_LEVEL_INFO] = "info",
	[STATS_LEVEL_DETAIL] = "detail",
};

static const char format[] = "%-*s  %-9s  %-5s  %-6s  %s\n";

static void
print_titles(FILE *out)
{
	fprintf(out, format, STATS_NAME - 1, "name", "kind", "unit", "level",
	    "help");
}

static void
print_field(const struct stats_field *f, FILE *out)
{
	fprintf(out, format, STATS_NAME - 1, f->name, kinds[f->kind],
	    units[f->unit], levels[f->level], f->help);
}

static int
print_segment(void *arg, FILE *out)
{
	const struct stats_shm *shm = arg;
	unsigned count = stats_shm_header(shm)->field_count;

	print_titles(out);
	for (unsigned i = 0; i < count; i++)
		print_field(stats_shm_field(shm, i), out);
	return 0;
}

static int
print_release(void *arg, FILE *out)
{
	struct stats_field fields[STATS_FIELDS];

	(void)arg;
	stats_describe(fields);
	print_titles(out);
	for (unsigned i = 0; i < STATS_FIELDS; i++)
		print_field(&fields[i], out);
	return 0;
}

int
list_run(const struct options *options, struct errmsg *e)
{
	enum screen_event event = SCREEN_FAILED;
	struct stats_shm *shm = NULL;
	struct screen *screen = NULL;

	if (options->stats != NULL &&
	    stats_shm_attach(&shm, options->stats, e) < 0)
		return -1;
	if (screen_open(&screen, false, e) == 0)
		event = screen_print(screen,
		    shm != NULL ? print_segment : print_release, shm, e);
	screen_close(&screen);
	stats_shm_close(&shm);
	return event == SCREEN_FAILED ? -1 : 0;
}
