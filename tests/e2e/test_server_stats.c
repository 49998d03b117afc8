/* test_server_stats: --server-stats, beside a server and what disturbs it. */
#include <string.h>

#include "tests/support/await.h"
#include "tests/support/client.h"
#include "tests/support/fixture.h"
#include "tests/support/server.h"
#include "tests/support/shell.h"
#include "tests/support/suite.h"
#include "tests/support/tlspeer.h"

static struct server server;
static struct spawn client;
static struct tlspeer peer;

static const struct server_row {
	const char *name;
	bool agrees;
} all_rows[] = {
	{ "accepted", true },
	{ "handshakes_completed", true },
	{ "handshakes_resumed", true },
	{ "handshakes_failed", true },
	{ "read_operations", true },
	{ "write_operations", true },
	{ "bytes_received", true },
	{ "bytes_sent", true },
};

/* In the report; a row that failures explain may be unequal. */
static const json_t *
counter(const char *name)
{
	const json_t *rows = client_member("server", "counters");
	size_t i;
	const json_t *row;

	json_array_foreach(rows, i, row)
		if (strcmp(json_string_value(json_object_get(row, "name")),
			name) == 0)
			return row;
	ck_abort_msg("no counter %s", name);
}

static uint64_t
side(const char *name, const char *of)
{
	return (uint64_t)json_integer_value(json_object_get(counter(name), of));
}

static bool
agrees(const char *name)
{
	return json_is_true(json_object_get(counter(name), "agree"));
}

#define TLS12 "--priority " TLSPEER_TLS12 " "

static const struct {
	const char *options;
	bool is_exact; /* else failures are expected */
	int status;
} loads[] = {
	{ "-c 3 -n 100 -s 1-40k -p 4", true, 0 },
	{ "-c 4 -d 200ms --warmup 200ms", true, 0 },
	{ "-c 4 -n 60 --handshakes --resume 50%", true, 0 },
	{ TLS12 "-c 4 -n 60 --handshakes --resume 50%", true, 0 },
	{ "-c 3 -n 60 --reconnect 5 --resume", true, 0 },
	{ "-c 4 -n 20 --handshakes --no-echo", true, 0 },
	{ "-c 2 -d 100ms --idle", true, 0 },
	{ "-c 3 -n 3 --server-name other.example", true, 1 },
	{ "-c 3 -n 3 --cert other/mallory.pem --key other/mallory.key", false,
	    1 },
};

/* However the connections went, both sides have seen the same. */
TEST_EACH(agrees_with_what_the_client_counts, loads)
{
	server_start(&server, NULL);
	client_run(loads[_i].status, server_address(&server),
	    "%s --server-stats %s", loads[_i].options, server.name);
	ck_assert_ptr_nonnull(
	    strstr(shell_output(), "': 8 of 8 counters agree\n"));
	ck_assert_uint_gt(side("accepted", "server"), 0);
	for (size_t i = 0; i < TEST_ROWS(all_rows); i++) {
		ck_assert(agrees(all_rows[i].name));
		if (loads[_i].is_exact)
			ck_assert_uint_eq(side(all_rows[i].name, "client"),
			    side(all_rows[i].name, "server"));
	}
	ck_assert_uint_eq(
	    side("bytes_sent", "server"), server_total(&server, "bytes_sent"));
	ck_assert_uint_gt(client_number("server", "cpu_ns"), 0);
	server_stop(&server);
}

/* Another client comes and goes meanwhile. */
TEST(differs_beside_another_client)
{
	char options[128];

	server_start(&server, NULL);
	(void)snprintf(options, sizeof options, "-c 2 -d 60s --server-stats %s",
	    server.name);
	client_start(&client, server_address(&server), options, NULL);
	AWAIT(server_total(&server, "handshakes_completed") == 2);
	tlspeer_join(&peer, server.port);
	tlspeer_close(&peer);
	AWAIT(server_total(&server, "ended") == 1);
	ck_assert_int_eq(client_interrupt(&client), 3);
	ck_assert(spawn_said(&client,
	    "such as accepted: the server has 3, "
	    "the client 2"));
	client_read_report();
	ck_assert(!agrees("accepted"));
	ck_assert(!agrees("handshakes_completed"));
	ck_assert(agrees("handshakes_resumed"));
	server_stop(&server);
}

/* The run has failed then; the report says why there is nothing to compare. */
TEST(ends_during_the_run)
{
	char options[128];

	server_start(&server, NULL);
	(void)snprintf(options, sizeof options, "-c 2 -d 60s --server-stats %s",
	    server.name);
	client_start(&client, server_address(&server), options, NULL);
	AWAIT(server_total(&server, "handshakes_completed") == 2);
	server_kill_master(&server);
	ck_assert_int_eq(spawn_wait(&client), 1);
	ck_assert(spawn_said(&client, "': it ended during the run\n"));
	client_read_report();
	ck_assert(json_is_string(client_member("server", "lost")));
}

TEST(is_not_there)
{
	server_start(&server, NULL);
	shell_expect(1, "--server-stats: no segment 'sstats-none'",
	    "tlsecho-client --ca ca/ca.pem --server-stats sstats-none %s",
	    server_address(&server));
	ck_assert_uint_eq(server_total(&server, "accepted"), 0);
	server_stop(&server);
}

FIXTURE_SUITE("e2e/server_stats")
