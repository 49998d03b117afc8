/* flow_group: set-up, and the timers of messages; see the header. */
#include "client/load/flow_group.h"

#include "client/job.h"
#include "client/load/dial.h"
#include "client/load/flow.h"
#include "client/options.h"
#include "client/tally.h"
#include "common/base/assertion.h"
#include "common/conn/loop.h"

enum {
	RECHECKS = 16 /* a timeout may be late by this fraction of it */
};

void
flow_group_init(struct flow_group *g, const struct flow_ops *ops,
    const struct job *job, unsigned worker, struct conn_loop *loop,
    struct payload *payload)
{
	const struct options *o = job->options;

	ASSERT(worker < o->workers && o->timeout_ns > 0);
	*g = (struct flow_group){ .ops = ops,
		.loop = loop,
		.payload = payload,
		.tally = &job->tallies[worker],
		.addrs = job->addrs,
		.sources = &o->sources,
		.keepalive = &o->keepalive,
		.turn = worker,
		.identities = job->identities,
		.outcomes = job->outcomes,
		.workers = (unsigned)o->workers,
		.creds = job->creds,
		.peer_name = o->peer_name,
		.hello_size = o->hello_size,
		.splits_hello = o->splits_hello,
		.no_echo = o->no_echo,
		.worker = worker,
		.is_open_loop = o->rate > 0 && !o->handshakes,
		.info_fd = o->verbose ? job->text_fd : -1,
		.greeting_fd = o->whoami ? job->text_fd : -1 };
	timeq_init(&g->round_trips, o->timeout_ns);
	timeq_init(&g->rechecks, o->timeout_ns / RECHECKS);
	timeq_init(&g->races,
	    dial_head_start_ns(job->addrs->count, o->connect_timeout_ns));
	timeq_init(&g->attempts, o->connect_timeout_ns);
}

/*
 * One timer serves many messages: it is cheaper to look again when it expires
 * than to arm it for each.
 */
void
flow_group_watch(struct flow_group *g, struct flow *f)
{
	if (f->timer.deadline_ns == 0)
		timeq_arm(&g->round_trips, &f->timer, g->loop->now_ns);
}

static void
check(struct flow *f, int64_t now_ns)
{
	struct flow_group *g = f->group;
	int64_t began_ns;

	if (inflight_is_empty(&f->inflight))
		return;
	began_ns = inflight_oldest(&f->inflight);
	if (began_ns != 0 && now_ns - began_ns >= g->round_trips.duration_ns)
		conn_abort(&f->conn, REASON_ROUND_TRIP_TIMEOUT);
	else
		timeq_arm(&g->rechecks, &f->timer, now_ns);
}

void
flow_group_expire(struct flow_group *g, int64_t now_ns)
{
	struct timeq *const queues[] = { &g->round_trips, &g->rechecks };
	struct timeq_timer *timer;

	for (size_t i = 0; i < sizeof queues / sizeof *queues; i++)
		while ((timer = timeq_expired(queues[i], now_ns)) != NULL)
			check(CONTAINER_OF(timer, struct flow, timer), now_ns);
	while ((timer = timeq_expired(&g->races, now_ns)) != NULL)
		dial_race(CONTAINER_OF(timer, struct flow, timer));
	while ((timer = timeq_expired(&g->attempts, now_ns)) != NULL)
		dial_give_up(CONTAINER_OF(timer, struct flow, limit));
}

int64_t
flow_group_wait_ns(const struct flow_group *g, int64_t now_ns)
{
	int64_t messages_ns =
	    timeq_min_wait(timeq_wait_ns(&g->round_trips, now_ns),
		timeq_wait_ns(&g->rechecks, now_ns));

	int64_t connects_ns = timeq_min_wait(timeq_wait_ns(&g->races, now_ns),
	    timeq_wait_ns(&g->attempts, now_ns));

	return timeq_min_wait(messages_ns, connects_ns);
}
