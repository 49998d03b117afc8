/* rr_closed: messages in a closed loop: an echo begins the next one. */
#include "client/load/kinds.h"
#include "client/load/rr.h"

static void
begin(struct load *l, struct flow *f)
{
	ASSERT(l->budget > 0);
	l->budget--;
	flow_begin(f, 0);
}

/* One message for each flow in turn: a few go to as many different flows. */
static void
start(struct load *l, int64_t start_ns)
{
	bool all_full = false;

	(void)start_ns;
	while (!all_full && load_may_begin(l)) {
		all_full = true;
		for (unsigned i = 0; i < l->count && l->budget > 0; i++) {
			struct flow *f = load_flow(l, i);

			if (!rr_has_room(f))
				continue;
			begin(l, f);
			all_full = false;
		}
	}
}

/* Before the start nothing may begin. */
static void
on_open(struct flow *f)
{
	struct load *l = load_of(f);

	while (load_may_begin(l) && rr_has_room(f))
		begin(l, f);
	if (l->group.stopping)
		flow_stop(f);
}

static void
on_echo(struct flow *f)
{
	struct load *l = load_of(f);

	if (rr_leave(f))
		return;
	if (!load_may_begin(l))
		f->satisfied = true;
	else if (rr_has_room(f))
		begin(l, f);
}

static void
on_over(struct flow *f)
{
	rr_on_over(f, true);
}

/* A connection for which nothing is left to be sent stays closed. */
static bool
is_to_connect(const struct load *l)
{
	return load_may_begin(l) && rr_can_connect((const struct rr *)l);
}

static void
turn(struct load *l, int64_t now_ns)
{
	while (is_to_connect(l) && pace_take(&l->pace, now_ns))
		rr_connect((struct rr *)l);
}

static int64_t
wait_ns(const struct load *l, int64_t now_ns)
{
	if (!is_to_connect(l))
		return -1;
	return timeq_min_wait(
	    pace_wait_ns(&l->pace, now_ns), l->stop_ns - now_ns);
}

static bool
is_over(const struct load *l)
{
	return rr_is_quiet((const struct rr *)l) && !is_to_connect(l);
}

const struct load_kind load_rr_closed = {
	.flow_ops = &(const struct flow_ops){ .on_open = on_open,
	    .on_echo = on_echo,
	    .on_over = on_over },
	.size = sizeof(struct rr),
	.flow_size = sizeof(struct rr_flow),
	.keeps_connections = true,
	.init = rr_init,
	.start = start,
	.turn = turn,
	.wait_ns = wait_ns,
	.is_over = is_over,
};
