/* tlsecho-client --no-echo: what counts as a transaction, whoever serves. */
#include <check.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/clock.h"
#include "tests/support/await.h"
#include "tests/support/client.h"
#include "tests/support/fake_server.h"
#include "tests/support/fixture.h"
#include "tests/support/server.h"
#include "tests/support/shell.h"
#include "tests/support/spawn.h"
#include "tests/support/suite.h"

static struct server server;
static struct spawn foreign;

static const char *const loads[] = {
	"-c 4 -w 2 -n 40",
	"-c 20 -n 20 --rate 200 --late-limit 10s",
	"-c 2 -n 20 --priority SECURE128:-VERS-ALL:+VERS-TLS1.2",
};

/* The server has seen as many, has accepted each, and has been told nothing. */
START_TEST(transactions)
{
	uint64_t n;

	server_start(&server, NULL);
	client_run(
	    0, server_address(&server), "--handshakes --no-echo %s", loads[_i]);
	n = client_number("", "transactions");
	ck_assert_uint_eq(n, client_number("connections", "asked"));
	ck_assert_uint_eq(n, client_number("transaction", "count"));
	ck_assert_uint_eq(n, client_number("connect", "count"));
	ck_assert_uint_le(client_number("tls_handshake", "max_ns"),
	    client_number("", "elapsed_ns"));
	ck_assert_uint_eq(client_number("", "round_trips"), 0);
	ck_assert_uint_eq(client_number("traffic", "bytes_sent"), 0);
	AWAIT(server_total(&server, "ended_close_notify") == n);
	ck_assert_ptr_nonnull(
	    strstr(shell_output(), "transactions without an echo, until "));
	server_stop(&server);
}
END_TEST

START_TEST(held)
{
	server_start(&server, NULL);
	client_run(
	    0, server_address(&server), "--idle --no-echo -c 8 -d 100ms");
	ck_assert_uint_eq(client_number("connections", "made"), 8);
	ck_assert_uint_ge(client_number("", "elapsed_ns"), 90000000);
	AWAIT(server_total(&server, "ended_close_notify") == 8);
	ck_assert_uint_eq(server_total(&server, "bytes_received"), 0);
	server_stop(&server);
}
END_TEST

/* The handshake of TLS 1.3 is complete before the server refuses. */
START_TEST(refused)
{
	server_start(&server, NULL);
	client_run(1, server_address(&server),
	    "--handshakes --no-echo -c 2 -n 6 --cert other/mallory.pem"
	    " --key other/mallory.key");
	ck_assert_uint_eq(client_number("traffic", "handshakes"), 6);
	ck_assert_uint_eq(client_number("alerts", "unknown_ca"), 6);
	ck_assert_uint_eq(client_number("", "transactions"), 0);
	server_stop(&server);
}
END_TEST

/* What a server does instead of an answer, and what that comes to. */
static const struct {
	enum fake_kind kind;
	const char *error; /* NULL: it is complete */
} answers[] = {
	{ FAKE_ECHOES, NULL },
	{ FAKE_SPEAKS_FIRST, NULL },
	{ FAKE_SPEAKS_LAST, NULL },
	{ FAKE_ENDS_BARE, NULL },
	{ FAKE_WAITS_FOR_FIN, NULL },
	{ FAKE_REFUSES, "peer_alert" },
	{ FAKE_HANGS_UP, "eof" },
	{ FAKE_RESETS_LAST, "reset" },
	{ FAKE_NEVER_HANGS_UP, "idle_timeout" },
};

START_TEST(answered)
{
	const char *error = answers[_i].error;
	struct fake_server fake;

	fake_server_start(&fake, answers[_i].kind, "ca/server");
	client_run(error == NULL ? 0 : 1, fake.address,
	    "--handshakes --no-echo -c 2 -n 2");
	ck_assert_uint_eq(
	    client_number("", "transactions"), error == NULL ? 2 : 0);
	if (error != NULL)
		ck_assert_uint_eq(client_number("errors", error), 2);
	fake_server_stop(&fake);
}
END_TEST

/* A server for web pages; and what a stranger meets there. */
START_TEST(openssl_serves_pages)
{
	char target[32];
	const char *port;

	if (!shell_has_program("openssl"))
		return;
	spawn_shell(&foreign, NULL,
	    "stdbuf -oL openssl s_server -accept 127.0.0.1:0 -www -Verify 1"
	    " -verify_return_error -CAfile ca/ca.pem -cert ca/server.pem"
	    " -key ca/server.key");
	spawn_expect(&foreign, "ACCEPT 127.0.0.1:");
	port = foreign.text + foreign.seen;
	spawn_expect(&foreign, "\n");
	(void)snprintf(
	    target, sizeof target, "127.0.0.1:%d", (int)strtol(port, NULL, 10));
	client_run(0, target, "--handshakes --no-echo -c 1 -n 5");
	ck_assert_uint_eq(client_number("", "transactions"), 5);
	shell_expect(1, "2 of 2 transactions without a certificate failed",
	    "exec tlsecho-client -q --handshakes --no-echo -c 1 -n 2"
	    " --ca ca/ca.pem %s",
	    target);
	spawn_signal(&foreign, SIGTERM);
	(void)spawn_wait(&foreign);
}
END_TEST

int
main(int argc, char **argv)
{
	struct suite *s = suite_new("e2e/no_echo");

	SUITE_ADD_LOOP(s, transactions, sizeof loads / sizeof *loads);
	SUITE_ADD(s, held);
	SUITE_ADD(s, refused);
	SUITE_ADD_LOOP(s, answered, sizeof answers / sizeof *answers);
	SUITE_ADD(s, openssl_serves_pages);
	return fixture_run(s, argc, argv);
}
