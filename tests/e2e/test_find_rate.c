/* test_find_rate: --find-rate against servers with a limit and without. */
#include <check.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/await.h"
#include "tests/support/client.h"
#include "tests/support/fixture.h"
#include "tests/support/server.h"
#include "tests/support/shell.h"
#include "tests/support/spawn.h"
#include "tests/support/suite.h"

static struct server server;
static struct spawn client;
static struct spawn paced;
static char *program; /* tests/e2e/paced-echo */

/* An echo of 200 messages of 100 bytes a second; its address. */
static const char *
start_paced(void)
{
	static char address[32];
	const char *at;

	spawn_shell(&paced, NULL, "'%s' %s %s %s 20000", program,
	    fixture_path("ca/server.pem"), fixture_path("ca/server.key"),
	    fixture_path("ca/ca.pem"));
	spawn_expect(&paced, "port ");
	spawn_expect(&paced, "\n");
	at = strstr(paced.text, "port ") + strlen("port ");
	(void)snprintf(address, sizeof address, "127.0.0.1:%.*s",
	    (int)strcspn(at, "\n"), at);
	return address;
}

/*
 * The limit is seen, and not exceeded by more than the goal allows. A machine
 * that is busy finds less, which is no fault.
 */
START_TEST(limit_of_the_server)
{
	double found;

	client_run(0, start_paced(),
	    "--find-rate -s 100 -c 4 -w 1 -r 400 -d 500ms --late-limit 10s"
	    " --goal 'kept>=80%%'");
	found = json_number_value(client_member("search", "rate"));
	ck_assert_double_gt(found, 10);
	ck_assert_double_lt(found, 300);
	ck_assert_ptr_nonnull(
	    strstr(shell_output(), "\nHighest rate that meets the goals: "));
	ck_assert_ptr_nonnull(strstr(shell_output(), "  missed: kept>=80%\n"));
	ck_assert_ptr_nonnull(strstr(shell_output(), "  confirming: held\n"));
	spawn_signal(&paced, SIGKILL);
	(void)spawn_wait(&paced);
}
END_TEST

/* Goals that no machine misses or meets. */
static const struct {
	const char *options;
	int status;
	const char *says;
} searches[] = {
	{ "-r 60 -d 300ms --late-limit 10s --goal 'kept>=1%'"
	  " --goal 'error_rate<=100%'",
	    0, "goals: 60.0 per second, the highest that was to be tried\n" },
	{ "-r 60 -d 300ms --late-limit 10s --goal 'kept>=1%'"
	  " --goal 'error_rate<=100%' --handshakes",
	    0, "goals: 60.0 per second, the highest" },
	{ "-r 200 -d 100ms --late-limit 10s --goal 'p99<1ns'"
	  " --goal 'kept>=0%'",
	    4,
	    "No rate that meets the goals was found; missed at 100.0: "
	    "p99<1ns\n" },
	{ "-r 60 -d 300ms --late-limit 1us --goal 'kept>=1%'"
	  " --goal 'error_rate<=100%' --goal 'p99<1h'",
	    0, "goals: 60.0 per second, the highest" },
};

START_TEST(result)
{
	server_start(&server, NULL);
	client_run(searches[_i].status, server_address(&server),
	    "--find-rate -c 60 %s", searches[_i].options);
	ck_assert_msg(strstr(shell_output(), searches[_i].says) != NULL, "%s",
	    shell_output());
	server_stop(&server);
}
END_TEST

static uint64_t
outcomes_of(const char *name)
{
	return (uint64_t)json_integer_value(
	    json_object_get(client_member("identities", "outcomes"), name));
}

/* What failed in the warm-up of one step is not counted again in the next. */
START_TEST(warmups_are_apart)
{
	ck_assert_int_eq(
	    shell("mkdir mixed && cp ca/alice.* other/mallory.* mixed"), 0);
	server_start(&server, NULL);
	client_run(0, server_address(&server),
	    "--find-rate -c 60 -r 60 -d 300ms --warmup 300ms --handshakes"
	    " --late-limit 10s --goal 'kept>=0%%' --goal 'error_rate<=100%%'"
	    " --identities mixed");
	ck_assert_uint_gt(client_number("errors", "peer_alert"), 0);
	ck_assert_uint_eq(client_number("errors", "peer_alert"),
	    client_number("connections", "failed"));
	ck_assert_uint_eq(outcomes_of("refused unknown_ca"),
	    client_number("errors", "peer_alert"));
	server_stop(&server);
}
END_TEST

/* A p95 takes 20 values, and at 40 a second half a second, not a tenth. */
START_TEST(steps_are_long_enough)
{
	server_start(&server, NULL);
	client_run(0, server_address(&server),
	    "--find-rate -c 4 -r 40 -d 250ms --goal 'p95<1h' --goal 'kept>=0%%'"
	    " --goal 'error_rate<=100%%'");
	ck_assert_uint_ge(client_number("", "round_trips"), 50);
	server_stop(&server);
}
END_TEST

/* That is no matter of the rate: no second step. */
START_TEST(no_server)
{
	client_run(1, "127.0.0.1:1", "--find-rate -c 2");
	ck_assert_ptr_nonnull(strstr(
	    shell_output(), "2 of 2 connections failed: connection refused"));
}
END_TEST

START_TEST(interrupted)
{
	server_start(&server, NULL);
	client_start(
	    &client, server_address(&server), "--find-rate -d 1h", NULL);
	AWAIT(server_total(&server, "read_operations") > 0);
	spawn_signal(&client, SIGINT);
	ck_assert_int_eq(spawn_wait(&client), 1);
	ck_assert(spawn_said(&client,
	    "the search was interrupted before a rate was confirmed\n"));
	server_stop(&server);
}
END_TEST

int
main(int argc, char **argv)
{
	struct suite *s = suite_new("e2e/find_rate");

	program = realpath("tests/e2e/paced-echo", NULL);
	SUITE_ADD_SLOW(s, limit_of_the_server, 60);
	SUITE_ADD_LOOP(s, result, sizeof searches / sizeof *searches);
	SUITE_ADD(s, warmups_are_apart);
	SUITE_ADD(s, steps_are_long_enough);
	SUITE_ADD(s, no_server);
	SUITE_ADD(s, interrupted);
	return fixture_run(s, argc, argv);
}
