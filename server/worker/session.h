/*
 * session: one client's connection and what is logged about it.
 *
 * Owns:	itself: session_new to session_free.
 * Borrows:	the balancer that counts it, the table that lists it.
 * Use:
 *	session = session_new(fd, balancer, table);
 *	error = conn_accept(&session->conn, loop, &ops, fd, creds);
 *	listing_begin(session);
 *	... ops.on_end is session_end ...
 */
#ifndef SERVER_WORKER_SESSION_H
#define SERVER_WORKER_SESSION_H

#include <stdbool.h>
#include <stdint.h>

#include "common/conn/conn.h"
#include "common/sys/addr.h"
#include "server/limits/limits.h"
#include "server/worker/handshake_queue.h"

struct balancer;
struct proxied;
struct stats_table;

enum {
	SESSION_PEER_TEXT = 2 * ADDR_TEXT + 8
};

struct session {
	struct conn conn;
	struct balancer *balancer;
	struct stats_table *table;
	union addr_peer peer; /* the client, also behind a proxy */
	uint64_t id; /* of the connection, in its worker: log and table */
	struct proxied *proxied;      /* NULL: no proxy */
	struct limits *limits;        /* set by its creator; or NULL */
	struct limits_pass pass;      /* where they count it */
	struct handshake_place place; /* until its handshake is over */
	bool listed; /* how its handshake went: see worker/listing.h */
};

/* Asks the socket who the peer is. NULL when there is no memory. */
struct session *session_new(
    int fd, struct balancer *balancer, struct stats_table *table);
void session_free(struct session *session);

/*
 * Asks the limits for its peer. NONE; or the reason to refuse it for, which is
 * logged at level info, at most once in a second. now_ns is the loop's.
 */
enum close_reason session_admit(
    struct session *session, const union addr_peer *client, int64_t now_ns);

/* The session that a connection is a member of. */
struct session *session_of(struct conn *conn);

/* The peer's address, and behind a proxy " proxy=ADDR:PORT". */
const char *session_format_peer(
    const struct session *session, char text[static SESSION_PEER_TEXT]);

/*
 * The handshake is complete: lists what the session has negotiated, logs it at
 * level debug and, when interactive, prints it on stdout.
 */
void session_open(struct session *session, bool interactive);

/*
 * The session has failed, in either loop: lists a failed handshake; logs a
 * client that is refused for its certificate, and why, at level info, at most
 * ten in a second; and what each side offers, if they have nothing in common,
 * at level debug.
 */
void session_fail(struct conn *conn);

/*
 * The connection has ended, in either loop: logs why, at level debug, tells the
 * balancer and frees the session.
 */
void session_end(struct conn *conn);

#endif
