/*
 * acceptor: where a worker's connections come from: listeners and inbox.
 *
 *	accept -> balancer -> serve(), or another worker's inbox
 *
 * It stops for a moment after an error that more accepting would not cure, and
 * while --max-handshaking handshakes are under way. What comes meanwhile is
 * taken by a worker that has room, or waits in the kernel's backlog.
 *
 * Owns:	its watches.
 * Borrows:	all that is in the options.
 * Use:
 *	acceptor_open(&acceptor, &options, &e);
 *	conn_loop_turn(loop, acceptor_wait_ns(&acceptor));
 *	acceptor_turn(&acceptor);
 */
#ifndef SERVER_WORKER_ACCEPTOR_H
#define SERVER_WORKER_ACCEPTOR_H

#include <stdint.h>

#include "common/base/errmsg.h"
#include "common/conn/loop.h"
#include "common/io/loop.h"
#include "server/listeners.h"
#include "server/worker/balancer.h"

struct config;

struct acceptor_options {
	const struct config *config;
	struct listeners *listeners;
	struct balancer *balancer;
	struct conn_loop *loop; /* which holds the handshakes under way */
	/* Takes over a descriptor that balancer counts as open here. */
	void (*serve)(void *owner, int fd);
	void *owner;
};

enum acceptor_state {
	ACCEPTOR_READY,  /* listeners and inbox */
	ACCEPTOR_PAUSED, /* after an error, until resume_ns: the inbox only */
	ACCEPTOR_FULL,   /* --max-handshaking: neither */
	ACCEPTOR_CLOSED, /* the listeners are; the inbox goes on, without end */
};

struct acceptor {
	struct acceptor_options options;
	struct io_watch listeners[LISTENERS_MAX];
	struct io_watch inbox;
	enum acceptor_state state;
	int64_t resume_ns; /* end of the last pause, be it FULL meanwhile */
	int64_t quiet_until_ns; /* what fails has been logged */
};

/* Watches everything; what has come is served in the loop's turns. */
int acceptor_open(struct acceptor *in, const struct acceptor_options *options,
    struct errmsg *e);

/* After each turn of the loop: goes on if it can again. */
void acceptor_turn(struct acceptor *in);

/* How long until it wants a turn for itself; -1: for ever. */
int64_t acceptor_wait_ns(const struct acceptor *in);

/*
 * Closes the listeners and serves all that other workers have sent, however
 * much that is: later there is nobody to take it.
 */
void acceptor_close(struct acceptor *in);

/* The watches end; the listeners stay open. */
void acceptor_fini(struct acceptor *in);

#endif
