/* rr_closed: messages in a closed loop: an echo begins the next one. */
#include "client/load/kinds.h"
#include "client/load/load.h"

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

			if (!flow_is_open(f) || inflight_is_full(&f->inflight))
				continue;
			begin(l, f);
			all_full = false;
		}
	}
}

static void
on_echo(struct flow *f)
{
	struct load *l = load_of(f);

	if (load_may_begin(l))
		begin(l, f);
	else
		f->satisfied = true;
}

static bool
is_over(const struct load *l)
{
	return l->group.busy == 0;
}

const struct load_kind load_rr_closed = {
	.flow_ops = &(const struct flow_ops){ .on_echo = on_echo },
	.size = sizeof(struct load),
	.flow_size = sizeof(struct flow),
	.keeps_connections = true,
	.start = start,
	.is_over = is_over,
};
