/*
 * load: decides when a worker's flows connect and send. A kind of load is a
 * table of functions; its own structs begin with struct load and struct flow.
 *
 * Owns:	its flows and the slots of their messages.
 * Borrows:	the job, the loop and the payload.
 * Use:
 *	load = load_new(kind, job, worker, &loop, &payload, &e);
 *	... load_connect_more(load), until load_is_connected(load) ...
 *	load_start(load, start_ns, stop_ns);
 *	... load_wait_ns(load) and load_turn(load), until load_is_over(load) ...
 *	load_stop(load);
 *	... turns of the loop, until load_is_gone(load) ...
 *	load_free(&load);
 */
#ifndef CLIENT_LOAD_LOAD_H
#define CLIENT_LOAD_LOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "client/load/flow.h"
#include "client/load/pace.h"
#include "client/load/resumption.h"
#include "common/base/assertion.h"
#include "common/base/errmsg.h"
#include "common/conn/loop.h"

struct job;
struct load;
struct options;

/* All functions but is_over may be NULL. */
struct load_kind {
	const struct flow_ops *flow_ops;
	size_t size;      /* of its struct, whose first member is the load */
	size_t flow_size; /* of its struct, whose first member is the flow */
	bool keeps_connections; /* from before the start to the end */
	/* Of its own members, all zero so far. -1 when there is no memory. */
	int (*init)(struct load *load);
	void (*start)(struct load *load, int64_t start_ns);
	/* In each turn of the loop after that. */
	void (*turn)(struct load *load, int64_t now_ns);
	/* Until turn has something to do; -1: never. Not asked once over. */
	int64_t (*wait_ns)(const struct load *load, int64_t now_ns);
	/* Nothing is under way, and nothing will be. */
	bool (*is_over)(const struct load *load);
};

struct load {
	struct flow_group group;
	struct resumption resumption; /* all zero without --resume */
	struct pace pace;             /* of all connects */
	const struct load_kind *kind;
	const struct options *options;
	void *flows; /* see load_flow */
	unsigned count;
	unsigned begun;  /* how many, in order, were connected once */
	unsigned absent; /* how many are closed, to be connected again: rr.h */
	struct inflight_slot *slots;
	int64_t stop_ns;    /* from then on nothing begins */
	int64_t give_up_ns; /* and then not what was due before, either */
	uint64_t budget; /* how many messages or transactions may still begin */
	bool started;
};

static inline struct load *
load_of(struct flow *flow)
{
	return CONTAINER_OF(flow->group, struct load, group);
}

static inline struct flow *
load_flow(const struct load *l, unsigned i)
{
	ASSERT(i < l->count);
	return (void *)((char *)l->flows + i * l->kind->flow_size);
}

/* There is budget and time for more. */
static inline bool
load_may_begin(const struct load *l)
{
	return l->budget > 0 && l->group.loop->now_ns < l->stop_ns &&
	    !l->group.stopping;
}
/* Nothing more may begin, not even what is due. */
bool load_has_given_up(const struct load *load);

/* The worker's part of what the job asks for; NULL when out of memory. */
struct load *load_new(const struct load_kind *kind, const struct job *job,
    unsigned worker, struct conn_loop *loop, struct payload *payload,
    struct errmsg *e);

/* When no connection is left. NULL is fine. */
void load_free(struct load **load);
/* Connects flows as long as few others are connecting, and at the pace. */
void load_connect_more(struct load *load);
/* All connections are open or have failed. */
bool load_is_connected(const struct load *load);

/* stop_ns: INT64_MAX for no limit. */
void load_start(struct load *load, int64_t start_ns, int64_t stop_ns);
/* In each turn of the loop, before it sends. */
void load_turn(struct load *load);
/* Until load_turn has something to do; -1: never. */
int64_t load_wait_ns(const struct load *load);
bool load_is_over(const struct load *load);
/*
 * Begins nothing more. Connections close when their echoes are complete; those
 * that are kept, and not yet open for the first time, are aborted.
 */
void load_stop(struct load *load);

/* Begins nothing more, and aborts all connections. */
void load_abort(struct load *load);
bool load_is_gone(const struct load *load);

#endif
