/*
 * crr: what the two kinds of storms of handshakes share: each connection is
 * opened, proven by one echo and closed, over and over. When one begins is up
 * to the kind.
 *
 * Owns:	the tickets that visits bring back, with --resume.
 * Borrows:	the flows of the load.
 * Errors:	a visit that fails goes to the tally, and its flow rests.
 * Use:
 *	struct storm {
 *		struct visits visits;
 *		...
 *	};
 *	visits_wake(v, now_ns);
 *	while (visits_can_begin(v) && ...)
 *		visits_begin(v, now_ns);
 */
#ifndef CLIENT_LOAD_CRR_H
#define CLIENT_LOAD_CRR_H

#include <stdbool.h>
#include <stdint.h>

#include "client/load/load.h"
#include "client/load/tickets.h"
#include "common/base/list.h"
#include "common/base/timeq.h"

/* A kind's struct begins with it. */
struct visits {
	struct load load;
	struct list free;     /* flows that may visit */
	struct timeq resting; /* flows that may not yet */
	unsigned active;      /* the others */
	struct tickets tickets;
};

/* A kind's. */
extern const struct flow_ops visits_flow_ops;

/* A kind's init and fini, or part of them. -1 when there is no memory. */
int visits_init(struct load *load);
void visits_fini(struct load *load);

/* Those that have rested are free again. */
void visits_wake(struct visits *visits, int64_t now_ns);

/* A flow is free. */
static inline bool
visits_can_begin(const struct visits *v)
{
	return !list_empty(&v->free);
}

/* On one that is free; began_ns is when the visit began, for its latency. */
void visits_begin(struct visits *visits, int64_t began_ns);

/* Until a flow is free; -1: not before a visit under way ends. */
int64_t visits_wait_ns(const struct visits *visits, int64_t now_ns);

#endif
