/* workers: fork, listen, reap, replace; see the header. */
#include "server/master/workers.h"

#include <string.h>
#include <unistd.h>

#include "common/base/assertion.h"
#include "common/base/clock.h"
#include "common/base/timeq.h"
#include "common/base/units.h"
#include "common/stats/shm.h"
#include "common/sys/child.h"
#include "common/sys/fd.h"
#include "common/sys/log.h"
#include "server/control.h"
#include "server/listeners.h"
#include "server/worker/worker.h"

/* What a child is given across fork. */
struct child {
	const struct workers *workers;
	struct worker_setup setup;
};

static const int64_t backoff_min_ns = 100 * CLOCK_NS_PER_MS;
static const int64_t backoff_max_ns = 5 * CLOCK_NS_PER_S;
/* A worker that lived longer than this did not die of its start. */
static const int64_t long_life_ns = 10 * CLOCK_NS_PER_S;

static struct stats_slot *
stats_of(const struct workers *w, unsigned index)
{
	return stats_shm_slot(w->setup.stats, 1 + index);
}

/* The only place that changes the state: forwards, as the header draws it. */
static void
enter(struct workers *w, enum workers_state state)
{
	ASSERT(state > w->state);
	w->state = state;
}

int
workers_init(
    struct workers *w, const struct workers_setup *setup, struct errmsg *e)
{
	unsigned count = setup->config->workers;

	ASSERT(count >= 1 && count <= CONFIG_WORKERS_MAX);
	ASSERT(setup->credentials_fd >= 0);
	memset(w, 0, sizeof *w);
	w->setup = *setup;
	for (unsigned i = 0; i < count; i++) {
		w->slots[i].control_fd = -1;
		w->inboxes[i] = (struct inbox){ .rx_fd = -1, .tx_fd = -1 };
	}
	for (unsigned i = 0; i < count; i++)
		if (inbox_open(&w->inboxes[i], e) < 0)
			return -1;
	return 0;
}

void
workers_fini(struct workers *w)
{
	if (w->setup.config == NULL)
		return;
	for (unsigned i = 0; i < w->setup.config->workers; i++)
		inbox_close(&w->inboxes[i]);
	(void)close(w->setup.credentials_fd);
}

static int64_t
backoff_ns(unsigned deaths)
{
	int64_t ns = backoff_min_ns;

	for (; deaths > 1 && ns < backoff_max_ns; deaths--)
		ns *= 2;
	return ns < backoff_max_ns ? ns : backoff_max_ns;
}

/*
 * In the child: closes what is the master's and the other workers'. The other
 * end of a control socket, kept open here, would hide its end of file.
 */
static int
run_child(void *arg)
{
	const struct child *child = arg;
	const struct workers *w = child->workers;

	for (unsigned i = 0; i < w->setup.config->workers; i++) {
		if (w->slots[i].control_fd != -1)
			(void)close(w->slots[i].control_fd);
		if (i != child->setup.index)
			inbox_close_rx(&child->setup.inboxes[i]);
	}
	(void)close(w->setup.signal_fd);
	if (w->setup.ready_fd != -1)
		(void)close(w->setup.ready_fd);
	stats_shm_disown(w->setup.stats);
	return worker_run(&child->setup);
}

/* -1 with an error; the slot is then as before. */
static int
fork_worker(struct workers *w, unsigned index, struct errmsg *e)
{
	struct worker_slot *slot = &w->slots[index];
	struct child child = { w,
		{ .config = w->setup.config,
		    .listeners = w->setup.listeners,
		    .stats = w->setup.stats,
		    .inboxes = w->inboxes,
		    .index = index,
		    .credentials_fd = w->setup.credentials_fd } };
	pid_t pid;

	if (fd_open_pair(&slot->control_fd, &child.setup.control_fd, e) < 0)
		return errmsg_prepend(e, "control");
	atomic_store(&stats_of(w, index)->state, STATS_SLOT_STARTING);
	pid = child_fork(run_child, &child);
	(void)close(child.setup.control_fd);
	if (pid < 0) {
		atomic_store(&stats_of(w, index)->state, STATS_SLOT_EMPTY);
		(void)close(slot->control_fd);
		slot->control_fd = -1;
		return errmsg_set_errno(e, (int)-pid, "fork");
	}
	slot->pid = pid;
	return 0;
}

/* The server fails if it is starting; later, the worker is tried again. */
static void
not_started(struct workers *w, unsigned index, const struct errmsg *e)
{
	struct worker_slot *slot = &w->slots[index];

	if (w->state == WORKERS_STARTING) {
		log_error("worker %u: %s", index, e->text);
		w->failed = true;
		return;
	}
	slot->deaths++;
	slot->restart_ns = slot->started_ns + backoff_ns(slot->deaths);
	log_error("worker %u: %s: trying again", index, e->text);
}

static void
start(struct workers *w, unsigned index)
{
	struct worker_slot *slot = &w->slots[index];
	struct stats_slot *stats = stats_of(w, index);
	struct errmsg e;

	ASSERT(slot->pid == 0 && w->state != WORKERS_DRAINING);
	slot->ready = false;
	slot->restart_ns = 0;
	slot->started_ns = clock_now_ns();
	if (fork_worker(w, index, &e) < 0) {
		not_started(w, index, &e);
		return;
	}
	atomic_store(&stats->pid, slot->pid);
	atomic_store(&stats->started_ns, slot->started_ns);
}

void
workers_start(struct workers *w)
{
	for (unsigned i = 0; i < w->setup.config->workers; i++)
		start(w, i);
}

void
workers_poll(const struct workers *w, struct pollfd *fds)
{
	for (unsigned i = 0; i < w->setup.config->workers; i++) {
		fds[i].fd = w->slots[i].control_fd;
		fds[i].events = POLLIN;
	}
}

static bool
all_are_ready(const struct workers *w)
{
	for (unsigned i = 0; i < w->setup.config->workers; i++)
		if (!w->slots[i].ready)
			return false;
	return true;
}

/* True when all of them serve from now on. */
static bool
on_report(struct workers *w, unsigned index, const struct control *report)
{
	struct worker_slot *slot = &w->slots[index];

	if (report->kind == CONTROL_RELOADED) {
		log_info("worker %u: uses the new credentials", index);
	} else if (report->kind == CONTROL_REFUSED) {
		/* It must not go on with what the others have replaced. */
		log_error("worker %u: cannot take the new credentials: %s: "
			  "killed",
		    index, report->why.text);
		child_kill(slot->pid);
	} else if (report->kind == CONTROL_READY) {
		slot->ready = true;
		if (w->state == WORKERS_STARTING && all_are_ready(w)) {
			enter(w, WORKERS_SERVING);
			return true;
		}
	}
	return false;
}

bool
workers_listen(struct workers *w, unsigned index)
{
	struct worker_slot *slot = &w->slots[index];
	struct control message;

	ASSERT(index < w->setup.config->workers && slot->control_fd != -1);
	switch (control_receive(slot->control_fd, &message, NULL)) {
	case CONTROL_NOTHING:
		break;
	case CONTROL_GONE: /* SIGCHLD tells the rest */
		(void)close(slot->control_fd);
		slot->control_fd = -1;
		break;
	case CONTROL_GOT:
		return on_report(w, index, &message);
	}
	return false;
}

static void
plan_restart(struct workers *w, unsigned index, const char *how)
{
	struct worker_slot *slot = &w->slots[index];
	int64_t now_ns = clock_now_ns();
	char delay[UNITS_TEXT];

	if (now_ns - slot->started_ns > long_life_ns)
		slot->deaths = 0;
	slot->deaths++;
	slot->restart_ns = now_ns + backoff_ns(slot->deaths);
	log_warn("worker %u %s: a new one starts in %s", index, how,
	    units_format_duration(backoff_ns(slot->deaths), delay));
}

static void
on_exit(struct workers *w, unsigned index, int status)
{
	struct worker_slot *slot = &w->slots[index];
	char how[CHILD_TEXT];

	(void)child_describe(status, how);
	if (slot->control_fd != -1)
		(void)close(slot->control_fd);
	slot->control_fd = -1;
	slot->pid = 0;
	slot->ready = false;
	worker_forget(stats_of(w, index));
	if (w->state == WORKERS_DRAINING) {
		if (!child_succeeded(status)) {
			log_warn("worker %u %s", index, how);
			w->failed = true;
		}
		return;
	}
	/* It has logged why, and another one would fail for the same reason. */
	if (w->state == WORKERS_STARTING && child_exited(status)) {
		w->failed = true;
		return;
	}
	plan_restart(w, index, how);
}

void
workers_reap(struct workers *w)
{
	pid_t pid;
	int status;

	while ((pid = child_next(&status)) > 0)
		for (unsigned i = 0; i < w->setup.config->workers; i++)
			if (w->slots[i].pid == pid &&
			    !stall_on_status(
				&w->slots[i].stall, stats_of(w, i), i, status))
				on_exit(w, i, status);
}

int64_t
workers_restart(struct workers *w, int64_t now_ns)
{
	int64_t wait_ns = -1;

	for (unsigned i = 0; i < w->setup.config->workers; i++) {
		struct worker_slot *slot = &w->slots[i];

		stall_look(&slot->stall, stats_of(w, i), i, now_ns);
		if (w->state == WORKERS_DRAINING || slot->restart_ns == 0)
			continue;
		if (slot->restart_ns <= now_ns) {
			stats_add(&stats_of(w, i)->shards[STATS_SHARD_MASTER],
			    STATS_WORKER_RESTARTS, 1);
			start(w, i);
		}
		if (slot->restart_ns != 0)
			wait_ns =
			    timeq_min_wait(wait_ns, slot->restart_ns - now_ns);
	}
	return wait_ns;
}

bool
workers_are_draining(const struct workers *w)
{
	return w->state == WORKERS_DRAINING;
}

bool
workers_have_failed(const struct workers *w)
{
	return w->failed;
}

unsigned
workers_alive(const struct workers *w)
{
	unsigned alive = 0;

	for (unsigned i = 0; i < w->setup.config->workers; i++)
		alive += w->slots[i].pid > 0;
	return alive;
}

static void
tell_all(const struct workers *w, const struct control *message)
{
	for (unsigned i = 0; i < w->setup.config->workers; i++) {
		const struct worker_slot *slot = &w->slots[i];

		if (slot->control_fd == -1 ||
		    control_send(slot->control_fd, message) == 0)
			continue;
		/* It must not go on with what the others have replaced. */
		log_error("worker %u: does not read its orders: killed", i);
		child_kill(slot->pid);
	}
}

int
workers_credentials(const struct workers *w)
{
	return w->setup.credentials_fd;
}

void
workers_reload(struct workers *w, int credentials_fd, enum log_level level)
{
	const struct control message = {
		.kind = CONTROL_RELOAD, .fd = credentials_fd, .log_level = level
	};

	ASSERT(
	    credentials_fd >= 0 && credentials_fd != w->setup.credentials_fd);
	(void)close(w->setup.credentials_fd);
	w->setup.credentials_fd = credentials_fd;
	tell_all(w, &message);
}

void
workers_close_ready_fd(struct workers *w)
{
	ASSERT(w->setup.ready_fd >= 0);
	(void)close(w->setup.ready_fd);
	w->setup.ready_fd = -1;
}

void
workers_drain(struct workers *w, int64_t by_ns)
{
	const struct control message = { .kind = CONTROL_DRAIN,
		.drain_by_ns = by_ns };

	enter(w, WORKERS_DRAINING);
	tell_all(w, &message);
}

void
workers_kill(struct workers *w)
{
	for (unsigned i = 0; i < w->setup.config->workers; i++)
		child_kill(w->slots[i].pid);
}
