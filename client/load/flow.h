/*
 * flow: one connection of a client: it connects, sends messages, compares what
 * comes back, and ends. When it does what is up to a load (load.h).
 *
 *	WAITING -> CONNECTING -> IDLE <--> BUSY
 *	               ^          |         |
 *	               |          +-> DONE <+
 *	               |               |
 *	               +---- OVER <----+
 *
 * An error leads from CONNECTING, IDLE and BUSY to OVER, too.
 *
 * Time is that of the loop's turn: one clock read, when the loop wakes up. A
 * round trip begins in the turn in which its message is handed to TLS and ends
 * in the one that receives the last byte of its echo, so what the client itself
 * takes to serve its connections in a turn is part of the round trips that
 * begin in it. In a closed loop no time passes between one and the next, so how
 * many are under way is their rate times their mean latency.
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
	FLOW_DONE,       /* all is sent; closing in good order */
	FLOW_OVER,       /* for another flow_connect */
	FLOW_STATES
};

struct flow {
	struct conn conn;
	struct flow_group *group;
	struct inflight inflight;
	struct timeq_timer timer; /* of the group, for the oldest message */
	enum flow_state state;
	unsigned index; /* of the connection, over all workers */
	int address;    /* of group->addrs, being tried */
	bool made;      /* proven by an echo; or closed, if none was due */
	bool failed;    /* it ended by an error */
	bool unheard;   /* the error: no address took the connection */
	bool satisfied; /* set by its load: nothing more will be sent */
};

/* flow_begin may be called, unless too many messages are under way. */
static inline bool
flow_is_open(const struct flow *f)
{
	return f->state == FLOW_IDLE || f->state == FLOW_BUSY;
}

/* pipeline: how many slots there are, and messages may be under way. */
void flow_init(struct flow *flow, struct flow_group *group, unsigned index,
    struct inflight_slot *slots, unsigned pipeline);

/* Of a flow that is WAITING or OVER. It may be OVER when this returns. */
void flow_connect(struct flow *flow);

/*
 * Sends a message of an open flow whose inflight is not full; began_ns is when
 * its round trip began, 0: when it is handed to TLS.
 */
void flow_begin(struct flow *flow, int64_t began_ns);

/*
 * Closes an open flow, when its last echo has come, in such a way that it can
 * be connected again at once: see conn_leave.
 */
void flow_leave(struct flow *flow);

/*
 * Closes an IDLE flow in good order, and aborts one that is CONNECTING. Others
 * stay as they are: a BUSY one is closed when its echoes have come, if the
 * group is stopping.
 */
void flow_stop(struct flow *flow);

#endif
