/* tlsecho-client against our server. */
#include <check.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "tests/support/await.h"
#include "tests/support/client.h"
#include "tests/support/fixture.h"
#include "tests/support/server.h"
#include "tests/support/shell.h"
#include "tests/support/spawn.h"
#include "tests/support/suite.h"
#include "tests/support/tlspeer.h"

static struct server server;
static struct spawn client;

static void
expect_equal_counts(void)
{
	static const struct {
		const char *server, *client;
	} pairs[] = {
		{ "handshakes_completed", "handshakes" },
		{ "read_operations", "write_operations" },
		{ "write_operations", "read_operations" },
		{ "bytes_received", "bytes_sent" },
		{ "bytes_sent", "bytes_received" },
		{ "wire_bytes_received", "wire_bytes_sent" },
		{ "wire_bytes_sent", "wire_bytes_received" },
	};

	AWAIT(server_total(&server, "open") == 0);
	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
		uint64_t here = server_total(&server, pairs[i].server);
		uint64_t there = client_number("traffic", pairs[i].client);

		ck_assert_msg(here == there && here > 0,
		    "the server's %s: %ju, the client's %s: %ju",
		    pairs[i].server, (uintmax_t)here, pairs[i].client,
		    (uintmax_t)there);
	}
	ck_assert_uint_eq(server_total(&server, "ended_close_notify"),
	    server_total(&server, "accepted"));
	server_expect_failures(&server, NULL, 0);
}

static const char *const loads[] = {
	"-c 64 -n 2000",
	"-c 8 -n 200 -s 1-70k -w 1",
	("-c 16 -n 1000 -w 4 --priority " TLSPEER_TLS12),
	"-c 4 -n 50 -s 16384",
	"-c 1 -n 1 -s 1",
	"-c 2 -n 4 -s 1M",
	"-c 8 -n 5001 --pipeline 16",
	"-c 3 -n 500 -s 1-70k --pipeline 32",
	("-c 8 -n 2000 -p 16 --priority " TLSPEER_TLS12),
	"-c 2 -n 6 -s 4M -p 3",
};

START_TEST(counts_agree)
{
	server_start(&server, NULL);
	client_run(0, server_address(&server), "%s", loads[_i]);
	expect_equal_counts();
	ck_assert_uint_eq(client_number("", "round_trips"),
	    client_number("round_trip", "count"));
	ck_assert_uint_eq(client_number("connections", "made"),
	    server_total(&server, "handshakes_completed"));
	server_stop(&server);
}
END_TEST

START_TEST(for_a_duration)
{
	server_start(&server, NULL);
	client_run(0, server_address(&server), "-c 4 -d 200ms");
	ck_assert_uint_gt(client_number("", "round_trips"), 4);
	ck_assert_uint_ge(client_number("", "elapsed_ns"), 190000000);
	expect_equal_counts();
	server_stop(&server);
}
END_TEST

/* Identity, words, whose fault it is by the client and by the server. */
static const struct {
	const char *words;
	const char *reason;
	const char *counter;
} failures[] = {
	{ "--cert other/mallory.pem --key other/mallory.key", "peer_alert",
	    "handshake_unknown_issuer" },
	{ "--cert ca/expired.pem --key ca/expired.key", "peer_alert",
	    "handshake_expired" },
	{ "--cert ca/future.pem --key ca/future.key", "peer_alert",
	    "handshake_not_yet_valid" },
	{ "--cert ca/server.pem --key ca/server.key", "peer_alert",
	    "handshake_wrong_purpose" },
	{ "--server-name elsewhere.example", "wrong_name",
	    "handshake_peer_alert" },
	{ "--server-name 127.0.0.9", "wrong_name", "handshake_peer_alert" },
	{ "--ca other/ca.pem", "unknown_issuer", "handshake_peer_alert" },
};

enum {
	FAILURES = sizeof failures / sizeof *failures
};

START_TEST(failure)
{
	const char *version = _i < FAILURES ? TLSPEER_TLS13 : TLSPEER_TLS12;
	const char *reason = failures[_i % FAILURES].reason;

	server_start(&server, NULL);
	client_run(1, server_address(&server), "-c 4 -n 100 --priority %s %s",
	    version, failures[_i % FAILURES].words);
	ck_assert_msg(
	    client_number("errors", reason) == 4, "%s", shell_output());
	ck_assert_uint_eq(client_number("", "round_trips"), 0);
	ck_assert_uint_eq(client_number("connections", "made"), 0);
	server_expect_failures(&server, failures[_i % FAILURES].counter, 4);
	ck_assert_uint_eq(server_total(&server, "bytes_sent"), 0);
	server_stop(&server);
}
END_TEST

START_TEST(server_by_another_name)
{
	server_start(&server, NULL);
	client_run(
	    0, server_address(&server), "-c 2 -n 10 --server-name localhost");
	server_stop(&server);
}
END_TEST

static const char *const kinds[] = { "-n 7", "--handshakes -n 7",
	"--rate 1000 -n 7 --late-limit 10s", "--idle -d 1ms" };

/* Over the workers together, each address has as many as the others. */
START_TEST(bound_to_addresses_in_turn)
{
	server_start(&server, "--log-level", "debug", NULL);
	client_run(0, server_address(&server),
	    "-c 7 -w 3 --bind 127.0.0.2-127.0.0.3,127.0.0.9 %s", kinds[_i]);
	AWAIT(server_total(&server, "ended_close_notify") == 7);
	server_stop(&server);
	ck_assert_uint_eq(spawn_count(&server.process, " 127.0.0.2:"), 3);
	ck_assert_uint_eq(spawn_count(&server.process, " 127.0.0.3:"), 2);
	ck_assert_uint_eq(spawn_count(&server.process, " 127.0.0.9:"), 2);
}
END_TEST

START_TEST(nobody_listens)
{
	server_start(&server, NULL);
	server_stop(&server);
	client_run(1, server_address(&server), "-c 3 -n 10");
	ck_assert_uint_eq(client_number("errors", "connect_refused"), 3);
}
END_TEST

/* A server, and a client in the background. */
static void
start_client(const char *options)
{
	server_start(&server, NULL);
	client_start(&client, server_address(&server), options, NULL);
	AWAIT(server_total(&server, "read_operations") > 100);
}

/* It notices; it does not hang, and does not say that all is well. */
START_TEST(server_worker_dies)
{
	start_client("--quiet -c 8 -d 1s");
	ck_assert_int_eq(kill(server_worker_pid(&server, 0), SIGKILL), 0);
	ck_assert_int_eq(spawn_wait(&client), 1);
	spawn_expect(&client, "Errors: 4\n");
	AWAIT(server_total(&server, "open") == 0);
	ck_assert_uint_eq(server_total(&server, "ended_worker_died"), 4);
	ck_assert_uint_eq(server_total(&server, "ended_close_notify"), 4);
	server_stop(&server);
}
END_TEST

/* An orderly end: what is under way comes back, then close_notify. */
static const char *const waits[] = { "--quiet -c 4 -d 1h --timeout 1s",
	"--quiet -c 4 -d 1h --timeout 1s -s 16M -p 8",
	"--quiet -c 4 -d 1h --timeout 1s --rate 1000 --late-limit 10s" };

/* It is not waited for without end, whatever is in its way. */
START_TEST(server_worker_hangs)
{
	pid_t worker;

	server_start(&server, "--workers", "1", NULL);
	client_start(&client, server_address(&server), waits[_i], NULL);
	AWAIT(server_total(&server, "read_operations") > 20);
	worker = server_freeze_worker(&server, 0);
	ck_assert_int_eq(spawn_wait(&client), 1);
	ck_assert_int_eq(kill(worker, SIGCONT), 0);
	client_read_report();
	ck_assert_uint_eq(client_number("errors", "round_trip_timeout"), 4);
	server_stop(&server);
}
END_TEST

START_TEST(interrupted)
{
	start_client("--quiet -c 8 -d 1h");
	(void)client_interrupt(&client);
	AWAIT(server_total(&server, "open") == 0);
	ck_assert_uint_eq(server_total(&server, "ended_close_notify"), 8);
	server_stop(&server);
}
END_TEST

START_TEST(pkcs12)
{
	server_start(&server, "--log-level", "debug", NULL);
	shell_expect(0, "Errors: 0",
	    "exec tlsecho-client --quiet -c 2 -n 10"
	    " --pkcs12 ca/carol.pfx --password-file password --ca ca/ca.pem"
	    " %s",
	    server_address(&server));
	AWAIT(server_total(&server, "ended_close_notify") == 2);
	server_stop(&server);
	ck_assert(spawn_said(&server.process, "Subject=\"CN=carol\""));
}
END_TEST

START_TEST(verbose)
{
	static const char *const words[] = { "CipherAlgorithm: AES-128-GCM",
		"IsMutuallyAuthenticated: true", "IsServer: false",
		"SslProtocol: TLS1.3", "RemoteCertificate.Subject: CN=server",
		"LocalCertificate.Subject: CN=alice" };

	server_start(&server, NULL);
	client_run(0, server_address(&server), "-v -c 1 -n 1");
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		ck_assert_msg(strstr(shell_output(), words[i]) != NULL,
		    "'%s' is missing:\n%s", words[i], shell_output());
	server_stop(&server);
}
END_TEST

/* One line that names the thing, and status 2 for what was typed wrong. */
static const struct {
	const char *arguments;
	const char *words;
	int status;
} mistakes[] = {
	{ "$ok", "HOST:PORT is missing", 2 },
	{ "localhost:1", "--ca is missing", 2 },
	{ "--ca ca/ca.pem --key ca/bob.key localhost:1", "--cert is missing",
	    2 },
	{ "$ok localhost", "'localhost' is not an address", 2 },
	{ "$ok :4433", "names no host", 2 },
	{ "$ok localhost:1 more", "'more'", 2 },
	{ "$ok localhost:1 -c 0", "--connections", 2 },
	{ "$ok localhost:1 -s 0", "'0'", 2 },
	{ "$ok localhost:1 -s 9-3", "'9-3'", 2 },
	{ "$ok localhost:1 -d 1s -n 5", "exclude each other", 2 },
	{ "$ok localhost:1 --priority X", "'X'", 2 },
	{ "$ok localhost:1 --json", "--json", 2 },
	{ "$ok localhost:1 --interactive </dev/null", "not a terminal", 1 },
	{ "$ok localhost:1 --key ca/bob.key", "--key: given twice", 2 },
	{ "localhost:1 --ca ca/ca.pem --cert ca/alice.pem --key ca/bob.key",
	    "does not belong", 1 },
	{ "$ok localhost:1 --ca missing.pem", "missing.pem", 1 },
	{ "$ok localhost:1 --bind x", "--bind: 'x' is neither an IPv4", 2 },
	{ "$ok 127.0.0.1:1 --bind ::1", "--bind: the server has no IPv6", 1 },
	{ "$ok 127.0.0.1:1 --bind 192.0.2.1", "--bind: 192.0.2.1 is not", 1 },
	{ "$ok no.such.host.invalid:1", "no.such.host.invalid", 1 },
};

START_TEST(mistake)
{
	shell_expect(mistakes[_i].status, mistakes[_i].words,
	    "ok='--quiet --cert ca/alice.pem --key ca/alice.key"
	    " --ca ca/ca.pem'; eval exec tlsecho-client \"%s\"",
	    mistakes[_i].arguments);
	ck_assert_int_eq(strncmp(shell_output(), "tlsecho-client: ", 16), 0);
}
END_TEST

int
main(int argc, char **argv)
{
	struct suite *s = suite_new("e2e/client");

	SUITE_ADD_LOOP(s, counts_agree, sizeof loads / sizeof *loads);
	SUITE_ADD(s, for_a_duration);
	SUITE_ADD_LOOP(s, failure, 2 * FAILURES);
	SUITE_ADD(s, server_by_another_name);
	SUITE_ADD_LOOP(
	    s, bound_to_addresses_in_turn, sizeof kinds / sizeof *kinds);
	SUITE_ADD(s, nobody_listens);
	SUITE_ADD(s, server_worker_dies);
	SUITE_ADD_LOOP(s, server_worker_hangs, sizeof waits / sizeof *waits);
	SUITE_ADD(s, interrupted);
	SUITE_ADD(s, pkcs12);
	SUITE_ADD(s, verbose);
	SUITE_ADD_LOOP(s, mistake, sizeof mistakes / sizeof *mistakes);
	return fixture_run(s, argc, argv);
}
