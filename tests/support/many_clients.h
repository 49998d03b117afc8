/*
 * many_clients: many clients of a server, and how they are spread over its
 * workers.
 *
 * Use:
 *	for (int i = 0; i < 8; i++)
 *		tlspeer_join(&peers[i], server.port);
 *	many_clients_expect_even(&server, 8);
 *	many_clients_leave(peers, 8);
 */
#ifndef TESTS_SUPPORT_MANY_CLIENTS_H
#define TESTS_SUPPORT_MANY_CLIENTS_H

#include <stdbool.h>

#include "tests/support/server.h"
#include "tests/support/tlspeer.h"

/* Orderly, one after another. */
void many_clients_leave(struct tlspeer *peers, unsigned count);

/* Whether workers differ by one connection at most. */
bool many_clients_is_even(const struct server *server, unsigned connections);

/* Waits until so many are open; then they must be spread evenly. */
void many_clients_expect_even(
    const struct server *server, unsigned connections);

/* Eight clients come and leave a server that has no others: was it even? */
bool many_clients_was_even(const struct server *server);

#endif
