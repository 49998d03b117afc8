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
#include "common/sys/oom.h"
#include "server/control.h"
#include "server/listeners.h"
#include "server/master/credentials.h"
#include "server/master/handover.h"
#include "server/master/supplies.h"
#include "server/worker/worker.h"

/* What a child is given across fork. */
struct child {
	const struct workers *workers;
	struct worker_setup setup;
};

struct stats_slot *
workers_stats(const struct workers *w, unsigned index)
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
	unsigned count = setup->config->slots;

	ASSERT(count >= 1 && count <= CONFIG_SLOTS_MAX);
	ASSERT(setup->credentials_fd >= 0);
	memset(w, 0, sizeof *w);
	w->setup = *setup;
	w->slot_count = count;
	w->signers.now = setup->signer;
	w->state =
	    setup->handover->exists ? WORKERS_TAKING_OVER : WORKERS_STARTING;
	for (unsigned i = 0; i < count; i++) {
		w->inboxes[i] = setup->handover->inboxes[i];
		w->slots[i] = setup->handover->slots[i];
	}
	for (unsigned i = 0; i < count; i++)
		if (w->inboxes[i].rx_fd < 0 &&
		    inbox_open(&w->inboxes[i], e) < 0)
			return -1;
	return 0;
}

void
workers_fini(struct workers *w)
{
	if (w->setup.config == NULL)
		return;
	for (unsigned i = 0; i < w->slot_count; i++)
		inbox_close(&w->inboxes[i]);
	(void)close(w->setup.credentials_fd);
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

	stats_shm_disown(w->setup.stats);
	if (*w->setup.old_stats != NULL) {
		stats_shm_disown(*w->setup.old_stats);
		stats_shm_close(w->setup.old_stats);
	}
	w->setup.enter_worker(w->setup.master, child->setup.index);
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
		    .limits = w->setup.limits,
		    .inboxes = w->inboxes,
		    .slots = w->slot_count,
		    .index = index,
		    .credentials_fd = w->setup.credentials_fd } };
	pid_t pid;

	if (fd_open_pair(&slot->control_fd, &child.setup.control_fd, e) < 0)
		return errmsg_prepend(e, "control");
	if (supplies_open(w, slot, &child.setup.supply_fd, e) < 0) {
		(void)close(child.setup.control_fd);
		slot_close(slot);
		return -1;
	}
	atomic_store(&workers_stats(w, index)->state, STATS_SLOT_STARTING);
	oom_offer(true);
	pid = child_fork(run_child, &child);
	oom_offer(false);
	(void)close(child.setup.control_fd);
	if (child.setup.supply_fd != -1)
		(void)close(child.setup.supply_fd);
	if (pid < 0) {
		atomic_store(&workers_stats(w, index)->state, STATS_SLOT_EMPTY);
		slot_close(slot);
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
	(void)slot_plan_restart(slot, clock_now_ns());
	log_error("worker %u: %s: trying again", index, e->text);
}

void
workers_start_one(struct workers *w, unsigned index)
{
	struct worker_slot *slot = &w->slots[index];
	struct stats_slot *stats = workers_stats(w, index);
	struct errmsg e;

	ASSERT(slot->pid == 0 && w->state != WORKERS_DRAINING);
	slot->wanted = true;
	slot->ready = slot->hung = false;
	slot->restart_ns = slot->kill_ns = slot->long_turn_ns = 0;
	slot->started_ns = clock_now_ns();
	if (fork_worker(w, index, &e) < 0) {
		not_started(w, index, &e);
		return;
	}
	atomic_store(&stats->pid, slot->pid);
	atomic_store(&stats->started_ns, slot->started_ns);
}

void
workers_poll(const struct workers *w, struct pollfd *fds)
{
	for (unsigned i = 0; i < w->slot_count; i++) {
		fds[i].fd = w->slots[i].control_fd;
		fds[i].events = POLLIN;
	}
}

static bool
all_are_ready(const struct workers *w)
{
	for (unsigned i = 0; i < w->slot_count; i++)
		if (w->slots[i].wanted && !w->slots[i].ready)
			return false;
	return true;
}

/* True when all of them serve from now on. */
static bool
on_report(struct workers *w, unsigned index, const struct control *report)
{
	struct worker_slot *slot = &w->slots[index];

	slot->reloading &= report->kind == CONTROL_READY;
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
		if (w->state < WORKERS_SERVING && all_are_ready(w)) {
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

	ASSERT(index < w->slot_count && slot->control_fd != -1);
	switch (control_receive(slot->control_fd, &message, NULL)) {
	case CONTROL_NOTHING:
		break;
	case CONTROL_GONE: /* SIGCHLD tells the rest */
		slot_close(slot);
		break;
	case CONTROL_GOT:
		return on_report(w, index, &message);
	}
	return false;
}

int64_t
workers_restart(struct workers *w, int64_t now_ns)
{
	int64_t wait_ns = supplies_turn(w, now_ns);

	for (unsigned i = 0; i < w->slot_count; i++) {
		struct worker_slot *slot = &w->slots[i];

		stall_look(&slot->stall, workers_stats(w, i), i, now_ns);
		if (w->state == WORKERS_DRAINING || slot->restart_ns == 0)
			continue;
		if (slot->restart_ns <= now_ns) {
			stats_add(
			    &workers_stats(w, i)->shards[STATS_SHARD_MASTER],
			    STATS_WORKER_RESTARTS, 1);
			workers_start_one(w, i);
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

	for (unsigned i = 0; i < w->slot_count; i++)
		alive += w->slots[i].pid > 0;
	return alive;
}

static void
tell_all(const struct workers *w, const struct control *message)
{
	for (unsigned i = 0; i < w->slot_count; i++) {
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
workers_reload(struct workers *w, const struct credentials *credentials,
    enum log_level level)
{
	const struct control message = { .kind = CONTROL_RELOAD,
		.fd = credentials->fd,
		.log_level = level };

	ASSERT(message.fd >= 0 && message.fd != w->setup.credentials_fd);
	(void)close(w->setup.credentials_fd);
	w->setup.credentials_fd = message.fd;
	signers_use(&w->signers, &credentials->signer);
	for (unsigned i = 0; i < w->slot_count; i++)
		w->slots[i].reloading = w->slots[i].control_fd != -1;
	tell_all(w, &message);
	supplies_send(w); /* now: those of before have made room for it */
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
	for (unsigned i = 0; i < w->slot_count; i++)
		child_kill(w->slots[i].pid);
}
