/* diff_text: the table of differences; see diff.h. */
#include <inttypes.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/base/units.h"
#include "common/base/utc.h"
#include "tools/print/table.h"
#include "tools/record/diff.h"

enum {
	COUNTER_COLUMNS = 5,
	HIST_COLUMNS = 7
};

static void
print_sample(
    const char *title, const char *name, const struct sample *s, FILE *out)
{
	const struct sample_server *server = sample_server(s);
	char time[UTC_TEXT], start[UTC_TEXT];

	fprintf(out, "%s  %s: %s: %s, pid %d, started %s%s\n", title,
	    utc_format(sample_wall_ns(s) / CLOCK_NS_PER_S, time), name,
	    server->program, (int)server->pid,
	    utc_format(server->start_wall_ns / CLOCK_NS_PER_S, start),
	    server->is_alive ? "" : ", dead");
}

static void
print_head(const struct diff *d, FILE *out)
{
	char apart[UNITS_TEXT];

	print_sample("before", d->a_name, d->a, out);
	print_sample("after ", d->b_name, d->b, out);
	if (diff_is_one_server(d))
		fprintf(out, "The same server, %s later.\n",
		    units_format_duration(
			sample_time_ns(d->b) - sample_time_ns(d->a), apart));
	else if (sample_same_server(d->a, d->b))
		fputs("The same server, not later: there are no rates.\n", out);
	else
		fputs("Another server: its counters began at 0.\n", out);
}

static const char *
format(enum stats_unit unit, uint64_t n, char text[static UNITS_TEXT])
{
	switch (unit) {
	case STATS_UNIT_BYTES:
		return units_format_bytes(n, text);
	case STATS_UNIT_NS:
		return units_format_duration(
		    n < INT64_MAX ? (int64_t)n : INT64_MAX, text);
	case STATS_UNIT_DATE:
		return n == 0 || n > INT32_MAX ? "-"
					       : utc_format((int64_t)n, text);
	case STATS_UNIT_COUNT:
		break;
	}
	return units_format_count(n, text);
}

/* What a counter counts; histograms count values, whatever these are. */
static enum stats_unit
unit_of(const struct diff_row *row)
{
	return row->field->kind == STATS_KIND_HIST
	    ? STATS_UNIT_COUNT
	    : (enum stats_unit)row->field->unit;
}

static void
add_value(struct table *t, const struct diff_row *row, bool has, uint64_t n)
{
	char text[UNITS_TEXT];

	table_add(t, has ? format(unit_of(row), n, text) : "-");
}

/* With its sign; between dates there are seconds. */
static void
add_difference(struct table *t, const struct diff_row *row)
{
	uint64_t n = row->b > row->a ? row->b - row->a : row->a - row->b;
	char text[UNITS_TEXT], cell[UNITS_TEXT + 1];

	if (unit_of(row) == STATS_UNIT_DATE)
		(void)units_format_duration(n < INT64_MAX / CLOCK_NS_PER_S
			? (int64_t)n * CLOCK_NS_PER_S
			: INT64_MAX,
		    text);
	else
		(void)snprintf(
		    text, sizeof text, "%s", format(unit_of(row), n, cell));
	(void)snprintf(cell, sizeof cell, "%s%s",
	    row->b > row->a       ? "+"
		: row->b < row->a ? "-"
				  : "",
	    text);
	table_add(t, cell);
}

static void
add_rate(struct table *t, const struct diff_row *row)
{
	char text[UNITS_TEXT] = "";

	if (row->has_rate && row->per_second < 9.95 &&
	    unit_of(row) == STATS_UNIT_COUNT)
		(void)snprintf(text, sizeof text, "%.2f", row->per_second);
	else if (row->has_rate)
		(void)format(
		    unit_of(row), (uint64_t)(row->per_second + 0.5), text);
	table_add(t, text);
}

static void
add_row(struct table *t, const struct diff_row *row)
{
	table_add(t, row->field->name);
	add_value(t, row, row->has_a, row->a);
	add_value(t, row, row->has_b, row->b);
	add_difference(t, row);
	add_rate(t, row);
}

static void
add_quantile(struct table *t, const struct diff_row *row, double q)
{
	char text[UNITS_TEXT];

	if (row->has_hist && hist_count(&row->hist) > 0)
		table_add(t,
		    format((enum stats_unit)row->field->unit,
			hist_quantile(&row->hist, q), text));
	else
		table_add(t, "-");
}

static struct table *
new_table(const char *const titles[], unsigned columns)
{
	struct table *t = table_new(columns);

	for (unsigned i = 0; i < columns; i++)
		table_add(t, titles[i]);
	return t;
}

/* Of the counters, or of the histograms; nothing, if there are none. */
static int
print_rows(const struct diff *d, bool hists, FILE *out)
{
	static const char *const titles[] = { "counter", "before", "after",
		"difference", "rate/s" };
	static const char *const hist_titles[] = { "histogram", "before",
		"after", "difference", "rate/s", "p50", "p99" };
	struct table *t = hists ? new_table(hist_titles, HIST_COLUMNS)
				: new_table(titles, COUNTER_COLUMNS);
	struct diff_row row;
	unsigned left_out, rows = 0, i = 0;
	int result = 0;

	while (diff_next(d, &i, &row)) {
		if ((row.field->kind == STATS_KIND_HIST) != hists)
			continue;
		rows++;
		add_row(t, &row);
		if (!hists)
			continue;
		add_quantile(t, &row, 0.5);
		add_quantile(t, &row, 0.99);
	}
	if (rows > 0) {
		fputc('\n', out);
		result = table_print(t, out, 0, &left_out);
	}
	table_free(&t);
	return result;
}

int
diff_print(const struct diff *d, FILE *out)
{
	struct diff_row row;
	unsigned i = 0;

	print_head(d, out);
	if (!diff_next(d, &i, &row))
		fputs("Nothing has changed.\n", out);
	if (print_rows(d, false, out) < 0)
		return -1;
	return print_rows(d, true, out);
}
