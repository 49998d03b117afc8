/* header: the server in a line or two, and four rates with their past. */
#include <stdio.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/base/units.h"
#include "tools/term/format.h"
#include "tools/term/page.h"
#include "tools/term/series.h"

enum {
	TALL = 14, /* rows, from which on the header has all its lines */
	WIDE = 70, /* columns, from which on words are whole */
	LONG = 48, /* columns, from which on rates in a line have a "/s" */
	TEXT = 200,
	LABEL = 13,
	NUMBER = 9
};

/* One of the four rates; plus is added where it is not NULL. */
struct rate {
	const char *label, *brief, *field, *plus;
	enum stats_unit unit;
	enum style style; /* when it is above 0 */
};

static const struct rate rates[] = {
	{ "handshakes/s", "hs", "handshakes_completed", NULL, STATS_UNIT_COUNT,
	    STYLE_BOLD },
	{ "reads/s", "read", "read_operations", NULL, STATS_UNIT_COUNT,
	    STYLE_BOLD },
	{ "bytes/s", "B", "bytes_received", NULL, STATS_UNIT_BYTES,
	    STYLE_BOLD },
	{ "failures/s", "fail", "handshakes_failed", "refused",
	    STATS_UNIT_COUNT, STYLE_BAD },
};

enum {
	RATES = sizeof rates / sizeof *rates
};

static double
rate_now(const struct model *m, const struct rate *r)
{
	double rate = model_rate_of(m, r->field, 0);

	return r->plus != NULL ? rate + model_rate_of(m, r->plus, 0) : rate;
}

static void
get_series(const struct model *m, const char *name, double *out, unsigned width)
{
	int field = sample_find(m->now, name);

	memset(out, 0, width * sizeof *out);
	if (field >= 0)
		(void)series_get(m->history,
		    &(struct series){ (unsigned)field, SERIES_RATE,
			SERIES_SPAN_NS, m->interval_ns },
		    out, width);
}

static void
draw_spark(const struct model *m, struct canvas *c, const struct rate *r,
    unsigned row, unsigned column, unsigned width)
{
	double values[SERIES_MAX];
	double more[SERIES_MAX];

	if (width > SERIES_MAX)
		width = SERIES_MAX;
	get_series(m, r->field, values, width);
	if (r->plus != NULL) {
		get_series(m, r->plus, more, width);
		for (unsigned i = 0; i < width; i++)
			values[i] += more[i];
	}
	canvas_graph(c, (struct area){ row, column, 1, width }, values,
	    series_max(values, width));
}

static void
draw_rate(const struct model *m, struct canvas *c, const struct rate *r,
    unsigned row, unsigned column, unsigned width)
{
	double rate = rate_now(m, r);
	char text[FORMAT_TEXT];

	canvas_text(c, row, column, LABEL, STYLE_TITLE, r->label);
	canvas_right(c, row, column + LABEL, NUMBER,
	    rate > 0 ? r->style : STYLE_DIM, format_value(r->unit, rate, text));
	if (width > LABEL + NUMBER + 2)
		draw_spark(m, c, r, row, column + LABEL + NUMBER + 1,
		    width - LABEL - NUMBER - 3);
}

/* In two columns, or in one line without their past. */
static unsigned
draw_rates(const struct model *m, struct canvas *c, unsigned row, bool is_tall)
{
	unsigned half = (c->columns + 1) / 2;
	const char *per = c->columns >= LONG ? "/s" : "";
	unsigned at = 0;
	char text[FORMAT_TEXT];

	if (is_tall && half >= LABEL + NUMBER + 8) {
		for (unsigned i = 0; i < RATES; i++)
			draw_rate(
			    m, c, &rates[i], row + i / 2, i % 2 * half, half);
		return 2;
	}
	for (unsigned i = 0; i < RATES; i++) {
		double rate = rate_now(m, &rates[i]);

		at += canvas_format(c, row, at, c->columns, STYLE_TITLE,
		    "%s%s ", rates[i].brief, per);
		at += canvas_format(c, row, at, c->columns,
		    rate > 0 ? rates[i].style : STYLE_DIM, "%s  ",
		    format_count(rate, text));
	}
	return 1;
}

/* "PAUSED", "replay 12:03:05 x2", or the time and the interval. */
static void
draw_clock(const struct model *m, struct canvas *c)
{
	char clock[FORMAT_TEXT];
	char text[TEXT];
	char step[FORMAT_TEXT];
	unsigned style = STYLE_PLAIN;

	(void)format_clock(sample_wall_ns(m->now), clock);
	(void)units_format_duration(m->interval_ns, step);
	if (m->is_recorded)
		(void)snprintf(text, sizeof text, " replay %s, x%u%s", clock,
		    m->speed,
		    m->is_ended        ? ", end"
			: m->is_paused ? ", PAUSED"
				       : "");
	else
		(void)snprintf(text, sizeof text, " %s%s%s", clock,
		    m->is_paused             ? " PAUSED"
			: c->columns >= WIDE ? " every "
					     : "",
		    m->is_paused || c->columns < WIDE ? "" : step);
	if (m->is_paused || m->is_recorded)
		style = STYLE_WARN;
	canvas_right(c, 0, 0, c->columns, style, text);
}

static void
draw_server(const struct model *m, struct canvas *c)
{
	const struct sample_server *s = sample_server(m->now);
	int64_t up_ns = sample_time_ns(m->now) - s->start_ns;
	char text[FORMAT_TEXT];
	unsigned at;

	at = canvas_text(c, 0, 0, c->columns, STYLE_BOLD, s->name);
	if (!s->is_alive)
		at += canvas_format(c, 0, at, c->columns, STYLE_BAD,
		    " DEAD, started %s", format_clock(s->start_wall_ns, text));
	else
		at += canvas_format(c, 0, at, c->columns, STYLE_PLAIN, " up %s",
		    units_format_duration(up_ns > 0 ? up_ns : 0, text));
	at += canvas_format(c, 0, at, c->columns, STYLE_DIM, "  %s pid %d",
	    s->program, (int)s->pid);
	if (s->foreign_user[0] != '\0')
		canvas_format(c, 0, at, c->columns, STYLE_WARN, " of user %s",
		    s->foreign_user);
	draw_clock(m, c);
}

static unsigned
draw_workers(const struct model *m, struct canvas *c, unsigned at)
{
	const struct model_workers w = model_workers(m);
	unsigned serving = w.count - w.draining;
	unsigned start = at;

	at += canvas_format(c, 1, at, c->columns, STYLE_PLAIN, "%u worker%s",
	    serving, units_plural(serving));
	if (w.draining > 0)
		at += canvas_format(c, 1, at, c->columns, STYLE_WARN,
		    " + %u draining", w.draining);
	if (w.stopped > 0)
		at += canvas_format(
		    c, 1, at, c->columns, STYLE_BAD, ", %u stopped", w.stopped);
	if (w.stalled > 0)
		at += canvas_format(
		    c, 1, at, c->columns, STYLE_BAD, ", %u stalled", w.stalled);
	return at - start;
}

/* Seconds from the sample to a date in a gauge; false when there is none. */
static bool
left_until(const struct model *m, const char *name, int64_t *left_s)
{
	uint64_t date = model_total_of(m, name);

	if (date == 0 || date > INT32_MAX)
		return false;
	*left_s = (int64_t)date - sample_wall_ns(m->now) / CLOCK_NS_PER_S;
	return true;
}

static unsigned
draw_certificate(const struct model *m, struct canvas *c, unsigned at)
{
	bool is_wide = c->columns >= WIDE;
	char text[FORMAT_TEXT];
	unsigned style = STYLE_PLAIN;
	int64_t left_s;

	if (!left_until(m, "certificate_not_after", &left_s))
		return 0;
	if (left_s < PAGE_CERT_WARNING_S)
		style = STYLE_BAD;
	if (left_s < 0)
		return canvas_text(c, 1, at, c->columns, style,
		    is_wide ? "  certificate EXPIRED" : "  cert EXPIRED");
	return canvas_format(c, 1, at, c->columns, style, "  %s %s",
	    is_wide ? "certificate ends in" : "cert",
	    format_span(left_s * CLOCK_NS_PER_S, text));
}

/* How old the oldest list is; older servers tell only when the next is due. */
static void
draw_crl_age(const struct model *m, struct canvas *c, unsigned at)
{
	char text[FORMAT_TEXT];
	int64_t left_s;

	if (left_until(m, "crl_this_update", &left_s) && left_s < 0)
		canvas_format(c, 1, at, c->columns, STYLE_PLAIN,
		    c->columns >= WIDE ? ", %s old" : " %s old",
		    format_span(-left_s * CLOCK_NS_PER_S, text));
}

static void
draw_crl(const struct model *m, struct canvas *c, unsigned at)
{
	bool is_wide = c->columns >= WIDE;
	char text[FORMAT_TEXT];
	int64_t left_s;

	if (!left_until(m, "crl_next_update", &left_s))
		canvas_text(c, 1, at, c->columns, STYLE_DIM, "  no CRL");
	else if (left_s < 0)
		canvas_format(c, 1, at, c->columns, STYLE_BAD, "  %s %s",
		    is_wide ? "CRL overdue by" : "CRL LATE",
		    format_span(-left_s * CLOCK_NS_PER_S, text));
	else {
		at += is_wide
		    ? canvas_format(c, 1, at, c->columns, STYLE_PLAIN,
			  "  CRL due in %s",
			  format_span(left_s * CLOCK_NS_PER_S, text))
		    : canvas_text(c, 1, at, c->columns, STYLE_PLAIN, "  CRL");
		draw_crl_age(m, c, at);
	}
}

static void
draw_state(const struct model *m, struct canvas *c)
{
	char text[FORMAT_TEXT];
	unsigned at;

	at = canvas_format(c, 1, 0, c->columns, STYLE_BOLD, "%s open",
	    units_format_count(model_total_of(m, "open"), text));
	at += canvas_text(c, 1, at, c->columns, STYLE_PLAIN, "  ");
	at += draw_workers(m, c, at);
	at += draw_certificate(m, c, at);
	draw_crl(m, c, at);
}

unsigned
header_draw(const struct model *m, struct canvas *c, unsigned rows)
{
	bool is_tall = rows >= TALL;

	if (m->now == NULL)
		return 0;
	draw_server(m, c);
	if (rows < 4)
		return 1;
	draw_state(m, c);
	return 2 + draw_rates(m, c, 2, is_tall) + is_tall;
}
