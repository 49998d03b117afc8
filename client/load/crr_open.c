/*
 * crr_open: transactions in an open loop: they begin when they are due. Those
 * for which no flow is free wait, in order.
 */
#include "client/load/crr.h"
#include "client/load/kinds.h"
#include "client/load/schedule.h"
#include "client/tally.h"
#include "common/base/clock.h"

struct open_crr {
	struct crr crr;
	struct schedule schedule;
	uint64_t begun; /* of the events that were noticed */
};

static void
start(struct load *l, int64_t start_ns)
{
	struct open_crr *o = (struct open_crr *)l;

	schedule_init(
	    &o->schedule, l->options, l->group.worker, start_ns, l->stop_ns);
}

/* Some wait for a free flow, and may still have one. */
static bool
has_due(const struct open_crr *o)
{
	ASSERT(o->begun <= o->schedule.noticed);
	return o->begun < o->schedule.noticed &&
	    !load_has_given_up(&o->crr.load);
}

/* Looks at the clock itself: the turn may have begun long ago. */
static void
begin_due(struct open_crr *o)
{
	struct schedule *s = &o->schedule;
	struct tally *tally = o->crr.load.group.tally;
	uint64_t first_new = s->noticed;

	schedule_notice(s, tally, clock_now_ns());
	while (crr_can_begin(&o->crr) && has_due(o)) {
		tally_add(tally, TALLY_STARTED, 1);
		crr_begin(&o->crr, schedule_time(s, o->begun++));
	}
	if (first_new < o->begun)
		first_new = o->begun;
	tally_add(tally, TALLY_CROWDED, s->noticed - first_new);
}

static void
turn(struct load *l, int64_t now_ns)
{
	struct open_crr *o = (struct open_crr *)l;

	crr_wake(&o->crr, now_ns);
	if (!l->group.stopping)
		begin_due(o);
}

static int64_t
wait_ns(const struct load *l, int64_t now_ns)
{
	const struct open_crr *o = (const struct open_crr *)l;
	int64_t due_ns = schedule_wait_ns(&o->schedule, now_ns);

	if (!has_due(o))
		return due_ns;
	return timeq_min_wait(due_ns, crr_wait_ns(&o->crr, now_ns));
}

static bool
is_over(const struct load *l)
{
	const struct open_crr *o = (const struct open_crr *)l;

	return o->crr.active == 0 &&
	    (l->group.stopping ||
		(schedule_is_done(&o->schedule) && !has_due(o)));
}

const struct load_kind load_crr_open = {
	.flow_ops = &crr_flow_ops,
	.size = sizeof(struct open_crr),
	.flow_size = sizeof(struct crr_flow),
	.init = crr_init,
	.start = start,
	.turn = turn,
	.wait_ns = wait_ns,
	.is_over = is_over,
};
