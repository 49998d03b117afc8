/* worker: sets a worker process up, runs its two loops; see the header. */
#include "server/worker/worker.h"

#include <pthread.h>
#include <unistd.h>

#include "common/base/assertion.h"
#include "common/creds/creds.h"
#include "common/stats/shm.h"
#include "common/sys/log.h"
#include "server/config.h"
#include "server/worker/balancer.h"
#include "server/worker/conn_queue.h"
#include "server/worker/echo.h"
#include "server/worker/handshakes.h"

struct worker {
	struct balancer balancer;
	struct conn_queue queue;
	struct handshakes handshakes;
	struct echo echo;
};

static struct stats_shard *
shard(const struct worker_setup *setup, enum stats_shard_kind kind)
{
	return &stats_shm_slot(setup->stats, 1 + setup->index)->shards[kind];
}

static int
init(struct worker *w, const struct worker_setup *setup, struct errmsg *e)
{
	struct handshakes_options options = {
		.config = setup->config,
		.listeners = setup->listeners,
		.balancer = &w->balancer,
		.queue = &w->queue,
		.shard = shard(setup, STATS_SHARD_HANDSHAKE),
		.control_fd = setup->control_fd,
	};
	int result = tls_creds_open(
	    &options.creds, setup->credentials_fd, &setup->config->tls, e);

	(void)close(setup->credentials_fd);
	balancer_init(&w->balancer, stats_shm_slot(setup->stats, 1),
	    setup->inboxes, setup->config->workers, setup->index);
	if (result < 0 || conn_queue_init(&w->queue, e) < 0 ||
	    echo_init(&w->echo, setup->config, shard(setup, STATS_SHARD_ECHO),
		&w->queue, e) < 0)
		return -1;
	return handshakes_init(&w->handshakes, &options, e);
}

static int
run(struct worker *w, struct errmsg *e)
{
	pthread_t handshakes;
	int error =
	    pthread_create(&handshakes, NULL, handshakes_run, &w->handshakes);

	if (error != 0)
		return errmsg_set_errno(e, error, "worker: thread");
	echo_run(&w->echo);
	(void)pthread_join(handshakes, NULL);
	handshakes_fini(&w->handshakes);
	echo_fini(&w->echo);
	conn_queue_fini(&w->queue);
	return 0;
}

/* Both loops: threads inherit it. A failure costs speed at worst. */
static void
pin(const struct worker_setup *setup)
{
	const struct cpus *cpus = &setup->config->cpus;
	struct errmsg e;

	if (cpus->count > 0 && cpus_pin(cpus_nth(cpus, setup->index), &e) < 0)
		log_warn("worker %u: %s", setup->index, e.text);
}

int
worker_run(const struct worker_setup *setup)
{
	struct worker w;
	struct errmsg e;

	ASSERT(setup->index < setup->config->workers);
	pin(setup);
	if (init(&w, setup, &e) < 0 || run(&w, &e) < 0) {
		log_error("worker %u: %s", setup->index, e.text);
		return 1;
	}
	return 0;
}

void
worker_forget(struct stats_slot *slot)
{
	struct stats_shard *shard = &slot->shards[STATS_SHARD_MASTER];
	uint64_t open = stats_slot_open(slot);

	atomic_store(&slot->state, STATS_SLOT_EMPTY);
	atomic_store(&slot->pid, 0);
	balancer_clear_dead(slot);
	stats_add(shard, STATS_ENDED_WORKER_DIED, open);
	stats_add(shard, STATS_ENDED, open);
	for (int i = 0; i < STATS_SHARDS; i++)
		atomic_store(&slot->shards[i].busy_since_ns, 0);
}
