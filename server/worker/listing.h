/*
 * listing: a session as others see it: its row in the connection table, and
 * among the last offenders if its handshake fails (stats/row.h).
 *
 * Use:
 *	listing_begin(session);		// conn_accept has succeeded
 *	listing_open(session);		// if it comes to that
 *	listing_fail(session);		// the same
 *	listing_end(session);
 */
#ifndef SERVER_WORKER_LISTING_H
#define SERVER_WORKER_LISTING_H

struct session;

/* In the handshake loop. Without a free row, that is counted. */
void listing_begin(struct session *session);
/* In the same: session->peer is another by now. */
void listing_name_peer(struct session *session);
/* In the same: the row says with whom, and what was agreed on. */
void listing_open(struct session *session);
/* In either: it has failed, for conn.reason, and can still be asked. In its
 * handshake that makes it an offender. */
void listing_fail(struct session *session);
/* It has ended. A handshake that neither became open nor failed was broken off,
 * by the peer or a deadline, and is listed now. */
void listing_end(struct session *session);

#endif
