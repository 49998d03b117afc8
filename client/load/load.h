/*
 * load: what a worker's connections are for. There is one kind of load for each
 * thing that can be asked of a server; a kind is a table of functions over the
 * flows, which know how to connect and to echo, but not when. What only one
 * kind needs is in a struct of its own around the load.
 *
 *	CONNECTING -> start -> turns, until it is over -> stop
 *
 * Owns:	its flows and the slots of their windows.
 * Borrows:	the job, the loop and the payload.
 * Errors:	NULL and a line when there is no memory.
 * Use:
 *	load = load_new(kind, job, worker, &loop, &payload, &e);
 *	... load_connect_more(load), until load_is_connected(load) ...
 *	load_start(load, start_ns, stop_ns);
 *	... turns of the loop, load_wait_ns and load_turn in each, until
 *	    load_is_over(load) ...
 *	load_stop(load);
 *	... turns, until load_is_gone(load) ...
 *	load_free(&load);
 */
#ifndef CLIENT_LOAD_LOAD_H
#define CLIENT_LOAD_LOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "client/load/flow.h"
#include "common/base/errmsg.h"

struct job;
struct load;
struct options;

/* Functions but is_over may be NULL. */
struct load_kind {
	const struct flow_ops *flow_ops;
	size_t size; /* of its struct, whose first member is the load */
	bool keeps_connections; /* opened before the start, closed at the end */
	/* Of what is its own, all zero before. -1 when there is no memory. */
	int (*init)(struct load *load);
	/* Even if init has failed, or was not called. */
	void (*fini)(struct load *load);
	/* The time has come. */
	void (*start)(struct load *load, int64_t start_ns);
	/* In each turn from then on. */
	void (*turn)(struct load *load, int64_t now_ns);
	/* Until turn has something to do, or it is over; -1: never. Not
	 * asked when stopping, or over. */
	int64_t (*wait_ns)(const struct load *load, int64_t now_ns);
	/* Nothing is under way, and nothing will be. */
	bool (*is_over)(const struct load *load);
};

struct load {
	struct flow_group group;
	const struct load_kind *kind;
	const struct options *options;
	struct flow *flows;
	unsigned count;
	unsigned begun; /* flows of count, in order, that were connected */
	struct inflight_slot *slots;
	int64_t stop_ns; /* from then on nothing begins */
	uint64_t budget; /* how many messages or transactions may still begin */
	bool started;
};

static inline struct load *
load_of(struct flow *flow)
{
	return CONTAINER_OF(flow->group, struct load, group);
}

/* There is budget and time for more. */
static inline bool
load_may_begin(const struct load *l)
{
	return l->budget > 0 && l->group.loop->now_ns < l->stop_ns &&
	    !l->group.stopping;
}

/* The worker's part of what the job's options ask for. */
struct load *load_new(const struct load_kind *kind, const struct job *job,
    unsigned worker, struct conn_loop *loop, struct payload *payload,
    struct errmsg *e);

/* Without connections. NULL is fine. */
void load_free(struct load **load);

void load_connect_more(struct load *load);

/* All connections are open or have failed. */
bool load_is_connected(const struct load *load);

/* stop_ns: INT64_MAX for no limit. */
void load_start(struct load *load, int64_t start_ns, int64_t stop_ns);

/* In each turn of the loop, before it sends. */
void load_turn(struct load *load);
int64_t load_wait_ns(const struct load *load);
bool load_is_over(const struct load *load);

/*
 * Nothing more begins. Connections close when their echoes are complete; those
 * that are kept, and not yet open, at once.
 */
void load_stop(struct load *load);

/* No connection is left. */
bool load_is_gone(const struct load *load);

#endif
