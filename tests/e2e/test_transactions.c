/* test_transactions: --handshakes and --resume, with several servers. */
#include <check.h>
#include <jansson.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/await.h"
#include "tests/support/fixture.h"
#include "tests/support/peers.h"
#include "tests/support/server.h"
#include "tests/support/shell.h"
#include "tests/support/spawn.h"
#include "tests/support/suite.h"
#include "tests/support/tlspeer.h"

enum {
	WORDS_MAX = 512
};

static struct server server;
static const char *openssl_echo; /* a program */
static json_t *report;

static void
run_client(int status, const char *options, int port)
{
	json_error_t error;

	shell_expect(status, "",
	    "exec tlsecho-client --quiet --json"
	    " report.json --cert ca/alice.pem --key ca/alice.key"
	    " --ca ca/ca.pem %s 127.0.0.1:%d",
	    options, port);
	report = json_load_file(fixture_path("report.json"), 0, &error);
	ck_assert_msg(report != NULL, "%s:\n%s", error.text, shell_output());
}

static uint64_t
number(const char *object, const char *name)
{
	const json_t *in =
	    object[0] != '\0' ? json_object_get(report, object) : report;

	return (uint64_t)json_integer_value(json_object_get(in, name));
}

static const char *const versions[] = { TLSPEER_TLS13, TLSPEER_TLS12 };

START_TEST(full)
{
	char options[WORDS_MAX];

	server_start(&server, NULL);
	(void)snprintf(options, sizeof options,
	    "--handshakes -c 4 -n 41 --priority %s", versions[_i]);
	run_client(0, options, server.port);
	ck_assert_uint_eq(number("", "transactions"), 41);
	ck_assert_uint_eq(number("transaction", "count"), 41);
	ck_assert_uint_eq(number("", "round_trips"), 41);
	ck_assert_uint_eq(number("connections", "made"), 41);
	ck_assert_uint_eq(number("traffic", "handshakes_resumed"), 0);
	AWAIT(server_total(&server, "open") == 0);
	ck_assert_uint_eq(server_total(&server, "handshakes_completed"), 41);
	ck_assert_uint_eq(server_total(&server, "ended_close_notify"), 41);
	server_expect_failures(&server, NULL, 0);
	json_decref(report);
	server_stop(&server);
}
END_TEST

/* Each connection's first transaction is a full one, at most. */
START_TEST(resumed)
{
	char options[WORDS_MAX];

	server_start(&server, NULL);
	(void)snprintf(options, sizeof options,
	    "--handshakes --resume -c 4 -w 2 -n 80 --priority %s",
	    versions[_i]);
	run_client(0, options, server.port);
	ck_assert_uint_eq(number("", "transactions"), 80);
	ck_assert_uint_ge(number("traffic", "handshakes_resumed"), 76);
	ck_assert_uint_lt(number("traffic", "handshakes_resumed"), 80);
	AWAIT(server_total(&server, "open") == 0);
	ck_assert_uint_eq(server_total(&server, "tickets_accepted"),
	    number("traffic", "handshakes_resumed"));
	ck_assert_uint_eq(server_total(&server, "ended_close_notify"), 80);
	json_decref(report);
	server_stop(&server);
}
END_TEST

START_TEST(server_without_tickets)
{
	server_start(&server, "--tickets", "off", NULL);
	run_client(0, "--handshakes --resume -c 4 -n 20", server.port);
	ck_assert_uint_eq(number("", "tickets"), 0);
	ck_assert_uint_eq(number("traffic", "handshakes_resumed"), 0);
	ck_assert_ptr_nonnull(strstr(shell_output(),
	    "Session tickets: none, so nothing could be resumed\n"));
	json_decref(report);
	server_stop(&server);
}
END_TEST

START_TEST(for_a_duration)
{
	server_start(&server, NULL);
	run_client(0, "--handshakes --resume -c 4 -d 300ms", server.port);
	ck_assert_uint_gt(number("", "transactions"), 4);
	ck_assert_uint_ge(number("", "elapsed_ns"), 290000000);
	AWAIT(server_total(&server, "open") == 0);
	ck_assert_uint_eq(
	    server_total(&server, "accepted"), number("", "transactions"));
	json_decref(report);
	server_stop(&server);
}
END_TEST

/* Everybody is refused; nobody is hammered. */
START_TEST(refused_transactions)
{
	server_start(&server, NULL);
	run_client(1, "--handshakes -c 4 -d 500ms --server-name other.example",
	    server.port);
	ck_assert_uint_eq(number("", "transactions"), 0);
	ck_assert_uint_ge(number("errors", "wrong_name"), 4);
	ck_assert_uint_le(number("errors", "wrong_name"), 4 * 6);
	json_decref(report);
	server_stop(&server);
}
END_TEST

/* Connections in TIME_WAIT, of whomever, with this port at an end. */
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
	run_client(0, "--handshakes -c 4 -n 40", server.port);
	AWAIT(server_total(&server, "open") == 0);
	ck_assert_uint_le(count_time_wait(server.port), before);
	json_decref(report);
	server_stop(&server);
}
END_TEST

/* Transactions that have begun are made, those too that only just connect. */
START_TEST(interrupted)
{
	static struct spawn client;
	char target[64];

	server_start(&server, NULL);
	(void)snprintf(target, sizeof target, "127.0.0.1:%d", server.port);
	spawn_start(&client,
	    (const char *const[]){ "tlsecho-client", "--quiet", "-c", "64",
		"-d", "1h", "--handshakes", "--resume", "--cert",
		fixture_path("ca/alice.pem"), "--key",
		fixture_path("ca/alice.key"), "--ca", fixture_path("ca/ca.pem"),
		target, NULL },
	    NULL);
	AWAIT(server_total(&server, "tickets_accepted") > 20);
	spawn_signal(&client, SIGINT);
	ck_assert_int_eq(spawn_wait(&client), 0);
	ck_assert(!spawn_said(&client, "Connections not made"));
	spawn_expect(&client, "Errors: 0\n");
	spawn_expect(&client, "Interrupted by a signal.\n");
	server_expect_failures(&server, NULL, 0);
	server_stop(&server);
}
END_TEST

/* OpenSSL's tickets differ from those of GnuTLS. */
START_TEST(openssl_resumes)
{
	static struct spawn echo;
	char options[WORDS_MAX];

	if (!shell_has_program("python3"))
		return;
	spawn_start(&echo,
	    (const char *const[]){ openssl_echo, fixture_path("ca/server.pem"),
		fixture_path("ca/server.key"), fixture_path("ca/ca.pem"),
		NULL },
	    NULL);
	spawn_expect(&echo, "port ");
	spawn_expect(&echo, ".");
	(void)snprintf(options, sizeof options,
	    "--handshakes --resume -c 2 -w 1 -n 20 --priority %s",
	    versions[_i]);
	run_client(0, options, (int)strtol(echo.text + 5, NULL, 10));
	ck_assert_uint_eq(number("", "transactions"), 20);
	ck_assert_uint_ge(number("traffic", "handshakes_resumed"), 18);
	json_decref(report);
	run_client(0, "-c 2 -n 400 --pipeline 16 -s 1-3000",
	    (int)strtol(echo.text + 5, NULL, 10));
	ck_assert_uint_eq(number("", "round_trips"), 400);
	json_decref(report);
	spawn_signal(&echo, SIGTERM);
	(void)spawn_wait(&echo);
}
END_TEST

int
main(int argc, char **argv)
{
	struct suite *s = suite_new("e2e/transactions");

	openssl_echo = realpath("tests/e2e/openssl-echo", NULL);
	SUITE_ADD_LOOP(s, full, 2);
	SUITE_ADD_LOOP(s, resumed, 2);
	SUITE_ADD(s, server_without_tickets);
	SUITE_ADD(s, for_a_duration);
	SUITE_ADD(s, refused_transactions);
	SUITE_ADD(s, ports_are_free_again);
	SUITE_ADD(s, interrupted);
	SUITE_ADD_LOOP(s, openssl_resumes, 2);
	return fixture_run(s, argc, argv);
}
