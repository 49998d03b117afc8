/* runner: a worker's loop; see the header. */
#include "client/runner.h"

#include <errno.h>
#include <stdbool.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include "client/load.h"
#include "client/options.h"
#include "client/payload.h"
#include "client/tally.h"
#include "common/clock.h"
#include "common/conn.h"

struct runner {
	struct conn_loop loop;
	struct payload payload;
	struct load load;
	struct io_watch control;
	int64_t started_ns;
	int64_t cpu_before_ns; /* what was used before the start */
	bool said_connected;
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
start(struct runner *r, const struct runner_order *order)
{
	r->cpu_before_ns = cpu_ns();
	r->started_ns = order->start_ns;
	load_start(&r->load, order->start_ns, order->stop_ns);
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
		start(r, &order);
		break;
	case RUNNER_STOP:
		load_stop(&r->load);
		break;
	}
}

static void
on_turn(void *owner)
{
	load_turn(owner);
}

static int
init(struct runner *r, const struct runner_task *task, struct errmsg *e)
{
	const struct options *o = task->options;
	const struct conn_loop_options loop_options = {
		.lane = &task->tally->lane,
		.handshake_timeout_ns = o->handshake_timeout_ns,
		.connect_timeout_ns = o->connect_timeout_ns,
		.on_turn = on_turn,
		.owner = &r->load,
	};
	uint64_t seed;
	int error;

	/* Sleep as long as asked for, not 50 us more: prctl(2). */
	(void)prctl(PR_SET_TIMERSLACK, 1UL, 0UL, 0UL, 0UL);
	if (getrandom(&seed, sizeof seed, 0) != (ssize_t)sizeof seed)
		return errmsg_set_errno(e, errno, "getrandom");
	if (conn_loop_init(&r->loop, &loop_options, e) < 0 ||
	    payload_init(&r->payload, o->size_min, o->size_max, seed, e) < 0)
		return -1;
	r->load.group = (struct flow_group){ .loop = &r->loop,
		.payload = &r->payload,
		.tally = task->tally,
		.addrs = task->addrs,
		.creds = task->creds,
		.peer_name = o->peer_name,
		.facts_fd = task->facts_fd };
	error =
	    io_watch_add(r->loop.io, &r->control, task->control_fd, on_control);
	if (error != 0)
		return errmsg_set_errno(e, -error, "control socket");
	return load_init(&r->load, load_choose(o), o, task->worker, e);
}

static void
say_connected(struct runner *r)
{
	if (r->said_connected || !load_is_connected(&r->load))
		return;
	r->said_connected = true;
	say(r, RUNNER_CONNECTED);
}

/* What comes later, such as the goodbyes, is not part of the run. */
static void
finish(struct runner *r)
{
	struct tally *tally = r->load.group.tally;

	r->finished = true;
	if (r->loop.now_ns > r->started_ns)
		tally_add(tally, TALLY_RUN_NS,
		    (uint64_t)(r->loop.now_ns - r->started_ns));
	tally_add(tally, TALLY_CPU_NS, (uint64_t)(cpu_ns() - r->cpu_before_ns));
	atomic_store(&tally->finished_ns, r->loop.now_ns);
	say(r, RUNNER_FINISHED);
}

static void
turn(struct runner *r)
{
	conn_loop_turn(&r->loop, load_wait_ns(&r->load));
	if (!r->finished && load_is_over(&r->load))
		finish(r);
}

static void
run(struct runner *r)
{
	while (!r->orphaned) {
		load_connect_more(&r->load);
		if (load_is_gone(&r->load))
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
	load_fini(&r->load);
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
