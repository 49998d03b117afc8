/* workers: forks, orders, reports, and waits; see the header. */
#include "client/master/workers.h"

#include <stdlib.h>
#include <unistd.h>

#include "client/job.h"
#include "client/load/worker.h"
#include "client/options.h"
#include "client/tally.h"
#include "common/base/assertion.h"
#include "common/base/clock.h"
#include "common/base/list.h"
#include "common/sys/child.h"
#include "common/sys/fd.h"

struct worker_slot {
	struct worker_setup setup;    /* with the child's end of the socket */
	struct io_watch control;      /* on ours */
	int fd;                       /* our end */
	pid_t pid;                    /* 0 when it is gone */
	enum control_report reported; /* last; 0: nothing yet */
	struct workers *workers;
};

/* What a child is given; the master needs it no longer after the fork. */
struct child_args {
	const struct workers *workers;
	const struct worker_slot *slot;
	const int *to_close;
	unsigned closing;
};

/*
 * In the child, which closes the master's ends of the sockets: one that stays
 * open would hide the master's death from the worker at the other end.
 */
static int
run_worker(void *arg)
{
	const struct child_args *args = arg;
	const struct worker_setup *setup = &args->slot->setup;

	for (unsigned i = 0; i <= setup->index; i++)
		(void)close(args->workers->slots[i].fd);
	for (unsigned i = 0; i < args->closing; i++)
		if (args->to_close[i] >= 0)
			(void)close(args->to_close[i]);
	return worker_run(setup);
}

static int
fork_worker(struct workers *workers, struct worker_slot *slot,
    const int *to_close, unsigned closing, struct errmsg *e)
{
	struct child_args args = { .workers = workers,
		.slot = slot,
		.to_close = to_close,
		.closing = closing };

	if (fd_open_pair(&slot->fd, &slot->setup.control_fd, e) < 0)
		return -1;
	slot->pid = child_fork(run_worker, &args);
	(void)close(slot->setup.control_fd);
	if (slot->pid < 0) {
		int error = -slot->pid;

		slot->pid = 0;
		(void)close(slot->fd);
		return errmsg_set_errno(e, error, "fork");
	}
	workers->alive++;
	return 0;
}

int
workers_fork(struct workers *workers, const struct job *job,
    const int *to_close, unsigned closing, struct errmsg *e)
{
	*workers = (struct workers){ .count = (unsigned)job->options->workers };
	ASSERT(workers->count > 0);
	workers->slots = calloc(workers->count, sizeof *workers->slots);
	if (workers->slots == NULL)
		return errmsg_set(e, "workers: out of memory");
	for (unsigned i = 0; i < workers->count; i++) {
		struct worker_slot *slot = &workers->slots[i];

		slot->setup = (struct worker_setup){ .job = job, .index = i };
		slot->workers = workers;
		if (fork_worker(workers, slot, to_close, closing, e) < 0)
			return -1;
	}
	return 0;
}

static enum control_result
take_report(struct worker_slot *slot)
{
	enum control_report report;
	enum control_result result = control_receive_report(slot->fd, &report);

	if (result != CONTROL_GOT)
		return result;
	if (report == CONTROL_MISMATCH)
		slot->workers->mismatched = true;
	else
		slot->reported = report;
	return result;
}

static void
on_control(struct io_watch *watch)
{
	struct worker_slot *slot =
	    CONTAINER_OF(watch, struct worker_slot, control);

	if (take_report(slot) == CONTROL_GONE)
		io_watch_remove(watch);
}

int
workers_watch(struct workers *workers, struct io *io, struct errmsg *e)
{
	int error = 0;

	for (unsigned i = 0; i < workers->count && error == 0; i++)
		error = io_watch_add(io, &workers->slots[i].control,
		    workers->slots[i].fd, on_control);
	return error == 0 ? 0 : errmsg_set_errno(e, -error, "epoll_ctl");
}

void
workers_order(const struct workers *workers, const struct control_order *order)
{
	for (unsigned i = 0; i < workers->count; i++) {
		const struct worker_slot *slot = &workers->slots[i];

		if (slot->pid != 0)
			control_send_order(slot->fd, order);
	}
}

/* A worker that has finished has left word; one that has died has not. */
static int64_t
cpu_ns(const struct worker_slot *slot)
{
	const struct tally *tally =
	    &slot->setup.job->tallies[slot->setup.index];
	uint64_t used = tally_get(tally, TALLY_CPU_NS);
	int64_t before_ns = atomic_load(&tally->cpu_before_ns);
	int64_t now_ns;

	if (used > 0 || before_ns == 0)
		return (int64_t)used;
	now_ns = child_cpu_ns(slot->pid);
	return now_ns < before_ns ? -1 : now_ns - before_ns;
}

int64_t
workers_cpu_ns(const struct workers *workers)
{
	int64_t sum = 0;

	for (unsigned i = 0; i < workers->count; i++) {
		int64_t used = cpu_ns(&workers->slots[i]);

		if (used < 0)
			return -1;
		sum += used;
	}
	return sum;
}

bool
workers_have_reported(const struct workers *workers, enum control_report report)
{
	for (unsigned i = 0; i < workers->count; i++)
		if (workers->slots[i].pid != 0 &&
		    workers->slots[i].reported < report)
			return false;
	return true;
}

static void
count_death(struct workers *workers, const struct worker_slot *slot, int status)
{
	const struct tally *tally =
	    &slot->setup.job->tallies[slot->setup.index];
	char text[CHILD_TEXT];

	if (child_succeeded(status))
		return;
	workers->last_death_ns = clock_now_ns();
	workers->cut_off += job_not_over(slot->setup.job, slot->setup.index);
	if (workers->killing || workers->died++ > 0)
		return;
	(void)errmsg_set(&workers->first_death, "worker %u: %s",
	    slot->setup.index,
	    tally->trouble.text[0] != '\0' ? tally->trouble.text
					   : child_describe(status, text));
}

static void
reap_one(struct workers *workers, pid_t pid, int status)
{
	for (unsigned i = 0; i < workers->count; i++) {
		struct worker_slot *slot = &workers->slots[i];

		if (slot->pid != pid)
			continue;
		ASSERT(workers->alive > 0);
		count_death(workers, slot, status);
		/* SIGCHLD may be noticed before what it reported last. */
		while (take_report(slot) == CONTROL_GOT)
			continue;
		io_watch_remove(&slot->control);
		(void)close(slot->fd);
		slot->pid = 0;
		workers->alive--;
	}
}

void
workers_reap(struct workers *workers)
{
	pid_t pid;
	int status;

	while ((pid = child_reap(&status)) > 0)
		reap_one(workers, pid, status);
}

void
workers_kill(struct workers *workers)
{
	workers->killing = true;
	for (unsigned i = 0; workers->alive > 0 && i < workers->count; i++)
		child_kill(workers->slots[i].pid);
}

void
workers_free(struct workers *workers)
{
	pid_t pid;
	int status;

	workers_kill(workers);
	while (workers->alive > 0 && (pid = child_wait(&status)) > 0)
		reap_one(workers, pid, status);
	free(workers->slots);
	workers->slots = NULL;
}
