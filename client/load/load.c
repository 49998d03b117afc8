/* load: what all kinds have in common; see the header. */
#include "client/load/load.h"

#include <stdlib.h>

#include "client/job.h"
#include "client/options.h"
#include "client/quota.h"
#include "common/base/clock.h"

/* -1 when there is no memory. */
static int
init_flows(struct load *l)
{
	unsigned worker = l->group.worker;
	unsigned workers = (unsigned)l->options->workers;
	unsigned pipeline = (unsigned)l->options->pipeline;

	l->count = (unsigned)quota_of(l->options->connections, workers, worker);
	l->flows = calloc(l->count, l->kind->flow_size);
	l->slots = calloc((size_t)l->count * pipeline, sizeof *l->slots);
	if (l->flows == NULL || l->slots == NULL)
		return -1;
	for (unsigned i = 0; i < l->count; i++)
		flow_init(load_flow(l, i), &l->group, worker + i * workers,
		    &l->slots[(size_t)i * pipeline], pipeline);
	return 0;
}

static int
init_resumption(struct load *l)
{
	unsigned percent = (unsigned)l->options->resume_percent;

	if (percent == 0)
		return 0;
	l->group.resumption = &l->resumption;
	return resumption_init(&l->resumption, percent, l->count,
	    flow_group_identities(&l->group));
}

struct load *
load_new(const struct load_kind *kind, const struct job *job, unsigned worker,
    struct conn_loop *loop, struct payload *payload, struct errmsg *e)
{
	struct load *l = calloc(1, kind->size);

	ASSERT(kind->size >= sizeof(struct load));
	ASSERT(kind->flow_size >= sizeof(struct flow));
	if (l == NULL)
		goto fail;
	l->kind = kind;
	l->options = job->options;
	l->budget = quota_round_trips(job->options, worker);
	pace_init(&l->pace, job->options->connect_rate, worker,
	    (unsigned)job->options->workers, clock_now_ns());
	flow_group_init(&l->group, kind->flow_ops, job, worker, loop, payload);
	if (init_flows(l) < 0 || init_resumption(l) < 0 ||
	    (kind->init != NULL && kind->init(l) < 0))
		goto fail;
	if (!kind->keeps_connections)
		l->begun = l->count;
	return l;
fail:
	load_free(&l);
	(void)errmsg_set(e, "connections: out of memory");
	return NULL;
}

void
load_free(struct load **load)
{
	struct load *l = *load;

	*load = NULL;
	if (l == NULL)
		return;
	ASSERT(l->group.connecting == 0 && l->group.busy == 0);
	resumption_fini(&l->resumption);
	for (unsigned i = 0; l->flows != NULL && i < l->count; i++)
		flow_fini(load_flow(l, i));
	free(l->flows);
	free(l->slots);
	free(l);
}

static bool
has_more_to_connect(const struct load *l)
{
	return l->begun < l->count && flow_group_has_room(&l->group);
}

void
load_connect_more(struct load *l)
{
	int64_t now_ns = l->group.loop->now_ns;

	while (has_more_to_connect(l) && pace_take(&l->pace, now_ns))
		flow_connect(load_flow(l, l->begun++));
}

bool
load_is_connected(const struct load *l)
{
	return l->begun == l->count && l->group.connecting == 0 &&
	    l->group.busy == 0;
}

static int64_t
give_up_at(const struct options *o, int64_t start_ns, int64_t stop_ns)
{
	if (o->rate == 0 || (stop_ns == INT64_MAX && o->round_trips == 0))
		return INT64_MAX;
	if (stop_ns == INT64_MAX)
		stop_ns = start_ns + options_length_ns(o);
	return stop_ns + o->grace_ns;
}

void
load_start(struct load *l, int64_t start_ns, int64_t stop_ns)
{
	ASSERT(!l->started);
	l->started = true;
	l->stop_ns = stop_ns;
	l->give_up_ns = give_up_at(l->options, start_ns, stop_ns);
	if (l->kind->start != NULL)
		l->kind->start(l, start_ns);
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

	if (has_more_to_connect(l))
		timeouts_ns =
		    timeq_min_wait(timeouts_ns, pace_wait_ns(&l->pace, now_ns));
	if (!l->started || l->group.stopping || l->kind->wait_ns == NULL ||
	    load_is_over(l))
		return timeouts_ns;
	return timeq_min_wait(timeouts_ns, l->kind->wait_ns(l, now_ns));
}

bool
load_has_given_up(const struct load *l)
{
	return l->group.stopping || l->group.loop->now_ns >= l->give_up_ns;
}

/* Without connections that are kept there is no load. */
static bool
has_lost_all(const struct load *l)
{
	return l->kind->keeps_connections && l->absent == 0 &&
	    conn_loop_count(l->group.loop) == 0;
}

bool
load_is_over(const struct load *l)
{
	return l->started && (has_lost_all(l) || l->kind->is_over(l));
}

/* With --reconnect; it closes as soon as it is open. */
static bool
opens_again(const struct load *l, const struct flow *f)
{
	return l->started && l->options->reconnect > 0 &&
	    f->state == FLOW_CONNECTING;
}

void
load_stop(struct load *l)
{
	l->group.stopping = true;
	l->begun = l->count;
	if (!l->kind->keeps_connections)
		return; /* each ends with its transaction */
	for (unsigned i = 0; i < l->count; i++)
		if (!opens_again(l, load_flow(l, i)))
			flow_stop(load_flow(l, i));
}

void
load_abort(struct load *l)
{
	l->group.stopping = true;
	l->begun = l->count;
	conn_loop_abort_all(l->group.loop, REASON_DRAINED);
}

bool
load_is_gone(const struct load *l)
{
	return l->begun == l->count && conn_loop_count(l->group.loop) == 0 &&
	    (l->group.stopping ||
		(l->kind->keeps_connections && l->absent == 0));
}
