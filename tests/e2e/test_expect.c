/* test_expect: --identities and --expect, against servers that refuse some. */
#include <check.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/client.h"
#include "tests/support/fixture.h"
#include "tests/support/resume.h"
#include "tests/support/server.h"
#include "tests/support/shell.h"
#include "tests/support/spawn.h"
#include "tests/support/suite.h"

/* Of 30 identities 6 are revoked and 3 have expired. */
enum {
	ALL = 30,
	REVOKED = 6,
	EXPIRED = 3,
	GOOD = ALL - REVOKED - EXPIRED
};

static struct server server;
static struct spawn foreign;

static void
make_identities(void)
{
	ck_assert_int_eq(
	    shell("rm -rf many && cp -r ca many && cd many &&"
		  " rm alice.* bob.* carol.* expired.* future.* && cd .. &&"
		  " tlsecho-certs client -c %d many good &&"
		  " tlsecho-certs client -c %d many gone &&"
		  " tlsecho-certs client --not-before -2d --not-after -1d"
		  " -c %d many old &&"
		  " tlsecho-certs revoke many $(seq -f gone-%%04g %d) &&"
		  " echo 'gone-* refused certificate_revoked' >policy &&"
		  " echo 'old-* refused certificate_expired' >>policy &&"
		  " echo '* accepted' >>policy",
		GOOD, REVOKED, EXPIRED, REVOKED),
	    0);
}

static uint64_t
outcome(const char *name)
{
	const json_t *outcomes = client_member("identities", "outcomes");

	return (uint64_t)json_integer_value(json_object_get(outcomes, name));
}

static void
expect_outcomes(uint64_t rounds)
{
	ck_assert_uint_eq(client_number("identities", "count"), ALL);
	ck_assert_uint_eq(client_number("identities", "tried"), ALL);
	ck_assert_uint_eq(outcome("accepted"), rounds * GOOD);
	ck_assert_uint_eq(
	    outcome("refused certificate_revoked"), rounds * REVOKED);
	ck_assert_uint_eq(
	    outcome("refused certificate_expired"), rounds * EXPIRED);
	ck_assert_uint_eq(
	    client_number("expectations", "as_expected"), rounds * ALL);
	ck_assert_uint_eq(client_number("expectations", "differed"), 0);
}

/* Ten times each, over two workers. */
START_TEST(transactions)
{
	make_identities();
	server_start(&server, "--crl", "many/crl.pem", NULL);
	client_run(0, server_address(&server),
	    "--identities many --expect policy --handshakes -c 4 -w 2 -n %d"
	    " --priority %s",
	    10 * ALL, resume_versions[_i]);
	expect_outcomes(10);
	ck_assert_uint_eq(client_number("", "transactions"), 10 * GOOD);
	ck_assert_uint_eq(
	    client_number("connections", "refused"), 10 * (REVOKED + EXPIRED));
	ck_assert_uint_eq(client_number("connections", "failed"), 0);
	server_stop(&server);
}
END_TEST

START_TEST(connections)
{
	make_identities();
	server_start(&server, "--crl", "many/crl.pem", NULL);
	client_run(0, server_address(&server),
	    "--identities many --expect policy -c %d -w 2 -n %d --priority %s",
	    2 * ALL, 2 * ALL, resume_versions[_i]);
	expect_outcomes(2);
	client_run(0, server_address(&server),
	    "--identities many --expect policy --handshakes --no-echo -c 4"
	    " -n %d --priority %s",
	    2 * ALL, resume_versions[_i]);
	expect_outcomes(2);
	server_stop(&server);
}
END_TEST

/*
 * An identity that is refused would be let in with the ticket of another. One
 * connection at a time: if the server made one of two wait for a whole round of
 * identities, one would be used twice before it has a ticket.
 */
START_TEST(tickets)
{
	make_identities();
	server_start(&server, "--crl", "many/crl.pem", NULL);
	client_run(0, server_address(&server),
	    "--identities many --expect policy --handshakes --resume -c 1"
	    " -n %d --priority %s",
	    10 * ALL, resume_versions[_i]);
	expect_outcomes(10);
	ck_assert_uint_eq(
	    client_number("traffic", "handshakes_resumed"), 9 * GOOD);
	server_stop(&server);
}
END_TEST

/* A server that was not told who is revoked. */
START_TEST(what_differs)
{
	make_identities();
	server_start(&server, NULL);
	client_run(4, server_address(&server),
	    "--identities many --expect policy --handshakes -c 2 -n %d", ALL);
	ck_assert_uint_eq(client_number("expectations", "differed"), REVOKED);
	ck_assert_uint_eq(
	    json_array_size(client_member("expectations", "table")), REVOKED);
	ck_assert_ptr_nonnull(strstr(shell_output(),
	    "6 transactions did not come out as expected: gone-0001, expected "
	    "refused certificate_revoked, got accepted\n"));
	ck_assert_ptr_nonnull(
	    strstr(shell_output(), "As expected: 24; otherwise: 6\n"));
	ck_assert_int_eq(shell("echo '* accepted' >policy"), 0);
	client_run(4, server_address(&server),
	    "--identities many --expect policy --handshakes -c 2 -n %d", ALL);
	ck_assert_uint_eq(client_number("expectations", "differed"), EXPIRED);
	client_run(1, server_address(&server),
	    "--identities many --handshakes -c 2 -n %d", ALL);
	server_stop(&server);
}
END_TEST

/* A run that is too short has no result; one that must be is not begun. */
START_TEST(never_tried)
{
	make_identities();
	server_start(&server, "--crl", "many/crl.pem", NULL);
	client_run(3, server_address(&server),
	    "--identities many --expect policy --handshakes -c 1 --rate 5"
	    " -d 1s");
	ck_assert_ptr_nonnull(strstr(
	    shell_output(), "30 identities were never tried: the run was too"));
	shell_expect(1, "--connections 29 cannot try 30 identities: raise it",
	    "tlsecho-client --identities many --expect policy -c 29"
	    " --ca ca/ca.pem %s",
	    server_address(&server));
	shell_expect(1, "--round-trips 29 cannot try 30 identities: raise it",
	    "tlsecho-client --identities many --expect policy -c 30 -n 29"
	    " --ca ca/ca.pem %s",
	    server_address(&server));
	server_stop(&server);
}
END_TEST

static const struct {
	const char *options, *words;
	int status;
} bad[] = {
	{ "--identities none", "--identities: none: No such file", 1 },
	{ "--expect policy", "--expect", 2 },
	{ "--identities ca --cert ca/alice.pem", "--cert", 2 },
	{ "--identities ca --expect policy --find-rate", "--find-rate", 2 },
	{ "--identities ca --expect none", "--expect: none: No such file", 1 },
};

START_TEST(bad_options)
{
	shell_expect(bad[_i].status, bad[_i].words,
	    "tlsecho-client --ca ca/ca.pem %s 127.0.0.1:1", bad[_i].options);
}
END_TEST

/* OpenSSL sends the same alerts for both, under both versions of TLS. */
START_TEST(openssl_refuses)
{
	static const char *const options[] = { "-tls1_3", "-tls1_2" };
	char target[32];
	const char *port;

	if (!shell_has_program("openssl"))
		return;
	make_identities();
	spawn_shell(&foreign, NULL,
	    "stdbuf -oL openssl s_server -accept 127.0.0.1:0 -www -Verify 1"
	    " -verify_return_error -crl_check -CRL many/crl.pem %s"
	    " -CAfile ca/ca.pem -cert ca/server.pem -key ca/server.key",
	    options[_i]);
	spawn_expect(&foreign, "ACCEPT 127.0.0.1:");
	port = foreign.text + foreign.seen;
	spawn_expect(&foreign, "\n");
	(void)snprintf(
	    target, sizeof target, "127.0.0.1:%d", (int)strtol(port, NULL, 10));
	client_run(0, target,
	    "--identities many --expect policy --handshakes --no-echo -c 1"
	    " -n %d",
	    2 * ALL);
	expect_outcomes(2);
	spawn_signal(&foreign, SIGTERM);
	(void)spawn_wait(&foreign);
}
END_TEST

int
main(int argc, char **argv)
{
	struct suite *s = suite_new("e2e/expect");

	SUITE_ADD_LOOP(s, transactions, 2);
	SUITE_ADD_LOOP(s, connections, 2);
	SUITE_ADD_LOOP(s, tickets, 2);
	SUITE_ADD(s, what_differs);
	SUITE_ADD(s, never_tried);
	SUITE_ADD_LOOP(s, bad_options, sizeof bad / sizeof *bad);
	SUITE_ADD_LOOP(s, openssl_refuses, 2);
	return fixture_run(s, argc, argv);
}
