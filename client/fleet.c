/* fleet: the phases of a run, in one loop of the parent; see the header. */
#include "client/fleet.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "client/options.h"
#include "client/progress.h"
#include "client/report.h"
#include "client/steps.h"
#include "client/tally.h"
#include "client/workers.h"
#include "common/clock.h"
#include "common/file.h"
#include "common/io.h"
#include "common/keypress.h"
#include "common/signals.h"

/* An open loop begins in the future, so that its first event is not late. */
static const int64_t lead_ns = 5 * CLOCK_NS_PER_MS;

/* In this order; an interrupt leads from each to the last. */
enum phase {
	PHASE_CONNECTING,
	PHASE_READY, /* connected: waits for a key or a step */
	PHASE_RUNNING,
	PHASE_HOLDING, /* all round trips are over: waits for a step */
	PHASE_CLOSING
};

struct fleet {
	const struct fleet_task *task;
	struct report *report;
	struct io *io;
	struct workers workers;
	enum phase phase;
	int signals_fd;
	struct io_watch signals;
	struct keypress keys;
	struct io_watch key;
	struct steps steps;
	struct progress *progress;
	int64_t started_ns; /* 0 until the workers are told to start */
};

static void
end_prompt(struct fleet *f)
{
	io_watch_remove(&f->key);
	keypress_close(&f->keys);
}

static void
start(struct fleet *f)
{
	int64_t duration_ns = f->task->options->duration_ns;

	end_prompt(f);
	f->phase = PHASE_RUNNING;
	f->started_ns = clock_now_ns();
	if (f->task->options->rate > 0)
		f->started_ns += lead_ns;
	workers_order(&f->workers, RUNNER_START, f->started_ns,
	    duration_ns > 0 ? f->started_ns + duration_ns : INT64_MAX);
}

static void
close_all(struct fleet *f)
{
	f->phase = PHASE_CLOSING;
	workers_order(&f->workers, RUNNER_STOP, 0, 0);
}

static void
on_go_start(struct steps *steps)
{
	start(LIST_OWNER(steps, struct fleet, steps));
}

static void
on_go_close(struct steps *steps)
{
	close_all(LIST_OWNER(steps, struct fleet, steps));
}

static void
on_key(struct io_watch *watch)
{
	struct fleet *f = LIST_OWNER(watch, struct fleet, key);

	if (keypress_read(&f->keys))
		start(f);
}

static uint64_t
count_open(const struct fleet *f)
{
	uint64_t open = 0;

	for (unsigned i = 0; i < f->workers.count; i++)
		open += tally_open(&f->task->tallies[i]);
	return open;
}

/* Returns false when there is nobody to wait for, or no terminal any more. */
static bool
prompt(struct fleet *f)
{
	uint64_t open = count_open(f);
	uint64_t asked = f->task->options->connections;
	struct errmsg ignored;
	char text[128];
	int n;

	if (open == 0 || keypress_open(&f->keys, STDIN_FILENO, &ignored) < 0)
		return false;
	if (io_watch_add(f->io, &f->key, keypress_fd(&f->keys), on_key) < 0) {
		keypress_close(&f->keys);
		return false;
	}
	progress_clear(f->progress);
	n = open == asked
	    ? snprintf(text, sizeof text, "Clients connected. ")
	    : snprintf(text, sizeof text,
		  "%" PRIu64 " of %" PRIu64 " clients connected. ", open,
		  asked);
	n += snprintf(text + n, sizeof text - (size_t)n,
	    "Press any key to start sending and receiving.\n");
	(void)file_write_all(f->task->text_fd, text, (size_t)n);
	return true;
}

/* Waits for what the options say, or starts. */
static void
on_connected(struct fleet *f)
{
	f->phase = PHASE_READY;
	if (f->task->options->interactive && prompt(f))
		return;
	if (steps_say(&f->steps, f->io, "connected", on_go_start) < 0)
		start(f);
}

static void
on_finished(struct fleet *f)
{
	f->phase = PHASE_HOLDING;
	if (steps_say(&f->steps, f->io, "finished", on_go_close) < 0)
		close_all(f);
}

/* What comes next when all workers have come so far. */
static void
advance(struct fleet *f)
{
	if (f->workers.alive == 0)
		return;
	if (f->phase == PHASE_CONNECTING &&
	    workers_have_said(&f->workers, RUNNER_CONNECTED))
		on_connected(f);
	else if (f->phase == PHASE_RUNNING &&
	    workers_have_said(&f->workers, RUNNER_FINISHED))
		on_finished(f);
}

/* The first asks for an orderly end, the second does not wait for it. */
static void
on_interrupt(struct fleet *f)
{
	if (f->report->interrupted) {
		workers_kill(&f->workers);
		return;
	}
	f->report->interrupted = true;
	end_prompt(f);
	steps_cancel(&f->steps);
	close_all(f);
}

static void
on_signals(struct io_watch *watch)
{
	struct fleet *f = LIST_OWNER(watch, struct fleet, signals);
	int number;

	while ((number = signals_read(watch->fd)) != 0)
		if (number != SIGCHLD)
			on_interrupt(f);
	workers_reap(&f->workers);
}

/* The poll loop comes after the forks, so that children do not have it. */
static int
launch(struct fleet *f, struct errmsg *e)
{
	static const int numbers[] = { SIGINT, SIGTERM, SIGCHLD, 0 };
	int error;

	f->signals_fd = signals_open(numbers, e);
	if (f->signals_fd < 0)
		return -1;
	if (workers_fork(&f->workers, f->task, f->report,
		(const int[]){ f->signals_fd, f->steps.fd }, 2, e) < 0 ||
	    io_open(&f->io, e) < 0)
		return -1;
	error = io_watch_add(f->io, &f->signals, f->signals_fd, on_signals);
	if (error != 0)
		return errmsg_set_errno(e, -error, "epoll_ctl");
	return workers_watch(&f->workers, f->io, e);
}

static void
run(struct fleet *f)
{
	while (f->workers.alive > 0) {
		bool waits =
		    f->phase == PHASE_READY || f->phase == PHASE_HOLDING;

		io_wait(f->io,
		    waits ? -1 : progress_wait_ns(f->progress, clock_now_ns()));
		io_dispatch(f->io);
		advance(f);
		if (f->phase != PHASE_READY && f->phase != PHASE_HOLDING)
			progress_show(
			    f->progress, io_now_ns(f->io), f->started_ns);
	}
}

/* The largest share of a CPU that a worker used. */
static double
busiest(const struct fleet *f)
{
	double most = 0;

	for (unsigned i = 0; i < f->workers.count; i++) {
		const struct tally *t = &f->task->tallies[i];
		double run = (double)tally_get(t, TALLY_RUN_NS);
		double share = (double)tally_get(t, TALLY_CPU_NS) / run;

		if (run > 0 && share > most)
			most = share;
	}
	return most;
}

/* From the start to the end of the last round trip, or of its worker. */
static int64_t
elapsed_ns(const struct fleet *f)
{
	int64_t end_ns = f->started_ns;

	if (f->started_ns == 0)
		return 0;
	if (f->workers.last_death_ns > end_ns)
		end_ns = f->workers.last_death_ns;

	for (unsigned i = 0; i < f->workers.count; i++) {
		int64_t finished_ns =
		    atomic_load(&f->task->tallies[i].finished_ns);

		if (finished_ns > end_ns)
			end_ns = finished_ns;
	}
	return end_ns - f->started_ns;
}

int
fleet_run(
    const struct fleet_task *task, struct report *report, struct errmsg *e)
{
	const struct options *o = task->options;
	struct fleet f = { .task = task,
		.report = report,
		.signals_fd = -1,
		.steps = { .fd = o->steps_fd },
		.keys = { .fd = -1 } };
	int result = launch(&f, e);

	if (result == 0) {
		if (!o->quiet)
			f.progress = progress_new(
			    task->tallies, f.workers.count, o->connections);
		run(&f);
		report->elapsed_ns = elapsed_ns(&f);
		report->busiest = busiest(&f);
	}
	workers_free(&f.workers);
	progress_free(&f.progress);
	end_prompt(&f);
	steps_cancel(&f.steps);
	io_watch_remove(&f.signals);
	io_close(&f.io);
	if (f.signals_fd >= 0)
		(void)close(f.signals_fd);
	return result;
}
