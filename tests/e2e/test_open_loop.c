/* test_open_loop: --rate and --idle against our server. */
#include <check.h>
#include <jansson.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/await.h"
#include "tests/support/fixture.h"
#include "tests/support/server.h"
#include "tests/support/shell.h"
#include "tests/support/spawn.h"
#include "tests/support/suite.h"

static struct server server;
static struct spawn client;
static json_t *report;

static void
read_report(void)
{
	json_error_t error;

	report = json_load_file(fixture_path("report.json"), 0, &error);
	ck_assert_msg(report != NULL, "%s", error.text);
}

static void
run_client(int status, const char *options)
{
	shell_expect(status, "",
	    "exec tlsecho-client --quiet --json"
	    " report.json --cert ca/alice.pem --key ca/alice.key"
	    " --ca ca/ca.pem %s 127.0.0.1:%d",
	    options, server.port);
	read_report();
}

/* In the background, with one option first, and more with their values. */
static void
start_client_as(const char *first, const char *const options[static 6])
{
	static char json[256];
	static char target[32];

	(void)snprintf(json, sizeof json, "%s", fixture_path("report.json"));
	(void)snprintf(target, sizeof target, "127.0.0.1:%d", server.port);
	spawn_start(&client,
	    (const char *const[]){ "tlsecho-client", first, "--json", json,
		"--cert", fixture_path("ca/alice.pem"), "--key",
		fixture_path("ca/alice.key"), "--ca", fixture_path("ca/ca.pem"),
		target, options[0], options[1], options[2], options[3],
		options[4], options[5], NULL },
	    NULL);
}

static void
start_client(const char *const options[static 6])
{
	start_client_as("--quiet", options);
}

static uint64_t
number(const char *object, const char *name)
{
	const json_t *in =
	    object[0] != '\0' ? json_object_get(report, object) : report;

	return (uint64_t)json_integer_value(json_object_get(in, name));
}

/* Limits that no machine exceeds: these tests are not about its speed. */
static const struct {
	const char *options;
	uint64_t events;
} loads[] = {
	{ "--rate 1000 --late-limit 10s -c 8 -w 2 -d 500ms", 500 },
	{ "--rate 1001 --late-limit 10s -c 5 -w 2 -n 333", 333 },
	{ "--rate 1000 --late-limit 10s -c 2 -w 1 -n 300 --pipeline 1", 300 },
	{ "--rate 100 --late-limit 10s -c 2 -n 20 -s 1M --pipeline 3", 20 },
	{ "--rate 40 --late-limit 10s -c 80 -w 2 -n 20 --handshakes", 20 },
	{ "--rate 40 --late-limit 10s -c 80 -n 20 --handshakes --resume", 20 },
};

START_TEST(as_many_as_intended)
{
	server_start(&server, NULL);
	run_client(0, loads[_i].options);
	ck_assert_uint_eq(number("", "intended"), loads[_i].events);
	ck_assert_uint_eq(number("", "started"), loads[_i].events);
	ck_assert_uint_eq(number("", "round_trips"), loads[_i].events);
	ck_assert_uint_eq(number("lateness", "count"), loads[_i].events);
	ck_assert(json_is_true(json_object_get(report, "valid")));
	AWAIT(server_total(&server, "open") == 0);
	ck_assert_uint_eq(server_total(&server, "bytes_received"),
	    number("traffic", "bytes_sent"));
	json_decref(report);
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
	/* More than can be sent: timeouts are the client's own doing. */
	{ "--rate 20M -c 4 -d 300ms --timeout 300ms",
	    "the generator was late" },
};

START_TEST(invalid_run)
{
	const char *why;

	server_start(&server, NULL);
	run_client(3, invalid[_i].options);
	ck_assert(json_is_false(json_object_get(report, "ok")));
	ck_assert(json_is_false(json_object_get(report, "valid")));
	why = json_string_value(json_object_get(report, "invalid_because"));
	ck_assert_ptr_nonnull(strstr(why, invalid[_i].words));
	ck_assert_ptr_nonnull(strstr(shell_output(), "INVALID: "));
	json_decref(report);
	server_stop(&server);
}
END_TEST

/* All are due at once, and the one connection rests after each that fails. */
START_TEST(failed_transactions_do_not_end_it)
{
	server_start(&server, NULL);
	run_client(1,
	    "--handshakes --rate 1000 -c 1 -n 3 --late-limit 10s"
	    " --server-name other.example");
	ck_assert_uint_eq(number("", "started"), 3);
	ck_assert_uint_eq(number("connections", "failed"), 3);
	ck_assert_uint_ge(number("", "elapsed_ns"), 200000000);
	json_decref(report);
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
	start_client((const char *const[6]){ "--rate=1000", "-c4", "-w1",
	    "-d1s", "--late-limit=10s", _i == 0 ? NULL : "--pipeline=1" });
	AWAIT(server_total(&server, "read_operations") > 50);
	ck_assert_int_eq(kill(worker, SIGSTOP), 0);
	(void)usleep(400000); /* the stall itself */
	ck_assert_int_eq(kill(worker, SIGCONT), 0);
	ck_assert_int_eq(spawn_wait(&client), 0);
	read_report();
	ck_assert_uint_eq(number("", "round_trips"), 1000);
	ck_assert_uint_ge(number("round_trip", "max_ns"), 390000000);
	ck_assert_uint_ge(number("round_trip", "p90_ns"), 200000000);
	json_decref(report);
	server_stop(&server);
}
END_TEST

/* Longer than the run: most begins after its end, which is not our fault. */
START_TEST(stalled_beyond_the_end)
{
	pid_t worker;

	server_start(&server, "--workers", "1", NULL);
	start_client((const char *const[6]){ "--rate=1000", "-c4", "-w1",
	    "-d500ms", "--late-limit=500ms", "--pipeline=1" });
	AWAIT(server_total(&server, "read_operations") > 50);
	worker = server_freeze_worker(&server, 0);
	(void)usleep(1200000); /* the stall itself */
	ck_assert_int_eq(kill(worker, SIGCONT), 0);
	ck_assert_int_eq(spawn_wait(&client), 0);
	read_report();
	ck_assert_uint_eq(number("", "round_trips"), 500);
	ck_assert_uint_ge(number("round_trip", "max_ns"), 1100000000);
	json_decref(report);
	server_stop(&server);
}
END_TEST

/* What it had to wait for until then is counted. */
START_TEST(interrupted)
{
	server_start(&server, NULL);
	start_client((const char *const[6]){ "--rate=500", "-c4", "-d1h",
	    "--late-limit=10s", _i == 0 ? "-w2" : "--handshakes", NULL });
	AWAIT(server_total(&server, "read_operations") > 20);
	spawn_signal(&client, SIGINT);
	(void)spawn_wait(&client);
	ck_assert(!spawn_said(&client, "Connections not made"));
	spawn_expect(&client, "Errors: 0\n");
	spawn_expect(&client, "Interrupted by a signal.\n");
	server_stop(&server);
}
END_TEST

/* More than can be sent by far: what is due by then is not sent any more. */
START_TEST(interrupted_at_overload)
{
	server_start(&server, NULL);
	start_client((const char *const[6]){ "--rate=20M", "-c4", "-d1h",
	    "--timeout=1h", "--pipeline=1", NULL });
	AWAIT(server_total(&server, "read_operations") > 10000);
	spawn_signal(&client, SIGINT);
	ck_assert_int_ne(spawn_wait(&client), 1); /* 0 or 3: that is luck */
	spawn_expect(&client, "Errors: 0\n");
	read_report();
	ck_assert_uint_lt(number("", "started"), number("", "intended"));
	json_decref(report);
	server_stop(&server);
}
END_TEST

START_TEST(idle)
{
	server_start(&server, NULL);
	run_client(0, "--idle -c 40 -w 2 -d 200ms");
	ck_assert_uint_eq(number("connections", "made"), 40);
	ck_assert_uint_eq(number("", "round_trips"), 40);
	ck_assert_uint_ge(number("", "elapsed_ns"), 190000000);
	ck_assert_ptr_nonnull(
	    strstr(shell_output(), "Connections lost while idle: 0\n"));
	AWAIT(server_total(&server, "open") == 0);
	ck_assert_uint_eq(server_total(&server, "ended_close_notify"), 40);
	json_decref(report);
	server_stop(&server);
}
END_TEST

/* One of two workers dies: the others are held on, as the client says. */
START_TEST(idle_and_lost)
{
	server_start(&server, NULL);
	start_client_as("--idle",
	    (const char *const[6]){ "-c8", "-d1h", NULL, NULL, NULL, NULL });
	AWAIT(server_total(&server, "read_operations") == 8);
	ck_assert_int_eq(kill(server_worker_pid(&server, 0), SIGKILL), 0);
	spawn_expect(&client, ": 4 open,");
	spawn_signal(&client, SIGINT);
	ck_assert_int_eq(spawn_wait(&client), 1);
	spawn_expect(&client, "Connections lost while idle: 4\n");
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
