/* runner: a worker's loop; see the header. */
#include "client/runner.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include "client/flow.h"
#include "client/options.h"
#include "client/payload.h"
#include "client/tally.h"
#include "common/clock.h"
#include "common/conn.h"

/*
 * Connects and handshakes that a worker has under way at a time. All at once
 * for as many as most people ask for, and still few enough that 10,000 do not
 * overrun the server's queue of connections or time out waiting for our CPU.
 */
enum {
	CONNECTING_MAX = 256
};

struct runner {
	struct conn_loop loop;
	struct payload payload;
	struct flow_group group;
	struct io_watch control;
	struct flow *flows;
	unsigned count;
	unsigned begun;        /* of count, in order */
	int64_t cpu_before_ns; /* what was used before the start */
	bool said_connected;
	bool started;
	bool finished;
	bool orphaned; /* the parent is dead */
};

uint64_t
runner_share(uint64_t total, uint64_t workers, unsigned worker)
{
	return total / workers + (worker < total % workers ? 1 : 0);
}

/*
 * Every connection gets as many, and the first ones one more each, so that with
 * fewer round trips than connections all are made by different ones.
 */
uint64_t
runner_budget(const struct options *o, unsigned worker)
{
	if (o->round_trips == 0)
		return UINT64_MAX;
	return o->round_trips / o->connections *
	    runner_share(o->connections, o->workers, worker) +
	    runner_share(o->round_trips % o->connections, o->workers, worker);
}

/* CPU time of this process, in user and kernel mode. */
static int64_t
cpu_ns(void)
{
	struct rusage usage;

	(void)getrusage(RUSAGE_SELF, &usage);
	return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) *
	    CLOCK_NS_PER_S +
	    (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * CLOCK_NS_PER_US;
}

/* A full socket cannot be: there are no more than two words. */
static void
say(const struct runner *r, enum runner_word word)
{
	const uint8_t byte = (uint8_t)word;

	(void)send(r->control.fd, &byte, sizeof byte, MSG_NOSIGNAL);
}

static void
start(struct runner *r, int64_t stop_ns)
{
	r->started = true;
	r->cpu_before_ns = cpu_ns();
	r->group.stop_ns = stop_ns;
	for (unsigned i = 0; i < r->count; i++)
		flow_start(&r->flows[i]);
}

static void
stop(struct runner *r)
{
	r->group.stopping = true;
	r->begun = r->count;
	for (unsigned i = 0; i < r->count; i++)
		flow_stop(&r->flows[i]);
}

static void
on_control(struct io_watch *watch)
{
	struct runner *r = LIST_OWNER(watch, struct runner, control);
	struct runner_order order;
	ssize_t n = recv(watch->fd, &order, sizeof order, 0);

	if (n != (ssize_t)sizeof order) {
		r->orphaned = n >= 0 || (errno != EAGAIN && errno != EINTR);
		return;
	}
	switch (order.kind) {
	case RUNNER_START:
		start(r, order.stop_ns);
		break;
	case RUNNER_STOP:
		stop(r);
		break;
	}
}

static int
init_flows(struct runner *r, const struct runner_task *task, struct errmsg *e)
{
	const struct options *o = task->options;

	r->count =
	    (unsigned)runner_share(o->connections, o->workers, task->worker);
	r->flows = calloc(r->count, sizeof *r->flows);
	if (r->flows == NULL)
		return errmsg_set(e, "connections: out of memory");
	for (unsigned i = 0; i < r->count; i++)
		flow_init(&r->flows[i], &r->group,
		    task->worker + i * (unsigned)o->workers);
	return 0;
}

static int
init(struct runner *r, const struct runner_task *task, struct errmsg *e)
{
	const struct options *o = task->options;
	const struct conn_loop_options loop_options = {
		.lane = &task->tally->lane,
		.handshake_timeout_ns = o->handshake_timeout_ns,
		.connect_timeout_ns = o->connect_timeout_ns,
	};
	uint64_t seed;
	int error;

	if (getrandom(&seed, sizeof seed, 0) != (ssize_t)sizeof seed)
		return errmsg_set_errno(e, errno, "getrandom");
	if (conn_loop_init(&r->loop, &loop_options, e) < 0 ||
	    payload_init(&r->payload, o->size_min, o->size_max, seed, e) < 0)
		return -1;
	r->group = (struct flow_group){ .loop = &r->loop,
		.payload = &r->payload,
		.tally = task->tally,
		.addrs = task->addrs,
		.creds = task->creds,
		.peer_name = o->peer_name,
		.budget = runner_budget(o, task->worker),
		.worker = task->worker,
		.facts_fd = task->facts_fd };
	timeq_init(&r->group.round_trips, o->timeout_ns);
	error =
	    io_watch_add(r->loop.io, &r->control, task->control_fd, on_control);
	if (error != 0)
		return errmsg_set_errno(e, -error, "control socket");
	return init_flows(r, task, e);
}

static void
connect_more(struct runner *r)
{
	while (r->begun < r->count && r->group.connecting < CONNECTING_MAX)
		flow_connect(&r->flows[r->begun++]);
}

static void
say_connected(struct runner *r)
{
	if (r->said_connected || r->begun < r->count || r->group.connecting > 0)
		return;
	r->said_connected = true;
	say(r, RUNNER_CONNECTED);
}

/* What comes later, such as the goodbyes, is not part of the run. */
static void
finish(struct runner *r)
{
	r->finished = true;
	tally_add(r->group.tally, TALLY_CPU_NS,
	    (uint64_t)(cpu_ns() - r->cpu_before_ns));
	say(r, RUNNER_FINISHED);
}

static void
turn(struct runner *r)
{
	struct flow_group *g = &r->group;

	conn_loop_turn(
	    &r->loop, timeq_wait_ns(&g->round_trips, r->loop.now_ns));
	flow_group_expire(g, r->loop.now_ns);
	if (r->started && !r->finished && g->busy == 0)
		finish(r);
}

static void
run(struct runner *r)
{
	while (!r->orphaned) {
		connect_more(r);
		if (r->begun == r->count && conn_loop_count(&r->loop) == 0)
			break;
		say_connected(r);
		turn(r);
	}
}

static void
fini(struct runner *r)
{
	if (r->loop.io != NULL) {
		conn_loop_abort_all(&r->loop, END_DRAINED);
		while (conn_loop_count(&r->loop) > 0)
			conn_loop_turn(&r->loop, 0);
		io_watch_remove(&r->control);
	}
	conn_loop_fini(&r->loop);
	payload_fini(&r->payload);
	free(r->flows);
}

int
runner_run(const struct runner_task *task)
{
	struct runner r = { 0 };
	int result = init(&r, task, &task->tally->trouble);

	if (result == 0)
		run(&r);
	fini(&r);
	return result == 0 && !r.orphaned ? 0 : 1;
}
