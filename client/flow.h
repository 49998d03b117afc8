/*
 * flow: what a client does on one connection: it connects, waits for the start,
 * and then sends a message and compares its echo, over and over (closed loop).
 *
 *	WAITING -> CONNECTING -> IDLE -> BUSY -> HELD -> DONE -> OVER
 *
 * A round trip begins when the first byte of a message is handed to TLS and
 * ends when the last byte of its echo has been decrypted and compared; the
 * moment at which one ends is the one at which the next begins.
 *
 * Owns:	the connection in it.
 * Borrows:	the group, which outlives its flows.
 * Errors:	go to the group's tally; a flow that failed is OVER.
 * Use:
 *	flow_init(flow, &group, index);
 *	flow_connect(flow);
 *	... turns of the loop, until group.connecting == 0 ...
 *	flow_start(flow);
 *	... turns of the loop and flow_group_expire, until group.busy == 0 ...
 *	flow_stop(flow);
 *	... turns of the loop, until flow is OVER ...
 */
#ifndef CLIENT_FLOW_H
#define CLIENT_FLOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/conn.h"
#include "common/timeq.h"

struct addr_list;
struct payload;
struct tally;
struct tls_creds;

/* What the connections of one worker share. */
struct flow_group {
	struct conn_loop *loop;
	struct payload *payload;
	struct tally *tally;
	const struct addr_list *addrs; /* tried in order */
	struct tls_creds *creds;
	const char *peer_name;
	struct timeq round_trips; /* deadlines of those under way */
	int64_t stop_ns;          /* from then on none begins */
	uint64_t budget;          /* how many may still begin */
	unsigned connecting;      /* flows that are CONNECTING */
	unsigned busy;            /* flows that are BUSY */
	unsigned worker;
	bool stopping; /* nothing more begins, and what is open is closed */
	int facts_fd;  /* where to write sessions' facts, or -1 */
};

enum flow_state {
	FLOW_WAITING,    /* for flow_connect */
	FLOW_CONNECTING, /* TCP or TLS */
	FLOW_IDLE,       /* open, and asked for nothing */
	FLOW_BUSY,       /* a round trip is under way */
	FLOW_HELD,       /* open; its round trips are over */
	FLOW_DONE,       /* saying goodbye */
	FLOW_OVER
};

struct flow {
	struct conn conn;
	struct flow_group *group;
	const uint8_t *message; /* under way: len bytes, of which */
	size_t len;
	size_t sent;   /* are handed to TLS, and */
	size_t echoed; /* have come back */
	int64_t began_ns;
	struct timeq_timer timer; /* in group->round_trips */
	enum flow_state state;
	unsigned index; /* of the connection, over all workers */
	int address;    /* of group->addrs, being tried */
	bool made;      /* an echo has come */
};

void flow_init(struct flow *flow, struct flow_group *group, unsigned index);

/* Of a WAITING flow. It may be OVER at once. */
void flow_connect(struct flow *flow);

/* Begins the first round trip of an IDLE flow, unless there is no budget. */
void flow_start(struct flow *flow);

/*
 * Ends what is not BUSY: an open connection in good order, one that is not yet
 * open at once. A BUSY flow ends by itself when its round trip is over, if the
 * group is stopping.
 */
void flow_stop(struct flow *flow);

/* Aborts the round trips that have taken too long. */
void flow_group_expire(struct flow_group *group, int64_t now_ns);

#endif
