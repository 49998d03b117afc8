/* page_latency: how long things take, since the start and just now. */
#include <stdio.h>

#include "common/base/clock.h"
#include "tools/term/format.h"
#include "tools/term/page.h"

enum {
	OCTAVES = 41, /* powers of two that a histogram spans */
	LABEL = 10,
	GAP = 2,
	WIDE = 114 /* columns, for all histograms side by side */
};

static const struct {
	const char *field, *title;
} hists[] = {
	{ "handshake_time", "handshake" },
	{ "echo_time", "echo" },
	{ "loop_turn", "loop turn" },
};

enum {
	HISTS = sizeof hists / sizeof *hists
};

enum column_id {
	COLUMN_NAME,
	COLUMN_WHEN,
	COLUMN_P50,
	COLUMN_P90,
	COLUMN_P99,
	COLUMN_P999,
	COLUMN_MAX,
	COLUMN_COUNT,
	COLUMNS
};

static const struct column columns[COLUMNS] = {
	[COLUMN_NAME] = { "", 0, 0, true, false },
	[COLUMN_WHEN] = { "", 13, 60, true, false },
	[COLUMN_P50] = { "p50", 8, 0, false, false },
	[COLUMN_P90] = { "p90", 8, 70, false, false },
	[COLUMN_P99] = { "p99", 8, 0, false, false },
	[COLUMN_P999] = { "p99.9", 8, 80, false, false },
	[COLUMN_MAX] = { "max", 8, 39, false, false },
	[COLUMN_COUNT] = { "count", 7, 50, false, false },
};

static const double quantiles[COLUMNS] = {
	[COLUMN_P50] = 0.5,
	[COLUMN_P90] = 0.9,
	[COLUMN_P99] = 0.99,
	[COLUMN_P999] = 0.999,
};

/* Two rows for each: even ids are since the start, odd ones the interval. */
static unsigned
which_of(uint64_t id)
{
	return (unsigned)id / 2;
}

static bool
is_recent(uint64_t id)
{
	return id % 2 == 1;
}

/* NULL where there is nothing. */
static const struct hist *
hist_of(const struct model *m, unsigned which, bool recent)
{
	int field = sample_find(m->now, hists[which].field);
	const struct hist *h;

	if (field < 0)
		return NULL;
	h = recent ? history_interval(m->history, (unsigned)field)
		   : sample_hist(m->now, (unsigned)field);
	return h != NULL && hist_count(h) > 0 ? h : NULL;
}

static void
draw_cell(const struct model *m, struct canvas *c, const struct spot *spot,
    unsigned column, const struct list_row *row)
{
	const struct hist *h =
	    hist_of(m, which_of(row->id), is_recent(row->id));
	unsigned style = is_recent(row->id) ? STYLE_BOLD : STYLE_PLAIN;
	char text[FORMAT_TEXT];

	if (column == COLUMN_NAME) {
		spot_text(c, spot, style,
		    is_recent(row->id) ? "  now"
				       : hists[which_of(row->id)].title);
	} else if (column == COLUMN_WHEN) {
		spot_text(c, spot, STYLE_DIM,
		    is_recent(row->id) ? "last interval" : "since start");
	} else if (h == NULL) {
		spot_text(c, spot, STYLE_DIM, "-");
	} else if (column == COLUMN_COUNT) {
		spot_count(c, spot, (double)hist_count(h));
	} else {
		uint64_t ns = column == COLUMN_MAX
		    ? hist_max(h)
		    : hist_quantile(h, quantiles[column]);

		spot_text(c, spot, style,
		    format_value(STATS_UNIT_NS, (double)ns, text));
	}
}

static const struct listview table = {
	.columns = columns,
	.count = COLUMNS,
	.cell = draw_cell,
};

static void
fill(struct model *m, struct list *list)
{
	for (unsigned i = 0; i < 2 * HISTS; i++)
		if (sample_find(m->now, hists[i / 2].field) >= 0 &&
		    list_matches(list, hists[i / 2].title))
			list_add(list, (struct list_row){ .id = i });
}

static unsigned
octave_of(uint64_t value)
{
	unsigned octave = 0;

	while (value >>= 1)
		octave++;
	return octave;
}

/* How many values are in each power of two, and the most of them. */
struct octaves {
	uint64_t counts[OCTAVES];
	uint64_t max;
	unsigned first, last; /* with any value */
};

static void
count_octaves(struct octaves *o, const struct hist *h, unsigned per_row)
{
	*o = (struct octaves){ .first = OCTAVES };
	for (unsigned i = 0; h != NULL && i < HIST_BUCKETS; i++) {
		uint64_t n = h->buckets[i];
		unsigned octave = octave_of(hist_bucket_low(i)) / per_row;

		if (n == 0)
			continue;
		o->counts[octave] += n;
		if (octave < o->first)
			o->first = octave;
		o->last = octave;
		if (o->counts[octave] > o->max)
			o->max = o->counts[octave];
	}
}

/* A rectangle. */
struct box {
	unsigned row, rows, column, width;
};

static void
draw_bar(struct canvas *c, const struct box *bar, const struct octaves *o,
    unsigned octave)
{
	if (o->counts[octave] > 0)
		canvas_bar(c, bar->row, bar->column, bar->width, STYLE_GRAPH,
		    (double)o->counts[octave] / (double)o->max);
}

/* A row for each power of two, or for more of them if there are too many. */
static void
draw_bars(struct canvas *c, const struct box *box, const struct hist *all,
    const struct hist *recent)
{
	unsigned half = (box->width - LABEL - GAP) / 2;
	struct octaves since;
	struct octaves now;
	unsigned per_row = 1;
	char text[FORMAT_TEXT];

	count_octaves(&since, all, per_row);
	while (since.last - since.first >= box->rows)
		count_octaves(&since, all, ++per_row);
	count_octaves(&now, recent, per_row);
	for (unsigned i = since.first; i <= since.last; i++) {
		struct box bar = { box->row + i - since.first, 1,
			box->column + LABEL, half };

		canvas_right(c, bar.row, box->column, LABEL - 1, STYLE_DIM,
		    units_format_duration(INT64_C(1) << i * per_row, text));
		draw_bar(c, &bar, &since, i);
		bar.column += half + 1;
		draw_bar(c, &bar, &now, i);
	}
}

static void
draw_box(const struct model *m, struct canvas *c, const struct box *box,
    unsigned which)
{
	const struct hist *all = hist_of(m, which, false);
	unsigned half = (box->width - LABEL - GAP) / 2;
	const struct box bars = { box->row + 1, box->rows - 1, box->column,
		box->width };

	if (box->rows < 2 || box->width < LABEL + GAP + 4)
		return;
	canvas_text(
	    c, box->row, box->column, LABEL, STYLE_TITLE, hists[which].title);
	canvas_text(
	    c, box->row, box->column + LABEL, half, STYLE_TITLE, "since start");
	canvas_text(c, box->row, box->column + LABEL + half + 1, half,
	    STYLE_TITLE, "last interval");
	if (all != NULL)
		draw_bars(c, &bars, all, hist_of(m, which, true));
}

/* All side by side, or that of the row at the cursor. */
static void
draw_boxes(const struct model *m, struct canvas *c, unsigned row, unsigned rows)
{
	struct box box = { row, rows, 0, c->columns };
	uint64_t id;

	if (c->columns < WIDE) {
		if (list_current(&m->lists[PAGE_LATENCY], &id))
			draw_box(m, c, &box, which_of(id));
		return;
	}
	box.width /= HISTS;
	for (unsigned i = 0; i < HISTS; i++, box.column += box.width)
		draw_box(m, c, &box, i);
}

static void
draw(struct model *m, struct canvas *c, unsigned row, unsigned rows)
{
	struct list *list = &m->lists[PAGE_LATENCY];
	unsigned wanted = (unsigned)list->count + 1;
	unsigned above = rows > wanted ? wanted : rows;

	listview_draw(m, c, &table, list, row, above);
	if (rows > above + 1)
		draw_boxes(m, c, row + above + 1, rows - above - 1);
}

static void
draw_details(const struct model *m, struct canvas *c, unsigned row,
    unsigned rows, uint64_t id)
{
	int field = sample_find(m->now, hists[which_of(id)].field);

	if (field < 0)
		return;
	canvas_format(c, row, 0, c->columns, STYLE_BOLD, "%s: %s",
	    hists[which_of(id)].title,
	    sample_field(m->now, (unsigned)field)->help);
	if (rows > 2)
		graph_draw(m, c, row + 2, rows - 2, (unsigned)field);
}

const struct page page_latency = {
	.name = "latency",
	.table = &table,
	.fill = fill,
	.draw = draw,
	.details = draw_details,
};
