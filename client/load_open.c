/*
 * load_open: echoes in an open loop: messages begin when they are due, whatever
 * has become of those before. The worker's event i belongs to connection i %
 * connections, so that no queue is needed of those that wait for their turn
 * there.
 */
#include "client/load.h"
#include "client/tally.h"
#include "common/clock.h"

static void
start(struct load *l)
{
	for (unsigned i = 0; i < l->count; i++)
		l->flows[i].event = i;
}

/*
 * What the connection's window has no room for waits for an echo; for ever, if
 * it is no longer wanted by then.
 */
static void
begin_due(struct load *l, struct flow *f)
{
	while (f->event < l->schedule.noticed && flow_is_open(f) &&
	    !window_is_full(&f->window) && !l->group.stopping) {
		tally_add(l->group.tally, TALLY_STARTED, 1);
		flow_begin(f, schedule_time(&l->schedule, f->event));
		f->event += l->count;
	}
}

/* A look at the clock of its own: the turn may have begun long ago. */
static void
turn(struct load *l, int64_t turn_ns)
{
	uint64_t first = l->schedule.noticed;
	uint64_t n;

	(void)turn_ns;
	if (l->group.stopping)
		return;
	schedule_notice(&l->schedule, l->group.tally, clock_now_ns());
	n = l->schedule.noticed - first;
	for (uint64_t i = 0; i < n && i < l->count; i++)
		begin_due(l, &l->flows[(first + i) % l->count]);
}

static void
on_echo(struct flow *f)
{
	begin_due(load_of(f), f);
}

static int64_t
wait_ns(const struct load *l, int64_t now_ns)
{
	return schedule_wait_ns(&l->schedule, now_ns);
}

static bool
is_over(const struct load *l)
{
	return l->group.busy == 0 &&
	    (l->group.stopping || schedule_is_done(&l->schedule));
}

const struct load_kind load_open = {
	.flow_ops = { .on_echo = on_echo },
	.keeps_connections = true,
	.start = start,
	.turn = turn,
	.wait_ns = wait_ns,
	.is_over = is_over,
};
