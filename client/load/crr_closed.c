/* crr_closed: visits in a closed loop: whoever is free begins one. */
#include "client/load/crr.h"

static void
turn(struct load *l, int64_t now_ns)
{
	struct visits *v = (struct visits *)l;

	visits_wake(v, now_ns);
	while (visits_can_begin(v) && load_may_begin(l)) {
		l->budget--;
		visits_begin(v, now_ns);
	}
}

static int64_t
wait_ns(const struct load *l, int64_t now_ns)
{
	return load_may_begin(l)
	    ? visits_wait_ns((const struct visits *)l, now_ns)
	    : -1;
}

static bool
is_over(const struct load *l)
{
	const struct visits *v = (const struct visits *)l;

	return v->active == 0 && !load_may_begin(l);
}

const struct load_kind load_visits_closed = {
	.flow_ops = &visits_flow_ops,
	.size = sizeof(struct visits),
	.init = visits_init,
	.fini = visits_fini,
	.turn = turn,
	.wait_ns = wait_ns,
	.is_over = is_over,
};
