/* supplies: one socket a slot; see the header. */
#include "server/master/supplies.h"

#include <unistd.h>

#include "common/stats/shm.h"
#include "common/sys/child.h"
#include "common/sys/fd.h"
#include "common/sys/log.h"
#include "server/master/workers.h"
#include "server/supply.h"

/* Without a process to connect to it comes later. 0, or -1. */
static int
send_one(
    const struct workers *w, const struct worker_slot *slot, struct errmsg *e)
{
	const struct signer *signer = &w->signers.now;
	int fd, error;

	if (signer->pid == 0 || slot->supply_fd == -1)
		return 0;
	fd = signer_connect(signer, e);
	if (fd < 0)
		return -1;
	error = supply_send(slot->supply_fd, signer->keys_id, fd);
	(void)close(fd);
	return error == 0 ? 0 : errmsg_set_errno(e, -error, "supply");
}

int
supplies_open(const struct workers *w, struct worker_slot *slot, int *worker_fd,
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

void
supplies_send(const struct workers *w)
{
	struct errmsg e;

	for (unsigned i = 0; i < w->slot_count; i++) {
		if (send_one(w, &w->slots[i], &e) == 0)
			continue;
		log_error("worker %u: %s: killed", i, e.text);
		child_kill(w->slots[i].pid);
	}
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
	return wait_ns;
}
