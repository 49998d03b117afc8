/*
 * crr: transactions, in what the closed and the open loop of them share: each
 * connection is opened, makes one round trip and is closed, over and over. When
 * one begins is up to the loop.
 *
 * Errors:	a transaction that fails goes to the tally, and its flow rests.
 * Use:
 *	crr_wake(crr, now_ns);
 *	while (crr_can_begin(crr))
 *		crr_begin(crr, now_ns);
 */
#ifndef CLIENT_LOAD_CRR_H
#define CLIENT_LOAD_CRR_H

#include <stdbool.h>
#include <stdint.h>

#include "client/load/load.h"
#include "common/base/list.h"
#include "common/base/timeq.h"

/* The struct of either kind begins with it. */
struct crr {
	struct load load;
	struct list free;     /* flows that can begin a transaction */
	struct timeq resting; /* flows that may not yet, for theirs failed */
	unsigned active;      /* how many are in a transaction */
};

struct crr_flow {
	struct flow flow;
	struct list link;        /* of crr.free */
	struct timeq_timer rest; /* of crr.resting */
	int64_t began_ns;        /* start of its transaction: when due */
	int64_t connect_ns;      /* start of its connect: not before */
};

/* Of either kind. */
extern const struct flow_ops crr_flow_ops;

/* The init of either kind; always 0. */
int crr_init(struct load *load);

/* Flows that have rested are free again. */
void crr_wake(struct crr *crr, int64_t now_ns);

/* A flow is free. */
static inline bool
crr_can_begin(const struct crr *c)
{
	return !list_empty(&c->free);
}

/* On a free flow, of which there is one; began_ns counts for its latency. */
void crr_begin(struct crr *crr, int64_t began_ns);

/* Until one may begin; -1: not before a transaction under way ends. */
int64_t crr_wait_ns(const struct crr *crr, int64_t now_ns);

#endif
