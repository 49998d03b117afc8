/* progress: a ring of snapshots, one second long; see the header. */
#include "client/report/progress.h"

#include <inttypes.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "client/job.h"
#include "client/options.h"
#include "client/report/live.h"
#include "client/report/screen.h"
#include "client/report/series.h"
#include "client/tally.h"
#include "common/base/assertion.h"
#include "common/base/clock.h"
#include "common/base/units.h"
#include "common/sys/file.h"

enum {
	RING_SIZE = 5 /* snapshots in a second, on a terminal */
};

struct snapshot {
	int64_t time_ns;
	uint64_t done; /* round trips or transactions */
	uint64_t open;
	uint64_t errors;
	struct hist latency;
};

struct progress {
	const struct job *job;
	bool on_terminal; /* and so rewritten */
	bool is_tall;     /* the terminal can do more than one line */
	struct screen screen;
	struct live live;
	int64_t added_ns; /* end of the point that live has last */
	int64_t interval_ns;
	int64_t next_ns;
	unsigned depth; /* of the ring */
	unsigned oldest;
	struct snapshot latest;
	struct snapshot ring[RING_SIZE];
};

/* One that cannot move its cursor up says so: terminfo(5). */
static bool
can_move_up(void)
{
	const char *term = getenv("TERM");

	return term != NULL && term[0] != '\0' && strcmp(term, "dumb") != 0;
}

struct progress *
progress_new(const struct job *job)
{
	struct progress *p = calloc(1, sizeof *p);

	ASSERT(job->tallies != NULL && job->options != NULL);
	if (p == NULL)
		return NULL;
	p->job = job;
	p->on_terminal = !job->options->progress && isatty(STDERR_FILENO) == 1;
	p->is_tall = p->on_terminal && can_move_up();
	live_init(&p->live);
	p->depth = p->on_terminal ? RING_SIZE : 1;
	p->interval_ns = CLOCK_NS_PER_S / p->depth;
	p->next_ns = clock_now_ns() + p->interval_ns;
	return p;
}

void
progress_free(struct progress **p)
{
	progress_clear(*p);
	free(*p);
	*p = NULL;
}

int64_t
progress_wait_ns(const struct progress *p, int64_t now_ns)
{
	if (p == NULL)
		return -1;
	return p->next_ns > now_ns ? p->next_ns - now_ns : 0;
}

static void
take_snapshot(struct progress *p, int64_t now_ns)
{
	const struct options *o = p->job->options;
	struct snapshot *s = &p->latest;

	memset(s, 0, sizeof *s);
	s->time_ns = now_ns;
	s->open = job_open(p->job);
	s->errors = job_errors(p->job);
	for (unsigned i = 0; i < o->workers; i++) {
		const struct tally *t = &p->job->tallies[i];

		s->done += tally_get(
		    t, o->handshakes ? TALLY_TRANSACTIONS : TALLY_ROUND_TRIPS);
		hist_merge(&s->latency,
		    o->handshakes ? &t->hists[TALLY_HIST_TRANSACTION]
				  : &t->hists[TALLY_HIST_ROUND_TRIP]);
	}
}

static void
print_line(struct progress *p, const char *line)
{
	char text[SCREEN_LINE + 1];
	int n;

	if (p->on_terminal) {
		screen_print(&p->screen, &line, 1);
		return;
	}
	n = snprintf(text, sizeof text, "%s\n", line);
	(void)file_write_all(STDERR_FILENO, text, (size_t)n);
}

void
progress_clear(struct progress *p)
{
	if (p != NULL)
		screen_clear(&p->screen);
}

static void
show_connecting(struct progress *p)
{
	char line[SCREEN_LINE];

	(void)snprintf(line, sizeof line,
	    "Connecting: %" PRIu64 " of %" PRIu64 " open, %" PRIu64 " error%s",
	    p->latest.open, p->job->options->connections, p->latest.errors,
	    units_plural(p->latest.errors));
	print_line(p, line);
}

static void
show_warmup(struct progress *p, int64_t started_ns)
{
	char line[SCREEN_LINE];
	char left[UNITS_TEXT];

	(void)snprintf(line, sizeof line,
	    "Warming up, for another %s: %" PRIu64 " open, %" PRIu64 " error%s",
	    units_format_duration(started_ns - p->latest.time_ns, left),
	    p->latest.open, p->latest.errors, units_plural(p->latest.errors));
	print_line(p, line);
}

/* " 40 %, 18.0 s left": of the duration, or of what is to be made. */
static void
format_left(
    const struct progress *p, int64_t elapsed_ns, char *text, size_t size)
{
	const struct options *o = p->job->options;
	double share = o->duration_ns > 0
	    ? (double)elapsed_ns / (double)o->duration_ns
	    : (double)p->latest.done / (double)o->round_trips;
	double left_ns;
	char left[UNITS_TEXT];

	text[0] = '\0';
	if (share <= 0)
		return;
	if (share > 1)
		share = 1;
	left_ns = (double)elapsed_ns * (1 - share) / share;
	(void)snprintf(text, size, ", %.0f %%, %s left", 100 * share,
	    units_format_duration((int64_t)fmin(left_ns, 9e18), left));
}

/* What was done in a second. */
struct second {
	double rate;
	const struct hist *latency;
};

static void
show_one_line(struct progress *p, const struct second *now, int64_t elapsed_ns)
{
	const struct snapshot *s = &p->latest;
	char elapsed[UNITS_TEXT];
	char p50[UNITS_TEXT];
	char p99[UNITS_TEXT];
	char line[SCREEN_LINE];

	(void)snprintf(line, sizeof line,
	    "%s: %" PRIu64 " open, %" PRIu64 " %s%s, %.*f/s, "
	    "p50 %s, p99 %s, %" PRIu64 " error%s",
	    units_format_duration(elapsed_ns, elapsed), s->open, s->done,
	    p->job->options->handshakes ? "transaction" : "round trip",
	    units_plural(s->done), now->rate < 10 ? 1 : 0, now->rate,
	    units_format_duration(
		(int64_t)hist_quantile(now->latency, 0.5), p50),
	    units_format_duration(
		(int64_t)hist_quantile(now->latency, 0.99), p99),
	    s->errors, units_plural(s->errors));
	print_line(p, line);
}

static void
format_row(const struct progress *p, enum live_row row, const char *name,
    const char *value, char line[static SCREEN_LINE])
{
	char spark[LIVE_TEXT];

	(void)snprintf(line, SCREEN_LINE, "%-14s %10s  %s", name, value,
	    live_spark(&p->live, row, spark));
}

/* Numbers of the last second, and beside them the seconds before it. */
static void
show_rows(struct progress *p, const struct second *now, int64_t elapsed_ns)
{
	const struct snapshot *s = &p->latest;
	bool handshakes = p->job->options->handshakes;
	char lines[1 + LIVE_ROWS][SCREEN_LINE];
	const char *shown[1 + LIVE_ROWS];
	char value[UNITS_TEXT];
	char left[64];

	for (int i = 0; i <= LIVE_ROWS; i++)
		shown[i] = lines[i];
	format_left(p, elapsed_ns, left, sizeof left);
	(void)snprintf(lines[0], SCREEN_LINE,
	    "%s%s: %" PRIu64 " open, %" PRIu64 " %s%s",
	    units_format_duration(elapsed_ns, value), left, s->open, s->done,
	    handshakes ? "transaction" : "round trip", units_plural(s->done));
	format_row(p, LIVE_RATE,
	    handshakes ? "transactions/s" : "round trips/s",
	    units_format_count((uint64_t)now->rate, value), lines[1]);
	format_row(p, LIVE_P50, "p50",
	    units_format_duration(
		(int64_t)hist_quantile(now->latency, 0.5), value),
	    lines[2]);
	format_row(p, LIVE_P99, "p99",
	    units_format_duration(
		(int64_t)hist_quantile(now->latency, 0.99), value),
	    lines[3]);
	format_row(p, LIVE_ERRORS, "errors",
	    units_format_count(s->errors, value), lines[4]);
	screen_print(&p->screen, shown, 1 + LIVE_ROWS);
}

/* latency: what was added since the snapshot old. */
static void
show_running(struct progress *p, const struct snapshot *old,
    const struct hist *latency, int64_t started_ns)
{
	double seconds = (double)(p->latest.time_ns - old->time_ns) / 1e9;
	const struct second now = { .latency = latency,
		.rate =
		    seconds > 0 ? (double)hist_count(latency) / seconds : 0 };
	int64_t elapsed_ns = p->latest.time_ns - started_ns;

	if (p->is_tall && screen_has_room(1 + LIVE_ROWS))
		show_rows(p, &now, elapsed_ns);
	else
		show_one_line(p, &now, elapsed_ns);
}

/* Compares with the oldest snapshot, and puts the latest in its place. */
static void
show_last_second(struct progress *p, int64_t started_ns)
{
	struct snapshot *old = &p->ring[p->oldest];
	struct hist last_second = p->latest.latency;

	if (old->time_ns == 0)
		old->time_ns = started_ns;
	hist_subtract(&last_second, &old->latency);
	show_running(p, old, &last_second, started_ns);
	*old = p->latest;
	p->oldest = (p->oldest + 1) % p->depth;
}

void
progress_add(struct progress *p, const struct series *series)
{
	unsigned count = series_count(series);
	const struct series_point *point;
	struct hist latency = { 0 };
	double seconds;

	if (p == NULL || !p->is_tall || count == 0)
		return;
	point = series_nth(series, count - 1);
	if (point->end_ns <= p->added_ns)
		return;
	seconds = (double)(point->end_ns - p->added_ns) / 1e9;
	series_point_add_latency(point, &latency);
	live_add(&p->live,
	    (const double[LIVE_ROWS]){
		[LIVE_RATE] = (double)point->latency_count / seconds,
		[LIVE_P50] = (double)hist_quantile(&latency, 0.5),
		[LIVE_P99] = (double)hist_quantile(&latency, 0.99),
		[LIVE_ERRORS] = (double)point->counts[SERIES_ERRORS] });
	p->added_ns = point->end_ns;
}

void
progress_show(struct progress *p, int64_t now_ns, int64_t started_ns)
{
	if (p == NULL || now_ns < p->next_ns)
		return;
	ASSERT(started_ns >= 0);
	p->next_ns = now_ns + p->interval_ns;
	take_snapshot(p, now_ns);
	if (started_ns == 0)
		show_connecting(p);
	else if (now_ns < started_ns)
		show_warmup(p, started_ns);
	else
		show_last_second(p, started_ns);
}
