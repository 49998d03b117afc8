/* private: what the files of conn share. */
#ifndef COMMON_CONN_PRIVATE_H
#define COMMON_CONN_PRIVATE_H

#include "common/conn/conn.h"

struct tls_input;
struct tls_output;

/* conn.c: between the socket and the session. */
extern const struct io_sock_ops conn_sock_ops;
extern const struct tls_output conn_tls_output;

/* TCP is connected, by this socket or by one that took its place. */
void conn_on_connected(struct io_sock *sock);

/* Does it deliver what comes in? */
static inline bool
conn_is_reading(const struct conn *conn)
{
	return conn->state == CONN_OPEN || conn->state == CONN_HALF_CLOSED;
}

/* Delivers what came in, record by record, until the session wants more. */
void conn_deliver(struct conn *conn, struct tls_input *in);

/* conn.c: goes on with the handshake; afterwards delivers. */
void conn_handshake(struct conn *conn, struct tls_input *in);

/* hold.c: keeps what has come to a handshake that waits. */
void conn_hold(struct conn *conn, const struct tls_input *in);
/* Frees that, if there is any: the connection has ended. */
void conn_drop_held(struct conn *conn);

/* state.c: the only way to another state, if conn.h draws that step. */
void conn_set_state(struct conn *conn, enum conn_state state);

/* end.c: what an expired timer means in the connection's state. */
void conn_on_timer(struct conn *conn);

/* The session failed; an alert for the peer may be queued. */
void conn_fail(struct conn *conn);

/* Nothing more is asked of the peer but to read on, for which it has time. */
void conn_wait_for_reader(struct conn *conn);

/*
 * In FLUSHING and LINGERING n bytes have come in, 0 at the end of the stream.
 * They are too late to be answered. A peer that sends on and on is reset: one
 * that was refused after 1 MiB, others after 16 MiB, which is more than may be
 * under way when they are told of the end.
 */
void conn_drop(struct conn *conn, size_t n);

/* The reason is decided: the loop gives it back at the end of its turn. */
void conn_retire(struct conn *conn);

/* loop.c: from now on the connection is the loop's. */
void conn_enter_loop(struct conn *conn, struct conn_loop *loop);

/* A connection has given memory back to the heap, which is now looser. */
void conn_loop_dropped(struct conn_loop *loop);

/* stats.c: a handshake is complete: how, and what it agreed on. */
void conn_count_handshake(const struct conn *conn);

/* The reason is decided, and the state still as before. */
void conn_count_end(const struct conn *conn);

#endif
