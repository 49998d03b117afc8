/* page_workers: each worker's process and load, and how uneven they are. */
#include <stdio.h>
#include <string.h>

#include "common/base/clock.h"
#include "tools/term/format.h"
#include "tools/term/page.h"

enum column_id {
	COLUMN_NUMBER,
	COLUMN_PID,
	COLUMN_STATE,
	COLUMN_AGE,
	COLUMN_OPEN,
	COLUMN_OPEN_BAR,
	COLUMN_HANDSHAKES,
	COLUMN_READS,
	COLUMN_BYTES,
	COLUMN_CPU,
	COLUMN_MEMORY,
	COLUMN_LOOP,
	COLUMN_RESTARTS,
	COLUMNS
};

static const struct column columns[COLUMNS] = {
	[COLUMN_NUMBER] = { "#", 3, 0, false, false },
	[COLUMN_PID] = { "pid", 7, 48, false, true },
	[COLUMN_STATE] = { "state", 8, 0, true, true },
	[COLUMN_AGE] = { "age", 6, 66, false, true },
	[COLUMN_OPEN] = { "open", 6, 0, false, true },
	[COLUMN_OPEN_BAR] = { "", 0, 110, true, false },
	[COLUMN_HANDSHAKES] = { "hs/s", 6, 60, false, true },
	[COLUMN_READS] = { "reads/s", 7, 34, false, true },
	[COLUMN_BYTES] = { "bytes/s", 9, 98, false, true },
	[COLUMN_CPU] = { "CPU%", 5, 0, false, true },
	[COLUMN_MEMORY] = { "memory", 8, 72, false, true },
	[COLUMN_LOOP] = { "loop p99", 8, 78, false, true },
	[COLUMN_RESTARTS] = { "restarts", 8, 90, false, true },
};

static unsigned
slot_of(uint64_t id)
{
	return (unsigned)id;
}

static uint64_t
value_of(const struct model *m, unsigned slot, const char *name)
{
	int field = sample_find(m->now, name);

	return field < 0 ? 0 : sample_value(m->now, slot, (unsigned)field);
}

static uint64_t
max_open(const struct model *m)
{
	uint64_t max = 0;

	for (unsigned i = 1; i < sample_slot_count(m->now); i++)
		if (value_of(m, i, "open") > max)
			max = value_of(m, i, "open");
	return max;
}

/* What a column shows, where it is a number; negative: not known. */
static double
number_of(const struct model *m, unsigned column, unsigned slot)
{
	const struct sample_slot *s = sample_slot(m->now, slot);

	switch ((enum column_id)column) {
	case COLUMN_NUMBER:
		return (double)slot - 1;
	case COLUMN_PID:
		return s->pid;
	case COLUMN_AGE:
		return (double)s->age_ns;
	case COLUMN_OPEN:
	case COLUMN_OPEN_BAR:
		return (double)value_of(m, slot, "open");
	case COLUMN_HANDSHAKES:
		return model_slot_rate(m, slot, "handshakes_completed");
	case COLUMN_READS:
		return model_slot_rate(m, slot, "read_operations");
	case COLUMN_BYTES:
		return model_slot_rate(m, slot, "bytes_received");
	case COLUMN_CPU:
		return 100 * model_cpu(m, slot);
	case COLUMN_MEMORY:
		return (double)s->memory_bytes;
	case COLUMN_LOOP:
		return (double)model_slot_p99(m, slot, "loop_turn");
	case COLUMN_RESTARTS:
		return (double)value_of(m, slot, "worker_restarts");
	case COLUMN_STATE:
	case COLUMNS:
		break;
	}
	return 0;
}

static unsigned
state_style(const struct model *m, unsigned slot)
{
	const char *state = sample_slot_state(m->now, slot);

	if (strcmp(state, "ready") == 0)
		return STYLE_GOOD;
	if (strcmp(state, "starting") == 0 || strcmp(state, "draining") == 0)
		return STYLE_WARN;
	return STYLE_BAD;
}

static void
draw_bar(const struct model *m, struct canvas *c, const struct spot *spot,
    double open)
{
	uint64_t max = max_open(m);

	if (max > 0)
		canvas_bar(c, spot->row, spot->column, spot->width, STYLE_GRAPH,
		    open / (double)max);
}

static void
draw_cell(const struct model *m, struct canvas *c, const struct spot *spot,
    unsigned column, const struct list_row *row)
{
	unsigned slot = slot_of(row->id);
	double number = number_of(m, column, slot);
	char text[FORMAT_TEXT];

	switch ((enum column_id)column) {
	case COLUMN_NUMBER:
	case COLUMN_PID:
	case COLUMN_CPU:
		(void)snprintf(text, sizeof text, "%.0f", number);
		spot_text(c, spot, STYLE_PLAIN, number < 0 ? "-" : text);
		break;
	case COLUMN_STATE:
		spot_text(c, spot, state_style(m, slot),
		    sample_slot_state(m->now, slot));
		break;
	case COLUMN_AGE:
		spot_text(c, spot, STYLE_PLAIN,
		    number < 0 ? "-" : format_span((int64_t)number, text));
		break;
	case COLUMN_OPEN_BAR:
		draw_bar(m, c, spot, number);
		break;
	case COLUMN_BYTES:
	case COLUMN_MEMORY:
		spot_value(c, spot, STATS_UNIT_BYTES, number);
		break;
	case COLUMN_LOOP:
		spot_value(c, spot, STATS_UNIT_NS, number > 0 ? number : -1);
		break;
	case COLUMN_OPEN:
	case COLUMN_HANDSHAKES:
	case COLUMN_READS:
	case COLUMN_RESTARTS:
	case COLUMNS:
		spot_count(c, spot, number);
		break;
	}
}

static void
get_key(
    const struct model *m, unsigned column, uint64_t id, struct list_row *row)
{
	if (column == COLUMN_STATE)
		row->text = sample_slot_state(m->now, slot_of(id));
	else
		row->number = number_of(m, column, slot_of(id));
}

static const struct listview table = {
	.columns = columns,
	.count = COLUMNS,
	.cell = draw_cell,
	.key = get_key,
};

static void
fill(struct model *m, struct list *list)
{
	char text[FORMAT_TEXT + 64];

	for (unsigned i = 1; i < sample_slot_count(m->now); i++) {
		const struct sample_slot *s = sample_slot(m->now, i);

		if (!s->is_used)
			continue;
		(void)snprintf(text, sizeof text, "%u %d %s", i - 1,
		    (int)s->pid, sample_slot_state(m->now, i));
		if (list_matches(list, text))
			listview_add(m, &table, list, i);
	}
	if (list->sort != LIST_UNSORTED)
		list_sort(list);
}

/* The largest over the mean of all workers; 1 is even, 0: there is nothing. */
static double
skew_of(const struct model *m, unsigned column)
{
	unsigned count = 0;
	double sum = 0;
	double max = 0;

	for (unsigned i = 1; i < sample_slot_count(m->now); i++) {
		double number = number_of(m, column, i);

		if (!sample_slot(m->now, i)->is_used)
			continue;
		count++;
		sum += number;
		max = number > max ? number : max;
	}
	return sum > 0 ? max * count / sum : 0;
}

static unsigned
draw_skew(const struct model *m, struct canvas *c, unsigned row, unsigned at,
    unsigned column, const char *name)
{
	double skew = skew_of(m, column);

	if (skew <= 0)
		return canvas_format(
		    c, row, at, c->columns, STYLE_DIM, "%s -  ", name);
	return canvas_format(c, row, at, c->columns,
	    skew < 1.5 ? STYLE_PLAIN : STYLE_WARN, "%s %.2f  ", name, skew);
}

static void
draw_skews(const struct model *m, struct canvas *c, unsigned row)
{
	unsigned at = canvas_text(c, row, 0, c->columns, STYLE_TITLE, "skew  ");

	at += draw_skew(m, c, row, at, COLUMN_OPEN, "open");
	at += draw_skew(m, c, row, at, COLUMN_READS, "reads");
	at += draw_skew(m, c, row, at, COLUMN_HANDSHAKES, "handshakes");
	canvas_text(c, row, at, c->columns, STYLE_DIM, "(max/mean; 1 is even)");
}

static void
draw(struct model *m, struct canvas *c, unsigned row, unsigned rows)
{
	draw_skews(m, c, row);
	listview_draw(m, c, &table, &m->lists[PAGE_WORKERS], row + 1, rows - 1);
}

/* What it has counted, in as many columns as fit. */
static void
draw_counts(const struct model *m, struct canvas *c, unsigned row,
    unsigned rows, unsigned slot)
{
	unsigned width = 40;
	unsigned per_row = c->columns >= width ? c->columns / width : 1;
	unsigned used = 0;
	char text[FORMAT_TEXT];

	for (unsigned i = 0; i < sample_field_count(m->now); i++) {
		const struct stats_field *f = sample_field(m->now, i);
		uint64_t n = model_value(m, slot, i);
		unsigned at = used / rows * width;

		if (n == 0 || f->kind == STATS_KIND_HIST)
			continue;
		if (used / rows >= per_row)
			break;
		canvas_format(c, row + used % rows, at, 38, STYLE_PLAIN,
		    "%-27.27s%11s", f->name,
		    format_value((enum stats_unit)f->unit, (double)n, text));
		used++;
	}
}

static void
draw_details(const struct model *m, struct canvas *c, unsigned row,
    unsigned rows, uint64_t id)
{
	unsigned slot = slot_of(id);
	unsigned at = canvas_format(c, row, 0, c->columns, STYLE_BOLD,
	    "worker %u  pid %d  ", slot - 1,
	    (int)sample_slot(m->now, slot)->pid);

	canvas_text(c, row, at, c->columns, state_style(m, slot),
	    sample_slot_state(m->now, slot));
	if (rows > 2)
		draw_counts(m, c, row + 2, rows - 2, slot);
}

const struct page page_workers = {
	.name = "workers",
	.table = &table,
	.fill = fill,
	.draw = draw,
	.details = draw_details,
};
