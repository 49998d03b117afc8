/* listview: see the header. */
#include "tools/term/listview.h"

#include <stdio.h>
#include <string.h>

#include "tools/term/format.h"
#include "tools/term/series.h"

enum {
	TITLE = 40,
	STRETCH_MIN = 8
};

void
listview_add(const struct model *m, const struct listview *t, struct list *list,
    uint64_t id)
{
	struct list_row row = { .id = id };

	if (list->sort != LIST_UNSORTED)
		t->key(m, (unsigned)list->sort, id, &row);
	list_add(list, row);
}

static bool
is_shown(const struct canvas *c, const struct column *column)
{
	return c->columns >= column->wanted;
}

/* What is left for the column that stretches. */
static unsigned
stretch_width(const struct canvas *c, const struct listview *t)
{
	unsigned used = 0;

	for (unsigned i = 0; i < t->count; i++)
		if (is_shown(c, &t->columns[i]))
			used += t->columns[i].width + (i > 0 ? 1U : 0U);
	return c->columns > used + STRETCH_MIN ? c->columns - used
					       : STRETCH_MIN;
}

static void
draw_titles(struct canvas *c, const struct listview *t, const struct list *list,
    unsigned row, unsigned stretch)
{
	unsigned at = 0;
	char title[TITLE];

	for (unsigned i = 0; i < t->count; i++) {
		const struct column *column = &t->columns[i];
		unsigned width = column->width > 0 ? column->width : stretch;
		const char *mark = "";

		if (!is_shown(c, column))
			continue;
		if (list->sort == (int)i)
			mark = list->is_reversed ? "^" : "v";
		(void)snprintf(
		    title, sizeof title, "%s%s", column->title, mark);
		if (column->is_left)
			canvas_text(c, row, at, width, STYLE_TITLE, title);
		else
			canvas_right(c, row, at, width, STYLE_TITLE, title);
		at += width + 1;
	}
}

static void
draw_row(const struct model *m, struct canvas *c, const struct listview *t,
    unsigned row, unsigned stretch, const struct list_row *what)
{
	struct spot spot = { .row = row };

	for (unsigned i = 0; i < t->count; i++) {
		const struct column *column = &t->columns[i];

		if (!is_shown(c, column))
			continue;
		spot.width = column->width > 0 ? column->width : stretch;
		spot.is_left = column->is_left;
		t->cell(m, c, &spot, i, what);
		spot.column += spot.width + 1;
	}
}

void
listview_draw(const struct model *m, struct canvas *c, const struct listview *t,
    struct list *list, unsigned row, unsigned rows)
{
	unsigned stretch = stretch_width(c, t);

	if (rows == 0)
		return;
	draw_titles(c, t, list, row, stretch);
	list_set_page(list, rows - 1);
	for (unsigned i = 0; i + 1 < rows && list->top + i < list->count; i++) {
		draw_row(
		    m, c, t, row + 1 + i, stretch, &list->rows[list->top + i]);
		if (list->top + i == list->cursor)
			canvas_reverse(c, row + 1 + i);
	}
	if (list->count == 0)
		canvas_text(c, row + 1, 0, c->columns, STYLE_DIM,
		    list->filter[0] != '\0' ? "nothing matches the filter"
					    : "none; d shows zeros, too");
}

void
listview_next_sort(const struct listview *t, struct list *list)
{
	unsigned next = (unsigned)(list->sort + 1);

	while (next < t->count && !t->columns[next].is_sortable)
		next++;
	list->sort = next < t->count ? (int)next : LIST_UNSORTED;
}

void
spot_text(
    struct canvas *c, const struct spot *spot, unsigned style, const char *text)
{
	if (spot->is_left)
		canvas_text(
		    c, spot->row, spot->column, spot->width, style, text);
	else
		canvas_right(
		    c, spot->row, spot->column, spot->width, style, text);
}

void
spot_value(struct canvas *c, const struct spot *spot, enum stats_unit unit,
    double value)
{
	char text[FORMAT_TEXT];

	spot_text(c, spot, value > 0 ? STYLE_PLAIN : STYLE_DIM,
	    value < 0 ? "-" : format_value(unit, value, text));
}

void
spot_count(struct canvas *c, const struct spot *spot, double count)
{
	spot_value(c, spot, STATS_UNIT_COUNT, count);
}

void
spot_exact(struct canvas *c, const struct spot *spot, uint64_t count)
{
	char text[FORMAT_TEXT];

	if (strlen(units_format_count(count, text)) > spot->width)
		spot_count(c, spot, (double)count);
	else
		spot_text(c, spot, count > 0 ? STYLE_PLAIN : STYLE_DIM, text);
}

void
spot_spark(const struct model *m, struct canvas *c, const struct spot *spot,
    unsigned field)
{
	double values[SERIES_MAX];
	unsigned width = spot->width < SERIES_MAX ? spot->width : SERIES_MAX;
	enum series_kind kind = stats_field_grows(sample_field(m->now, field))
	    ? SERIES_RATE
	    : SERIES_VALUE;

	(void)series_get(m->history,
	    &(struct series){ field, kind, SERIES_SPAN_NS, m->interval_ns },
	    values, width);
	canvas_graph(c, (struct area){ spot->row, spot->column, 1, width },
	    values, series_max(values, width));
}
