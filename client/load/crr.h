/*
 * crr: what the two kinds of storms of handshakes share: each connection is
 * opened, proven by one echo and closed, over and over. When one begins is up
 * to the kind.
 *
 * Owns:	the tickets that crr bring back, with --resume.
 * Borrows:	the flows of the load.
 * Errors:	a transaction that fails goes to the tally, and its flow rests.
 * Use:
 *	struct storm {
 *		struct crr crr;
 *		...
 *	};
 *	crr_wake(v, now_ns);
 *	while (crr_can_begin(v) && ...)
 *		crr_begin(v, now_ns);
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
struct crr {
	struct load load;
	struct list free;     /* flows that may transaction */
	struct timeq resting; /* flows that may not yet */
	unsigned active;      /* the others */
	struct tickets tickets;
};

/* A kind's. */
extern const struct flow_ops crr_flow_ops;

/* A kind's init and fini, or part of them. -1 when there is no memory. */
int crr_init(struct load *load);
void crr_fini(struct load *load);

/* Those that have rested are free again. */
void crr_wake(struct crr *crr, int64_t now_ns);

/* A flow is free. */
static inline bool
crr_can_begin(const struct crr *v)
{
	return !list_empty(&v->free);
}

/* On one that is free; began_ns is when it began, for its latency. */
void crr_begin(struct crr *crr, int64_t began_ns);

/* Until a flow is free; -1: not before a transaction under way ends. */
int64_t crr_wait_ns(const struct crr *crr, int64_t now_ns);

#endif
