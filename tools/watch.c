/* watch: attach, sample, show, wait; see the header. */
#include "tools/watch.h"

#include <stdio.h>

#include "common/base/assertion.h"
#include "common/base/clock.h"
#include "common/base/utc.h"
#include "common/stats/reader.h"
#include "tools/sample.h"
#include "tools/screen.h"
#include "tools/view_json.h"
#include "tools/view_table.h"

#define SUCCESSOR_WAIT_NS  (2 * CLOCK_NS_PER_S)
#define SUCCESSOR_RETRY_NS (50 * CLOCK_NS_PER_MS)

struct watch {
	const struct options *options;
	struct stats_shm *shm;
	struct sample *before;
	struct sample *now;
	struct screen *screen;
	uint64_t shown; /* samples */
};

static int
print_view(void *arg, FILE *out)
{
	const struct watch *w = arg;
	const struct view view = { .name = options_name(w->options),
		.shm = w->shm,
		.now = w->now,
		.before = w->before,
		.all = w->options->all };

	if (w->options->json)
		return view_json_print(&view, out);
	if (w->shown > 0 && !screen_is_in_place(w->screen))
		fputc('\n', out); /* tells tables in a row apart */
	return view_table_print(&view, out, screen_width(w->screen));
}

static enum screen_event
show(struct watch *w, struct errmsg *e)
{
	return screen_print(w->screen, print_view, w, e);
}

static void
forget_samples(struct watch *w)
{
	sample_free(&w->before);
	sample_free(&w->now);
}

static int
take_sample(struct watch *w, struct errmsg *e)
{
	sample_free(&w->before);
	w->before = w->now;
	w->now = sample_take(w->shm, clock_now_ns(), clock_wall_ns());
	return w->now != NULL ? 0 : errmsg_set(e, "out of memory");
}

static bool
attach_successor(struct watch *w)
{
	struct stats_shm *next;
	struct errmsg ignored;

	if (stats_shm_attach(&next, options_name(w->options), &ignored) < 0)
		return false;
	if (stats_shm_owner(next) == 0) {
		stats_shm_close(&next);
		return false;
	}
	forget_samples(w);
	stats_shm_close(&w->shm);
	w->shm = next;
	return true;
}

/* SCREEN_DONE: it is attached; SCREEN_FAILED: none has come in time. */
static enum screen_event
await_successor(struct watch *w)
{
	int64_t until_ns = clock_now_ns() + SUCCESSOR_WAIT_NS;

	do {
		if (attach_successor(w))
			return SCREEN_DONE;
		if (screen_wait(w->screen,
			clock_now_ns() + SUCCESSOR_RETRY_NS) == SCREEN_STOP)
			return SCREEN_STOP;
	} while (clock_now_ns() < until_ns);
	return SCREEN_FAILED;
}

/*
 * Shows the last values first to whoever has watched the server, or wants one
 * sample or JSON.
 */
static enum screen_event
report_death(struct watch *w, struct errmsg *e)
{
	const struct stats_header *h = stats_shm_header(w->shm);
	enum screen_event event = SCREEN_DONE;
	bool was_watched = w->shown > 0;
	char start[UTC_TEXT];

	screen_leave(w->screen);
	if (was_watched || w->options->once || w->options->json)
		event = show(w, e);
	if (event != SCREEN_DONE)
		return event;
	errmsg_set(e, "the server of segment '%s' %s: %s, pid %d, started %s",
	    options_name(w->options), was_watched ? "went away" : "is dead",
	    h->program, (int)h->pid,
	    utc_format(h->start_wall_ns / CLOCK_NS_PER_S, start));
	return SCREEN_FAILED;
}

/* Waits until the next sample is due; prints the last one again if needed. */
static enum screen_event
rest(struct watch *w, int64_t until_ns, struct errmsg *e)
{
	enum screen_event event;

	while ((event = screen_wait(w->screen, until_ns)) == SCREEN_CHANGED)
		if ((event = show(w, e)) != SCREEN_DONE)
			break;
	return event;
}

/* Shows a sample and waits for the next; SCREEN_STOP: there is none. */
static enum screen_event
step(struct watch *w, int64_t *next_ns, struct errmsg *e)
{
	const struct options *o = w->options;
	int64_t now_ns = clock_now_ns();
	enum screen_event event;

	ASSERT(o->interval_ns > 0);
	if (take_sample(w, e) < 0)
		return SCREEN_FAILED;
	if (!sample_is_alive(w->now)) {
		event = w->shown > 0 ? await_successor(w) : SCREEN_FAILED;
		return event == SCREEN_FAILED ? report_death(w, e) : event;
	}
	event = show(w, e);
	if (event != SCREEN_DONE)
		return event;
	if (++w->shown == o->count)
		return SCREEN_STOP;
	*next_ns += o->interval_ns;
	if (*next_ns < now_ns) /* slept, or was stopped */
		*next_ns = now_ns + o->interval_ns;
	return rest(w, *next_ns, e);
}

static int
run(struct watch *w, struct errmsg *e)
{
	int64_t next_ns = clock_now_ns();
	enum screen_event event;

	do
		event = step(w, &next_ns, e);
	while (event == SCREEN_DONE);
	return event == SCREEN_STOP ? 0 : -1;
}

int
watch_run(const struct options *options, struct errmsg *e)
{
	struct watch w = { .options = options };
	bool in_place = !options->json && !options->once;
	int result = -1;

	if (stats_shm_attach(&w.shm, options_name(options), e) == 0 &&
	    screen_open(&w.screen, in_place, e) == 0)
		result = run(&w, e);
	screen_close(&w.screen);
	forget_samples(&w);
	stats_shm_close(&w.shm);
	return result;
}
