/* many_clients: clients that come, are counted, and leave; see the header. */
#include "tests/support/many_clients.h"

#include <check.h>

#include "tests/support/await.h"

void
many_clients_leave(struct tlspeer *peers, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		tlspeer_finish(&peers[i]);
}

bool
many_clients_is_even(const struct server *server, unsigned connections)
{
	unsigned workers = server_workers(server);

	for (unsigned i = 0; i < workers; i++) {
		uint64_t open = server_worker_value(server, i, "open");

		if (open < connections / workers ||
		    open > (connections + workers - 1) / workers)
			return false;
	}
	return true;
}

void
many_clients_expect_even(const struct server *server, unsigned connections)
{
	AWAIT(server_total(server, "open") == connections);
	ck_assert_msg(many_clients_is_even(server, connections),
	    "%u connections: %ju on worker 0, %ju on worker 1", connections,
	    (uintmax_t)server_worker_value(server, 0, "open"),
	    (uintmax_t)server_worker_value(server, 1, "open"));
}

bool
many_clients_was_even(const struct server *server)
{
	static struct tlspeer peers[8];
	bool even;

	for (unsigned i = 0; i < 8; i++)
		tlspeer_join(&peers[i], server->port);
	even = server_total(server, "open") == 8 &&
	    many_clients_is_even(server, 8);
	many_clients_leave(peers, 8);
	AWAIT(server_total(server, "open") == 0);
	return even;
}
