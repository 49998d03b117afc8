/* view_table: chooses rows and columns, formats cells; see the header. */
#include "tools/print/view_table.h"

#include <string.h>

#include "common/base/clock.h"
#include "common/base/units.h"
#include "common/base/utc.h"
#include "tools/print/filter.h"
#include "tools/print/table.h"

enum {
	LINE_WIDTH = 80, /* where the width is not known */
	WORKER_TEXT = 48,
	HIST_COLUMNS = 5 /* mean to max */
};

static void
print_server(const struct view *v, FILE *out)
{
	const struct sample_server *h = sample_server(v->now);
	int64_t up_ns = sample_time_ns(v->now) - h->start_ns;
	unsigned draining = sample_workers_draining(v->now);
	unsigned workers = sample_workers_now(v->now) - draining;
	char uptime[UNITS_TEXT];
	char time[UTC_TEXT];

	fprintf(out, "%s: %s, pid %d, ", h->name, h->program, (int)h->pid);
	if (h->foreign_user[0] != '\0')
		fprintf(out, "of user %s, ", h->foreign_user);
	if (h->is_alive)
		fprintf(out, "up %s, ",
		    units_format_duration(up_ns > 0 ? up_ns : 0, uptime));
	else
		fprintf(out, "dead (started %s), ",
		    utc_format(h->start_wall_ns / CLOCK_NS_PER_S, time));
	fprintf(out, "%u worker%s", workers, units_plural(workers));
	if (draining > 0)
		fprintf(out, " + %u draining", draining);
	fprintf(out, ", %s\n",
	    utc_format(sample_wall_ns(v->now) / CLOCK_NS_PER_S, time));
}

/* "workers: 0 ready 4712, 1 ready 4713", on as many lines as it takes. */
static void
print_workers(const struct view *v, FILE *out, unsigned width)
{
	static const char title[] = "workers:";
	unsigned slots = sample_slot_count(v->now);
	unsigned used = sizeof title - 1;
	unsigned limit = width > 0 ? width : LINE_WIDTH;
	char text[WORKER_TEXT];

	if (sample_worker_count(v->now) == 0)
		return;
	fputs(title, out);
	for (unsigned slot = 1; slot < slots; slot++) {
		if (!sample_slot(v->now, slot)->is_used)
			continue;
		used += (unsigned)snprintf(text, sizeof text, "  %u %s %d",
		    slot - 1, sample_slot_state(v->now, slot),
		    (int)sample_slot(v->now, slot)->pid);
		if (used > limit) {
			fprintf(out, "\n%*s", (int)sizeof title - 1, "");
			used = (unsigned)(sizeof title - 1 + strlen(text));
		}
		fputs(text, out);
	}
	fputc('\n', out);
}

static const char *
format_value(enum stats_unit unit, uint64_t value, char text[static UNITS_TEXT])
{
	switch (unit) {
	case STATS_UNIT_BYTES:
		return units_format_bytes(value, text);
	case STATS_UNIT_NS:
		return units_format_duration(
		    value < INT64_MAX ? (int64_t)value : INT64_MAX, text);
	case STATS_UNIT_DATE:
		if (value == 0 || value > INT32_MAX)
			return "-";
		return utc_format((int64_t)value, text);
	case STATS_UNIT_COUNT:
		break;
	}
	return units_format_count(value, text);
}

/* Rates below 10 have decimals, so that slow ones do not look like 0. */
static void
add_rate(struct table *t, const struct view *v, unsigned field)
{
	const struct stats_field *f = sample_field(v->now, field);
	enum stats_unit unit = f->kind == STATS_KIND_HIST
	    ? STATS_UNIT_COUNT
	    : (enum stats_unit)f->unit;
	char text[UNITS_TEXT] = "";
	double rate;

	if (!stats_field_grows(f))
		; /* a gauge may fall, and has no rate */
	else if (!sample_rate(v->now, v->before, field, &rate))
		strcpy(text, "-");
	else if (rate > 0 && rate < 9.95 && unit == STATS_UNIT_COUNT)
		(void)snprintf(
		    text, sizeof text, "%.*f", rate < 0.095 ? 2 : 1, rate);
	else
		(void)format_value(unit, (uint64_t)(rate + 0.5), text);
	table_add(t, text);
}

static bool
is_shown(const struct view *v, unsigned field)
{
	const struct stats_field *f = sample_field(v->now, field);

	if (!filter_picks(v->filters, f->name))
		return false;
	if (v->all || (v->filters != NULL && v->filters[0] != NULL))
		return true;
	return f->level == STATS_LEVEL_INFO &&
	    (f->kind == STATS_KIND_DIFFERENCE ||
		sample_total(v->now, field) > 0);
}

/* Slot 0 is the master's; it gets a column when it has anything to show. */
static bool
master_is_shown(const struct view *v)
{
	unsigned fields = sample_field_count(v->now);

	for (unsigned i = 0; i < fields; i++)
		if (is_shown(v, i) && sample_value(v->now, 0, i) > 0 &&
		    sample_field(v->now, i)->kind != STATS_KIND_HIST &&
		    sample_field(v->now, i)->unit != STATS_UNIT_DATE)
			return true;
	return false;
}

static bool
slot_is_shown(const struct view *v, unsigned slot)
{
	return slot == 0 ? master_is_shown(v)
			 : sample_slot(v->now, slot)->is_used;
}

static void
add_counter_titles(struct table *t, const struct view *v)
{
	unsigned slots = sample_slot_count(v->now);
	char text[WORKER_TEXT] = "master";

	table_add(t, "counter");
	table_add(t, "total");
	table_add(t, "rate/s");
	for (unsigned slot = 0; slot < slots; slot++) {
		if (!slot_is_shown(v, slot))
			continue;
		if (slot > 0)
			(void)snprintf(
			    text, sizeof text, "worker %u", slot - 1);
		table_add(t, text);
	}
}

/* Dates are the master's, and stand in the column of totals; they are wide. */
static const char *
format_share(const struct view *v, unsigned slot, unsigned field,
    char text[static UNITS_TEXT])
{
	enum stats_unit unit =
	    (enum stats_unit)sample_field(v->now, field)->unit;

	if (unit == STATS_UNIT_DATE)
		return "";
	return format_value(unit, sample_value(v->now, slot, field), text);
}

static void
add_counter(struct table *t, const struct view *v, unsigned field)
{
	const struct stats_field *f = sample_field(v->now, field);
	unsigned slots = sample_slot_count(v->now);
	enum stats_unit unit = (enum stats_unit)f->unit;
	char text[UNITS_TEXT];

	table_add(t, f->name);
	table_add(t, format_value(unit, sample_total(v->now, field), text));
	add_rate(t, v, field);
	for (unsigned slot = 0; slot < slots; slot++)
		if (slot_is_shown(v, slot))
			table_add(t, format_share(v, slot, field, text));
}

static int
print_counters(const struct view *v, FILE *out, unsigned width)
{
	unsigned fields = sample_field_count(v->now);
	struct table *t = table_new(
	    3 + (master_is_shown(v) ? 1U : 0U) + sample_worker_count(v->now));
	unsigned left_out;
	int result;

	add_counter_titles(t, v);
	for (unsigned i = 0; i < fields; i++)
		if (is_shown(v, i) &&
		    sample_field(v->now, i)->kind != STATS_KIND_HIST)
			add_counter(t, v, i);
	result = table_print(t, out, width, &left_out);
	table_free(&t);
	if (result == 0 && left_out > 0)
		fprintf(out, "too narrow for %u more column%s\n", left_out,
		    units_plural(left_out));
	return result;
}

static void
add_hist_values(struct table *t, const struct hist *h, enum stats_unit unit)
{
	static const double quantiles[] = { 0.5, 0.9, 0.99 };
	char text[UNITS_TEXT];

	table_add(t, format_value(unit, (uint64_t)hist_mean(h), text));
	for (size_t i = 0; i < sizeof quantiles / sizeof *quantiles; i++)
		table_add(t,
		    format_value(unit, hist_quantile(h, quantiles[i]), text));
	table_add(t, format_value(unit, hist_max(h), text));
}

static void
add_hist(struct table *t, const struct view *v, unsigned field)
{
	const struct stats_field *f = sample_field(v->now, field);
	const struct hist *h = sample_hist(v->now, field);
	char text[UNITS_TEXT];

	table_add(t, f->name);
	table_add(t, units_format_count(sample_total(v->now, field), text));
	add_rate(t, v, field);
	if (h != NULL && hist_count(h) > 0)
		add_hist_values(t, h, (enum stats_unit)f->unit);
	else /* empty, or with buckets that this release does not know */
		for (int i = 0; i < HIST_COLUMNS; i++)
			table_add(t, "-");
}

static int
print_hists(const struct view *v, FILE *out, unsigned width)
{
	static const char *const titles[] = { "histogram", "count", "rate/s",
		"mean", "p50", "p90", "p99", "max" };
	const unsigned columns = sizeof titles / sizeof *titles;
	unsigned fields = sample_field_count(v->now);
	struct table *t = table_new(columns);
	bool is_empty = true;
	unsigned left_out;
	int result = 0;

	for (unsigned i = 0; i < columns; i++)
		table_add(t, titles[i]);
	for (unsigned i = 0; i < fields; i++) {
		if (!is_shown(v, i) ||
		    sample_field(v->now, i)->kind != STATS_KIND_HIST)
			continue;
		add_hist(t, v, i);
		is_empty = false;
	}
	if (!is_empty) {
		fputc('\n', out);
		result = table_print(t, out, width, &left_out);
	}
	table_free(&t);
	return result;
}

static void
print_hidden(const struct view *v, FILE *out)
{
	unsigned fields = sample_field_count(v->now);
	unsigned hidden = 0;

	for (unsigned i = 0; i < fields; i++)
		hidden += !is_shown(v, i) &&
		    filter_picks(v->filters, sample_field(v->now, i)->name);
	if (hidden > 0)
		fprintf(out,
		    "\n--all shows %u more, which are zero or details\n",
		    hidden);
}

int
view_table_print(const struct view *v, FILE *out, unsigned width)
{
	print_server(v, out);
	print_workers(v, out, width);
	fputc('\n', out);
	if (print_counters(v, out, width) < 0 || print_hists(v, out, width) < 0)
		return -1;
	print_hidden(v, out);
	return 0;
}
