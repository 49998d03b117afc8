/* idle: each connection is proven by one echo, then held. */
#include "client/load/kinds.h"
#include "client/load/load.h"

static void
on_open(struct flow *f)
{
	flow_begin(f, 0);
}

static int64_t
wait_ns(const struct load *l, int64_t now_ns)
{
	return l->stop_ns - now_ns;
}

static bool
is_over(const struct load *l)
{
	return l->group.stopping || l->group.loop->now_ns >= l->stop_ns;
}

const struct load_kind load_idle = {
	.flow_ops = &(const struct flow_ops){ .on_open = on_open },
	.size = sizeof(struct load),
	.flow_size = sizeof(struct flow),
	.keeps_connections = true,
	.wait_ns = wait_ns,
	.is_over = is_over,
};
