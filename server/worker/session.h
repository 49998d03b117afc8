/*
 * session: one client's connection and what is said about it.
 *
 * Owns:	itself: session_new to session_free.
 * Use:
 *	session = session_new(fd);
 *	conn_accept(&session->conn, ...);
 *	... in on_end: session_free(session_of(conn));
 */
#ifndef SERVER_WORKER_SESSION_H
#define SERVER_WORKER_SESSION_H

#include <stdbool.h>
#include <stdint.h>

#include "common/conn/conn.h"
#include "common/sys/addr.h"

struct session {
	struct conn conn;
	union addr_peer peer;
};

/* Asks the socket who the peer is. NULL when there is no memory. */
struct session *session_new(int fd);
void session_free(struct session *session);
struct session *session_of(struct conn *conn);

/*
 * The handshake is complete: logs the session's facts at level debug and, when
 * interactive, prints them on stdout. clients is how many are connected.
 */
void session_log_open(
    const struct session *session, uint64_t clients, bool interactive);

/* It is over: logs why, at level debug. */
void session_log_end(const struct session *session);

#endif
