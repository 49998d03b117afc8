/*
 * rr_open: messages begin when they are due, whatever has become of earlier
 * ones. The worker's event i belongs to connection i % connections, so that no
 * queue is needed of those that wait for their turn on a connection.
 */
#include "client/load/kinds.h"
#include "client/load/rr.h"
#include "client/load/schedule.h"
#include "client/tally.h"
#include "common/base/clock.h"

struct open_loop {
	struct rr rr;
	struct schedule schedule;
};

struct open_flow {
	struct rr_flow rr;
	uint64_t event; /* of its next message */
};

static void
start(struct load *l, int64_t start_ns)
{
	struct open_loop *o = (struct open_loop *)l;

	schedule_init(
	    &o->schedule, l->options, l->group.worker, start_ns, l->stop_ns);
	for (unsigned i = 0; i < l->count; i++)
		((struct open_flow *)load_flow(l, i))->event = i;
}

/*
 * A message for which the flow has no room waits for an echo, or for the next
 * connection; for ever, if neither comes before the load gives up.
 */
static void
begin_due(struct open_loop *o, struct flow *f)
{
	struct open_flow *of = (struct open_flow *)f;

	while (of->event < o->schedule.noticed && rr_has_room(f) &&
	    !load_has_given_up(&o->rr.load)) {
		tally_add(f->group->tally, TALLY_STARTED, 1);
		flow_begin(f, schedule_time(&o->schedule, of->event));
		of->event += o->rr.load.count;
	}
}

static bool
is_to_connect(const struct open_loop *o)
{
	return rr_can_connect(&o->rr) && !load_has_given_up(&o->rr.load);
}

/* Looks at the clock itself: the turn may have begun long ago. */
static void
notice(struct load *l)
{
	struct open_loop *o = (struct open_loop *)l;
	uint64_t first = o->schedule.noticed;
	uint64_t n;

	schedule_notice(&o->schedule, l->group.tally, clock_now_ns());
	n = o->schedule.noticed - first;
	for (uint64_t i = 0; i < n && i < l->count; i++)
		begin_due(o, load_flow(l, (unsigned)((first + i) % l->count)));
}

static void
turn(struct load *l, int64_t turn_ns)
{
	struct open_loop *o = (struct open_loop *)l;

	if (l->group.stopping)
		return;
	while (is_to_connect(o) && pace_take(&l->pace, turn_ns))
		rr_connect(&o->rr);
	notice(l);
}

/* Before the start nothing is due. */
static void
on_open(struct flow *f)
{
	begin_due((struct open_loop *)load_of(f), f);
	if (f->group->stopping)
		flow_stop(f);
}

static void
on_echo(struct flow *f)
{
	if (!rr_leave(f))
		begin_due((struct open_loop *)load_of(f), f);
}

/* Its next message may be due only later. */
static void
on_over(struct flow *f)
{
	const struct open_loop *o = (const struct open_loop *)load_of(f);
	const struct open_flow *of = (const struct open_flow *)f;

	rr_on_over(f, !o->rr.load.started || of->event < o->schedule.events);
}

static int64_t
wait_ns(const struct load *l, int64_t now_ns)
{
	const struct open_loop *o = (const struct open_loop *)l;

	int64_t due_ns = schedule_wait_ns(&o->schedule, now_ns);
	int64_t connect_ns = timeq_min_wait(
	    pace_wait_ns(&l->pace, now_ns), l->give_up_ns - now_ns);

	return is_to_connect(o) ? timeq_min_wait(due_ns, connect_ns) : due_ns;
}

static bool
is_over(const struct load *l)
{
	const struct open_loop *o = (const struct open_loop *)l;

	return rr_is_quiet(&o->rr) && !is_to_connect(o) &&
	    (l->group.stopping || schedule_is_done(&o->schedule));
}

const struct load_kind load_rr_open = {
	.flow_ops = &(const struct flow_ops){ .on_open = on_open,
	    .on_echo = on_echo,
	    .on_over = on_over },
	.size = sizeof(struct open_loop),
	.flow_size = sizeof(struct open_flow),
	.keeps_connections = true,
	.init = rr_init,
	.start = start,
	.turn = turn,
	.wait_ns = wait_ns,
	.is_over = is_over,
};
