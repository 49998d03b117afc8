/* crr_closed: transactions in a closed loop: a free flow begins one. */
#include "client/load/crr.h"
#include "client/load/kinds.h"

static void
turn(struct load *l, int64_t now_ns)
{
	struct crr *c = (struct crr *)l;

	crr_wake(c, now_ns);
	while (crr_can_begin(c) && load_may_begin(l) &&
	    pace_take(&l->pace, now_ns)) {
		l->budget--;
		crr_begin(c, now_ns);
	}
}

static int64_t
wait_ns(const struct load *l, int64_t now_ns)
{
	if (!load_may_begin(l))
		return -1;
	return timeq_min_wait(
	    crr_wait_ns((const struct crr *)l, now_ns), l->stop_ns - now_ns);
}

static bool
is_over(const struct load *l)
{
	const struct crr *c = (const struct crr *)l;

	return c->active == 0 && !load_may_begin(l);
}

const struct load_kind load_crr_closed = {
	.flow_ops = &crr_flow_ops,
	.size = sizeof(struct crr),
	.flow_size = sizeof(struct crr_flow),
	.init = crr_init,
	.turn = turn,
	.wait_ns = wait_ns,
	.is_over = is_over,
};
