/* test_transactions: --handshakes and --resume. */
#include <check.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/await.h"
#include "tests/support/client.h"
#include "tests/support/fixture.h"
#include "tests/support/resume.h"
#include "tests/support/server.h"
#include "tests/support/shell.h"
#include "tests/support/spawn.h"
#include "tests/support/suite.h"

static struct server server;

START_TEST(full)
{
	server_start(&server, NULL);
	client_run(0, server_address(&server),
	    "--handshakes -c 4 -n 41 --priority %s", resume_versions[_i]);
	ck_assert_uint_eq(client_number("", "transactions"), 41);
	ck_assert_uint_eq(client_number("transaction", "count"), 41);
	ck_assert_uint_eq(client_number("", "round_trips"), 41);
	ck_assert_uint_eq(client_number("connections", "made"), 41);
	ck_assert_uint_eq(client_number("traffic", "handshakes_resumed"), 0);
	AWAIT(server_total(&server, "open") == 0);
	ck_assert_uint_eq(server_total(&server, "handshakes_completed"), 41);
	ck_assert_uint_eq(server_total(&server, "ended_close_notify"), 41);
	server_expect_failures(&server, NULL, 0);
	server_stop(&server);
}
END_TEST

/* Each connection's first transaction is a full one, at most. */
START_TEST(resumed)
{
	uint64_t in_full;

	server_start(&server, NULL);
	client_run(0, server_address(&server),
	    "--handshakes --resume -c 4 -w 2 -n 80 --priority %s",
	    resume_versions[_i]);
	ck_assert_uint_eq(client_number("", "transactions"), 80);
	ck_assert_uint_ge(client_number("traffic", "handshakes_resumed"), 76);
	ck_assert_uint_lt(client_number("traffic", "handshakes_resumed"), 80);
	/* All that the server gives, which is one more with a full one. */
	in_full = 80 - client_number("traffic", "handshakes_resumed");
	ck_assert_uint_eq(
	    client_number("", "tickets"), _i == 0 ? 80 + in_full : 80);
	AWAIT(server_total(&server, "open") == 0);
	ck_assert_uint_eq(server_total(&server, "tickets_accepted"),
	    client_number("traffic", "handshakes_resumed"));
	ck_assert_uint_eq(server_total(&server, "ended_close_notify"), 80);
	server_stop(&server);
}
END_TEST

/* Half of them, exactly; both sides count the same. */
START_TEST(half_resumed)
{
	server_start(&server, NULL);
	client_run(0, server_address(&server),
	    "--handshakes --resume 50%% -c 4 -w 2 -n 200 --priority %s",
	    resume_versions[_i]);
	ck_assert_uint_eq(client_number("traffic", "handshakes"), 200);
	ck_assert_uint_eq(client_number("traffic", "handshakes_resumed"), 100);
	ck_assert_uint_eq(client_number("", "tickets_offered"), 100);
	ck_assert_uint_eq(client_number("", "tickets_refused"), 0);
	ck_assert_ptr_nonnull(strstr(
	    shell_output(), "Session tickets: offered 100, resumed 100\n"));
	AWAIT(server_total(&server, "open") == 0);
	ck_assert_uint_eq(server_total(&server, "handshakes_completed"), 200);
	ck_assert_uint_eq(server_total(&server, "handshakes_resumed"), 100);
	ck_assert_uint_eq(server_total(&server, "tickets_offered"), 100);
	ck_assert_uint_eq(server_total(&server, "tickets_accepted"), 100);
	server_stop(&server);
}
END_TEST

START_TEST(server_without_tickets)
{
	server_start(&server, "--tickets", "off", NULL);
	client_run(
	    0, server_address(&server), "--handshakes --resume -c 4 -n 20");
	ck_assert_uint_eq(client_number("", "tickets"), 0);
	ck_assert_uint_eq(client_number("traffic", "handshakes_resumed"), 0);
	ck_assert_ptr_nonnull(strstr(shell_output(),
	    "Session tickets: none, so nothing could be resumed\n"));
	server_stop(&server);
}
END_TEST

START_TEST(for_a_duration)
{
	server_start(&server, NULL);
	client_run(
	    0, server_address(&server), "--handshakes --resume -c 4 -d 300ms");
	ck_assert_uint_ge(client_number("", "transactions"), 4);
	ck_assert_uint_ge(client_number("", "elapsed_ns"), 290000000);
	AWAIT(server_total(&server, "open") == 0);
	ck_assert_uint_eq(server_total(&server, "accepted"),
	    client_number("", "transactions"));
	server_stop(&server);
}
END_TEST

/* Everybody is refused; nobody is hammered. */
START_TEST(refused_transactions)
{
	server_start(&server, NULL);
	client_run(1, server_address(&server),
	    "--handshakes -c 4 -d 500ms --server-name other.example");
	ck_assert_uint_eq(client_number("", "transactions"), 0);
	ck_assert_uint_ge(client_number("errors", "wrong_name"), 4);
	ck_assert_uint_le(client_number("errors", "wrong_name"), 4 * 6);
	server_stop(&server);
}
END_TEST

/* Connections of any process in TIME_WAIT, with this port at an end. */
static unsigned
count_time_wait(int port)
{
	shell_expect(0, "",
	    "awk '$4 == \"06\" && ($2 ~ /:%04X$/ || $3 ~ /:%04X$/)"
	    " { n++ } END { print n + 0 }' /proc/net/tcp",
	    (unsigned)port, (unsigned)port);
	return (unsigned)strtoul(shell_output(), NULL, 10);
}

/* None is left of ours; the kernel may have given us a port with some. */
START_TEST(ports_are_free_again)
{
	unsigned before;

	server_start(&server, NULL);
	before = count_time_wait(server.port);
	client_run(0, server_address(&server), "--handshakes -c 4 -n 40");
	AWAIT(server_total(&server, "open") == 0);
	ck_assert_uint_le(count_time_wait(server.port), before);
	server_stop(&server);
}
END_TEST

/* Transactions that have begun are made, those too that only just connect. */
START_TEST(interrupted)
{
	static struct spawn client;

	server_start(&server, NULL);
	client_start(&client, server_address(&server),
	    "--quiet -c 64 -d 1h --handshakes --resume", NULL);
	AWAIT(server_total(&server, "tickets_accepted") > 20);
	ck_assert_int_eq(client_interrupt(&client), 0);
	ck_assert(!spawn_said(&client, "Connections not made"));
	server_expect_failures(&server, NULL, 0);
	server_stop(&server);
}
END_TEST

int
main(int argc, char **argv)
{
	struct suite *s = suite_new("e2e/transactions");

	SUITE_ADD_LOOP(s, full, 2);
	SUITE_ADD_LOOP(s, resumed, 2);
	SUITE_ADD_LOOP(s, half_resumed, 2);
	SUITE_ADD(s, server_without_tickets);
	SUITE_ADD(s, for_a_duration);
	SUITE_ADD(s, refused_transactions);
	SUITE_ADD(s, ports_are_free_again);
	SUITE_ADD(s, interrupted);
	return fixture_run(s, argc, argv);
}
