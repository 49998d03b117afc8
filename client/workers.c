/* workers: forks, orders and words over sockets, waits; see the header. */
#include "client/workers.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "client/fleet.h"
#include "client/options.h"
#include "client/report.h"
#include "client/tally.h"
#include "common/child.h"
#include "common/clock.h"

struct worker {
	const struct workers *all;
	struct runner_task task; /* with the child's end of the socket */
	const int *to_close;
	unsigned closing;
	struct io_watch control; /* on ours */
	int fd;                  /* our end */
	pid_t pid;               /* 0 when it is gone */
	enum runner_word said;   /* last */
};

/* In the child: nothing of the parent's may keep another's socket open. */
static int
run_worker(void *arg)
{
	const struct worker *w = arg;

	for (unsigned i = 0; i <= w->task.worker; i++)
		(void)close(w->all->of[i].fd);
	for (unsigned i = 0; i < w->closing; i++)
		if (w->to_close[i] >= 0)
			(void)close(w->to_close[i]);
	return runner_run(&w->task);
}

static int
fork_worker(struct workers *workers, struct worker *w, struct errmsg *e)
{
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK,
		0, pair) < 0)
		return errmsg_set_errno(e, errno, "socketpair");
	w->fd = pair[0];
	w->task.control_fd = pair[1];
	w->pid = child_fork(run_worker, w);
	(void)close(pair[1]);
	if (w->pid < 0) {
		int error = -w->pid;

		w->pid = 0;
		(void)close(w->fd);
		return errmsg_set_errno(e, error, "fork");
	}
	workers->alive++;
	return 0;
}

int
workers_fork(struct workers *workers, const struct fleet_task *task,
    struct report *report, const int *to_close, unsigned closing,
    struct errmsg *e)
{
	*workers = (struct workers){ .count = (unsigned)task->options->workers,
		.report = report };
	workers->of = calloc(workers->count, sizeof *workers->of);
	if (workers->of == NULL)
		return errmsg_set(e, "workers: out of memory");
	for (unsigned i = 0; i < workers->count; i++) {
		struct worker *w = &workers->of[i];

		w->all = workers;
		w->to_close = to_close;
		w->closing = closing;
		w->task = (struct runner_task){ .options = task->options,
			.addrs = task->addrs,
			.creds = task->creds,
			.tally = &task->tallies[i],
			.worker = i,
			.facts_fd =
			    task->options->verbose ? task->text_fd : -1 };
		if (fork_worker(workers, w, e) < 0)
			return -1;
	}
	return 0;
}

/* A word of one byte, or the end of file when it died. */
static void
on_control(struct io_watch *watch)
{
	struct worker *w = LIST_OWNER(watch, struct worker, control);
	uint8_t word;
	ssize_t n = recv(w->fd, &word, 1, 0);

	if (n > 0)
		w->said = word;
	else if (n == 0 || (errno != EAGAIN && errno != EINTR))
		io_watch_remove(watch);
}

int
workers_watch(struct workers *workers, struct io *io, struct errmsg *e)
{
	int error = 0;

	for (unsigned i = 0; i < workers->count && error == 0; i++)
		error = io_watch_add(
		    io, &workers->of[i].control, workers->of[i].fd, on_control);
	return error == 0 ? 0 : errmsg_set_errno(e, -error, "epoll_ctl");
}

void
workers_order(const struct workers *workers, enum runner_order_kind kind,
    int64_t start_ns, int64_t stop_ns)
{
	struct runner_order order;

	memset(&order, 0, sizeof order);
	order.kind = kind;
	order.start_ns = start_ns;
	order.stop_ns = stop_ns;
	for (unsigned i = 0; i < workers->count; i++)
		if (workers->of[i].pid != 0)
			(void)send(workers->of[i].fd, &order, sizeof order,
			    MSG_NOSIGNAL);
}

bool
workers_have_said(const struct workers *workers, enum runner_word word)
{
	for (unsigned i = 0; i < workers->count; i++)
		if (workers->of[i].pid != 0 && workers->of[i].said < word)
			return false;
	return true;
}

static void
report_death(struct workers *workers, const struct worker *w, int status)
{
	const struct tally *tally = w->task.tally;
	struct report *report = workers->report;
	char text[CHILD_TEXT];

	if (child_succeeded(status))
		return;
	workers->last_death_ns = clock_now_ns();
	report->cut_off +=
	    tally_get(tally, TALLY_ASKED) - tally_get(tally, TALLY_OVER);
	if (workers->killing || report->workers_died++ > 0)
		return;
	(void)errmsg_set(&report->first_death, "worker %u: %s", w->task.worker,
	    tally->trouble.text[0] != '\0' ? tally->trouble.text
					   : child_describe(status, text));
}

static void
see_out(struct workers *workers, pid_t pid, int status)
{
	for (unsigned i = 0; i < workers->count; i++) {
		struct worker *w = &workers->of[i];

		if (w->pid != pid)
			continue;
		report_death(workers, w, status);
		io_watch_remove(&w->control);
		(void)close(w->fd);
		w->pid = 0;
		workers->alive--;
	}
}

void
workers_reap(struct workers *workers)
{
	pid_t pid;
	int status;

	while ((pid = child_reap(&status)) > 0)
		see_out(workers, pid, status);
}

void
workers_kill(struct workers *workers)
{
	workers->killing = true;
	for (unsigned i = 0; workers->alive > 0 && i < workers->count; i++)
		child_kill(workers->of[i].pid);
}

void
workers_free(struct workers *workers)
{
	pid_t pid;
	int status;

	workers_kill(workers);
	while (workers->alive > 0 && (pid = child_wait(&status)) > 0)
		see_out(workers, pid, status);
	free(workers->of);
	workers->of = NULL;
}
