/* Programs of others: gnutls-cli and openssl as clients of our server. */
#include <check.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "tests/support/await.h"
#include "tests/support/fixture.h"
#include "tests/support/server.h"
#include "tests/support/shell.h"
#include "tests/support/spawn.h"
#include "tests/support/suite.h"
#include "tests/support/tlspeer.h"

enum {
	WORDS_MAX = 32
};

/* What no prompt, banner or certificate of a client says. */
static const char text[] = "The quick brown fox, 0123456789.\n";

static struct server server;
static struct spawn client;

/* The command line of a client: a beginning, then words until NULL. */
static void
start_client(const char *const *begin, ...)
{
	const char *argv[WORDS_MAX];
	int count = 0;
	va_list words;

	while (*begin != NULL)
		argv[count++] = *begin++;
	va_start(words, begin);
	do {
		ck_assert_int_lt(count, WORDS_MAX);
		argv[count] = va_arg(words, const char *);
	} while (argv[count++] != NULL);
	va_end(words);
	spawn_start(&client, argv, NULL);
}

static const char *
port_text(void)
{
	static char port[16];

	(void)snprintf(port, sizeof port, "%d", server.port);
	return port;
}

/* gnutls-cli, our root; it names the server localhost. */
static const char *const *
gnutls_cli(void)
{
	static const char *argv[8];
	int n = 0;

	argv[n++] = "gnutls-cli";
	argv[n++] = "--x509cafile";
	argv[n++] = fixture_path("ca/ca.pem");
	argv[n++] = "--port";
	argv[n++] = port_text();
	argv[n++] = "127.0.0.1";
	argv[n] = NULL;
	return argv;
}

static const char *const *
openssl_client(void)
{
	static char address[32];
	static const char *argv[16];
	int n = 0;

	(void)snprintf(address, sizeof address, "127.0.0.1:%d", server.port);
	argv[n++] = "openssl";
	argv[n++] = "s_client";
	argv[n++] = "-quiet";
	argv[n++] = "-verify_return_error";
	argv[n++] = "-CAfile";
	argv[n++] = fixture_path("ca/ca.pem");
	argv[n++] = "-connect";
	argv[n++] = address;
	argv[n] = NULL;
	return argv;
}

/* What came back must be the bytes and nothing but the bytes. */
static void
echo_through_client(void)
{
	spawn_write(&client, text, strlen(text));
	AWAIT(server_total(&server, "bytes_sent") == strlen(text));
	spawn_expect(&client, text);
}

START_TEST(gnutls_cli_with_certificate)
{
	static const char *const versions[] = { "NORMAL", TLSPEER_TLS13,
		TLSPEER_TLS12 };

	if (!shell_has_program("gnutls-cli"))
		return;
	server_start(&server, NULL);
	start_client(gnutls_cli(), "--x509certfile",
	    fixture_path("ca/alice.pem"), "--x509keyfile",
	    fixture_path("ca/alice.key"), "--priority", versions[_i], NULL);
	echo_through_client();
	spawn_close_input(&client);
	ck_assert_int_eq(spawn_wait(&client), 0);
	AWAIT(server_total(&server, "open") == 0);
	ck_assert_uint_eq(server_total(&server, "ended_close_notify"), 1);
	server_stop(&server);
}
END_TEST

/* Input is held open: the client ends by itself when it is refused. */
START_TEST(gnutls_cli_without_certificate)
{
	if (!shell_has_program("gnutls-cli"))
		return;
	server_start(&server, NULL);
	start_client(gnutls_cli(), "--priority",
	    _i == 0 ? TLSPEER_TLS13 : TLSPEER_TLS12, NULL);
	spawn_write(&client, text, strlen(text));
	ck_assert_int_ne(spawn_wait(&client), 0);
	ck_assert(!spawn_said(&client, text));
	server_expect_failures(&server, "handshake_no_certificate", 1);
	ck_assert_uint_eq(server_total(&server, "bytes_sent"), 0);
	server_stop(&server);
}
END_TEST

/* It wants a name that the certificate does not bear. */
START_TEST(gnutls_cli_with_wrong_name)
{
	if (!shell_has_program("gnutls-cli"))
		return;
	server_start(&server, NULL);
	start_client(gnutls_cli(), "--verify-hostname", "elsewhere.example",
	    "--x509certfile", fixture_path("ca/alice.pem"), "--x509keyfile",
	    fixture_path("ca/alice.key"), NULL);
	spawn_write(&client, text, strlen(text));
	ck_assert_int_ne(spawn_wait(&client), 0);
	ck_assert(!spawn_said(&client, text));
	ck_assert_uint_eq(server_total(&server, "bytes_sent"), 0);
	server_stop_idle(&server);
}
END_TEST

/* --resume: connects, says goodbye, and comes again with the ticket. */
START_TEST(gnutls_cli_resumes)
{
	if (!shell_has_program("gnutls-cli"))
		return;
	server_start(&server, NULL);
	start_client(gnutls_cli(), "--resume", "--waitresumption",
	    "--x509certfile", fixture_path("ca/alice.pem"), "--x509keyfile",
	    fixture_path("ca/alice.key"), "--priority",
	    _i == 0 ? TLSPEER_TLS13 : TLSPEER_TLS12, NULL);
	AWAIT(server_total(&server, "handshakes_resumed") == 1);
	ck_assert_uint_eq(server_total(&server, "handshakes_completed"), 2);
	echo_through_client();
	spawn_close_input(&client);
	ck_assert_int_eq(spawn_wait(&client), 0);
	AWAIT(server_total(&server, "open") == 0);
	server_expect_failures(&server, NULL, 0);
	server_stop(&server);
}
END_TEST

/* It ignores the end of its input, so it has to be ended. */
static void
end_openssl(void)
{
	spawn_signal(&client, SIGTERM);
	(void)spawn_wait(&client);
	AWAIT(server_total(&server, "open") == 0);
}

START_TEST(openssl_with_certificate)
{
	if (!shell_has_program("openssl"))
		return;
	server_start(&server, NULL);
	start_client(openssl_client(), "-cert", fixture_path("ca/alice.pem"),
	    "-key", fixture_path("ca/alice.key"),
	    _i == 0 ? "-tls1_3" : "-tls1_2", NULL);
	echo_through_client();
	end_openssl();
	server_stop(&server);
}
END_TEST

START_TEST(openssl_without_certificate)
{
	if (!shell_has_program("openssl"))
		return;
	server_start(&server, NULL);
	start_client(openssl_client(), _i == 0 ? "-tls1_3" : "-tls1_2", NULL);
	spawn_write(&client, text, strlen(text));
	ck_assert_int_ne(spawn_wait(&client), 0);
	ck_assert(!spawn_said(&client, text));
	ck_assert(spawn_said(
	    &client, _i == 0 ? "certificate required" : "handshake failure"));
	server_expect_failures(&server, "handshake_no_certificate", 1);
	server_stop(&server);
}
END_TEST

START_TEST(openssl_large_input)
{
	static uint8_t bytes[60000];

	if (!shell_has_program("openssl"))
		return;
	tlspeer_fill(bytes, sizeof bytes, 3);
	server_start(&server, NULL);
	start_client(openssl_client(), "-cert", fixture_path("ca/alice.pem"),
	    "-key", fixture_path("ca/alice.key"), NULL);
	spawn_write(&client, bytes, sizeof bytes);
	spawn_expect_bytes(&client, bytes, sizeof bytes);
	end_openssl();
	server_stop(&server);
}
END_TEST

/*
 * With each cipher of TLS 1.3, and in between the client changes its key, and
 * asks for the server's to be changed (RFC 8446, 4.6.3).
 */
START_TEST(openssl_changes_keys)
{
	static const char *const ciphers[] = { "TLS_AES_128_GCM_SHA256",
		"TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256" };
	static const char *const lines[] = { "one\n", "two\n", "three\n",
		"four\n", "K\n", "six\n", "seven\n", "eight\n", "k\n", "ten\n",
		"eleven\n", "twelve\n" };

	if (!shell_has_program("openssl"))
		return;
	server_start(&server, NULL);
	/* The last word on input counts: commands are taken, and the end. */
	start_client(openssl_client(), "-cert", fixture_path("ca/alice.pem"),
	    "-key", fixture_path("ca/alice.key"), "-tls1_3", "-ciphersuites",
	    ciphers[_i], "-no_ign_eof", NULL);
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		bool command = strlen(lines[i]) == 2;

		spawn_write(&client, lines[i], strlen(lines[i]));
		spawn_expect(&client, command ? "KEYUPDATE" : lines[i]);
	}
	spawn_close_input(&client);
	ck_assert_int_eq(spawn_wait(&client), 0);
	AWAIT(server_total(&server, "open") == 0);
	ck_assert_uint_eq(server_total(&server, "read_operations"), 10);
	server_expect_failures(&server, NULL, 0);
	server_stop(&server);
}
END_TEST

START_TEST(openssl_resumes)
{
	const char *version = _i == 0 ? "-tls1_3" : "-tls1_2";
	const char *session;

	if (!shell_has_program("openssl"))
		return;
	server_start(&server, NULL);
	session = fixture_path("session-%d", _i);
	start_client(openssl_client(), "-cert", fixture_path("ca/alice.pem"),
	    "-key", fixture_path("ca/alice.key"), version, "-sess_out", session,
	    NULL);
	echo_through_client();
	end_openssl();
	start_client(openssl_client(), "-cert", fixture_path("ca/alice.pem"),
	    "-key", fixture_path("ca/alice.key"), version, "-sess_in", session,
	    NULL);
	spawn_write(&client, text, strlen(text));
	spawn_expect(&client, text);
	ck_assert_uint_eq(server_total(&server, "handshakes_resumed"), 1);
	end_openssl();
	server_expect_failures(&server, NULL, 0);
	server_stop(&server);
}
END_TEST

int
main(int argc, char **argv)
{
	struct suite *s = suite_new("e2e/foreign");

	SUITE_ADD_LOOP(s, gnutls_cli_with_certificate, 3);
	SUITE_ADD_LOOP(s, gnutls_cli_without_certificate, 2);
	SUITE_ADD(s, gnutls_cli_with_wrong_name);
	SUITE_ADD_LOOP(s, gnutls_cli_resumes, 2);
	SUITE_ADD_LOOP(s, openssl_with_certificate, 2);
	SUITE_ADD_LOOP(s, openssl_without_certificate, 2);
	SUITE_ADD(s, openssl_large_input);
	SUITE_ADD_LOOP(s, openssl_changes_keys, 3);
	SUITE_ADD_LOOP(s, openssl_resumes, 2);
	return fixture_run(s, argc, argv);
}
