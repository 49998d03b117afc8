/*
 * hold: a handshake that on_hello (conn/conn.h) lets wait. It knows the
 * ClientHello, and has cost little; its deadline goes on.
 *
 * Meanwhile a client has nothing to send. A few bytes are kept all the same;
 * its end ends the connection, and so does more than CONN_HELD_MAX.
 *
 * Use:		if (conn->is_held)
 *			conn_go_on(conn);
 */
#ifndef COMMON_CONN_HOLD_H
#define COMMON_CONN_HOLD_H

struct conn;

enum {
	CONN_HELD_MAX = 4096 /* bytes after the ClientHello */
};

/* From on_turn or a callback of another connection; calls on_open and such. */
void conn_go_on(struct conn *conn);

#endif
