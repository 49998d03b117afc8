/* fleet: forks workers and waits in one loop; see the header. */
#include "client/fleet.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "client/options.h"
#include "client/progress.h"
#include "client/report.h"
#include "client/runner.h"
#include "client/tally.h"
#include "common/child.h"
#include "common/clock.h"
#include "common/file.h"
#include "common/io.h"
#include "common/keypress.h"
#include "common/signals.h"

struct worker {
	struct fleet *fleet;
	struct runner_task task; /* with the child's end of the socket */
	struct io_watch control; /* on ours */
	int fd;                  /* our end */
	pid_t pid;               /* 0 when it is gone */
	bool connected;
};

struct fleet {
	const struct fleet_task *task;
	struct report *report;
	struct io *io;
	struct worker *workers;
	unsigned count;
	unsigned alive;
	int signals_fd;
	struct io_watch signals;
	struct keypress keys;
	struct io_watch key;
	struct progress *progress;
	int64_t started_ns;    /* 0 until the workers are told to start */
	int64_t last_death_ns; /* of a worker that did not end well; or 0 */
	bool prompted;
	bool killing;
};

/* In the child: nothing of the parent's may keep another's socket open. */
static int
run_worker(void *arg)
{
	const struct worker *w = arg;
	const struct fleet *f = w->fleet;

	for (unsigned i = 0; i <= w->task.worker; i++)
		(void)close(f->workers[i].fd);
	(void)close(f->signals_fd);
	return runner_run(&w->task);
}

static int
fork_worker(struct fleet *f, unsigned index, struct errmsg *e)
{
	const struct fleet_task *task = f->task;
	struct worker *w = &f->workers[index];
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK,
		0, pair) < 0)
		return errmsg_set_errno(e, errno, "socketpair");
	w->fleet = f;
	w->fd = pair[0];
	w->task = (struct runner_task){ .options = task->options,
		.addrs = task->addrs,
		.creds = task->creds,
		.tally = &task->tallies[index],
		.worker = index,
		.control_fd = pair[1],
		.facts_fd = task->options->verbose ? task->text_fd : -1 };
	w->pid = child_fork(run_worker, w);
	(void)close(pair[1]);
	if (w->pid < 0) {
		int error = -w->pid;

		w->pid = 0;
		(void)close(w->fd);
		return errmsg_set_errno(e, error, "fork");
	}
	f->alive++;
	return 0;
}

static struct worker *
find_worker(struct fleet *f, pid_t pid)
{
	for (unsigned i = 0; i < f->count; i++)
		if (f->workers[i].pid == pid)
			return &f->workers[i];
	return NULL;
}

static void
report_death(const struct worker *w, int status)
{
	const struct tally *tally = w->task.tally;
	struct report *report = w->fleet->report;
	char text[CHILD_TEXT];

	if (child_succeeded(status))
		return;
	w->fleet->last_death_ns = clock_now_ns();
	report->cut_off +=
	    tally_get(tally, TALLY_ASKED) - tally_get(tally, TALLY_OVER);
	if (w->fleet->killing || report->workers_died++ > 0)
		return;
	(void)errmsg_set(&report->first_death, "worker %u: %s", w->task.worker,
	    tally->trouble.text[0] != '\0' ? tally->trouble.text
					   : child_describe(status, text));
}

static void
see_out(struct fleet *f, pid_t pid, int status)
{
	struct worker *w = find_worker(f, pid);

	if (w == NULL)
		return;
	report_death(w, status);
	io_watch_remove(&w->control);
	(void)close(w->fd);
	w->pid = 0;
	w->connected = true; /* nobody need wait for it */
	f->alive--;
}

/* Without effect on a worker that has just died: SIGCHLD tells. */
static void
order_all(struct fleet *f, enum runner_order_kind kind, int64_t stop_ns)
{
	struct runner_order order;

	memset(&order, 0, sizeof order);
	order.kind = kind;
	order.stop_ns = stop_ns;
	for (unsigned i = 0; i < f->count; i++)
		if (f->workers[i].pid != 0)
			(void)send(f->workers[i].fd, &order, sizeof order,
			    MSG_NOSIGNAL);
}

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
	f->started_ns = clock_now_ns();
	order_all(f, RUNNER_START,
	    duration_ns > 0 ? f->started_ns + duration_ns : INT64_MAX);
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

	for (unsigned i = 0; i < f->count; i++)
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

static void
start_when_connected(struct fleet *f)
{
	if (f->started_ns != 0 || f->prompted || f->report->interrupted)
		return;
	for (unsigned i = 0; i < f->count; i++)
		if (!f->workers[i].connected)
			return;
	f->prompted = f->task->options->interactive && prompt(f);
	if (!f->prompted)
		start(f);
}

/* The one byte that a worker says, or the end of file when it died. */
static void
on_control(struct io_watch *watch)
{
	struct worker *w = LIST_OWNER(watch, struct worker, control);
	char byte;
	ssize_t n = recv(w->fd, &byte, 1, 0);

	if (n > 0)
		w->connected = true;
	else if (n == 0 || (errno != EAGAIN && errno != EINTR))
		io_watch_remove(watch);
}

/* The first asks for an orderly end, the second does not wait for it. */
static void
on_interrupt(struct fleet *f)
{
	if (!f->report->interrupted) {
		f->report->interrupted = true;
		end_prompt(f);
		order_all(f, RUNNER_STOP, 0);
		return;
	}
	f->killing = true;
	for (unsigned i = 0; i < f->count; i++)
		child_kill(f->workers[i].pid);
}

static void
on_signals(struct io_watch *watch)
{
	struct fleet *f = LIST_OWNER(watch, struct fleet, signals);
	int number;
	pid_t pid;
	int status;

	while ((number = signals_read(watch->fd)) != 0)
		if (number != SIGCHLD)
			on_interrupt(f);
	while ((pid = child_reap(&status)) > 0)
		see_out(f, pid, status);
}

static int
add_watches(struct fleet *f, struct errmsg *e)
{
	int error = io_watch_add(f->io, &f->signals, f->signals_fd, on_signals);

	for (unsigned i = 0; i < f->count && error == 0; i++)
		error = io_watch_add(f->io, &f->workers[i].control,
		    f->workers[i].fd, on_control);
	return error == 0 ? 0 : errmsg_set_errno(e, -error, "epoll_ctl");
}

/* The poll loop comes after the forks, so that children do not have it. */
static int
launch(struct fleet *f, struct errmsg *e)
{
	static const int numbers[] = { SIGINT, SIGTERM, SIGCHLD, 0 };

	f->signals_fd = signals_open(numbers, e);
	if (f->signals_fd < 0)
		return -1;
	f->workers = calloc(f->count, sizeof *f->workers);
	if (f->workers == NULL)
		return errmsg_set(e, "workers: out of memory");
	for (unsigned i = 0; i < f->count; i++)
		if (fork_worker(f, i, e) < 0)
			return -1;
	if (io_open(&f->io, e) < 0)
		return -1;
	return add_watches(f, e);
}

/* After a failure; otherwise they have all gone. */
static void
kill_all(struct fleet *f)
{
	pid_t pid;
	int status;

	for (unsigned i = 0; f->alive > 0 && i < f->count; i++)
		child_kill(f->workers[i].pid);
	while (f->alive > 0 && (pid = child_wait(&status)) > 0)
		see_out(f, pid, status);
}

static void
run(struct fleet *f)
{
	while (f->alive > 0) {
		int64_t wait_ns = f->prompted && f->started_ns == 0
		    ? -1
		    : progress_wait_ns(f->progress, clock_now_ns());

		io_wait(f->io, wait_ns);
		io_dispatch(f->io);
		start_when_connected(f);
		if (!f->prompted || f->started_ns != 0)
			progress_show(
			    f->progress, io_now_ns(f->io), f->started_ns);
	}
}

/* From the start to the end of the last round trip, or of its worker. */
static int64_t
elapsed_ns(const struct fleet *f)
{
	int64_t end_ns = f->started_ns;

	if (f->started_ns == 0)
		return 0;
	if (f->last_death_ns > end_ns)
		end_ns = f->last_death_ns;

	for (unsigned i = 0; i < f->count; i++) {
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
		.count = (unsigned)o->workers,
		.signals_fd = -1,
		.keys = { .fd = -1 } };
	int result = launch(&f, e);

	if (result == 0) {
		if (!o->quiet)
			f.progress = progress_new(
			    task->tallies, f.count, o->connections);
		run(&f);
		report->elapsed_ns = elapsed_ns(&f);
	}
	kill_all(&f);
	progress_free(&f.progress);
	end_prompt(&f);
	io_watch_remove(&f.signals);
	io_close(&f.io);
	if (f.signals_fd >= 0)
		(void)close(f.signals_fd);
	free(f.workers);
	return result;
}
