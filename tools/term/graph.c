/* graph: the last minutes of a field over several rows, with its scale. */
#include <math.h>
#include <stdio.h>

#include "tools/term/format.h"
#include "tools/term/page.h"
#include "tools/term/series.h"

enum {
	AXIS = 11, /* columns of the scale */
	ROWS_MAX = 12
};

static enum series_kind
kind_of(const struct stats_field *f)
{
	if (f->kind == STATS_KIND_HIST)
		return SERIES_P99;
	return stats_field_grows(f) ? SERIES_RATE : SERIES_VALUE;
}

static void
draw_legend(struct canvas *c, unsigned row, const struct stats_field *f,
    int64_t width_ns)
{
	static const char *const names[] = {
		[SERIES_RATE] = "per second",
		[SERIES_VALUE] = "value",
		[SERIES_P50] = "50th percentile",
		[SERIES_P99] = "99th percentile of each interval",
	};
	char text[FORMAT_TEXT];

	canvas_format(c, row, AXIS, c->columns, STYLE_DIM,
	    "%s; the last %s, now at the right", names[kind_of(f)],
	    format_span(width_ns, text));
}

/* Columns are not whole: 600 s over 70 columns are a little less together. */
static int64_t
whole_seconds(int64_t ns)
{
	return (ns + CLOCK_NS_PER_S / 2) / CLOCK_NS_PER_S * CLOCK_NS_PER_S;
}

void
graph_draw(const struct model *m, struct canvas *c, unsigned row, unsigned rows,
    unsigned field)
{
	const struct stats_field *f = sample_field(m->now, field);
	unsigned width = c->columns > AXIS ? c->columns - AXIS : 0;
	double values[SERIES_MAX];
	char text[FORMAT_TEXT];
	int64_t step_ns;
	double max;

	if (rows < 2 || width == 0)
		return;
	if (width > SERIES_MAX)
		width = SERIES_MAX;
	rows = rows > ROWS_MAX ? ROWS_MAX : rows;
	step_ns = series_get(m->history,
	    &(struct series){
		field, kind_of(f), SERIES_LONG_NS, m->interval_ns },
	    values, width);
	max = series_max(values, width);
	canvas_right(c, row, 0, AXIS - 1, STYLE_DIM,
	    format_value((enum stats_unit)f->unit, max, text));
	canvas_right(c, row + rows - 2, 0, AXIS - 1, STYLE_DIM, "0");
	canvas_graph(
	    c, (struct area){ row, AXIS, rows - 1, width }, values, max);
	draw_legend(c, row + rows - 1, f, whole_seconds(step_ns * width));
}
