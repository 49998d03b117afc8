/*
 * flow: one connection of a client: it connects, sends messages, compares what
 * comes back, and ends. When it does what is up to a load (load/load.h).
 *
 *	WAITING -> CONNECTING -> IDLE <-> BUSY -> DONE -> OVER
 *
 * Time is that of the loop's turn: one clock read, when the loop wakes up. A
 * round trip begins in the turn in which its message is handed to TLS and ends
 * in the one that receives the last byte of its echo, so what the client itself
 * takes to serve its connections in a turn is part of the round trips that
 * begin in it. In a closed loop nothing falls between two: round trips under
 * way are their rate times their mean latency.
 *
 * Owns:	the connection in it.
 * Borrows:	the group, which outlives its flows; slots for its messages.
 * Errors:	go to the group's tally; a flow that failed is OVER.
 * Use:
 *	flow_init(flow, &group, index, slots, pipeline);
 *	flow_connect(flow);
 *	... turns of the loop, until it is IDLE ...
 *	flow_begin(flow, 0);
 *	... turns of the loop and flow_group_expire, until it is IDLE ...
 *	flow_stop(flow);
 *	... turns of the loop, until it is OVER ...
 */
#ifndef CLIENT_LOAD_FLOW_H
#define CLIENT_LOAD_FLOW_H

#include <stdbool.h>
#include <stdint.h>

#include "client/load/flow_group.h"
#include "client/load/inflight.h"
#include "common/base/timeq.h"
#include "common/conn/conn.h"

struct tls_resume;

enum flow_state {
	FLOW_WAITING,    /* for flow_connect */
	FLOW_CONNECTING, /* TCP or TLS */
	FLOW_IDLE,       /* open, and nothing is under way */
	FLOW_BUSY,       /* messages are under way */
	FLOW_DONE,       /* saying goodbye */
	FLOW_OVER
};

struct flow {
	struct conn conn;
	struct flow_group *group;
	struct inflight inflight;
	struct timeq_timer timer; /* of the group, when BUSY */
	enum flow_state state;
	unsigned index; /* of the connection, over all workers */
	int address;    /* of group->addrs, being tried */
	bool made;      /* proven by an echo, or not asked for any and closed */
	bool failed;    /* it ended by an error */
	bool unheard;   /* the error: no address took the connection */
	bool satisfied; /* nothing more is asked of it */
	/* The load's own business. */
	struct list link; /* transactions: among the flows that are free */
	int64_t began_ns; /* transactions: of this one */
	struct tls_resume
	    *ticket;    /* transactions: offered in this one, or NULL */
	uint64_t event; /* open loop: of its next message */
};

/* Takes messages: unless its inflight is full. */
static inline bool
flow_is_open(const struct flow *f)
{
	return f->state == FLOW_IDLE || f->state == FLOW_BUSY;
}

void flow_init(struct flow *flow, struct flow_group *group, unsigned index,
    struct inflight_slot *slots, unsigned pipeline);

/* Of one that is WAITING or OVER. It may be OVER at once. */
void flow_connect(struct flow *flow);

/*
 * Sends a message of an open flow whose inflight is not full; began_ns is when
 * its round trip began, 0: when it is handed to TLS.
 */
void flow_begin(struct flow *flow, int64_t began_ns);

/* Says goodbye and hangs up so that it can be connected again at once. */
void flow_leave(struct flow *flow);

/*
 * Ends what is not BUSY: an open connection in good order, one that is not yet
 * open at once.
 */
void flow_stop(struct flow *flow);

#endif
