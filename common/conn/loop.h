/*
 * loop: the connections of one thread, how they get into it (accepted, with a
 * connect, or from another loop), and the turns that serve them.
 *
 * A turn dispatches what is ready, expires deadlines, calls on_turn, flushes
 * what is queued, and releases the connections that have ended (on_end).
 *
 * Owns:	struct io; its connections' deadlines.
 * Borrows:	the shard; connections (conn/conn.h).
 * Threads:	a loop and its connections belong to one. conn_detach in one
 *		thread and conn_attach in another move an open connection.
 * Errors:	of conn_accept and conn_connect: -errno, and there is no
 *		connection; on_end is not called.
 * Use:		conn_accept(&peer->conn, &loop, &ops, fd, creds);
 *		while (conn_loop_count(&loop) > 0)
 *			conn_loop_turn(&loop, -1);
 */
#ifndef COMMON_CONN_LOOP_H
#define COMMON_CONN_LOOP_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/close_reason.h"
#include "common/base/errmsg.h"
#include "common/base/list.h"
#include "common/base/timeq.h"
#include "common/io/loop.h"

struct addr;
union addr_peer;
struct conn;
struct conn_ops;
struct keepalive;
struct stats_shard;
struct tls_creds;

struct conn_loop_options {
	struct stats_shard *shard;
	int64_t handshake_timeout_ns; /* 0: none, as for the next two */
	int64_t connect_timeout_ns;
	int64_t idle_timeout_ns;
	int64_t max_lifetime_ns;  /* from the end of the handshake; 0: none */
	int64_t close_timeout_ns; /* without a sign of the peer; 0: 5 s */
	size_t tx_high;           /* 0: CONN_TX_HIGH */
	bool patient_flush; /* closing peers may read for the idle timeout */
	void (*on_turn)(void *owner); /* before output is flushed; or NULL */
	void *owner;
};

struct conn_target {
	const struct addr *addr;
	const union addr_peer *source;     /* local, with port 0; NULL: any */
	const char *peer_name;             /* that its certificate must bear */
	bool splits_hello;                 /* sends it in two segments */
	const struct keepalive *keepalive; /* NULL: none */
};

struct conn_loop {
	struct io *io;
	struct stats_shard *shard;
	struct timeq connect, handshake, recent, idle, flush, linger, leave;
	struct timeq lifetime; /* by conn->lifetime; the others by timer */
	size_t tx_high;
	int64_t trim_at_ns;        /* of the heap; 0: never */
	unsigned dropped;          /* pieces of it, since it was last trimmed */
	uint64_t delivered_before; /* records, when trim_at_ns was set */
	void (*on_turn)(void *owner);
	void *owner;
	struct list all;     /* connections, by conn->link */
	struct list ended;   /* released at the end of the turn */
	uint64_t deliveries; /* records delivered in this turn, for ECHO_TIME */
	int64_t now_ns;      /* start of this turn; between turns, its end */
	struct io_counters published; /* io's, as of the last publish */
	unsigned count, unjudged;     /* not yet released; of them the first */
	const struct tls_input *unread; /* for conn_detach, during on_open */
	bool in_turn;
};

int conn_loop_init(struct conn_loop *loop,
    const struct conn_loop_options *options, struct errmsg *e);

/* The connections must have been released. A zeroed loop may be passed. */
void conn_loop_fini(struct conn_loop *loop);

/* Sleeps at most wait_ns (-1: for ever), then one turn. Not from a callback. */
void conn_loop_turn(struct conn_loop *loop, int64_t wait_ns);
unsigned conn_loop_count(const struct conn_loop *loop);

/* On a non-blocking socket. 0, or -errno: fd is then still the caller's. */
int conn_accept(struct conn *conn, struct conn_loop *loop,
    const struct conn_ops *ops, int fd, struct tls_creds *creds);

/* Starts a connect and a handshake as a client. 0 or -errno. */
int conn_connect(struct conn *conn, struct conn_loop *loop,
    const struct conn_ops *ops, const struct conn_target *target,
    struct tls_creds *creds);

/*
 * From on_open only, which then returns false. The connection takes along what
 * is queued and what came in after the handshake, and has no deadline.
 */
void conn_detach(struct conn *conn);

/* Delivers and sends that. Without memory it ends as REASON_INTERNAL. */
void conn_attach(
    struct conn *conn, struct conn_loop *loop, const struct conn_ops *ops);

/* Calls conn_finish for every connection of the loop. */
void conn_loop_finish_all(struct conn_loop *loop, enum close_reason reason);
/* Finishes connections that are reading, have nothing queued, and have been
 * able to receive but received nothing for at least quiet_ns. */
void conn_loop_finish_quiet(
    struct conn_loop *loop, int64_t quiet_ns, enum close_reason reason);

/* Refuses whose peers are refused by now (tls_peer_refusal), in some turns. */
void conn_loop_judge(struct conn_loop *loop);
void conn_loop_abort_all(struct conn_loop *loop, enum close_reason reason);

#endif
