/* health: what is wrong with the server, in sentences, the worst first. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/base/units.h"
#include "tools/sample/causes.h"
#include "tools/term/format.h"
#include "tools/term/page.h"

#define MINUTE (60 * CLOCK_NS_PER_S)

/* Where the next sentence goes. */
struct page_end {
	const struct model *m;
	struct canvas *c;
	unsigned row, end, first;
};

__attribute__((format(printf, 3, 4))) static void
say(struct page_end *to, unsigned style, const char *format, ...)
{
	char text[256];
	va_list args;

	va_start(args, format);
	(void)vsnprintf(text, sizeof text, format, args);
	va_end(args);
	if (to->row < to->end)
		canvas_format(to->c, to->row, 0, to->c->columns, style, "%s%s",
		    style == STYLE_BAD        ? "!! "
			: style == STYLE_WARN ? "!  "
					      : "",
		    text);
	to->row++;
}

static void
check_server(struct page_end *to)
{
	const struct sample_server *s = sample_server(to->m->now);

	if (s->is_alive)
		return;
	say(to, STYLE_BAD, "the server (pid %d) is dead; waiting for the next",
	    (int)s->pid);
}

static void
check_stops(struct page_end *to, unsigned count, unsigned all, const char *how,
    const char *advice)
{
	if (count == 0)
		return;
	if (count == all)
		say(to, STYLE_BAD, "all %u worker%s %s: %s", all,
		    units_plural(all), how, advice);
	else
		say(to, STYLE_BAD, "%u of %u workers %s: %s", count, all, how,
		    advice);
}

static void
check_workers(struct page_end *to)
{
	const struct model_workers w = model_workers(to->m);

	if (!sample_server(to->m->now)->is_alive)
		return;
	check_stops(to, w.stopped, w.count, "stopped",
	    "let them go on with "
	    "kill -CONT");
	check_stops(
	    to, w.stalled, w.count, "stalled", "they hang, or get no CPU time");
	if (model_rate_of(to->m, "worker_restarts", 5 * MINUTE) > 0)
		say(to, STYLE_WARN,
		    "a worker died and was replaced in the last 5 minutes: "
		    "see the log");
}

static void
check_dates(struct page_end *to)
{
	int64_t now_s = sample_wall_ns(to->m->now) / CLOCK_NS_PER_S;
	int64_t end_s = (int64_t)model_total_of(to->m, "certificate_not_after");
	int64_t due_s = (int64_t)model_total_of(to->m, "crl_next_update");
	char text[FORMAT_TEXT];

	if (end_s > 0 && end_s <= now_s)
		say(to, STYLE_BAD, "a certificate has expired");
	else if (end_s > 0 && end_s < now_s + PAGE_CERT_WARNING_S)
		say(to, STYLE_BAD, "a certificate ends in %s",
		    format_span((end_s - now_s) * CLOCK_NS_PER_S, text));
	if (due_s > 0 && due_s <= now_s)
		say(to, STYLE_BAD,
		    "a revocation list is overdue: make a new one, SIGHUP");
}

static void
check_memory(struct page_end *to)
{
	if (model_total_of(to->m, "memory_pressure") > 0)
		say(to, STYLE_BAD,
		    "memory is short: new connections are refused; see the "
		    "log");
}

/* Of what the cause alone has counted: a sum would hide all of its parts. */
static double
own_rate(const struct model *m, const struct cause *cause)
{
	double rate = model_rate_of(m, cause->counter, MINUTE);

	for (size_t i = 0; i < causes_count; i++)
		if (causes[i].sum != NULL &&
		    strcmp(causes[i].sum, cause->counter) == 0)
			rate -= model_rate_of(m, causes[i].counter, MINUTE);
	return rate;
}

/* The cause of a kind that moved most in the last minute. */
static const struct cause *
main_cause(const struct model *m, enum cause_kind kind, double *rate)
{
	const struct cause *found = NULL;

	*rate = 0;
	for (size_t i = 0; i < causes_count; i++) {
		double r;

		if (causes[i].kind != kind)
			continue;
		r = own_rate(m, &causes[i]);
		if (r > *rate) {
			*rate = r;
			found = &causes[i];
		}
	}
	return found;
}

static void
check_causes(
    struct page_end *to, enum cause_kind kind, unsigned style, const char *what)
{
	double rate;
	const struct cause *cause = main_cause(to->m, kind, &rate);
	char text[FORMAT_TEXT];

	if (cause == NULL)
		return;
	say(to, style, "%s: %s/s, most by %s", what, format_count(rate, text),
	    cause->counter);
	to->row += canvas_paragraph(to->c,
	    (struct area){ .row = to->row,
		.column = 3,
		.rows = to->row < to->end ? to->end - to->row : 0,
		.width = to->c->columns > 3 ? to->c->columns - 3 : 0 },
	    STYLE_DIM, cause->meaning);
}

unsigned
health_draw(
    const struct model *m, struct canvas *c, unsigned row, unsigned rows)
{
	struct page_end to = {
		.m = m, .c = c, .row = row, .end = row + rows, .first = row
	};

	check_server(&to);
	check_workers(&to);
	check_dates(&to);
	check_memory(&to);
	check_causes(&to, CAUSE_REFUSAL, STYLE_BAD, "connections refused");
	check_causes(&to, CAUSE_HANDSHAKE, STYLE_WARN, "handshakes fail");
	check_causes(&to, CAUSE_END, STYLE_WARN, "connections end early");
	check_causes(&to, CAUSE_WORKER, STYLE_WARN, "in the server");
	if (to.row == row)
		say(&to, STYLE_GOOD, "OK: no failures in the last minute");
	return to.row < to.end ? to.row - row : rows;
}
