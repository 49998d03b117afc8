/*
 * conn: one TLS connection: where socket, session, deadlines and counters meet.
 *
 *	CONNECTING -> HANDSHAKE -> OPEN -> HALF_CLOSED
 *	                  |         |           |
 *	                  +---------+-----------+-> FLUSHING -> LINGERING
 *
 * and from each of them to ENDED. Any other step is a bug, and aborts. A
 * handshake that fails goes to FLUSHING: its alert has to leave. HALF_CLOSED
 * has sent close_notify and still delivers. FLUSHING sends what is queued, then
 * FIN. LINGERING waits for the peer's FIN, so that no reset destroys what was
 * sent last; both throw away what comes, up to a limit. All have a deadline.
 *
 * What it is for is a set of callbacks. Writing never blocks: bytes leave at
 * the end of the turn, and while many stay queued, nothing is received.
 * Owns:	its socket, its session, its place in queues.
 * Borrows:	the loop; the struct, a member of what the caller allocates,
 *		until on_end, which is called once, at the end of a turn.
 * Threads:	that of its loop (conn/loop.h).
 * Use:		if (conn_write(conn, bytes, n)) // in its callbacks
 *			conn_finish(conn, REASON_CLOSED);
 */
#ifndef COMMON_CONN_CONN_H
#define COMMON_CONN_CONN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/close_reason.h"
#include "common/base/list.h"
#include "common/base/timeq.h"
#include "common/io/sock.h"
#include "common/tls/state.h"

struct conn;
struct tls_input;
enum {
	CONN_TX_HIGH = 65536 /* more is queued: no recv, until it is less */
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
/* on_open, on_data, on_drained may call conn_write, conn_finish, conn_abort. */
struct conn_ops {
	void (*on_connected)(struct conn *conn); /* TCP, of a client; or NULL */
	/* Bytes before TLS; none at their end. False: more must come, or it has
	 * called conn_abort. It sets is_probe, true until a byte comes: whoever
	 * breaks off only looks. NULL: nothing comes before TLS. */
	bool (*on_prelude)(struct conn *conn, struct tls_input *in);
	/* A server's: the ClientHello is whole. False: the handshake waits for
	 * conn_go_on (conn/hold.h), or its deadline. NULL: it never does. */
	bool (*on_hello)(struct conn *conn);
	/* The peer has been verified. False: it has detached the connection,
	 * which may by now be another thread's. */
	bool (*on_open)(struct conn *conn);
	/* One record's content; valid during the call. */
	void (*on_data)(struct conn *conn, const uint8_t *bytes, size_t n);
	/* The kernel has taken all; the session has failed, and can still be
	 * asked (tls/refusal.h, tls/mismatch.h). Both may be NULL. */
	void (*on_drained)(struct conn *conn), (*on_fail)(struct conn *conn);
	/* It has ended, for conn->reason, and may be freed. Of its session only
	 * tls_reason and tls_peer_alert may still be asked. */
	void (*on_end)(struct conn *conn);
};

struct conn {
	/* What an echo touches comes first, in five cache lines. */
	struct io_sock sock;
	struct conn_loop *loop;
	const struct conn_ops *ops;
	struct stats_row *row;    /* NULL, or where it counts (stats/row.h) */
	int64_t active_ns;        /* when data last came in, or could again */
	struct timeq_timer timer; /* in the queue that the state says */
	enum conn_state state;
	enum close_reason reason; /* REASON_NONE while it is alive */
	bool resting;             /* and so in the queue idle, not in recent */
	bool peer_ended;          /* its FIN has come */
	bool awaits_data;         /* a client to which none has come yet */
	bool splits_hello, has_prelude, is_probe; /* conn_target; on_prelude */
	bool is_held;          /* its handshake waits: conn/hold.h */
	bool leaving, hurried; /* by conn_leave; the peer waited for FIN */
	uint32_t drop_left;    /* bytes, while it ends: see conn_drop */
	struct tls tls;
	struct timeq_timer lifetime; /* since it is open; its own queue */
	struct list link;
	int64_t started_ns; /* accept, or start of connect */
	size_t flush_left;  /* queued when the timer was last armed */
	int pending_fd;     /* while it moves; bytes not yet read, or held */
	uint8_t *pending_bytes;
	size_t pending_len;
};

/* Encrypts and queues. False: the connection has failed, or is not open. */
bool conn_write(struct conn *conn, const uint8_t *bytes, size_t n);

/* close_notify and FIN follow what is queued. What the peer still sends is
 * delivered until its close_notify ends the connection as REASON_CLOSED, or a
 * peer that neither sends nor reads for too long as REASON_IDLE_TIMEOUT. */
void conn_end_writing(struct conn *conn);

/* The same for clients that come and go: a reset answers the peer's
 * close_notify, and our FIN follows only if that is late. Nothing is lost, and
 * the port is free: who sends the first FIN keeps it a minute (TIME_WAIT). */
void conn_leave(struct conn *conn);

/* As conn_end_writing, but drops what the peer still sends; see conn_drop. */
void conn_finish(struct conn *conn, enum close_reason reason);
/* The same with an alert: a reload refuses the peer that had been let in. */
void conn_refuse(struct conn *conn, enum close_reason reason);
/* Ends it now, whatever is queued. */
void conn_abort(struct conn *conn, enum close_reason reason);

#endif
