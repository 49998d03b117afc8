/* master: the phases of a run, in one poll loop; see the header. */
#include "client/master/master.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "client/job.h"
#include "client/master/outcome.h"
#include "client/master/steps.h"
#include "client/master/workers.h"
#include "client/options.h"
#include "client/report/progress.h"
#include "client/report/report.h"
#include "client/report/series.h"
#include "client/tally.h"
#include "common/base/assertion.h"
#include "common/base/clock.h"
#include "common/base/timeq.h"
#include "common/base/units.h"
#include "common/io/loop.h"
#include "common/sys/addr.h"
#include "common/sys/file.h"
#include "common/sys/keypress.h"
#include "common/sys/signals.h"

/* An open loop begins in the future, so that its first event is not late. */
static const int64_t lead_ns = 5 * CLOCK_NS_PER_MS;

/* They come in this order; an interrupt leads from any to the last. */
enum phase {
	PHASE_CONNECTING,
	PHASE_READY, /* connected: waits for a key or a step */
	PHASE_RUNNING,
	PHASE_HOLDING, /* no round trip is under way: waits for a step */
	PHASE_CLOSING
};

struct master {
	const struct job *job;
	struct io *io;
	struct workers workers;
	enum phase phase;
	int signals_fd;
	struct io_watch signals;
	struct keypress keys;
	struct io_watch key;
	struct steps steps;
	struct progress *progress;
	struct series *series;
	int64_t started_ns; /* after the warm-up; 0 until workers are told to */
	int64_t wall_ns;    /* of clock_wall_ns: when the run began */
	int64_t measured_wall_ns; /* and when measuring began */
	bool interrupted;
	bool aborted;               /* an echo was wrong */
	bool warned[ADDR_LIST_MAX]; /* of addresses that do not answer */
};

static void
enter(struct master *m, enum phase phase)
{
	ASSERT(phase > m->phase || phase == PHASE_CLOSING);
	if (m->phase == PHASE_RUNNING)
		series_stop(
		    m->series, clock_now_ns(), workers_cpu_ns(&m->workers));
	m->phase = phase;
}

static void
end_prompt(struct master *m)
{
	io_watch_remove(&m->key);
	keypress_close(&m->keys);
}

static void
start(struct master *m)
{
	int64_t duration_ns = m->job->options->duration_ns;
	int64_t warmup_ns = m->job->options->warmup_ns;
	struct control_order order = { .kind = CONTROL_START };

	end_prompt(m);
	enter(m, PHASE_RUNNING);
	m->started_ns = clock_now_ns();
	if (m->job->options->rate > 0)
		m->started_ns += lead_ns;
	order.start_ns = m->started_ns;
	m->started_ns += warmup_ns;
	m->measured_wall_ns = clock_wall_ns() + m->started_ns - clock_now_ns();
	order.stop_ns =
	    duration_ns > 0 ? m->started_ns + duration_ns : INT64_MAX;
	workers_order(&m->workers, &order);
	series_start(m->series, m->started_ns);
}

static void
close_all(struct master *m)
{
	const struct control_order order = { .kind = CONTROL_STOP };

	enter(m, PHASE_CLOSING);
	workers_order(&m->workers, &order);
}

/* A wrong byte ends the run, whatever phase it is in. */
static void
abort_all(struct master *m)
{
	const struct control_order order = { .kind = CONTROL_ABORT };

	m->aborted = true;
	end_prompt(m);
	steps_cancel(&m->steps);
	enter(m, PHASE_CLOSING);
	workers_order(&m->workers, &order);
}

static void
on_go_start(struct steps *steps)
{
	start(CONTAINER_OF(steps, struct master, steps));
}

static void
on_go_close(struct steps *steps)
{
	close_all(CONTAINER_OF(steps, struct master, steps));
}

/* Where another job has got the terminal, nobody is waited for either. */
static void
on_key(struct io_watch *watch)
{
	struct master *m = CONTAINER_OF(watch, struct master, key);

	if (keypress_fd(&m->keys) < 0 || keypress_read(&m->keys))
		start(m);
}

/* Returns false when there is nobody to wait for, or no terminal any more. */
static bool
prompt(struct master *m)
{
	uint64_t open = job_open(m->job);
	uint64_t asked = m->job->options->connections;
	struct errmsg ignored;
	char text[128];
	int n;

	if (open == 0 || keypress_open(&m->keys, STDIN_FILENO, &ignored) < 0)
		return false;
	if (io_watch_add(m->io, &m->key, keypress_fd(&m->keys), on_key) < 0) {
		keypress_close(&m->keys);
		return false;
	}
	progress_clear(m->progress);
	n = open == asked
	    ? snprintf(text, sizeof text, "Clients connected. ")
	    : snprintf(text, sizeof text,
		  "%" PRIu64 " of %" PRIu64 " client%s connected. ", open,
		  asked, units_plural(asked));
	n += snprintf(text + n, sizeof text - (size_t)n,
	    "Press any key to start sending and receiving.\n");
	ASSERT((size_t)n < sizeof text);
	(void)file_write_all(m->job->text_fd, text, (size_t)n);
	return true;
}

/* Waits for the key or the step that the options ask for, or starts. */
static void
on_connected(struct master *m)
{
	enter(m, PHASE_READY);
	if (m->job->options->interactive && prompt(m))
		return;
	if (steps_report(&m->steps, m->io, "connected", on_go_start) < 0)
		start(m);
}

static void
on_finished(struct master *m)
{
	enter(m, PHASE_HOLDING);
	if (steps_report(&m->steps, m->io, "finished", on_go_close) < 0)
		close_all(m);
}

/* Goes on to the next phase when all workers have reported. */
static void
advance(struct master *m)
{
	if (m->workers.alive == 0)
		return;
	if (m->workers.mismatched && !m->aborted)
		abort_all(m);
	if (m->phase == PHASE_CONNECTING &&
	    workers_have_reported(&m->workers, CONTROL_CONNECTED))
		on_connected(m);
	else if (m->phase == PHASE_RUNNING &&
	    workers_have_reported(&m->workers, CONTROL_FINISHED))
		on_finished(m);
}

/* The first signal asks for an orderly end, the second cuts it short. */
static void
on_interrupt(struct master *m)
{
	if (m->interrupted) {
		workers_kill(&m->workers);
		return;
	}
	m->interrupted = true;
	end_prompt(m);
	steps_cancel(&m->steps);
	close_all(m);
}

/* ^Z: the terminal is the shell's until fg, and then it has other lines. */
static void
suspend(struct master *m)
{
	bool prompts = keypress_fd(&m->keys) >= 0;

	end_prompt(m);
	progress_clear(m->progress);
	signals_stop();
	if (prompts && !prompt(m))
		start(m);
}

static void
on_signals(struct io_watch *watch)
{
	struct master *m = CONTAINER_OF(watch, struct master, signals);
	int number;

	while ((number = signals_read(watch->fd)) != 0) {
		if (number == SIGTSTP)
			suspend(m);
		else if (number != SIGCHLD)
			on_interrupt(m);
	}
	workers_reap(&m->workers);
}

/*
 * The poll loop is opened after the forks, so that children lack it. A signal
 * that is blocked comes even if it is ignored, so a SIGHUP that nohup(1) has
 * switched off is not asked for, and a SIGTSTP only where jobs are controlled.
 */
static int
launch(struct master *m, struct errmsg *e)
{
	const int numbers[] = { SIGINT, SIGTERM, SIGCHLD,
		signals_is_ignored(SIGTSTP) ? SIGCHLD : SIGTSTP,
		signals_is_ignored(SIGHUP) ? 0 : SIGHUP, 0 };
	int error;

	m->signals_fd = signals_open(numbers, e);
	if (m->signals_fd < 0)
		return -1;
	if (workers_fork(&m->workers, m->job,
		(const int[]){ m->signals_fd, m->steps.fd }, 2, e) < 0 ||
	    io_open(&m->io, e) < 0)
		return -1;
	error = io_watch_add(m->io, &m->signals, m->signals_fd, on_signals);
	if (error != 0)
		return errmsg_set_errno(e, -error, "epoll_ctl");
	return workers_watch(&m->workers, m->io, e);
}

/* Once for each address of several. */
static void
warn_of_silence(struct master *m)
{
	const struct addr_list *addrs = m->job->addrs;
	char text[ADDR_TEXT];

	for (int i = 0; addrs->count > 1 && i < addrs->count; i++) {
		if (m->warned[i] || job_unanswered(m->job, i) == 0)
			continue;
		m->warned[i] = true;
		progress_clear(m->progress);
		fprintf(stderr,
		    "%s: warning: %s does not answer: trying the server's "
		    "other addresses\n",
		    options_program.name, addr_format(&addrs->of[i], text));
	}
}

static int64_t
wait_ns(const struct master *m)
{
	int64_t now_ns = clock_now_ns();

	if (m->phase == PHASE_READY || m->phase == PHASE_HOLDING)
		return -1;
	return timeq_min_wait(progress_wait_ns(m->progress, now_ns),
	    series_wait_ns(m->series, now_ns));
}

static void
run(struct master *m)
{
	while (m->workers.alive > 0) {
		io_wait(m->io, wait_ns(m));
		io_dispatch(m->io);
		warn_of_silence(m);
		if (series_wait_ns(m->series, io_now_ns(m->io)) == 0)
			series_sample(m->series, io_now_ns(m->io),
			    workers_cpu_ns(&m->workers));
		progress_add(m->progress, m->series);
		advance(m);
		if (m->phase != PHASE_READY && m->phase != PHASE_HOLDING)
			progress_show(
			    m->progress, io_now_ns(m->io), m->started_ns);
	}
}

/* What was counted after the last sample is in the totals only, so far. */
static void
finish_series(struct master *m, const struct report *r)
{
	int64_t cpu_ns = r->workers_died == 0
	    ? (int64_t)tally_get(r->totals, TALLY_CPU_NS)
	    : -1;

	if (series_finish(m->series, r->totals, r->elapsed_ns, cpu_ns) < 0)
		series_free(&m->series);
}

/* The series is the report's from then on. */
static void
fill_report(struct master *m, struct report *r)
{
	outcome_fill(r, m->job, &m->workers, m->started_ns);
	finish_series(m, r);
	r->series = m->series;
	r->wall_ns = m->wall_ns;
	r->measured_wall_ns = m->measured_wall_ns;
	r->interrupted = m->interrupted;
}

int
master_run(const struct job *job, struct report *report, struct errmsg *e)
{
	const struct options *o = job->options;
	struct master m = { .job = job,
		.signals_fd = -1,
		.steps = { .fd = o->steps_fd },
		.series = series_new(job),
		.wall_ns = clock_wall_ns(),
		.keys = { .fd = -1 } };
	int result = launch(&m, e);

	if (result == 0) {
		if (!o->quiet)
			m.progress = progress_new(job);
		run(&m);
		fill_report(&m, report);
	} else {
		series_free(&m.series);
	}
	workers_free(&m.workers);
	progress_free(&m.progress);
	end_prompt(&m);
	steps_cancel(&m.steps);
	io_watch_remove(&m.signals);
	io_close(&m.io);
	if (m.signals_fd >= 0)
		(void)close(m.signals_fd);
	return result;
}
