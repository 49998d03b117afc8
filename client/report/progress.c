/* progress: a ring of snapshots, one second long; see the header. */
#include "client/report/progress.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "client/job.h"
#include "client/options.h"
#include "client/tally.h"
#include "common/base/assertion.h"
#include "common/base/clock.h"
#include "common/base/units.h"
#include "common/sys/file.h"

enum {
	RING_SIZE = 5, /* snapshots in a second, on a terminal */
	LINE_SIZE = 160
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
	bool on_terminal;
	bool shown;
	int64_t interval_ns;
	int64_t next_ns;
	unsigned depth; /* of the ring */
	unsigned oldest;
	struct snapshot latest;
	struct snapshot ring[RING_SIZE];
};

struct progress *
progress_new(const struct job *job)
{
	struct progress *p = calloc(1, sizeof *p);

	ASSERT(job->tallies != NULL && job->options != NULL);
	if (p == NULL)
		return NULL;
	p->job = job;
	p->on_terminal = isatty(STDERR_FILENO) == 1;
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
	for (unsigned i = 0; i < o->workers; i++) {
		const struct tally *t = &p->job->tallies[i];

		s->done += tally_get(
		    t, o->handshakes ? TALLY_TRANSACTIONS : TALLY_ROUND_TRIPS);
		s->open += tally_open(t);
		s->errors += tally_all_errors(t);
		hist_merge(&s->latency,
		    o->handshakes ? &t->transaction : &t->round_trip);
	}
}

static int
terminal_columns(void)
{
	struct winsize size;

	if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) < 0 || size.ws_col < 2)
		return 80;
	return size.ws_col;
}

static void
print_line(struct progress *p, const char *line)
{
	char text[LINE_SIZE + 8];
	int n;

	/* A line that wraps could not be rewritten, so it is cut. */
	if (p->on_terminal)
		n = snprintf(text, sizeof text, "\r%.*s\033[K",
		    terminal_columns() - 1, line);
	else
		n = snprintf(text, sizeof text, "%s\n", line);
	p->shown = true;
	(void)file_write_all(STDERR_FILENO, text, (size_t)n);
}

void
progress_clear(struct progress *p)
{
	static const char erase[] = "\r\033[K";

	if (p == NULL || !p->shown || !p->on_terminal)
		return;
	(void)file_write_all(STDERR_FILENO, erase, sizeof erase - 1);
	p->shown = false;
}

static void
show_connecting(struct progress *p)
{
	char line[LINE_SIZE];

	(void)snprintf(line, sizeof line,
	    "Connecting: %" PRIu64 " of %" PRIu64 " open, %" PRIu64 " error%s",
	    p->latest.open, p->job->options->connections, p->latest.errors,
	    units_plural(p->latest.errors));
	print_line(p, line);
}

/* latency: what was added since the snapshot old. */
static void
show_running(struct progress *p, const struct snapshot *old,
    const struct hist *latency, int64_t started_ns)
{
	const struct snapshot *s = &p->latest;
	double seconds = (double)(s->time_ns - old->time_ns) / 1e9;
	double rate = seconds > 0 ? (double)hist_count(latency) / seconds : 0;
	char elapsed[UNITS_TEXT];
	char p50[UNITS_TEXT];
	char p99[UNITS_TEXT];
	char line[LINE_SIZE];

	(void)snprintf(line, sizeof line,
	    "%s: %" PRIu64 " open, %" PRIu64 " %s%s, %.*f/s, "
	    "p50 %s, p99 %s, %" PRIu64 " error%s",
	    units_format_duration(s->time_ns - started_ns, elapsed), s->open,
	    s->done, p->job->options->handshakes ? "transaction" : "round trip",
	    units_plural(s->done), rate < 10 ? 1 : 0, rate,
	    units_format_duration((int64_t)hist_quantile(latency, 0.5), p50),
	    units_format_duration((int64_t)hist_quantile(latency, 0.99), p99),
	    s->errors, units_plural(s->errors));
	print_line(p, line);
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
progress_show(struct progress *p, int64_t now_ns, int64_t started_ns)
{
	if (p == NULL || now_ns < p->next_ns)
		return;
	ASSERT(started_ns >= 0);
	p->next_ns = now_ns + p->interval_ns;
	take_snapshot(p, now_ns);
	if (started_ns == 0)
		show_connecting(p);
	else
		show_last_second(p, started_ns);
}
