/* worker: orders, reports, and the turns of the loop; see the header. */
#include "client/load/worker.h"

#include <errno.h>
#include <stdbool.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/resource.h>

#include "client/control.h"
#include "client/job.h"
#include "client/load/kinds.h"
#include "client/load/load.h"
#include "client/load/payload.h"
#include "client/options.h"
#include "client/tally.h"
#include "common/base/clock.h"
#include "common/conn/conn.h"
#include "common/conn/loop.h"

struct worker {
	struct conn_loop loop;
	struct payload payload;
	struct load *load;
	struct io_watch control;
	int64_t started_ns;
	int64_t cpu_before_ns; /* CPU time used before the start */
	bool connected;        /* and said so */
	bool finished;         /* and said so */
	bool orphaned;         /* the master is dead */
};

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

static void
start(struct worker *w, const struct control_order *order)
{
	w->cpu_before_ns = cpu_ns();
	w->started_ns = order->start_ns;
	load_start(w->load, order->start_ns, order->stop_ns);
}

static void
on_control(struct io_watch *watch)
{
	struct worker *w = CONTAINER_OF(watch, struct worker, control);
	struct control_order order;
	enum control_result result = control_receive_order(watch->fd, &order);

	if (result == CONTROL_GONE)
		w->orphaned = true;
	if (result != CONTROL_GOT)
		return;
	switch (order.kind) {
	case CONTROL_START:
		start(w, &order);
		break;
	case CONTROL_STOP:
		load_stop(w->load);
		break;
	}
}

static void
on_turn(void *owner)
{
	const struct worker *w = owner;

	load_turn(w->load);
}

static int
init(struct worker *w, const struct worker_setup *setup, struct errmsg *e)
{
	const struct options *o = setup->job->options;
	struct tally *tally = &setup->job->tallies[setup->index];
	const struct conn_loop_options loop_options = {
		.shard = &tally->shard,
		.handshake_timeout_ns = o->handshake_timeout_ns,
		.connect_timeout_ns = o->connect_timeout_ns,
		.on_turn = on_turn,
		.owner = w,
	};
	uint64_t seed;
	int error;

	/* Sleep as long as asked for, not up to 50 us longer: prctl(2). */
	(void)prctl(PR_SET_TIMERSLACK, 1UL, 0UL, 0UL, 0UL);
	if (getrandom(&seed, sizeof seed, 0) != (ssize_t)sizeof seed)
		return errmsg_set_errno(e, errno, "getrandom");
	if (conn_loop_init(&w->loop, &loop_options, e) < 0 ||
	    payload_init(&w->payload, o->size_min, o->size_max, seed, e) < 0)
		return -1;
	error = io_watch_add(
	    w->loop.io, &w->control, setup->control_fd, on_control);
	if (error != 0)
		return errmsg_set_errno(e, -error, "control socket");
	w->load = load_new(kinds_choose(o), setup->job, setup->index, &w->loop,
	    &w->payload, e);
	return w->load != NULL ? 0 : -1;
}

static void
report_connected(struct worker *w)
{
	if (w->connected || !load_is_connected(w->load))
		return;
	w->connected = true;
	control_send_report(w->control.fd, CONTROL_CONNECTED);
}

/* What comes later, such as close_notify, is not part of the run. */
static void
finish(struct worker *w)
{
	struct tally *tally = w->load->group.tally;

	w->finished = true;
	if (w->loop.now_ns > w->started_ns)
		tally_add(tally, TALLY_RUN_NS,
		    (uint64_t)(w->loop.now_ns - w->started_ns));
	tally_add(tally, TALLY_CPU_NS, (uint64_t)(cpu_ns() - w->cpu_before_ns));
	atomic_store(&tally->finished_ns, w->loop.now_ns);
	control_send_report(w->control.fd, CONTROL_FINISHED);
}

/* Whatever ends the load, it is noticed here, before the worker leaves. */
static void
run(struct worker *w)
{
	while (!w->orphaned) {
		load_connect_more(w->load);
		if (!w->finished && load_is_over(w->load))
			finish(w);
		if (load_is_gone(w->load))
			break;
		report_connected(w);
		conn_loop_turn(&w->loop, load_wait_ns(w->load));
	}
}

static void
fini(struct worker *w)
{
	if (w->load != NULL)
		load_abort(w->load);
	while (conn_loop_count(&w->loop) > 0)
		conn_loop_turn(&w->loop, 0);
	io_watch_remove(&w->control);
	conn_loop_fini(&w->loop);
	payload_fini(&w->payload);
	load_free(&w->load);
}

int
worker_run(const struct worker_setup *setup)
{
	struct worker w = { 0 };
	int result =
	    init(&w, setup, &setup->job->tallies[setup->index].trouble);

	if (result == 0)
		run(&w);
	fini(&w);
	return result == 0 && !w.orphaned ? 0 : 1;
}
