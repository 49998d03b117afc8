/*
 * rr_open: messages begin when they are due, whatever has become of earlier
 * ones. The worker's event i belongs to connection i % connections, so that no
 * queue is needed of those that wait for their turn on a connection.
 */
#include "client/load/kinds.h"
#include "client/load/load.h"
#include "client/load/schedule.h"
#include "client/tally.h"
#include "common/base/clock.h"

struct open_loop {
	struct load load;
	struct schedule schedule;
};

struct open_flow {
	struct flow flow;
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
 * A message for which the flow has no room waits for an echo; for ever, if no
 * echo comes before the load gives up.
 */
static void
begin_due(struct open_loop *o, struct flow *f)
{
	struct open_flow *of = (struct open_flow *)f;

	while (of->event < o->schedule.noticed && flow_is_open(f) &&
	    !inflight_is_full(&f->inflight) && !load_has_given_up(&o->load)) {
		tally_add(f->group->tally, TALLY_STARTED, 1);
		flow_begin(f, schedule_time(&o->schedule, of->event));
		of->event += o->load.count;
	}
}

/* Looks at the clock itself: the turn may have begun long ago. */
static void
turn(struct load *l, int64_t turn_ns)
{
	struct open_loop *o = (struct open_loop *)l;
	uint64_t first = o->schedule.noticed;
	uint64_t n;

	(void)turn_ns;
	if (l->group.stopping)
		return;
	schedule_notice(&o->schedule, l->group.tally, clock_now_ns());
	n = o->schedule.noticed - first;
	for (uint64_t i = 0; i < n && i < l->count; i++)
		begin_due(o, load_flow(l, (unsigned)((first + i) % l->count)));
}

static void
on_echo(struct flow *f)
{
	begin_due((struct open_loop *)load_of(f), f);
}

static int64_t
wait_ns(const struct load *l, int64_t now_ns)
{
	const struct open_loop *o = (const struct open_loop *)l;

	return schedule_wait_ns(&o->schedule, now_ns);
}

static bool
is_over(const struct load *l)
{
	const struct open_loop *o = (const struct open_loop *)l;

	return l->group.busy == 0 &&
	    (l->group.stopping || schedule_is_done(&o->schedule));
}

const struct load_kind load_rr_open = {
	.flow_ops = &(const struct flow_ops){ .on_echo = on_echo },
	.size = sizeof(struct open_loop),
	.flow_size = sizeof(struct open_flow),
	.keeps_connections = true,
	.start = start,
	.turn = turn,
	.wait_ns = wait_ns,
	.is_over = is_over,
};
