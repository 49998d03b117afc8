/* flow_state: the steps that are allowed, and the counts; see the header. */
#include "client/load/flow_state.h"

#include "client/load/flow.h"
#include "common/base/assertion.h"

/* The steps of the diagram in the header: from each state to which others. */
static const unsigned steps[FLOW_STATES] = {
	[FLOW_WAITING] = 1U << FLOW_CONNECTING,
	[FLOW_CONNECTING] = 1U << FLOW_IDLE | 1U << FLOW_OVER,
	[FLOW_IDLE] = 1U << FLOW_BUSY | 1U << FLOW_DONE | 1U << FLOW_OVER,
	[FLOW_BUSY] = 1U << FLOW_IDLE | 1U << FLOW_DONE | 1U << FLOW_OVER,
	[FLOW_DONE] = 1U << FLOW_OVER,
	[FLOW_OVER] = 1U << FLOW_CONNECTING,
};

void
flow_set_state(struct flow *f, enum flow_state state)
{
	struct flow_group *g = f->group;

	ASSERT((steps[f->state] & 1U << state) != 0);
	if (f->state == FLOW_CONNECTING)
		g->connecting--;
	else if (f->state == FLOW_BUSY)
		g->busy--;
	if (state == FLOW_CONNECTING)
		g->connecting++;
	else if (state == FLOW_BUSY)
		g->busy++;
	f->state = state;
}
