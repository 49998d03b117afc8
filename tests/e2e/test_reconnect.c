/* test_reconnect: --reconnect, --resume with it, and --connect-rate. */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "common/base/clock.h"
#include "tests/support/await.h"
#include "tests/support/client.h"
#include "tests/support/fixture.h"
#include "tests/support/resume.h"
#include "tests/support/server.h"
#include "tests/support/shell.h"
#include "tests/support/spawn.h"
#include "tests/support/suite.h"

static struct server server;

static void
expect_same_counts(void)
{
	uint64_t made = client_number("connections", "made");

	ck_assert_uint_eq(client_number("connections", "asked"), made);
	AWAIT(server_total(&server, "open") == 0);
	ck_assert_uint_eq(server_total(&server, "handshakes_completed"), made);
	ck_assert_uint_eq(server_total(&server, "ended_close_notify"), made);
	server_expect_failures(&server, NULL, 0);
}

START_TEST(closed_loop)
{
	server_start(&server, NULL);
	client_run(0, server_address(&server),
	    "--reconnect 5 -c 4 -w 2 -n 200 -p 2 --priority %s",
	    resume_versions[_i]);
	ck_assert_uint_eq(client_number("", "round_trips"), 200);
	ck_assert_uint_eq(client_number("configuration", "reconnect"), 5);
	ck_assert_uint_ge(client_number("connections", "made"), 40);
	ck_assert_ptr_nonnull(
	    strstr(shell_output(), ", 5 round trips on each,"));
	expect_same_counts();
	server_stop(&server);
}
END_TEST

/* What is due meanwhile waits for the next connection. */
START_TEST(open_loop)
{
	server_start(&server, NULL);
	client_run(0, server_address(&server),
	    "--reconnect 5 -c 4 -w 2 -n 200 --rate 1000 --late-limit 1m "
	    "--grace 1m --priority %s",
	    resume_versions[_i]);
	ck_assert_uint_eq(client_number("", "round_trips"), 200);
	ck_assert_uint_eq(client_number("connections", "made"), 40);
	expect_same_counts();
	server_stop(&server);
}
END_TEST

START_TEST(half_resumed)
{
	server_start(&server, NULL);
	client_run(0, server_address(&server),
	    "--reconnect 5 --resume 50%% -c 4 -w 2 -n 200 --rate 1000 "
	    "--late-limit 1m --grace 1m --priority %s",
	    resume_versions[_i]);
	ck_assert_uint_eq(client_number("traffic", "handshakes_resumed"), 20);
	ck_assert_ptr_nonnull(strstr(
	    shell_output(), "Session tickets: offered 20, resumed 20\n"));
	expect_same_counts();
	ck_assert_uint_eq(server_total(&server, "handshakes_resumed"), 20);
	server_stop(&server);
}
END_TEST

/* So many on a worker take this long, unless each came late in its gap. */
enum {
	RATE = 20,
	CONNECTS = 20,
	LEAST_MS = (CONNECTS / 2 - 2) * 2 * 1000 / RATE
};

static const char *const paced[] = { "-c 20 -n 20", "-c 20 --idle -d 1ms",
	"-c 4 -n 20 --reconnect 1", "-c 4 -n 20 --handshakes",
	"-c 4 -n 20 --rate 1000 --reconnect 1 --late-limit 1m --grace 1m" };

/* A slow machine only makes it slower. */
START_TEST(connect_rate)
{
	int64_t began_ns;

	server_start(&server, NULL);
	began_ns = clock_now_ns();
	client_run(0, server_address(&server), "%s -w 2 --connect-rate %d",
	    paced[_i], RATE);
	ck_assert_int_ge(clock_now_ns() - began_ns, LEAST_MS * CLOCK_NS_PER_MS);
	ck_assert_uint_ge(client_number("connections", "made"), CONNECTS);
	ck_assert_ptr_nonnull(
	    strstr(shell_output(), ", at most 20 connects per second"));
	expect_same_counts();
	server_stop(&server);
}
END_TEST

START_TEST(interrupted)
{
	static struct spawn client;

	server_start(&server, NULL);
	client_start(&client, server_address(&server),
	    "--quiet -c 16 -d 1h --reconnect 3", NULL);
	AWAIT(server_total(&server, "handshakes_completed") > 50);
	ck_assert_int_eq(client_interrupt(&client), 0);
	ck_assert(!spawn_said(&client, "Connections not made"));
	server_expect_failures(&server, NULL, 0);
	server_stop(&server);
}
END_TEST

int
main(int argc, char **argv)
{
	struct suite *s = suite_new("e2e/reconnect");

	SUITE_ADD_LOOP(s, closed_loop, 2);
	SUITE_ADD_LOOP(s, open_loop, 2);
	SUITE_ADD_LOOP(s, half_resumed, 2);
	SUITE_ADD_LOOP(s, connect_rate, sizeof paced / sizeof *paced);
	SUITE_ADD(s, interrupted);
	return fixture_run(s, argc, argv);
}
