/*
 * acceptor: where a worker's connections come from: listeners and inbox.
 *
 *	accept -> placement -> serve(), or another worker's inbox
 *
 * It stops for a moment after an error that more accepting would not cure, and
 * while --max-handshaking handshakes are under way. What comes meanwhile is
 * taken by a worker that has room, or waits in the kernel's backlog.
 *
 * Owns:	its watches.
 * Borrows:	all that is in the options.
 * Use:
 *	intake_open(&intake, &options, &e);
 *	conn_loop_turn(loop, intake_wait_ns(&intake));
 *	intake_turn(&intake);
 */
#ifndef SERVER_WORKER_ACCEPTOR_H
#define SERVER_WORKER_ACCEPTOR_H

#include <stdint.h>

#include "common/base/errmsg.h"
#include "common/conn/conn.h"
#include "common/io/loop.h"
#include "server/listeners.h"
#include "server/worker/balancer.h"

struct config;

struct intake_options {
	const struct config *config;
	struct listeners *listeners;
	struct placement *placement;
	struct conn_loop *loop; /* which holds the handshakes under way */
	/* Takes over a descriptor that placement counts as open here. */
	void (*serve)(void *owner, int fd);
	void *owner;
};

enum intake_state {
	INTAKE_WATCHING, /* listeners and inbox */
	INTAKE_PAUSED,   /* after an error, until resume_ns: the inbox only */
	INTAKE_FULL,     /* --max-handshaking: neither */
	INTAKE_CLOSED,   /* the listeners are; the inbox goes on, without end */
};

struct intake {
	struct intake_options with;
	struct io_watch listeners[LISTENERS_MAX];
	struct io_watch inbox;
	enum intake_state state;
	int64_t resume_ns; /* end of the last pause, be it FULL meanwhile */
	int64_t quiet_until_ns; /* what fails has been logged */
};

/* Watches everything; what has come is served in the loop's turns. */
int intake_open(
    struct intake *in, const struct intake_options *options, struct errmsg *e);

/* After each turn of the loop: goes on if it can again. */
void intake_turn(struct intake *in);

/* How long until it wants a turn for itself; -1: for ever. */
int64_t intake_wait_ns(const struct intake *in);

/*
 * Closes the listeners and serves all that other workers have sent, however
 * much that is: later there is nobody to take it.
 */
void intake_close(struct intake *in);

/* The watches end; the listeners stay open. */
void intake_fini(struct intake *in);

#endif
