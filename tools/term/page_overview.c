/* page_overview: what is wrong, and the numbers that tell most. */
#include <stdio.h>

#include "common/base/clock.h"
#include "tools/term/format.h"
#include "tools/term/page.h"
#include "tools/term/series.h"

enum {
	ROOMY = 24,  /* rows, from which on there are blank ones */
	WORKER = 20, /* columns of one, at least */
	BLOCK = 39,  /* columns of a block of numbers */
	LABEL = 17,
	NUMBER = 11
};

/* A line of a block: a field, as it is or as a rate, or as a share. */
struct line {
	const char *label, *field;
	enum {
		LINE_VALUE,
		LINE_RATE,
		LINE_SHARE, /* of the field's rate in of's */
		LINE_P50,
		LINE_P99
	} what;
	const char *of;
};

static const struct line connections[] = {
	{ "open", "open", LINE_VALUE, NULL },
	{ "accepted/s", "accepted", LINE_RATE, NULL },
	{ "ended/s", "ended", LINE_RATE, NULL },
	{ "refused", "refused", LINE_VALUE, NULL },
};

static const struct line handshakes[] = {
	{ "completed", "handshakes_completed", LINE_VALUE, NULL },
	{ "resumed", "handshakes_resumed", LINE_SHARE, "handshakes_completed" },
	{ "TLS 1.3", "handshakes_tls1_3", LINE_SHARE, "handshakes_completed" },
	{ "failed", "handshakes_failed", LINE_VALUE, NULL },
};

static const struct line traffic[] = {
	{ "received/s", "bytes_received", LINE_RATE, NULL },
	{ "sent/s", "bytes_sent", LINE_RATE, NULL },
	{ "backpressure/s", "backpressure_pauses", LINE_RATE, NULL },
	{ "loop turns/s", "loop_turn", LINE_RATE, NULL },
};

static const struct line latency[] = {
	{ "handshake p50", "handshake_time", LINE_P50, NULL },
	{ "handshake p99", "handshake_time", LINE_P99, NULL },
	{ "echo p50", "echo_time", LINE_P50, NULL },
	{ "echo p99", "echo_time", LINE_P99, NULL },
};

struct block {
	const char *title;
	const struct line *lines;
};

static const struct block blocks[] = {
	{ "CONNECTIONS", connections },
	{ "HANDSHAKES", handshakes },
	{ "TRAFFIC", traffic },
	{ "LATENCY, last interval", latency },
};

enum {
	BLOCKS = sizeof blocks / sizeof *blocks,
	LINES = 4 /* of each block */
};

static void
format_quantile(const struct model *m, unsigned field, double q,
    char text[static FORMAT_TEXT])
{
	const struct hist *h = history_interval(m->history, field);

	if (h != NULL && hist_count(h) > 0)
		(void)format_value(
		    STATS_UNIT_NS, (double)hist_quantile(h, q), text);
	else
		(void)snprintf(text, FORMAT_TEXT, "-");
}

/* Of a total, so that the share holds for all since the start. */
static void
format_share(const struct model *m, const struct line *line, unsigned field,
    char text[static FORMAT_TEXT])
{
	uint64_t of = model_total_of(m, line->of);

	if (of == 0)
		(void)snprintf(text, FORMAT_TEXT, "-");
	else
		(void)snprintf(text, FORMAT_TEXT, "%.1f %%",
		    100 * (double)model_total(m, field) / (double)of);
}

/* How its past is drawn, and its value as text. */
static enum series_kind
describe(const struct model *m, const struct line *line, unsigned field,
    char text[static FORMAT_TEXT])
{
	const struct stats_field *f = sample_field(m->now, field);
	enum stats_unit unit = (enum stats_unit)f->unit;

	switch (line->what) {
	case LINE_SHARE:
		format_share(m, line, field, text);
		return SERIES_RATE;
	case LINE_P50:
		format_quantile(m, field, 0.5, text);
		return SERIES_P50;
	case LINE_P99:
		format_quantile(m, field, 0.99, text);
		return SERIES_P99;
	case LINE_RATE:
		if (f->kind == STATS_KIND_HIST)
			unit = STATS_UNIT_COUNT;
		(void)format_value(unit, model_rate(m, field, 0), text);
		return SERIES_RATE;
	case LINE_VALUE:
		break;
	}
	if (unit == STATS_UNIT_COUNT)
		(void)units_format_count(model_total(m, field), text);
	else
		(void)format_value(unit, (double)model_total(m, field), text);
	return stats_field_grows(f) ? SERIES_RATE : SERIES_VALUE;
}

static void
draw_line(const struct model *m, struct canvas *c, const struct line *line,
    unsigned row, unsigned column, unsigned width)
{
	int field = sample_find(m->now, line->field);
	double values[SERIES_MAX];
	char text[FORMAT_TEXT];
	enum series_kind kind;

	canvas_text(c, row, column, LABEL - 1, STYLE_PLAIN, line->label);
	if (field < 0)
		return;
	kind = describe(m, line, (unsigned)field, text);
	canvas_right(c, row, column + LABEL, NUMBER, STYLE_BOLD, text);
	if (width < LABEL + NUMBER + 3)
		return;
	width -= LABEL + NUMBER + 2;
	if (width > SERIES_MAX)
		width = SERIES_MAX;
	(void)series_get(m->history,
	    &(struct series){
		(unsigned)field, kind, SERIES_SPAN_NS, m->interval_ns },
	    values, width);
	canvas_graph(c,
	    (struct area){ row, column + LABEL + NUMBER + 1, 1, width }, values,
	    series_max(values, width));
}

static void
draw_block(const struct model *m, struct canvas *c, const struct block *block,
    const unsigned at[2], unsigned width, unsigned end)
{
	if (at[0] < end)
		canvas_text(c, at[0], at[1], width, STYLE_TITLE, block->title);
	for (unsigned i = 0; i < LINES && at[0] + 1 + i < end; i++)
		draw_line(m, c, &block->lines[i], at[0] + 1 + i, at[1], width);
}

/* As many blocks side by side as fit, with gap rows below each. */
static unsigned
draw_blocks(const struct model *m, struct canvas *c, unsigned row, unsigned end,
    unsigned gap)
{
	unsigned height = 1 + LINES + gap;
	unsigned per_row = c->columns / BLOCK;
	unsigned width;

	per_row = per_row < 1 ? 1 : per_row > 2 ? 2 : per_row;
	width = (c->columns + per_row - 1) / per_row;
	for (unsigned i = 0; i < BLOCKS; i++) {
		const unsigned at[2] = { row + i / per_row * height,
			i % per_row * width };

		draw_block(m, c, &blocks[i], at, width - 1, end);
	}
	return (BLOCKS + per_row - 1) / per_row * height;
}

static uint64_t
open_of(const struct model *m, unsigned slot)
{
	int field = sample_find(m->now, "open");

	return field < 0 ? 0 : sample_value(m->now, slot, (unsigned)field);
}

/* "0 ready  12", and its CPU with a bar where there is room. */
static void
draw_worker(const struct model *m, struct canvas *c, unsigned slot,
    unsigned row, unsigned column, unsigned width)
{
	const struct sample_slot *s = sample_slot(m->now, slot);
	double cpu = model_cpu(m, slot);
	bool is_bad = s->is_stopped || s->is_stalled;

	canvas_format(c, row, column, width, is_bad ? STYLE_BAD : STYLE_PLAIN,
	    "%3u %-8s %6llu", slot - 1, sample_slot_state(m->now, slot),
	    (unsigned long long)open_of(m, slot));
	if (cpu < 0 || width < 32)
		return;
	canvas_format(
	    c, row, column + 19, 5, STYLE_PLAIN, "%3.0f %%", 100 * cpu);
	canvas_bar(c, row, column + 25, width - 26, STYLE_GRAPH, cpu);
}

/* Side by side: as few as possible, so that all are seen. */
static unsigned
workers_per_row(const struct model *m, const struct canvas *c, unsigned rows)
{
	unsigned count = sample_worker_count(m->now);
	unsigned per_row = c->columns / BLOCK > 0 ? c->columns / BLOCK : 1;

	while (per_row < c->columns / WORKER && per_row * rows < count)
		per_row++;
	return per_row;
}

static void
draw_workers(
    const struct model *m, struct canvas *c, unsigned row, unsigned end)
{
	unsigned used = 0;
	unsigned per_row;
	unsigned width;

	if (row >= end)
		return;
	canvas_text(c, row, 0, c->columns, STYLE_TITLE,
	    "WORKERS: state, open connections, CPU");
	per_row = workers_per_row(m, c, end - row - 1);
	width = c->columns / per_row;
	for (unsigned i = 1; i < sample_slot_count(m->now); i++) {
		unsigned at = row + 1 + used / per_row;

		if (sample_slot(m->now, i)->is_used && at < end)
			draw_worker(
			    m, c, i, at, used++ % per_row * width, width);
	}
}

static void
draw(struct model *m, struct canvas *c, unsigned row, unsigned rows)
{
	unsigned gap = rows >= ROOMY ? 1 : 0;
	unsigned end = row + rows;

	row += health_draw(m, c, row, rows) + (rows > 8);
	if (row < end)
		row += draw_blocks(m, c, row, end, gap);
	draw_workers(m, c, row, end);
}

const struct page page_overview = {
	.name = "overview",
	.draw = draw,
};
