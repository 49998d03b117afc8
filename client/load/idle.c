/*
 * idle: each connection is proven by one echo, held, and proven once more; with
 * --no-echo it is held, and its end alone proves it.
 */
#include "client/load/kinds.h"
#include "client/load/load.h"

struct idle {
	struct load load;
	unsigned proven; /* for how many flows the last echo has begun */
};

static void
on_open(struct flow *f)
{
	if (!f->group->no_echo)
		flow_begin(f, 0);
}

/* Another echo is to begin once the time has come. */
static bool
wants_proof(const struct load *l)
{
	return ((const struct idle *)l)->proven < l->count &&
	    flow_group_has_room(&l->group) && !l->group.stopping;
}

static void
turn(struct load *l, int64_t now_ns)
{
	struct idle *idle = (struct idle *)l;

	while (now_ns >= l->stop_ns && wants_proof(l)) {
		struct flow *f = load_flow(l, idle->proven++);

		if (flow_is_open(f) && !l->group.no_echo)
			flow_begin(f, 0);
	}
}

static int64_t
wait_ns(const struct load *l, int64_t now_ns)
{
	if (!wants_proof(l))
		return -1;
	return l->stop_ns > now_ns ? l->stop_ns - now_ns : 0;
}

static bool
is_over(const struct load *l)
{
	const struct idle *idle = (const struct idle *)l;

	return l->group.stopping ||
	    (idle->proven == l->count && l->group.busy == 0);
}

const struct load_kind load_idle = {
	.flow_ops = &(const struct flow_ops){ .on_open = on_open },
	.size = sizeof(struct idle),
	.flow_size = sizeof(struct flow),
	.keeps_connections = true,
	.turn = turn,
	.wait_ns = wait_ns,
	.is_over = is_over,
};
