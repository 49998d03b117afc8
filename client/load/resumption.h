/*
 * resumption: which connections of a worker offer a session ticket, and the
 * tickets that they bring back. Of all connections a share offers one, spread
 * evenly and not at random; those that should have, when there was none, are
 * made up for later, so that the share is exact in the end.
 *
 * A ticket is offered for the identity that it was given to, by its index, of
 * which there is at least one. A server sees a ticket once; one that nobody has
 * seen is as good as new.
 *
 * Owns:	tickets that are not drawn.
 * Use:
 *	if (resumption_init(&r, 50, connections, 1) < 0) ...
 *	ticket = resumption_draw(&r, identity);
 *	... a connection; with NULL: a full handshake ...
 *	n = resumption_take(&r, identity, &conn->tls);
 *	resumption_end(&r, identity, &ticket, was_seen);
 *	resumption_fini(&r);
 */
#ifndef CLIENT_LOAD_RESUMPTION_H
#define CLIENT_LOAD_RESUMPTION_H

#include <stdbool.h>
#include <stdint.h>

#include "client/load/tickets.h"

struct tls;
struct tls_resume;

struct resumption {
	struct tickets *tickets; /* of each identity */
	unsigned identities;
	unsigned percent; /* of connections that offer one */
	uint64_t owed;    /* hundredths of a connection */
};

/* 1 <= percent <= 100. -1 when there is no memory. */
int resumption_init(struct resumption *r, unsigned percent,
    unsigned connections, unsigned identities);

/* Harmless when all zero. */
void resumption_fini(struct resumption *r);

/* What the next connection offers, which is the caller's; or NULL. */
struct tls_resume *resumption_draw(struct resumption *r, unsigned identity);

/* Keeps the tickets that have come to a session, and returns how many. */
unsigned resumption_take(
    struct resumption *r, unsigned identity, struct tls *tls);

/* Its connection is over. *ticket becomes NULL, and may be. */
void resumption_end(struct resumption *r, unsigned identity,
    struct tls_resume **ticket, bool was_seen);

#endif
