/*
 * session: one client's connection and what is logged about it.
 *
 * Owns:	itself: session_new to session_free.
 * Borrows:	the balancer that counts it.
 * Use:
 *	session = session_new(fd, balancer);
 *	error = conn_accept(&session->conn, loop, &ops, fd, creds);
 *	... ops.on_end is session_end ...
 */
#ifndef SERVER_WORKER_SESSION_H
#define SERVER_WORKER_SESSION_H

#include <stdbool.h>

#include "common/conn/conn.h"
#include "common/sys/addr.h"

struct balancer;

struct session {
	struct conn conn;
	struct balancer *balancer;
	union addr_peer peer;
};

/* Asks the socket who the peer is. NULL when there is no memory. */
struct session *session_new(int fd, struct balancer *balancer);
void session_free(struct session *session);

/* The session that a connection is a member of. */
struct session *session_of(struct conn *conn);

/*
 * The handshake is complete: logs what the session has negotiated at level
 * debug and, when interactive, prints it on stdout.
 */
void session_log_open(const struct session *session, bool interactive);

/*
 * The session has failed, in either loop: logs a client that is refused for its
 * certificate, and why, at level info, at most ten in a second; and what each
 * side offers, if they have nothing in common, at level debug.
 */
void session_log_failure(struct conn *conn);

/*
 * The connection has ended, in either loop: logs why, at level debug, tells the
 * balancer and frees the session.
 */
void session_end(struct conn *conn);

#endif
