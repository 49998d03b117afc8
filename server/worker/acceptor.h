/*
 * acceptor: where a worker's connections come from: listeners and inbox.
 *
 *	accept -> balancer -> serve(), or another worker's inbox
 *
 * It accepts nothing for a moment after an error that more accepting would not
 * cure, and while as many connections as may (half of --max-connections, over
 * all workers) have not come to the end of their handshake. What comes then is
 * taken by a worker that has room, or waits in the kernel's backlog. Its
 * states, and the steps between them:
 *
 *	READY  -> PAUSED	accept failed
 *	READY  -> FULL		no room for another without a handshake
 *	PAUSED -> READY		the pause is over
 *	PAUSED -> FULL		the inbox brought the last one with room
 *	FULL   -> READY		there is room again
 *	FULL   -> PAUSED	there is room again, but the pause is not over
 *	all    -> CLOSED	for good: acceptor_close
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
#include "common/io/loop.h"
#include "server/listeners.h"

struct balancer;
struct config;
struct conn_loop;

struct acceptor_options {
	const struct config *config;
	struct listeners *listeners;
	struct balancer *balancer;
	struct conn_loop *loop; /* which holds the handshakes under way */
	/* A descriptor in reserve, or -1: see fdpass_receive_with_spare. */
	int *spare_fd;
	/* Takes over a descriptor that the balancer counts as open here. */
	void (*serve)(void *owner, int fd);
	void *owner;
};

enum acceptor_state {
	ACCEPTOR_READY,  /* reads listeners and inbox */
	ACCEPTOR_PAUSED, /* after an error, until resume_ns: the inbox only */
	ACCEPTOR_FULL,   /* half of --max-connections: neither */
	ACCEPTOR_CLOSED, /* the listeners are closed; the inbox has no limit */
};

struct acceptor {
	struct acceptor_options options;
	struct io_watch listeners[LISTENERS_MAX];
	struct io_watch inbox;
	enum acceptor_state state;
	int64_t resume_ns;      /* when the last pause is over, in any state */
	int64_t quiet_until_ns; /* see log_is_due */
};

/* Watches everything; what has come is served in the loop's turns. */
int acceptor_open(struct acceptor *a, const struct acceptor_options *options,
    struct errmsg *e);

/* After each turn of the loop: goes on if it can again. */
void acceptor_turn(struct acceptor *a);

/* How long until acceptor_turn is due, whatever comes; -1: for ever. */
int64_t acceptor_wait_ns(const struct acceptor *a);

/*
 * Accepts what waits, if it listens, while others may still take a part of it:
 * the kernel may have woken this worker, and no other, for a connection.
 */
void acceptor_accept_waiting(struct acceptor *a);

/*
 * Closes the listeners and serves all that other workers have sent, however
 * much that is: later there is nobody to take it. May be called again.
 */
void acceptor_close(struct acceptor *a);

/* The watches end; the listeners stay open. */
void acceptor_fini(struct acceptor *a);

#endif
