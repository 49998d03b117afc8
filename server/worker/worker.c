/* worker: sets a worker process up, runs its two loops; see the header. */
#include "server/worker/worker.h"

#include <pthread.h>
#include <semaphore.h>
#include <unistd.h>

#include "common/base/assertion.h"
#include "common/creds/creds.h"
#include "common/stats/shm.h"
#include "common/stats/table.h"
#include "common/sys/child.h"
#include "common/sys/log.h"
#include "server/config.h"
#include "server/limits/limits.h"
#include "server/sandbox/sandbox.h"
#include "server/supply.h"
#include "server/worker/balancer.h"
#include "server/worker/conn_queue.h"
#include "server/worker/echo.h"
#include "server/worker/handshakes.h"
#include "server/worker/whoami.h"

struct worker {
	struct balancer balancer;
	struct stats_table table;
	struct conn_queue queue;
	struct handshakes handshakes;
	struct echo echo;
	struct supply supply;
	struct sandbox_layers layers;
	sem_t started; /* then filtered is 0, or -1 with the reason */
	int filtered;
	struct errmsg why;
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
		.table = &w->table,
		.limits = setup->limits,
		.master = &stats_shm_slot(setup->stats, 0)
			       ->shards[STATS_SHARD_MASTER],
		.control_fd = setup->control_fd,
		.supply = &w->supply,
	};
	int result;

	supply_open(&w->supply, setup->supply_fd);
	result = tls_creds_open(&options.creds, setup->credentials_fd,
	    &w->supply.source, &setup->config->tls, e);
	(void)close(setup->credentials_fd);
	balancer_init(&w->balancer, stats_shm_slot(setup->stats, 1),
	    setup->inboxes, setup->slots, setup->index);
	if (result < 0 ||
	    stats_table_init(&w->table, setup->stats, 1 + setup->index, e) <
		0 ||
	    conn_queue_init(&w->queue, e) < 0 ||
	    echo_init(&w->echo, setup->config, shard(setup, STATS_SHARD_ECHO),
		&w->queue, e) < 0)
		return -1;
	return handshakes_init(&w->handshakes, &options, e);
}

/*
 * Nobody serves before this: the other loop gets its connections from here.
 * A thread's own start makes calls that the filter refuses, so that the last
 * thread to start sets it, for both.
 */
static void *
run_handshakes(void *worker)
{
	struct worker *w = worker;

	if (w->handshakes.options.config->sandbox)
		w->filtered =
		    sandbox_filter(&w->layers, SYSCALLS_WORKER, &w->why);
	(void)sem_post(&w->started);
	return w->filtered == 0 ? handshakes_run(&w->handshakes) : NULL;
}

static int
start_handshakes(struct worker *w, pthread_t *thread, struct errmsg *e)
{
	int error;

	w->filtered = 0;
	if (w->handshakes.options.config->whoami)
		whoami_prepare();
	sandbox_probe(&w->layers);
	if (w->handshakes.options.config->sandbox &&
	    sandbox_confine(&w->layers, e) < 0)
		return -1;
	(void)sem_init(&w->started, 0, 0);
	error = pthread_create(thread, NULL, run_handshakes, w);
	if (error != 0)
		return errmsg_set_errno(e, error, "thread");
	while (sem_wait(&w->started) < 0)
		continue;
	if (w->filtered < 0)
		*e = w->why;
	return w->filtered;
}

static int
run(struct worker *w, struct errmsg *e)
{
	pthread_t handshakes;

	if (start_handshakes(w, &handshakes, e) < 0)
		return -1;
	echo_run(&w->echo);
	(void)pthread_join(handshakes, NULL);
	handshakes_fini(&w->handshakes);
	echo_fini(&w->echo);
	conn_queue_fini(&w->queue);
	stats_table_fini(&w->table);
	supply_close(&w->supply);
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

/*
 * As soon as it can: what comes then needs no rights. A change of user undoes
 * what a process asked for about its parent's death, so that comes after it.
 */
static int
drop_user(const struct config *config, struct errmsg *e)
{
	int result =
	    config->user.text != NULL ? user_become(&config->user, e) : 0;

	child_go_on_without_parent();
	return result;
}

int
worker_run(const struct worker_setup *setup)
{
	struct worker w;
	struct errmsg e;

	ASSERT(setup->index < setup->slots);
	log_set_worker(setup->index);
	pin(setup);
	if (drop_user(setup->config, &e) < 0 || init(&w, setup, &e) < 0 ||
	    run(&w, &e) < 0) {
		log_error("worker %u: %s", setup->index, e.text);
		return 1;
	}
	return 0;
}

void
worker_forget(struct stats_shm *stats, struct limits *limits, unsigned index)
{
	struct stats_slot *slot = stats_shm_slot(stats, 1 + index);
	struct stats_shard *shard = &slot->shards[STATS_SHARD_MASTER];
	uint64_t open = stats_slot_open(slot);

	atomic_store(&slot->state, STATS_SLOT_EMPTY);
	atomic_store(&slot->pid, 0);
	/* Or it was in the slot of another segment. */
	if (atomic_load(&slot->started_ns) != 0)
		stats_shm_clear_rows(stats, 1 + index);
	balancer_clear_dead(slot);
	limits_forget(limits, index);
	stats_add(shard, STATS_ENDED_WORKER_DIED, open);
	stats_add(shard, STATS_ENDED, open);
	for (int i = 0; i < STATS_SHARDS; i++)
		atomic_store(&slot->shards[i].busy_since_ns, 0);
}

void
worker_pass_on(struct stats_shm *stats, const struct inbox *inboxes,
    unsigned slots, unsigned index)
{
	struct balancer b;

	balancer_init(&b, stats_shm_slot(stats, 1), inboxes, slots, index);
	balancer_pass_on(&b);
}
