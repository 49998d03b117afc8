/*
 * move: an open connection goes from one loop, and thread, to another.
 *
 * Owns:	while it moves, a connection owns its descriptor, what is queued
 *		and what came in after the handshake. It has no deadline.
 * Use:		in on_open, in the thread of the first loop:
 *	conn_detach(conn);
 *	return false;
 *		and in the thread of the second:
 *	conn_attach(conn, &loop, &ops);
 */
#ifndef COMMON_CONN_MOVE_H
#define COMMON_CONN_MOVE_H

struct conn;
struct conn_loop;
struct conn_ops;

/* From on_open only, which then returns false. */
void conn_detach(struct conn *conn);

/*
 * Delivers what has come in meanwhile, and sends what was queued. Without
 * memory or a place in epoll it ends the connection as REASON_INTERNAL.
 */
void conn_attach(
    struct conn *conn, struct conn_loop *loop, const struct conn_ops *ops);

#endif
