/* worker: orders, reports, and the turns of the loop; see the header. */
#include "client/load/worker.h"

#include <errno.h>
#include <stdbool.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <time.h>

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
	const struct worker_setup *setup;
	int64_t started_ns; /* of what is counted */
	bool warming_up;    /* until then, into another tally */
	bool connected;     /* and said so */
	bool finished;      /* and said so */
	bool mismatched;    /* and said so */
	bool orphaned;      /* the master is dead */
};

/* Of this process, by the clock that the master reads, too. */
static int64_t
cpu_ns(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (int64_t)t.tv_sec * CLOCK_NS_PER_S + t.tv_nsec;
}

static void
count_into(struct worker *w, struct tally *tally)
{
	w->load->group.tally = tally;
	w->loop.shard = &tally->shard;
}

static void
end_warmup(struct worker *w)
{
	struct tally *tally = &w->setup->job->tallies[w->setup->index];

	w->warming_up = false;
	count_into(w, tally);
	atomic_store(&tally->cpu_before_ns, cpu_ns());
}

static void
start(struct worker *w, const struct control_order *order)
{
	const struct job *job = w->setup->job;

	w->started_ns = order->start_ns + job->options->warmup_ns;
	w->warming_up = job->options->warmup_ns > 0;
	if (w->warming_up)
		count_into(w, &job->warmups[w->setup->index]);
	else
		atomic_store(&w->load->group.tally->cpu_before_ns, cpu_ns());
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
	case CONTROL_ABORT:
		load_abort(w->load);
		break;
	}
}

static void
on_turn(void *owner)
{
	struct worker *w = owner;

	if (w->warming_up && w->loop.now_ns >= w->started_ns)
		end_warmup(w);
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

static bool
has_mismatch(const struct worker *w)
{
	const struct job *job = w->setup->job;
	unsigned i = w->setup->index;

	return job->tallies[i].mismatch.time_ns != 0 ||
	    (job->options->warmup_ns > 0 &&
		job->warmups[i].mismatch.time_ns != 0);
}

/* Figures after a wrong byte are worth nothing: the master ends the run. */
static void
report_mismatch(struct worker *w)
{
	if (w->mismatched || !has_mismatch(w))
		return;
	w->mismatched = true;
	control_send_report(w->control.fd, CONTROL_MISMATCH);
}

/* What comes later, such as close_notify, is not part of the run. */
static void
finish(struct worker *w)
{
	struct tally *tally;

	if (w->warming_up)
		end_warmup(w);
	tally = w->load->group.tally;
	w->finished = true;
	if (w->loop.now_ns > w->started_ns)
		tally_add(tally, TALLY_RUN_NS,
		    (uint64_t)(w->loop.now_ns - w->started_ns));
	tally_add(tally, TALLY_CPU_NS,
	    (uint64_t)(cpu_ns() - atomic_load(&tally->cpu_before_ns)));
	atomic_store(&tally->finished_ns, w->loop.now_ns);
	control_send_report(w->control.fd, CONTROL_FINISHED);
}

/* All workers end their warm-up at the same moment of the clock. */
static int64_t
wait_ns(const struct worker *w)
{
	int64_t left_ns = w->started_ns - w->loop.now_ns;

	if (!w->warming_up)
		return load_wait_ns(w->load);
	return timeq_min_wait(load_wait_ns(w->load), left_ns > 0 ? left_ns : 0);
}

/* Whatever ends the load, it is noticed here, before the worker leaves. */
static void
run(struct worker *w)
{
	while (!w->orphaned) {
		load_connect_more(w->load);
		report_mismatch(w);
		if (!w->finished && load_is_over(w->load))
			finish(w);
		if (load_is_gone(w->load))
			break;
		report_connected(w);
		conn_loop_turn(&w->loop, wait_ns(w));
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
	struct worker w = { .setup = setup };
	int result =
	    init(&w, setup, &setup->job->tallies[setup->index].trouble);

	if (result == 0)
		run(&w);
	fini(&w);
	return result == 0 && !w.orphaned ? 0 : 1;
}
