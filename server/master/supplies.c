/* supplies: one socket a slot; see the header. */
#include "server/master/supplies.h"

#include <unistd.h>

#include "common/base/clock.h"
#include "common/base/timeq.h"
#include "common/stats/shm.h"
#include "common/sys/child.h"
#include "common/sys/fd.h"
#include "common/sys/log.h"
#include "server/master/workers.h"
#include "server/supply.h"

static const int64_t retry_ns = CLOCK_NS_PER_S;

/* Nor is it the worker's fault if there is no descriptor left. */
static void
send_later(struct workers *w, struct worker_slot *slot, const struct errmsg *e)
{
	if (w->supply_ns == 0)
		log_error("%s: trying again", e->text);
	slot->lacks_supply = true;
	w->supply_ns = clock_now_ns() + retry_ns;
}

/* Without a process to connect to it comes later. 0; -1: the worker does not
 * take it. */
static int
send_one(struct workers *w, struct worker_slot *slot, struct errmsg *e)
{
	const struct signer *signer = &w->signers.now;
	int fd, error;

	slot->lacks_supply = false;
	if (signer->pid == 0 || slot->supply_fd == -1)
		return 0;
	fd = signer_connect(signer, e);
	if (fd < 0) {
		send_later(w, slot, e);
		return 0;
	}
	error = supply_send(slot->supply_fd, signer->keys_id, fd);
	(void)close(fd);
	return error == 0 ? 0 : errmsg_set_errno(e, -error, "supply");
}

int
supplies_open(struct workers *w, struct worker_slot *slot, int *worker_fd,
    struct errmsg *e)
{
	*worker_fd = -1;
	if (w->signers.now.keys_id == 0)
		return 0;
	if (fd_open_pair(&slot->supply_fd, worker_fd, e) < 0)
		return errmsg_prepend(e, "supply");
	if (send_one(w, slot, e) == 0)
		return 0;
	(void)close(*worker_fd);
	*worker_fd = -1;
	return -1;
}

static void
send_to_all(struct workers *w, bool only_lacking)
{
	bool is_lacking = false;
	struct errmsg e;

	for (unsigned i = 0; i < w->slot_count; i++) {
		struct worker_slot *slot = &w->slots[i];

		if (only_lacking && !slot->lacks_supply)
			continue;
		if (send_one(w, slot, &e) < 0) {
			log_error("worker %u: %s: killed", i, e.text);
			child_kill(slot->pid);
		}
		is_lacking |= slot->lacks_supply;
	}
	if (!is_lacking)
		w->supply_ns = 0;
}

void
supplies_send(struct workers *w)
{
	send_to_all(w, false);
}

/* How long until the next attempt, or -1. */
static int64_t
retry(struct workers *w, int64_t now_ns)
{
	if (w->supply_ns != 0 && w->supply_ns <= now_ns)
		send_to_all(w, true);
	return w->supply_ns == 0 ? -1 : w->supply_ns - now_ns;
}

int64_t
supplies_turn(struct workers *w, int64_t now_ns)
{
	struct stats_shard *shard =
	    &stats_shm_slot(w->setup.stats, 0)->shards[STATS_SHARD_MASTER];
	int64_t wait_ns;

	if (signers_restart(&w->signers, w->setup.config, now_ns, &wait_ns)) {
		stats_add(shard, STATS_SIGNER_RESTARTS, 1);
		supplies_send(w);
	}
	stats_set(shard, STATS_SIGNER_PID, (uint64_t)w->signers.now.pid);
	return timeq_min_wait(wait_ns, retry(w, now_ns));
}
