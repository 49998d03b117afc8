/* load: what all kinds have in common; see the header. */
#include "client/load.h"

#include <stdlib.h>

#include "client/options.h"
#include "client/share.h"

/*
 * Connects and handshakes that a worker has under way at a time. All at once
 * for as many as most people ask for, and still few enough that 10,000 do not
 * overrun the server's queue of connections or time out waiting for our CPU.
 */
enum {
	CONNECTING_MAX = 256
};

int
load_init(struct load *l, const struct load_kind *kind, const struct options *o,
    unsigned worker, struct errmsg *e)
{
	unsigned pipeline = (unsigned)o->pipeline;

	l->kind = kind;
	l->options = o;
	l->group.ops = &kind->flow_ops;
	l->group.worker = worker;
	l->budget = share_round_trips(o, worker);
	l->count = (unsigned)share_of(o->connections, o->workers, worker);
	l->flows = calloc(l->count, sizeof *l->flows);
	l->slots = calloc((size_t)l->count * pipeline, sizeof *l->slots);
	if (l->flows == NULL || l->slots == NULL)
		return errmsg_set(e, "connections: out of memory");
	flow_group_init(&l->group, o->timeout_ns);
	for (unsigned i = 0; i < l->count; i++)
		flow_init(&l->flows[i], &l->group,
		    worker + i * (unsigned)o->workers,
		    &l->slots[(size_t)i * pipeline], pipeline);
	if (!kind->keeps_connections)
		l->begun = l->count;
	if (kind->init != NULL && kind->init(l) < 0)
		return errmsg_set(e, "connections: out of memory");
	return 0;
}

const struct load_kind *
load_choose(const struct options *o)
{
	if (o->handshakes)
		return &load_visits;
	if (o->idle)
		return &load_idle;
	return o->rate > 0 ? &load_open : &load_closed;
}

void
load_fini(struct load *l)
{
	tickets_fini(&l->tickets);
	free(l->flows);
	free(l->slots);
	l->flows = NULL;
	l->slots = NULL;
}

void
load_connect_more(struct load *l)
{
	const struct flow_group *g = &l->group;

	while (l->begun < l->count && g->connecting + g->busy < CONNECTING_MAX)
		flow_connect(&l->flows[l->begun++]);
}

bool
load_is_connected(const struct load *l)
{
	return l->begun == l->count && l->group.connecting == 0 &&
	    l->group.busy == 0;
}

void
load_start(struct load *l, int64_t start_ns, int64_t stop_ns)
{
	l->started = true;
	l->stop_ns = stop_ns;
	if (l->options->rate > 0)
		schedule_init(&l->schedule, l->options, l->group.worker,
		    start_ns, stop_ns);
	if (l->kind->start != NULL)
		l->kind->start(l);
}

void
load_turn(struct load *l)
{
	int64_t now_ns = l->group.loop->now_ns;

	flow_group_expire(&l->group, now_ns);
	if (l->started && l->kind->turn != NULL)
		l->kind->turn(l, now_ns);
}

int64_t
load_wait_ns(const struct load *l)
{
	int64_t now_ns = l->group.loop->now_ns;
	int64_t timeouts_ns = flow_group_wait_ns(&l->group, now_ns);

	if (!l->started || l->group.stopping || l->kind->wait_ns == NULL ||
	    load_is_over(l))
		return timeouts_ns;
	return timeq_min_wait(timeouts_ns, l->kind->wait_ns(l, now_ns));
}

bool
load_is_over(const struct load *l)
{
	return l->started && l->kind->is_over(l);
}

void
load_stop(struct load *l)
{
	l->group.stopping = true;
	l->begun = l->count;
	if (!l->kind->keeps_connections)
		return; /* they end by themselves */
	for (unsigned i = 0; i < l->count; i++)
		flow_stop(&l->flows[i]);
}

bool
load_is_gone(const struct load *l)
{
	return l->begun == l->count && conn_loop_count(l->group.loop) == 0 &&
	    (l->kind->keeps_connections || l->group.stopping);
}
