/* test_open_loop: --rate and --idle against our server. */
#include <check.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/await.h"
#include "tests/support/client.h"
#include "tests/support/fixture.h"
#include "tests/support/server.h"
#include "tests/support/shell.h"
#include "tests/support/spawn.h"
#include "tests/support/suite.h"

static struct server server;
static struct spawn client;

static void
start_client(const char *options)
{
	client_start(&client, server_address(&server), options, NULL);
}

/* Limits that no machine exceeds: these tests are not about its speed. */
static const struct {
	double rate;
	const char *options;
	uint64_t events;
} loads[] = {
	{ 1000, "-c 8 -w 2 -d 500ms", 500 },
	{ 1001, "-c 5 -w 2 -n 333", 333 },
	{ 1000, "-c 2 -w 1 -n 300 --pipeline 1", 300 },
	{ 100, "-c 2 -n 20 -s 1M --pipeline 3", 20 },
	{ 12.5, "-c 2 -w 2 -n 3", 3 },
	{ 40, "-c 80 -w 2 -n 20 --handshakes", 20 },
	{ 40, "-c 80 -n 20 --handshakes --resume", 20 },
};

START_TEST(as_many_as_intended)
{
	server_start(&server, NULL);
	client_run(0, server_address(&server), "--rate %g --late-limit 10s %s",
	    loads[_i].rate, loads[_i].options);
	ck_assert_uint_eq(client_number("", "intended"), loads[_i].events);
	ck_assert_uint_eq(client_number("", "started"), loads[_i].events);
	ck_assert_uint_eq(client_number("", "round_trips"), loads[_i].events);
	ck_assert_uint_eq(client_number("lateness", "count"), loads[_i].events);
	ck_assert(json_is_true(client_member("", "valid")));
	ck_assert_double_eq(
	    json_number_value(client_member("", "rate")), loads[_i].rate);
	/* The last one, too, stands for an interval. */
	ck_assert_double_ge((double)client_number("", "elapsed_ns") + 1,
	    (double)loads[_i].events / loads[_i].rate * 1e9);
	AWAIT(server_total(&server, "open") == 0);
	ck_assert_uint_eq(server_total(&server, "bytes_received"),
	    client_number("traffic", "bytes_sent"));
	server_stop(&server);
}
END_TEST

static const struct {
	const char *options, *words;
} invalid[] = {
	{ "--rate 500 -c 4 -d 200ms --late-limit 1us",
	    "the generator was late" },
	{ "--rate 400 -c 1 -n 100 --handshakes --late-limit 10s",
	    "transactions found all -c connections in use: raise -c" },
	/* The run ends, however much is still to be done. */
	{ "--rate 1000k -c 1 -d 100ms --handshakes --grace 0",
	    "transactions that were due could not begin" },
	/* More than can be sent: timeouts are the client's own doing. */
	{ "--rate 20M -c 4 -d 300ms --timeout 300ms",
	    "the generator was late" },
};

START_TEST(invalid_run)
{
	const char *why;

	server_start(&server, NULL);
	client_run(3, server_address(&server), "%s", invalid[_i].options);
	ck_assert(json_is_false(client_member("", "ok")));
	ck_assert(json_is_false(client_member("", "valid")));
	why = json_string_value(client_member("", "invalid_because"));
	ck_assert_ptr_nonnull(strstr(why, invalid[_i].words));
	ck_assert_ptr_nonnull(strstr(shell_output(), "INVALID: "));
	server_stop(&server);
}
END_TEST

/* All are due at once, and the one connection rests after each that fails. */
START_TEST(failed_transactions_do_not_end_it)
{
	server_start(&server, NULL);
	client_run(1, server_address(&server),
	    "--handshakes --rate 1000 -c 1 -n 3 --late-limit 10s"
	    " --server-name other.example --grace 10s");
	ck_assert_uint_eq(client_number("", "started"), 3);
	ck_assert_uint_eq(client_number("connections", "failed"), 3);
	ck_assert_uint_ge(client_number("", "elapsed_ns"), 200000000);
	server_stop(&server);
}
END_TEST

/*
 * A server that stalls for 0.4 s of a second keeps all those waiting that come
 * meanwhile, not one on each connection; also those that wait in the client,
 * for one that may be under way; and the run is valid.
 */
START_TEST(no_coordinated_omission)
{
	pid_t worker;

	server_start(&server, "--workers", "1", NULL);
	worker = server_worker_pid(&server, 0);
	start_client(_i == 0
		? "--quiet --rate 1000 -c 4 -w 1 -d 1s --late-limit 10s"
		: "--quiet --rate 1000 -c 4 -w 1 -d 1s --late-limit 10s"
		  " --pipeline 1");
	AWAIT(server_total(&server, "read_operations") > 50);
	ck_assert_int_eq(kill(worker, SIGSTOP), 0);
	(void)usleep(400000); /* the stall itself */
	ck_assert_int_eq(kill(worker, SIGCONT), 0);
	ck_assert_int_eq(spawn_wait(&client), 0);
	client_read_report();
	ck_assert_uint_eq(client_number("", "round_trips"), 1000);
	ck_assert_uint_ge(client_number("round_trip", "max_ns"), 390000000);
	ck_assert_uint_ge(client_number("round_trip", "p90_ns"), 200000000);
	ck_assert_uint_eq(client_number("service", "count"), 1000);
	if (_i == 1) /* one on each connection was under way */
		ck_assert_uint_lt(
		    client_number("service", "p90_ns"), 200000000);
	server_stop(&server);
}
END_TEST

/* Longer than the run: most begins after its end, which is not our fault. */
START_TEST(stalled_beyond_the_end)
{
	pid_t worker;

	server_start(&server, "--workers", "1", NULL);
	start_client("--quiet --rate 1000 -c 4 -w 1 -d 500ms"
		     " --late-limit 500ms --pipeline 1 --grace 10s");
	AWAIT(server_total(&server, "read_operations") > 50);
	worker = server_freeze_worker(&server, 0);
	(void)usleep(1200000); /* the stall itself */
	ck_assert_int_eq(kill(worker, SIGCONT), 0);
	ck_assert_int_eq(spawn_wait(&client), 0);
	client_read_report();
	ck_assert_uint_eq(client_number("", "round_trips"), 500);
	ck_assert_uint_ge(client_number("round_trip", "max_ns"), 1100000000);
	server_stop(&server);
}
END_TEST

/* What it had to wait for until then is counted. */
START_TEST(interrupted)
{
	server_start(&server, NULL);
	start_client(_i == 0
		? "--quiet --rate 500 -c 4 -d 1h --late-limit 10s -w 2"
		: "--quiet --rate 500 -c 4 -d 1h --late-limit 10s"
		  " --handshakes");
	AWAIT(server_total(&server, "read_operations") > 20);
	(void)client_interrupt(&client);
	ck_assert(!spawn_said(&client, "Connections not made"));
	server_stop(&server);
}
END_TEST

/* More than can be sent by far: what is due by then is not sent any more. */
START_TEST(interrupted_at_overload)
{
	server_start(&server, NULL);
	start_client("--quiet --rate 20M -c 4 -d 1h --timeout 1h --pipeline 1");
	AWAIT(server_total(&server, "read_operations") > 10000);
	ck_assert_int_ne(client_interrupt(&client), 1); /* 0 or 3: luck */
	client_read_report();
	ck_assert_uint_lt(
	    client_number("", "started"), client_number("", "intended"));
	server_stop(&server);
}
END_TEST

/* More than the 256 that are proven at a time. */
START_TEST(idle)
{
	server_start(&server, NULL);
	client_run(0, server_address(&server), "--idle -c 300 -w 1 -d 200ms");
	ck_assert_uint_eq(client_number("connections", "made"), 300);
	ck_assert_uint_eq(client_number("", "round_trips"), 600);
	ck_assert_uint_ge(client_number("", "elapsed_ns"), 190000000);
	ck_assert_ptr_nonnull(strstr(shell_output(), "Connections lost: 0\n"));
	AWAIT(server_total(&server, "open") == 0);
	ck_assert_uint_eq(server_total(&server, "ended_close_notify"), 300);
	server_stop(&server);
}
END_TEST

/* One of two workers dies: the others are held on, as the client says. */
START_TEST(idle_and_lost)
{
	server_start(&server, NULL);
	start_client("--idle -c 8 -d 1h");
	AWAIT(server_total(&server, "read_operations") == 8);
	ck_assert_int_eq(kill(server_worker_pid(&server, 0), SIGKILL), 0);
	spawn_expect(&client, ": 4 open,");
	spawn_signal(&client, SIGINT);
	ck_assert_int_eq(spawn_wait(&client), 1);
	spawn_expect(&client, "Connections lost: 4\n");
	server_stop(&server);
}
END_TEST

int
main(int argc, char **argv)
{
	struct suite *s = suite_new("e2e/open_loop");

	SUITE_ADD_LOOP(s, as_many_as_intended, sizeof loads / sizeof *loads);
	SUITE_ADD_LOOP(s, invalid_run, sizeof invalid / sizeof *invalid);
	SUITE_ADD(s, failed_transactions_do_not_end_it);
	SUITE_ADD_LOOP(s, no_coordinated_omission, 2);
	SUITE_ADD(s, stalled_beyond_the_end);
	SUITE_ADD_LOOP(s, interrupted, 2);
	SUITE_ADD(s, interrupted_at_overload);
	SUITE_ADD(s, idle);
	SUITE_ADD(s, idle_and_lost);
	return fixture_run(s, argc, argv);
}
