/* rr: connections that are closed and opened again; see the header. */
#include "client/load/rr.h"

#include "common/base/assertion.h"

static struct rr *
rr_of(struct flow *f)
{
	return (struct rr *)load_of(f);
}

int
rr_init(struct load *l)
{
	list_init(&((struct rr *)l)->closed);
	for (unsigned i = 0; i < l->count; i++)
		list_init(&((struct rr_flow *)load_flow(l, i))->link);
	return 0;
}

static bool
has_made_all(struct flow *f)
{
	uint64_t most = load_of(f)->options->reconnect;

	return most > 0 && f->echoes == most;
}

bool
rr_leave(struct flow *f)
{
	if (!has_made_all(f))
		return false;
	rr_of(f)->leaving++;
	flow_leave(f);
	return true;
}

void
rr_on_over(struct flow *f, bool more)
{
	struct load *l = load_of(f);
	struct rr *rr = rr_of(f);

	if (has_made_all(f)) {
		ASSERT(rr->leaving > 0);
		rr->leaving--;
	}
	if (l->options->reconnect == 0 || !more ||
	    (f->failed && !f->as_expected))
		return;
	list_append(&rr->closed, &((struct rr_flow *)f)->link);
	l->absent++;
}

void
rr_connect(struct rr *rr)
{
	struct list *link = list_pop(&rr->closed);

	ASSERT(link != NULL && rr->load.absent > 0);
	rr->load.absent--;
	flow_connect(&CONTAINER_OF(link, struct rr_flow, link)->flow);
}

bool
rr_is_quiet(const struct rr *rr)
{
	const struct flow_group *g = &rr->load.group;

	return g->busy == 0 && g->connecting == 0 && rr->leaving == 0;
}
