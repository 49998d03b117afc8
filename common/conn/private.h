/*
 * private: what conn/conn.c (a connection's life), conn/open.c (its begin) and
 * conn/loop.c (its loop) share.
 */
#ifndef COMMON_CONN_PRIVATE_H
#define COMMON_CONN_PRIVATE_H

#include "common/conn/conn.h"

extern const struct io_sock_ops conn_sock_ops;

/* Does it deliver what comes in? */
static inline bool
conn_is_reading(const struct conn *conn)
{
	return conn->state == CONN_OPEN || conn->state == CONN_HALF_CLOSED;
}

/* Delivers what came in, record by record, until the session wants more. */
void conn_deliver(struct conn *conn, struct tls_input *in);

/* A handshake is complete: how, and what it agreed on. */
void conn_count_handshake(const struct conn *conn);

/* The cause is decided, and the state still as before. */
void conn_count_end(const struct conn *conn);

/* What an expired timer means in the connection's state. */
void conn_on_timer(struct conn *conn);

#endif
