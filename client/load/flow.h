/*
 * flow: one connection of a client: it connects, sends messages, compares what
 * comes back, and ends. When it does what is up to a load (load.h).
 *
 * Time is that of the loop's turn: one clock read, when the loop wakes up; only
 * the time of a failure is read anew. A round trip begins in the turn in which
 * its message is handed to TLS and ends in the one that receives the last byte
 * of its echo, so the client's own work in a turn is part of the round trips
 * that begin in it. One begins as another ends, so in a closed loop Little's
 * law holds exactly: in flight = rate x mean latency.
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
#include "client/load/flow_state.h"
#include "client/load/greeting.h"
#include "client/load/inflight.h"
#include "common/base/timeq.h"
#include "common/conn/conn.h"

struct rival;
struct tls_resume;

struct flow {
	struct conn conn;
	struct flow_group *group;
	struct inflight inflight;
	const union addr_peer *source; /* to connect from; NULL: any */
	struct timeq_timer timer; /* see dial.h; later of the oldest message */
	struct timeq_timer limit; /* of the attempt: see dial.h */
	enum flow_state state;
	unsigned index;            /* of the connection, over all workers */
	struct tls_resume *ticket; /* that it offers; NULL: none */
	struct rival *rival;       /* see dial.h; NULL: none so far */
	unsigned identity; /* index into group->identities, if there are any */
	int address;       /* index into group->addrs: the one being tried */
	int first_address, dialled; /* tried first; how many were tried */
	bool made;   /* an echo came, or none was asked for and it closed */
	bool failed; /* it ended with an error */
	bool no_address_accepted; /* and that was the error */
	bool as_expected;         /* and it was no error: --expect */
	bool satisfied;       /* set by its load: nothing more will be sent */
	uint64_t echoes;      /* of this connection that are complete */
	int64_t connected_ns; /* when TCP was, on the client's clock */
	struct greeting greeting;
};

/* flow_begin may be called, if inflight is not full. */
static inline bool
flow_is_open(const struct flow *f)
{
	return f->state == FLOW_IDLE || f->state == FLOW_BUSY;
}

/* pipeline: the number of slots, and so of messages that may be under way. */
void flow_init(struct flow *flow, struct flow_group *group, unsigned index,
    struct inflight_slot *slots, unsigned pipeline);

/* Of a flow that is WAITING or OVER. Harmless when all zero. */
void flow_fini(struct flow *flow);

/*
 * Connects a flow that is WAITING or OVER. If no connect can be started, it is
 * OVER when this returns.
 */
void flow_connect(struct flow *flow);

/*
 * Sends a message on an open flow whose inflight is not full. Its round trip
 * began at began_ns; 0: it begins when the message is handed to TLS.
 */
void flow_begin(struct flow *flow, int64_t began_ns);

/*
 * Closes an open flow that has nothing under way, without waiting for the peer,
 * so that it can be connected again at once: see conn_leave. Keeps the session
 * tickets that have come.
 */
void flow_leave(struct flow *flow);

/*
 * Closes an IDLE flow with close_notify, and aborts one that is CONNECTING.
 * Others stay as they are: a BUSY one is closed when its echoes have come, if
 * the group is stopping.
 */
void flow_stop(struct flow *flow);

#endif
