/* test_main_tls: whose certificates are taken, and by whom. */
#include <check.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/client/program.h"
#include "tests/support/fake_server.h"
#include "tests/support/server.h"
#include "tests/support/shell.h"
#include "tests/support/suite.h"
#include "tests/support/tcp.h"

static struct spawn client;
static struct spawn foreign;
static struct server server;
static struct fake_server fake;

static const char *
address(void)
{
	static char text[32];

	(void)snprintf(text, sizeof text, "127.0.0.1:%d", server.port);
	return text;
}

/* Certificates of ours that the server does not take. */
static const struct {
	const char *identity;
	const char *alert, *counter;
} refused[] = {
	{ "other/mallory", "unknown_ca", "handshake_unknown_issuer" },
	{ "ca/expired", "certificate_expired", "handshake_expired" },
	{ "ca/future", "certificate_expired", "handshake_not_yet_valid" },
	{ "ca/server", "unsupported_certificate", "handshake_wrong_purpose" },
};

enum {
	REFUSED = sizeof refused / sizeof *refused
};

/* With nearly all connections idle, and in both versions of TLS. */
TEST_LOOP(own_certificate_refused, 2 * REFUSED)
{
	static const char *const versions[] = { "1.3", "1.2" };
	const char *identity = refused[_i % REFUSED].identity;
	char options[1024];
	char alert[128];

	(void)snprintf(options, sizeof options,
	    "-v -c 20 -w 2 -n 1 --cert %s.pem --key %s.key "
	    "--priority SECURE128:-VERS-ALL:+VERS-TLS%s",
	    identity, identity, versions[_i / REFUSED]);
	(void)snprintf(alert, sizeof alert, "\n    alert \"%s\": 20\n",
	    refused[_i % REFUSED].alert);
	server_start(&server, NULL);
	program_run(&client, 1, options, address());
	program_expect(&client, "Connections made: 0\n");
	program_expect(&client, "\n  alert from peer: 20\n");
	program_expect(&client, alert);
	ck_assert(!spawn_said(&client, "IsMutuallyAuthenticated: true"));
	program_expect(&client, "Bytes received: 0 (0 B/s)\n");
	server_expect_failures(&server, refused[_i % REFUSED].counter, 20);
	server_stop(&server);
}

/* Certificates of the server's that we do not take. */
static const struct {
	const char *make, *identity, *options, *reason;
} unverified[] = {
	{ "server other stranger 127.0.0.1", "other/stranger", "",
	    "unknown issuer" },
	{ "server ca late 127.0.0.1 --not-before -2d --not-after -1d",
	    "ca/late", "", "certificate expired" },
	{ "server ca early 127.0.0.1 --not-before +1d --not-after +2d",
	    "ca/early", "", "certificate not yet valid" },
	{ "client ca 127.0.0.1", "ca/127.0.0.1", "",
	    "certificate for another purpose" },
	{ "show ca/server.pem", "ca/server", "--server-name example.org",
	    "certificate for another name" },
	{ "show ca/server.pem", "ca/server", "--server-name 127.0.0.2",
	    "certificate for another name" },
};

TEST_EACH(servers_certificate_refused, unverified)
{
	char reason[128];
	char options[128];
	char first[128];

	(void)snprintf(first, sizeof first,
	    "\nFirst refused server: %s: ", unverified[_i].reason);
	(void)snprintf(
	    reason, sizeof reason, "\n  %s: 3\n", unverified[_i].reason);
	(void)snprintf(
	    options, sizeof options, "-c 3 -n 3 %s", unverified[_i].options);
	shell_expect(0, "", "tlsecho-certs %s", unverified[_i].make);
	fake_server_start(&fake, FAKE_ECHOES, unverified[_i].identity);
	program_run(&client, 1, options, fake.address);
	program_expect(&client, reason);
	program_expect(&client, first);
	program_expect(&client, "\n  certificate 1 of 1: sha256=");
	fake_server_stop(&fake);
}

static const struct {
	const char *listen, *host, *options;
} names[] = {
	{ "127.0.0.1:0", "127.0.0.1", "" },
	{ "127.0.0.1:0", "localhost", "" },
	{ "127.0.0.1:0", "127.0.0.1", "--server-name localhost." },
	{ "127.0.0.1:0", "127.0.0.1", "--server-name ::1" },
	{ "[::1]:0", "[::1]", "" },
};

TEST_EACH(names_that_are_right, names)
{
	char target[64];
	char options[64];

	if (strcmp(names[_i].host, "localhost") == 0 && !tcp_has_localhost())
		return;
	if (strcmp(names[_i].host, "[::1]") == 0 && !tcp_has_ipv6())
		return;
	server_start(&server, "--listen", names[_i].listen, NULL);
	(void)snprintf(
	    target, sizeof target, "%s:%d", names[_i].host, server.port);
	(void)snprintf(
	    options, sizeof options, "-c 2 -n 4 %s", names[_i].options);
	program_run(&client, 0, options, target);
	server_stop(&server);
}

/* The kind of key that the fixture's server has shows in its signature. */
TEST(negotiated)
{
	server_start(&server, NULL);
	program_run(&client, 0,
	    "-c 3 -n 6 --priority SECURE128:-VERS-ALL:+VERS-TLS1.3:-GROUP-ALL"
	    ":+GROUP-SECP384R1:-CIPHER-ALL:+AES-128-GCM",
	    address());
	program_expect(&client,
	    "Negotiated: TLS1.3, AES-128-GCM, group SECP384R1 (not "
	    "post-quantum), signature ECDSA-SECP256R1-SHA256: 3 connections\n");
	server_stop(&server);
}

/* What the server picks; nothing, if it has no protocols; or it refuses. */
TEST(application_protocol)
{
	server_start(&server, "--alpn", "http/1.1", "--alpn", "h2", NULL);
	program_run(&client, 0, "-v -c 2 -n 4 --alpn h2,http/1.1", address());
	program_expect(
	    &client, ", application protocol http/1.1: 2 connections\n");
	program_expect(&client, "\nNegotiatedApplicationProtocol: http/1.1\n");
	program_run(&client, 1, "-c 2 -n 4 --alpn h3", address());
	program_expect(&client, "alert \"no_application_protocol\": 2\n");
	server_stop(&server);
	server_start(&server, NULL);
	program_run(&client, 0, "-c 2 -n 4 --alpn h2,http/1.1", address());
	program_expect(&client, ", application protocol none: 2 connections\n");
	server_stop(&server);
}

static const char *const hellos[] = { "--hello-size 1700", "--hello-split",
	"--hello-size 8000 --hello-split" };

/* A server takes it, in however many pieces it comes. */
TEST_EACH(large_hello, hellos)
{
	char options[128];

	(void)snprintf(options, sizeof options,
	    "--handshakes --resume -c 2 -n 20 %s", hellos[_i]);
	server_start(&server, NULL);
	program_run(&client, 0, options, address());
	program_expect(&client, "Transactions: 20 in ");
	ck_assert_uint_ge(
	    server_total(&server, "wire_bytes_received"), _i == 1 ? 1 : 34000);
	server_stop(&server);
}

TEST(pkcs12)
{
	server_start(&server, NULL);
	program_run(&client, 0,
	    "-n 10 --pkcs12 ca/carol.pfx --password-file password", address());
	server_stop(&server);
}

/* GnuTLS would write every session's secrets there. */
TEST(no_secrets_in_a_key_log)
{
	server_start(&server, NULL);
	ck_assert_int_eq(setenv("SSLKEYLOGFILE", "keys.log", 1), 0);
	program_run(&client, 0, "-n 10", address());
	program_expect(&client, "warning: SSLKEYLOGFILE is ignored");
	ck_assert_int_eq(access("keys.log", F_OK), -1);
	server_stop(&server);
}

/* Another TLS library at the other end, and one process a connection. */
TEST(socat_echoes)
{
	static const char listen[] =
	    "OPENSSL-LISTEN:0,bind=127.0.0.1,backlog=64,fork,verify=1,"
	    "cert=ca/server.pem,key=ca/server.key,cafile=ca/ca.pem";

	if (!shell_has_program("socat"))
		return;
	spawn_start(&foreign,
	    (const char *const[]){ "socat", "-d", "-d", listen, "PIPE", NULL },
	    NULL);
	spawn_expect(&foreign, "listening on AF=2 ");
	spawn_expect(&foreign, "\n");
	foreign.text[foreign.seen - 1] = '\0';
	program_run(&client, 0, "-c 64 -d 1s", strrchr(foreign.text, ' ') + 1);
	program_expect(&client, "Connections made: 64\n");
	program_expect(&client, "\nErrors: 0\n");
	spawn_signal(&foreign, SIGTERM);
	(void)spawn_wait(&foreign);
}

FIXTURE_SUITE("client/main_tls")
