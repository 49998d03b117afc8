/*
 * flow_group: what the connections of one worker share, and how long their
 * messages may be under way.
 *
 * Borrows:	what it points to, which outlives it and its flows.
 * Use:
 *	flow_group_init(&group, &ops, job, worker, &loop, &payload);
 *	... wait at most flow_group_wait_ns(&group, now_ns) in each turn ...
 *	flow_group_expire(&group, now_ns);
 */
#ifndef CLIENT_LOAD_FLOW_GROUP_H
#define CLIENT_LOAD_FLOW_GROUP_H

#include <stdbool.h>
#include <stdint.h>

#include "client/identities/identities.h"
#include "common/base/timeq.h"

struct addr_list;
struct conn_loop;
struct flow;
struct job;
struct keepalive;
struct outcomes;
struct payload;
struct resumption;
struct sources;
struct tally;
struct tls_creds;

/* Events of flows, for their load; each may be NULL. */
struct flow_ops {
	void (*on_open)(struct flow *flow);
	/* An echo is complete; more may begin. */
	void (*on_echo)(struct flow *flow);
	/* It may be connected again. */
	void (*on_over)(struct flow *flow);
};

/* What the connections of one worker share. */
struct flow_group {
	const struct flow_ops *ops;
	struct conn_loop *loop;
	struct payload *payload;
	struct tally *tally;
	const struct addr_list *addrs;
	int preferred; /* index of the address that answered last */
	const struct sources *sources; /* a connect takes one in turn */
	const struct keepalive *keepalive;
	unsigned turn;                       /* of the next connect */
	const struct identities *identities; /* likewise; NULL: one */
	struct outcomes *outcomes;           /* of them, or NULL */
	struct tls_creds *creds;
	struct resumption *resumption; /* NULL: no session is resumed */
	const char *peer_name;
	size_t hello_size; /* of each ClientHello; 0: as it comes */
	bool splits_hello; /* sends it in two segments */
	bool no_echo;      /* nothing is sent; what comes is thrown away */
	struct timeq
	    round_trips;       /* timers of flows, since their first message */
	struct timeq rechecks; /* of those that were BUSY when it expired */
	struct timeq races;    /* of those that are CONNECTING: dial.h */
	struct timeq attempts; /* of the same: the limits of all that they do */
	unsigned connecting;   /* how many flows are CONNECTING */
	unsigned busy;         /* how many are BUSY */
	unsigned worker;
	unsigned workers;
	int info_fd;     /* gets each session's info; or -1 */
	int greeting_fd; /* gets the line that the server begins with; or -1 */
	bool is_open_loop; /* and service time differs from response time */
	bool stopping;     /* open flows are closed when they are not BUSY */
};

/*
 * How many connect, or prove themselves by an echo, at a time: so many that
 * most runs connect all at once, and so few that 10,000 neither overrun the
 * server's queue of connections nor time out while they wait for our CPU.
 */
enum {
	FLOW_GROUP_ROOM = 256
};

static inline bool
flow_group_has_room(const struct flow_group *g)
{
	return g->connecting + g->busy < FLOW_GROUP_ROOM;
}

/* How many identities there are, at least the one of --cert. */
static inline unsigned
flow_group_identities(const struct flow_group *g)
{
	return g->identities != NULL ? g->identities->count : 1;
}

/* The index of the identity that the next connect takes. */
static inline unsigned
flow_group_identity(const struct flow_group *g)
{
	return g->identities != NULL ? identities_turn(g->identities, g->turn)
				     : 0;
}

/* Takes from the job what it says about the worker's connections. */
void flow_group_init(struct flow_group *group, const struct flow_ops *ops,
    const struct job *job, unsigned worker, struct conn_loop *loop,
    struct payload *payload);

/* A message was added to the flow: starts its timer, unless it runs. */
void flow_group_watch(struct flow_group *group, struct flow *flow);

/* Aborts flows that connect, or whose oldest message is under way, for too
 * long, and lets those that wait for an address try the next one, too. */
void flow_group_expire(struct flow_group *group, int64_t now_ns);

/* Until flow_group_expire has something to do; -1: never. */
int64_t flow_group_wait_ns(const struct flow_group *group, int64_t now_ns);

#endif
