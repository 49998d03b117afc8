/* reap: what comes of workers that have ended; see workers.h. */
#include "common/base/clock.h"
#include "common/base/units.h"
#include "common/sys/child.h"
#include "common/sys/log.h"
#include "server/master/workers.h"
#include "server/worker/worker.h"

/* As it was told; it has no successor then, however it ended. */
static bool
was_to_leave(const struct workers *w, unsigned index)
{
	return !w->slots[index].wanted || w->state == WORKERS_DRAINING;
}

static bool
has_left(struct workers *w, unsigned index, int status, const char *words)
{
	struct worker_slot *slot = &w->slots[index];

	if (!was_to_leave(w, index))
		return false;
	slot->wanted = false;
	if (child_succeeded(status)) {
		if (w->state != WORKERS_DRAINING)
			log_info("worker %u has left", index);
		return true;
	}
	log_warn("worker %u %s", index, words);
	w->failed |= w->state == WORKERS_DRAINING;
	return true;
}

static void
on_exit(struct workers *w, unsigned index, int status)
{
	struct worker_slot *slot = &w->slots[index];
	char words[SLOT_TEXT] = "", delay[UNITS_TEXT];

	if (!child_succeeded(status) || !was_to_leave(w, index))
		(void)slot_last_words(
		    slot, workers_stats(w, index), status, words);
	slot_close(slot);
	slot->pid = 0;
	slot->ready = slot->reloading = false;
	worker_forget(w->setup.stats, w->setup.limits, index);
	if (has_left(w, index, status, words))
		return;
	/* It has logged why, and another one would fail for the same reason. */
	if (w->state == WORKERS_STARTING && child_exited(status)) {
		w->failed = true;
		return;
	}
	(void)units_format_duration(
	    slot_plan_restart(slot, clock_now_ns()), delay);
	log_warn("worker %u %s: a new one starts in %s", index, words, delay);
}

static int
find_pid(const struct workers *w, pid_t pid)
{
	for (unsigned i = 0; i < w->slot_count; i++)
		if (w->slots[i].pid == pid)
			return (int)i;
	return -1;
}

void
workers_reap(struct workers *w)
{
	pid_t pid;
	int status;

	while ((pid = child_next(&status)) > 0) {
		int i = find_pid(w, pid);

		if (signers_on_child(&w->signers, pid, status))
			continue;
		if (pid == w->other_pid && child_has_ended(status)) {
			w->other_has_ended = true;
			w->other_status = status;
		} else if (i >= 0 &&
		    !stall_on_status(&w->slots[i].stall,
			workers_stats(w, (unsigned)i), (unsigned)i, status)) {
			on_exit(w, (unsigned)i, status);
		}
	}
}
