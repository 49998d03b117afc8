/*
 * conn: one TLS connection: where socket, session, deadlines and counters meet.
 *
 *	CONNECTING -> HANDSHAKE -> OPEN -> FLUSHING -> LINGERING -> ended
 *	                            \-> HALF_CLOSED -/
 *
 * A handshake that fails goes to FLUSHING: its alert has to leave.
 * HALF_CLOSED has said close_notify and still delivers. FLUSHING sends what is
 * queued, then close_notify and FIN; LINGERING waits for the peer's FIN, so
 * that what we sent last is not destroyed by a reset. All have a deadline.
 *
 * What a connection is for is a set of callbacks. Data that arrives is counted
 * and passed on; writing never blocks: what the kernel does not take is queued,
 * and receiving pauses while more than CONN_TX_HIGH bytes are.
 *
 * Owns:	of a conn: its socket, its session, its place in queues.
 * Borrows:	the loop; the memory of the struct, which is a member of what
 *		the caller allocates and gets back in on_end, called once, at
 *		the end of a turn, when nothing refers to it any more.
 * Threads:	a loop and its connections belong to one thread. conn_detach in
 *		one and conn_attach in another move an open connection.
 * Use:
 *	conn_loop_init(&loop, &options, &e);
 *	conn_accept(&peer->conn, &loop, &ops, fd, creds);
 *	while (conn_loop_count(&loop) > 0)
 *		conn_loop_turn(&loop, -1);
 */
#ifndef COMMON_CONN_CONN_H
#define COMMON_CONN_CONN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/close_reason.h"
#include "common/base/errmsg.h"
#include "common/base/list.h"
#include "common/base/timeq.h"
#include "common/io/loop.h"
#include "common/io/sock.h"

struct addr;
struct conn;
struct stats_shard;
struct tls;
struct tls_creds;
struct tls_input;

enum {
	/* Receiving pauses while more is queued; one recv may exceed it. */
	CONN_TX_HIGH = 65536,
};

enum conn_state {
	CONN_CONNECTING,
	CONN_HANDSHAKE,
	CONN_OPEN,
	CONN_HALF_CLOSED,
	CONN_FLUSHING,
	CONN_LINGERING,
	CONN_ENDED,
};

/* All may call conn_write, conn_finish and conn_abort. */
struct conn_ops {
	/*
	 * The handshake is complete and the peer verified. Returns false when
	 * it has detached the connection, which then may be another thread's
	 * already; else true.
	 */
	bool (*on_open)(struct conn *conn);
	/* One record's content; valid during the call. */
	void (*on_data)(struct conn *conn, const uint8_t *bytes, size_t n);
	/* The kernel has taken all that was written. May be NULL. */
	void (*on_drained)(struct conn *conn);
	/* Over, with conn->cause; conn itself may be freed. */
	void (*on_end)(struct conn *conn);
};

struct conn_loop_options {
	struct stats_shard *shard;
	int64_t handshake_timeout_ns; /* 0: none, as for the next two */
	int64_t connect_timeout_ns;
	int64_t idle_timeout_ns;
	/* In each turn, before what was written in it is sent. May be NULL. */
	void (*on_turn)(void *owner);
	void *owner;
};

/* One thread's loop and all that its connections share. */
struct conn_loop {
	struct io *io;
	struct stats_shard *shard;
	struct timeq connect, handshake, idle, linger;
	void (*on_turn)(void *owner);
	void *owner;
	struct list all;     /* connections, by conn->link */
	struct list ended;   /* to be given back at the end of the turn */
	uint64_t deliveries; /* records read in this turn, for ECHO_TIME */
	int64_t now_ns;      /* begin of this turn; between turns, its end */
	struct io_counters published; /* what is in the counters already */
	unsigned count; /* connections that are not given back yet */
};

struct conn {
	/* What an echo touches comes first, in two or three cache lines. */
	struct io_sock sock;
	struct conn_loop *loop;
	const struct conn_ops *ops;
	struct tls *tls;
	int64_t active_ns; /* when data last came in, or could again */
	enum conn_state state;
	enum close_reason reason; /* REASON_NONE while it is alive */
	struct timeq_timer timer; /* of the queue that the state says */
	struct list link;
	int64_t started_ns; /* accept, or start of connect */
	size_t flush_left;  /* queued when the timer was last armed */
	bool peer_ended;    /* its FIN has come */
	bool leaving;       /* by conn_leave */
	const struct tls_input *unread; /* for conn_detach, during on_open */
	/* While it moves: the descriptor, and bytes that are not yet read. */
	int pending_fd;
	uint8_t *pending_bytes;
	size_t pending_len;
};

int conn_loop_init(struct conn_loop *loop,
    const struct conn_loop_options *options, struct errmsg *e);

/* Without connections. Harmless when all zero. */
void conn_loop_fini(struct conn_loop *loop);

/* One turn: sleeps at most wait_ns (-1: for ever), serves, sends, expires. */
void conn_loop_turn(struct conn_loop *loop, int64_t wait_ns);

static inline unsigned
conn_loop_count(const struct conn_loop *loop)
{
	return loop->count;
}

/*
 * Starts on an accepted, non-blocking socket. 0, or -errno: fd is then still
 * the caller's, and nothing was counted.
 */
int conn_accept(struct conn *conn, struct conn_loop *loop,
    const struct conn_ops *ops, int fd, struct tls_creds *creds);

/* Starts a connect and a handshake as a client. 0 or -errno. */
int conn_connect(struct conn *conn, struct conn_loop *loop,
    const struct conn_ops *ops, const struct addr *addr,
    struct tls_creds *creds, const char *peer_name);

/* What a connect that failed with this (positive) errno comes to. */
enum close_reason conn_connect_reason(int error);

/*
 * Moves an open connection: detach in its own thread, from on_open only; then
 * attach in the other's, which delivers what had been received beyond the
 * handshake. What had been queued is sent there.
 */
void conn_detach(struct conn *conn);
void conn_attach(
    struct conn *conn, struct conn_loop *loop, const struct conn_ops *ops);

/*
 * Encrypts and queues; it leaves at the end of the turn. False when the
 * connection failed or is not open: nothing more need be done.
 */
bool conn_write(struct conn *conn, const uint8_t *bytes, size_t n);

/* Bytes queued and not yet taken by the kernel. */
static inline size_t
conn_queued(const struct conn *conn)
{
	return io_tx_queued(&conn->sock);
}

/*
 * Nothing more will be written: close_notify and FIN follow what is queued.
 * What the peer still sends is delivered, until its close_notify ends the
 * connection as REASON_CLOSED; a peer that neither sends nor reads for too long
 * ends it as REASON_IDLE_TIMEOUT.
 */
void conn_end_writing(struct conn *conn);

/*
 * For clients that come and go: the same, but no FIN follows close_notify, and
 * the peer's close_notify is answered by a reset. Nothing is lost by it, and
 * the local port is free again at once; who sends the first FIN must keep it
 * for a minute (TIME_WAIT; RFC 9293, 3.6.1).
 */
void conn_leave(struct conn *conn);

/* conn_end_writing, but what the peer still sends is dropped; then cause. */
void conn_finish(struct conn *conn, enum close_reason reason);

/* Ends it now, whatever is queued. */
void conn_abort(struct conn *conn, enum close_reason reason);

/* Finishes what is open, aborts what is not; every connection of the loop. */
void conn_loop_finish_all(struct conn_loop *loop, enum close_reason reason);

/*
 * Finishes connections that have sent all they had to, and received nothing
 * since quiet_ns ago.
 */
void conn_loop_finish_quiet(
    struct conn_loop *loop, int64_t quiet_ns, enum close_reason reason);

void conn_loop_abort_all(struct conn_loop *loop, enum close_reason reason);

#endif
