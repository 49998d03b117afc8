/* page_counters: each counter and gauge, its rates and averages. */
#include <stdio.h>

#include "common/base/clock.h"
#include "tools/term/format.h"
#include "tools/term/page.h"

enum column_id {
	COLUMN_NAME,
	COLUMN_VALUE,
	COLUMN_NOW,
	COLUMN_10_S,
	COLUMN_1_MIN,
	COLUMN_5_MIN,
	COLUMN_GRAPH,
	COLUMNS
};

/* Wide enough for the longest names that matter at 80 columns. */
static const struct column columns[COLUMNS] = {
	[COLUMN_NAME] = { "counter", 0, 0, true, true },
	[COLUMN_VALUE] = { "value", 10, 0, false, true },
	[COLUMN_NOW] = { "/s now", 8, 34, false, true },
	[COLUMN_10_S] = { "10 s", 8, 62, false, true },
	[COLUMN_1_MIN] = { "1 min", 8, 62, false, true },
	[COLUMN_5_MIN] = { "5 min", 8, 62, false, true },
	[COLUMN_GRAPH] = { "last 2 min", 30, 104, true, false },
};

static const int64_t windows_ns[COLUMNS] = {
	[COLUMN_NOW] = 0,
	[COLUMN_10_S] = 10 * CLOCK_NS_PER_S,
	[COLUMN_1_MIN] = 60 * CLOCK_NS_PER_S,
	[COLUMN_5_MIN] = 300 * CLOCK_NS_PER_S,
};

/* The unit of a rate: histograms count what they hold. */
static enum stats_unit
rate_unit(const struct stats_field *f)
{
	return f->kind == STATS_KIND_HIST ? STATS_UNIT_COUNT
					  : (enum stats_unit)f->unit;
}

static void
draw_cell(const struct model *m, struct canvas *c, const struct spot *spot,
    unsigned column, const struct list_row *row)
{
	unsigned field = (unsigned)row->id;
	const struct stats_field *f = sample_field(m->now, field);

	switch ((enum column_id)column) {
	case COLUMN_NAME:
		spot_text(c, spot, STYLE_PLAIN, f->name);
		break;
	case COLUMN_VALUE:
		if (rate_unit(f) == STATS_UNIT_COUNT)
			spot_exact(c, spot, model_total(m, field));
		else
			spot_value(c, spot, rate_unit(f),
			    (double)model_total(m, field));
		break;
	case COLUMN_GRAPH:
		spot_spark(m, c, spot, field);
		break;
	case COLUMN_NOW:
	case COLUMN_10_S:
	case COLUMN_1_MIN:
	case COLUMN_5_MIN:
		if (stats_field_grows(f))
			spot_value(c, spot, rate_unit(f),
			    model_rate(m, field, windows_ns[column]));
		break;
	case COLUMNS:
		break;
	}
}

static void
get_key(
    const struct model *m, unsigned column, uint64_t id, struct list_row *row)
{
	unsigned field = (unsigned)id;

	if (column == COLUMN_NAME)
		row->text = sample_field(m->now, field)->name;
	else if (column == COLUMN_VALUE)
		row->number = (double)model_total(m, field);
	else
		row->number = model_rate(m, field, windows_ns[column]);
}

static const struct listview table = {
	.columns = columns,
	.count = COLUMNS,
	.cell = draw_cell,
	.key = get_key,
};

/* Zeros and details only on demand, but gauges of differences, such as open. */
static bool
is_shown(const struct model *m, unsigned field)
{
	const struct stats_field *f = sample_field(m->now, field);

	if (m->shows_all)
		return true;
	return f->level == STATS_LEVEL_INFO &&
	    (f->kind == STATS_KIND_DIFFERENCE || model_total(m, field) > 0);
}

static void
fill(struct model *m, struct list *list)
{
	unsigned fields = sample_field_count(m->now);

	for (unsigned i = 0; i < fields; i++)
		if (is_shown(m, i) &&
		    list_matches(list, sample_field(m->now, i)->name))
			listview_add(m, &table, list, i);
	if (list->sort != LIST_UNSORTED)
		list_sort(list);
}

static void
draw(struct model *m, struct canvas *c, unsigned row, unsigned rows)
{
	listview_draw(m, c, &table, &m->lists[PAGE_COUNTERS], row, rows);
}

/* "worker 0  1,234  12/s", as many as fit. */
static unsigned
draw_slots(const struct model *m, struct canvas *c, unsigned row, unsigned rows,
    unsigned field)
{
	const struct stats_field *f = sample_field(m->now, field);
	unsigned slots = sample_slot_count(m->now);
	unsigned per_row = c->columns >= 72 ? 2 : 1;
	unsigned width = c->columns / per_row;
	unsigned used = 0;
	char name[FORMAT_TEXT];
	char value[FORMAT_TEXT];
	char rate[FORMAT_TEXT];
	const char *per = stats_field_grows(f) ? "/s" : "";

	for (unsigned i = 0; i < slots && used / per_row < rows; i++) {
		uint64_t n = model_value(m, i, field);
		unsigned at = used % per_row * width;

		if (i == 0 ? n == 0 : !sample_slot(m->now, i)->is_used)
			continue;
		(void)snprintf(name, sizeof name, "worker %u", i - 1);
		canvas_format(c, row + used / per_row, at, width, STYLE_PLAIN,
		    "%-10s%12s %12s%s", i > 0 ? name : "master",
		    format_value(rate_unit(f), (double)n, value),
		    *per == '\0' ? ""
				 : format_value(rate_unit(f),
				       model_slot_rate(m, i, f->name), rate),
		    per);
		used++;
	}
	return (used + per_row - 1) / per_row;
}

static void
draw_details(const struct model *m, struct canvas *c, unsigned row,
    unsigned rows, uint64_t id)
{
	unsigned field = (unsigned)id;
	const struct stats_field *f = sample_field(m->now, field);
	unsigned graph = rows > 14 ? 10 : rows / 2;
	char text[FORMAT_TEXT];

	canvas_format(c, row, 0, c->columns, STYLE_BOLD, "%s  %s", f->name,
	    format_value(rate_unit(f), (double)model_total(m, field), text));
	canvas_text(c, row + 1, 0, c->columns, STYLE_PLAIN, f->help);
	if (rows < 4)
		return;
	graph_draw(m, c, row + 2, graph, field);
	draw_slots(m, c, row + 2 + graph, rows - 2 - graph, field);
}

const struct page page_counters = {
	.name = "counters",
	.table = &table,
	.fill = fill,
	.draw = draw,
	.details = draw_details,
};
