/*
 * load: what a worker's connections are for. There is one kind of load for each
 * thing that can be asked of a server; a kind is a table of functions over the
 * flows, which know how to connect and to echo, but not when.
 *
 *	CONNECTING -> start -> turns, until it is over -> stop
 *
 * Owns:	its flows and the slots of their windows.
 * Borrows:	options and what the group names.
 * Errors:	-1 and a line when there is no memory.
 * Use:
 *	load_init(&load, &load_closed, options, worker, &e);
 *	... load_connect_more(&load), until load_is_connected(&load) ...
 *	load_start(&load, start_ns, stop_ns);
 *	... turns of the loop, load_wait_ns and load_turn in each, until
 *	    load_is_over(&load) ...
 *	load_stop(&load);
 *	... turns, until load_is_gone(&load) ...
 *	load_fini(&load);
 */
#ifndef CLIENT_LOAD_H
#define CLIENT_LOAD_H

#include <stdbool.h>
#include <stdint.h>

#include "client/flow.h"
#include "client/schedule.h"
#include "client/tickets.h"
#include "common/errmsg.h"

struct load;
struct options;

/* All but is_over may be NULL. */
struct load_kind {
	struct flow_ops flow_ops;
	bool keeps_connections; /* opened before the start, closed at the end */
	/* -1 when there is no memory. */
	int (*init)(struct load *load);
	/* The time has come. */
	void (*start)(struct load *load);
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
	struct window_slot *slots;
	int64_t stop_ns; /* from then on nothing begins */
	uint64_t budget; /* how many messages or visits may still begin */
	bool started;
	struct schedule schedule; /* with --rate */
	/* The worker's events that were begun, of visits. */
	uint64_t begun_events;
	/* Of visits. */
	struct list free;     /* flows that may visit */
	struct timeq resting; /* flows that may not yet */
	unsigned active;      /* the others */
	struct tickets tickets;
};

/* Each connection carries messages, one behind the other, as fast as it can. */
extern const struct load_kind load_closed;
/* They carry messages at a given rate. */
extern const struct load_kind load_open;
/* They are held. */
extern const struct load_kind load_idle;
/* Connections come and go, and each carries one message. */
extern const struct load_kind load_visits;

static inline struct load *
load_of(struct flow *flow)
{
	return LIST_OWNER(flow->group, struct load, group);
}

/* There is budget and time for more. */
static inline bool
load_may_begin(const struct load *l)
{
	return l->budget > 0 && l->group.loop->now_ns < l->stop_ns &&
	    !l->group.stopping;
}

/* The group's loop, payload and so on are left to the caller. */
int load_init(struct load *load, const struct load_kind *kind,
    const struct options *options, unsigned worker, struct errmsg *e);

/* What the options ask for. */
const struct load_kind *load_choose(const struct options *options);

/* Without connections. Harmless when all zero. */
void load_fini(struct load *load);

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
