/* list: a line for each field; see the header. */
#include "tools/list.h"

#include <stdio.h>

#include "common/stats/field.h"
#include "common/stats/reader.h"
#include "tools/print/filter.h"
#include "tools/print/words.h"
#include "tools/screen.h"

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
	fprintf(out, format, STATS_NAME - 1, f->name, words_kind(f),
	    words_unit(f), words_level(f), f->help);
}

struct list {
	const char *const *filters;
	const struct stats_shm *shm; /* NULL: of this release */
	struct stats_field own[STATS_FIELDS];
};

static unsigned
count_of(const struct list *list)
{
	return list->shm != NULL ? stats_shm_header(list->shm)->field_count
				 : STATS_FIELDS;
}

static const struct stats_field *
field_of(const struct list *list, unsigned i)
{
	return list->shm != NULL ? stats_shm_field(list->shm, i)
				 : &list->own[i];
}

static int
print(void *arg, FILE *out)
{
	const struct list *list = arg;

	print_titles(out);
	for (unsigned i = 0; i < count_of(list); i++)
		if (filter_picks(list->filters, field_of(list, i)->name))
			print_field(field_of(list, i), out);
	return 0;
}

static bool
has_match(const struct list *list, const char *glob)
{
	for (unsigned i = 0; i < count_of(list); i++)
		if (filter_matches(glob, field_of(list, i)->name))
			return true;
	return false;
}

static int
check_filters(const struct list *list, struct errmsg *e)
{
	for (const char *const *glob = list->filters; *glob != NULL; glob++)
		if (!has_match(list, *glob))
			return errmsg_set(
			    e, "--filter: no counter matches '%s'", *glob);
	return 0;
}

int
list_run(const struct options *options, struct errmsg *e)
{
	static struct list list; /* large */
	enum screen_event event = SCREEN_FAILED;
	struct stats_shm *shm = NULL;
	struct screen *screen = NULL;

	list = (struct list){ .filters = options->filters };
	stats_describe(list.own);
	if (options->stats != NULL &&
	    stats_shm_attach(&shm, options->stats, e) < 0)
		return -1;
	list.shm = shm;
	if (check_filters(&list, e) == 0 && screen_open(&screen, e) == 0)
		event = screen_print(screen, print, &list, e);
	screen_close(&screen);
	stats_shm_close(&shm);
	return event == SCREEN_FAILED ? -1 : 0;
}
