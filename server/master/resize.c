/* resize: takes free slots, and empties them again; see the header. */
#include "server/master/resize.h"

#include "common/base/clock.h"
#include "common/base/units.h"
#include "common/stats/shm.h"
#include "common/sys/child.h"
#include "common/sys/log.h"
#include "server/control.h"
#include "server/master/workers.h"
#include "server/worker/worker.h"

static bool
is_free(const struct worker_slot *slot)
{
	return !slot->wanted && slot->pid == 0;
}

unsigned
resize_count(const struct workers *w)
{
	unsigned count = 0;

	for (unsigned i = 0; i < w->slot_count; i++)
		count += w->slots[i].wanted;
	return count;
}

unsigned
resize_count_free(const struct workers *w)
{
	unsigned count = 0;

	for (unsigned i = 0; i < w->slot_count; i++)
		count += is_free(&w->slots[i]);
	return count;
}

int
resize_add(struct workers *w, struct errmsg *e)
{
	unsigned i = 0;

	if (resize_count(w) == CONFIG_WORKERS_MAX)
		return errmsg_set(e,
		    "there are %d already, the most there can be",
		    CONFIG_WORKERS_MAX);
	while (i < w->slot_count && !is_free(&w->slots[i]))
		i++;
	if (i == w->slot_count)
		return errmsg_set(e,
		    "all %u slots are taken, by workers that serve or drain",
		    w->slot_count);
	if (stats_shm_allocate_rows(w->setup.stats, 1 + i, e) < 0)
		return -1;
	workers_start_one(w, i);
	return (int)i;
}

void
resize_let_go(struct workers *w, unsigned index, int64_t by_ns)
{
	const struct control message = {
		.kind = CONTROL_DRAIN, .drain_by_ns = by_ns, .is_patient = true
	};
	struct worker_slot *slot = &w->slots[index];

	slot->wanted = false;
	slot->restart_ns = 0;
	slot->kill_ns = by_ns + SLOT_KILL_AFTER_NS;
	if (slot->control_fd != -1 &&
	    control_send(slot->control_fd, &message) != 0)
		child_kill(slot->pid);
}

void
resize_start(struct workers *w, unsigned count)
{
	struct errmsg e;

	for (unsigned i = 0; i < count; i++) {
		if (resize_add(w, &e) >= 0)
			continue;
		log_error("cannot start a worker: %s", e.text);
		w->failed = resize_count(w) == 0;
	}
}

bool
resize_has_old(const struct workers *w)
{
	for (unsigned i = 0; i < w->slot_count; i++)
		if (w->slots[i].pid != 0 && !w->slots[i].wanted)
			return true;
	return false;
}

unsigned
resize_let_old_go(struct workers *w, int64_t by_ns)
{
	unsigned count = 0;

	for (unsigned i = 0; i < w->slot_count; i++) {
		const struct worker_slot *slot = &w->slots[i];

		if (slot->pid == 0 || slot->wanted || slot->kill_ns != 0)
			continue;
		resize_let_go(w, i, by_ns);
		count++;
	}
	return count;
}

static void
count_and_tell(const struct workers *w, enum stats_counter counter, int index)
{
	struct stats_slot *own = stats_shm_slot(w->setup.stats, 0);
	unsigned count = resize_count(w);

	stats_add(&own->shards[STATS_SHARD_MASTER], counter, 1);
	log_info("worker %d %s: %u worker%s from now on", index,
	    counter == STATS_WORKERS_ADDED ? "added" : "drains", count,
	    units_plural(count));
}

void
resize_up(struct workers *w)
{
	struct errmsg e;
	int index;

	if (workers_are_draining(w))
		return;
	index = resize_add(w, &e);
	if (index < 0)
		log_warn("no worker added: %s", e.text);
	else
		count_and_tell(w, STATS_WORKERS_ADDED, index);
}

void
resize_down(struct workers *w, int64_t by_ns)
{
	unsigned i = w->slot_count - 1;

	if (workers_are_draining(w))
		return;
	if (resize_count(w) <= 1) {
		log_warn("no worker removed: there is only one");
		return;
	}
	while (!w->slots[i].wanted)
		i--;
	resize_let_go(w, i, by_ns);
	count_and_tell(w, STATS_WORKERS_REMOVED, (int)i);
}

void
resize_look(struct workers *w, int64_t now_ns)
{
	for (unsigned i = 0; i < w->slot_count; i++) {
		struct worker_slot *slot = &w->slots[i];

		if (is_free(slot) && !workers_are_draining(w))
			worker_pass_on(
			    w->setup.stats, w->inboxes, w->slot_count, i);
		if (slot->pid == 0 || slot->kill_ns == 0 ||
		    now_ns < slot->kill_ns)
			continue;
		log_warn("worker %u did not leave in time: killed", i);
		child_kill(slot->pid);
		slot->kill_ns = now_ns + SLOT_KILL_AFTER_NS;
	}
}
