/*
 * rr: messages on connections that stay, in what the closed and the open loop
 * of them share: with --reconnect, each connection is closed when it has made
 * so many round trips, and then opened again. One that was refused, as it was
 * expected to be, is opened again, too; one that failed is not.
 *
 * Errors:	those of its flows go to the tally.
 * Use:
 *	while (may_begin && rr_can_connect(rr))
 *		rr_connect(rr);
 */
#ifndef CLIENT_LOAD_RR_H
#define CLIENT_LOAD_RR_H

#include <stdbool.h>

#include "client/load/load.h"
#include "client/options.h"
#include "common/base/list.h"

/* The struct of either kind begins with it. */
struct rr {
	struct load load;
	struct list closed; /* flows to be connected again: load.absent */
	unsigned leaving;   /* flows that have made all, and are not closed */
};

struct rr_flow {
	struct flow flow;
	struct list link; /* of rr.closed */
};

/* Its connection has room for one more message, and is to make it. */
static inline bool
rr_has_room(const struct flow *f)
{
	const struct load *l = CONTAINER_OF(f->group, struct load, group);
	uint64_t most = l->options->reconnect;

	return flow_is_open(f) && !inflight_is_full(&f->inflight) &&
	    (most == 0 || f->echoes + f->inflight.count < most);
}

/* The init of either kind; always 0. */
int rr_init(struct load *load);

/* To be called for each echo. True: it was the last one, and the flow leaves.
 */
bool rr_leave(struct flow *flow);

/* A flow is over; more: there will be something to send on it. */
void rr_on_over(struct flow *flow, bool more);

static inline bool
rr_can_connect(const struct rr *rr)
{
	return !list_empty(&rr->closed);
}

/* The one that was closed first, of at least one. */
void rr_connect(struct rr *rr);

/* Nothing is under way, not even a connection that opens or closes. */
bool rr_is_quiet(const struct rr *rr);

#endif
