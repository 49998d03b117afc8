/* master: the phases of a run, in one poll loop; see the header. */
#include "client/master/master.h"

#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "client/job.h"
#include "client/master/outcome.h"
#include "client/master/prompt.h"
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
#include "common/base/version.h"
#include "common/io/loop.h"
#include "common/sys/addr.h"
#include "common/sys/signals.h"

/* An open loop begins in the future, so that its first event is not late. */
static const int64_t lead_ns = 5 * CLOCK_NS_PER_MS;

/* For the second SIGUSR1 of --steps signal; and for workers to be gone. */
static const int64_t hold_limit_ns = 10 * CLOCK_NS_PER_S;
static const int64_t abort_limit_ns = CLOCK_NS_PER_S;

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
	struct prompt prompt;
	struct steps steps;
	struct progress *progress;
	struct series *series;
	int64_t started_ns; /* after the warm-up; 0 until workers are told to */
	int64_t wall_ns;    /* of clock_wall_ns: when the run began */
	int64_t measured_wall_ns; /* and when measuring began */
	int64_t deadline_ns;      /* of holding, or of an abort; 0: none */
	struct errmsg lost;       /* how the launcher was; "": it was not */
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

static int64_t
grid_wait_ns(const struct options *o)
{
	return part_grid_wait_ns(&o->part, o->rate,
	    (uint64_t)CLOCK_NS_PER_S * units_power_of_10(o->rate_decimals),
	    clock_wall_ns() + lead_ns);
}

static void
start(struct master *m)
{
	int64_t duration_ns = m->job->options->duration_ns;
	int64_t warmup_ns = m->job->options->warmup_ns;
	struct control_order order = { .kind = CONTROL_START };

	prompt_close(&m->prompt);
	enter(m, PHASE_RUNNING);
	m->started_ns = clock_now_ns();
	if (m->job->options->rate > 0)
		m->started_ns += lead_ns + grid_wait_ns(m->job->options);
	order.start_ns = m->started_ns;
	m->started_ns += warmup_ns;
	m->measured_wall_ns = clock_wall_ns() + m->started_ns - clock_now_ns();
	order.stop_ns =
	    duration_ns > 0 ? m->started_ns + duration_ns : INT64_MAX;
	workers_order(&m->workers, &order);
	series_start(m->series, m->started_ns);
}

/* Whatever phase the run is in. */
static void
end(struct master *m, enum control_order_kind kind)
{
	const struct control_order order = { .kind = kind };

	prompt_close(&m->prompt);
	steps_close(&m->steps);
	enter(m, PHASE_CLOSING);
	workers_order(&m->workers, &order);
}

static void
on_lost(struct steps *steps)
{
	static const char *const before[] = {
		[PHASE_CONNECTING] = "all connections were open",
		[PHASE_READY] = "the load was started",
		[PHASE_RUNNING] = "the measurement was over",
		[PHASE_HOLDING] = "the connections were to be closed",
	};
	struct master *m = CONTAINER_OF(steps, struct master, steps);

	ASSERT(m->phase < PHASE_CLOSING);
	(void)errmsg_set(
	    &m->lost, "%s before %s", steps->trouble.text, before[m->phase]);
	m->deadline_ns = clock_now_ns() + abort_limit_ns;
	end(m, CONTROL_ABORT);
}

static void
on_go_start(struct steps *steps)
{
	start(CONTAINER_OF(steps, struct master, steps));
}

static void
on_go_close(struct steps *steps)
{
	end(CONTAINER_OF(steps, struct master, steps), CONTROL_STOP);
}

static void
on_key(struct prompt *prompt)
{
	start(CONTAINER_OF(prompt, struct master, prompt));
}

/* The progress is out of its way. False: there is nobody to wait for. */
static bool
ask(struct master *m)
{
	progress_clear(m->progress);
	return prompt_open(&m->prompt, m->job, m->io);
}

/* Waits for the key or the step that the options ask for, or starts. */
static void
on_connected(struct master *m)
{
	enter(m, PHASE_READY);
	if (m->job->options->interactive && ask(m))
		return;
	if (!steps_report(&m->steps, "connected", on_go_start))
		start(m);
}

static void
on_finished(struct master *m)
{
	bool is_script = m->steps.mode == STEPS_FD;

	enter(m, PHASE_HOLDING);
	if (m->steps.mode == STEPS_SIGNAL)
		m->deadline_ns = clock_now_ns() + hold_limit_ns;
	if (!steps_report(
		&m->steps, is_script ? "finished" : "measured", on_go_close))
		end(m, CONTROL_STOP);
}

/* Goes on to the next phase when all workers have reported. */
static void
advance(struct master *m)
{
	if (m->workers.alive == 0)
		return;
	if (m->workers.mismatched && !m->aborted) {
		m->aborted = true;
		end(m, CONTROL_ABORT);
	}
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
	end(m, CONTROL_STOP);
}

/* ^Z: the terminal is the shell's until fg, and then it has other lines. */
static void
suspend(struct master *m)
{
	bool prompts = prompt_is_open(&m->prompt);

	prompt_close(&m->prompt);
	progress_clear(m->progress);
	signals_stop();
	if (prompts && !ask(m))
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
		else if (number == SIGUSR1)
			steps_answer(&m->steps);
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
		m->steps.mode == STEPS_SIGNAL ? SIGUSR1 : SIGCHLD,
		signals_is_ignored(SIGHUP) ? 0 : SIGHUP, 0 };
	const struct part *part = &m->job->options->part;
	char hello[64];
	int error;

	m->signals_fd = signals_open(numbers, e);
	if (m->signals_fd < 0)
		return -1;
	if (workers_fork(&m->workers, m->job,
		(const int[]){ m->signals_fd, m->steps.fd },
		m->steps.mode == STEPS_FD ? 2 : 1, e) < 0 ||
	    io_open(&m->io, e) < 0)
		return -1;
	error = io_watch_add(m->io, &m->signals, m->signals_fd, on_signals);
	if (error != 0)
		return errmsg_set_errno(e, -error, "epoll_ctl");
	(void)snprintf(hello, sizeof hello, "hello %s %u/%u", TLSECHO_VERSION,
	    part->index + 1, part_count(part));
	if (steps_open(&m->steps, m->io, hello, e) < 0)
		return -1;
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
	int64_t left_ns = m->deadline_ns > now_ns ? m->deadline_ns - now_ns : 0;

	if (m->deadline_ns == 0)
		left_ns = -1;
	if (m->phase == PHASE_READY || m->phase == PHASE_HOLDING)
		return left_ns;
	return timeq_min_wait(left_ns,
	    timeq_min_wait(progress_wait_ns(m->progress, now_ns),
		series_wait_ns(m->series, now_ns)));
}

/* A worker that is stopped, say, does not obey. */
static void
expire(struct master *m)
{
	if (m->deadline_ns == 0 || io_now_ns(m->io) < m->deadline_ns)
		return;
	m->deadline_ns = 0;
	if (m->phase == PHASE_HOLDING)
		steps_answer(&m->steps);
	else if (m->lost.text[0] != '\0')
		workers_kill(&m->workers);
}

static void
run(struct master *m)
{
	while (m->workers.alive > 0) {
		io_wait(m->io, wait_ns(m));
		io_dispatch(m->io);
		expire(m);
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
	r->lost = m->lost;
}

int
master_run(const struct job *job, struct report *report, struct errmsg *e)
{
	const struct options *o = job->options;
	struct master m = { .job = job,
		.signals_fd = -1,
		.steps = { .mode = o->steps,
		    .fd = o->steps_fd,
		    .on_lost = on_lost },
		.series = series_new(job),
		.wall_ns = clock_wall_ns(),
		.prompt = PROMPT_INIT(on_key) };
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
	prompt_close(&m.prompt);
	steps_close(&m.steps);
	io_watch_remove(&m.signals);
	io_close(&m.io);
	if (m.signals_fd >= 0)
		(void)close(m.signals_fd);
	return result;
}
