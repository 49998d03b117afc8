/* watch: attach, sample, show, wait; see the header. */
#include "tools/watch.h"

#include <stdio.h>

#include "common/base/assertion.h"
#include "common/base/clock.h"
#include "common/base/utc.h"
#include "tools/open.h"
#include "tools/print/filter.h"
#include "tools/print/prometheus.h"
#include "tools/print/view_csv.h"
#include "tools/print/view_json.h"
#include "tools/print/view_table.h"
#include "tools/sample/source.h"
#include "tools/screen.h"

#define SUCCESSOR_WAIT_NS  (2 * CLOCK_NS_PER_S)
#define SUCCESSOR_RETRY_NS (50 * CLOCK_NS_PER_MS)
#define EARLY_MAX_NS       (500 * CLOCK_NS_PER_MS)

struct watch {
	const struct options *options;
	struct source *source;
	struct sample *before;
	struct sample *now;
	struct screen *screen;
	uint64_t shown; /* samples */
};

static int
print_view(void *arg, FILE *out)
{
	const struct watch *w = arg;
	const struct options *o = w->options;
	const struct view view = { .now = w->now,
		.before = w->before,
		.filters = o->filters,
		.all = o->all,
		.connections = o->connections };
	const struct prometheus_source source = { sample_server(w->now)->name,
		w->now };

	if (o->json)
		return view_json_print(&view, out);
	if (o->csv)
		return view_csv_print(&view, w->shown == 0, out);
	if (o->prometheus)
		return prometheus_print(&source, 1, out);
	if (w->shown > 0)
		fputc('\n', out); /* tells tables in a row apart */
	return view_table_print(&view, out, screen_width());
}

static enum screen_event
show(struct watch *w, struct errmsg *e)
{
	return screen_print(w->screen, print_view, w, e);
}

/* One that matches nothing is misspelled, or of another release. */
static int
check_filters(const struct watch *w, struct errmsg *e)
{
	const char *wrong = filter_unmatched(w->options->filters, w->now);

	if (wrong == NULL)
		return 0;
	return errmsg_set(e,
	    "--filter: no counter of segment '%s' matches '%s': see --list",
	    sample_server(w->now)->name, wrong);
}

/*
 * SCREEN_DONE: a living server has come; SCREEN_FAILED: none has in time, of
 * which --wait has no end.
 */
static enum screen_event
await_server(struct watch *w, struct errmsg *e)
{
	int64_t until_ns = clock_now_ns() + SUCCESSOR_WAIT_NS;
	struct sample *next = NULL;

	do {
		if (source_next(w->source, &next, e) == SOURCE_SAMPLE &&
		    sample_server(next)->is_alive) {
			sample_free(&w->before);
			sample_free(&w->now);
			w->now = next;
			return check_filters(w, e) == 0 ? SCREEN_DONE
							: SCREEN_FAILED;
		}
		sample_free(&next);
		if (screen_wait(w->screen,
			clock_now_ns() + SUCCESSOR_RETRY_NS) == SCREEN_STOP)
			return SCREEN_STOP;
	} while (w->options->wait || clock_now_ns() < until_ns);
	return SCREEN_FAILED;
}

/* SCREEN_DONE: there is one; SCREEN_STOP: there are no more. */
static enum screen_event
take_sample(struct watch *w, struct errmsg *e)
{
	struct sample *next;

	switch (source_next(w->source, &next, e)) {
	case SOURCE_SAMPLE:
		break;
	case SOURCE_ENDED:
		return e->text[0] != '\0' ? SCREEN_FAILED : SCREEN_STOP;
	case SOURCE_WAITING:
		return await_server(w, e);
	case SOURCE_FAILED:
		return SCREEN_FAILED;
	}
	sample_free(&w->before);
	w->before = w->now;
	w->now = next;
	return check_filters(w, e) == 0 ? SCREEN_DONE : SCREEN_FAILED;
}

/*
 * Shows the last values first to whoever has watched the server, or wants one
 * sample, or samples for programs.
 */
static enum screen_event
report_death(struct watch *w, struct errmsg *e)
{
	const struct sample_server *server = sample_server(w->now);
	enum screen_event event = SCREEN_DONE;
	bool was_watched = w->shown > 0;
	char start[UTC_TEXT];

	if (was_watched || w->options->once || w->options->json ||
	    w->options->csv)
		event = show(w, e);
	if (event != SCREEN_DONE)
		return event;
	errmsg_set(e, "the server of segment '%s' %s: %s, pid %d, started %s",
	    server->name, was_watched ? "went away" : "is dead",
	    server->program, (int)server->pid,
	    utc_format(server->start_wall_ns / CLOCK_NS_PER_S, start));
	return SCREEN_FAILED;
}

static enum screen_event
seek_sample(struct watch *w, int64_t by_ns, struct errmsg *e)
{
	source_seek(w->source, by_ns);
	return take_sample(w, e);
}

/* The last sample and then the one before it, which change places: there are
 * rates. */
static enum screen_event
take_last(struct watch *w, struct errmsg *e)
{
	enum screen_event event = seek_sample(w, INT64_MAX, e);
	struct sample *last = w->now;

	if (event == SCREEN_DONE)
		event = seek_sample(w, -1, e);
	if (event == SCREEN_DONE) {
		w->before = w->now;
		w->now = last;
	}
	return event;
}

static bool
is_same_moment(const struct sample *a, const struct sample *b)
{
	return sample_same_server(a, b) &&
	    sample_time_ns(a) == sample_time_ns(b) &&
	    sample_wall_ns(a) == sample_wall_ns(b);
}

/*
 * A little less than the interval, since samples do not come on the nanosecond;
 * but not a whole second less, or minutes of a recording would have 54.
 */
static int64_t
least_step_ns(int64_t interval_ns)
{
	int64_t early_ns = interval_ns / 10;

	return interval_ns -
	    (early_ns < EARLY_MAX_NS ? early_ns : EARLY_MAX_NS);
}

/*
 * The next sample; with an interval, the first one that is so far away, or the
 * last one of all.
 */
static enum screen_event
take_recorded(struct watch *w, struct errmsg *e)
{
	bool is_seeking = w->now != NULL && w->options->interval_ns > 0;
	enum screen_event event;

	event = is_seeking
	    ? seek_sample(w, least_step_ns(w->options->interval_ns), e)
	    : take_sample(w, e);
	if (event == SCREEN_DONE && is_seeking &&
	    is_same_moment(w->now, w->before))
		return take_sample(w, e); /* the end, and how it ends */
	return event;
}

/* Shows what has been recorded as fast as it can be shown. */
static enum screen_event
step_recorded(struct watch *w, struct errmsg *e)
{
	enum screen_event event =
	    w->options->once ? take_last(w, e) : take_recorded(w, e);

	if (event == SCREEN_DONE)
		event = show(w, e);
	return event == SCREEN_DONE && ++w->shown == w->options->count
	    ? SCREEN_STOP
	    : event;
}

/* --once with an interval shows what came in between. */
static bool
is_first_of_two(const struct watch *w)
{
	return w->options->once && w->options->is_series && w->before == NULL;
}

/* Shows a sample and waits for the next; SCREEN_STOP: there is none. */
static enum screen_event
step(struct watch *w, int64_t *next_ns, struct errmsg *e)
{
	const struct options *o = w->options;
	int64_t now_ns = clock_now_ns();
	enum screen_event event;

	ASSERT(o->interval_ns > 0);
	event = take_sample(w, e);
	if (event != SCREEN_DONE)
		return event;
	if (!sample_server(w->now)->is_alive) {
		event = w->shown > 0 || o->wait ? await_server(w, e)
						: SCREEN_FAILED;
		return event == SCREEN_FAILED ? report_death(w, e) : event;
	}
	if (!is_first_of_two(w)) {
		event = show(w, e);
		if (event != SCREEN_DONE)
			return event;
		if (++w->shown == o->count)
			return SCREEN_STOP;
	}
	*next_ns += o->interval_ns;
	if (*next_ns < now_ns) /* slept, or was stopped */
		*next_ns = now_ns + o->interval_ns;
	return screen_wait(w->screen, *next_ns);
}

static int
run(struct watch *w, struct errmsg *e)
{
	int64_t next_ns = clock_now_ns();
	enum screen_event event;

	do
		event = source_is_recorded(w->source) ? step_recorded(w, e)
						      : step(w, &next_ns, e);
	while (event == SCREEN_DONE);
	return event == SCREEN_STOP ? 0 : -1;
}

int
watch_run(const struct options *options, struct errmsg *e)
{
	struct watch w = { .options = options };
	int result = -1;

	w.source = open_source(options, e);
	if (w.source != NULL && screen_open(&w.screen, e) == 0)
		result = run(&w, e);
	screen_close(&w.screen);
	sample_free(&w.before);
	sample_free(&w.now);
	source_close(&w.source);
	return result;
}
