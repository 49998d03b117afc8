/* Programs of others: gnutls-cli and openssl as clients of our server. */
#include <check.h>
#include <signal.h>
#include <string.h>

#include "tests/support/await.h"
#include "tests/support/fixture.h"
#include "tests/support/server.h"
#include "tests/support/shell.h"
#include "tests/support/spawn.h"
#include "tests/support/suite.h"
#include "tests/support/tlspeer.h"

/* With our root, to a port; they name the server localhost. */
#define GNUTLS_CLI "gnutls-cli --x509cafile ca/ca.pem --port %d 127.0.0.1 "
#define OPENSSL                                                          \
	"openssl s_client -quiet -verify_return_error -CAfile ca/ca.pem" \
	" -connect 127.0.0.1:%d "
/* With our certificate. */
#define GNUTLS_CLI_ALICE \
	GNUTLS_CLI "--x509certfile ca/alice.pem --x509keyfile ca/alice.key "
#define OPENSSL_ALICE OPENSSL "-cert ca/alice.pem -key ca/alice.key "

/* What no prompt, banner or certificate of a client says. */
static const char text[] = "The quick brown fox, 0123456789.\n";

static struct server server;
static struct spawn client;

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
	spawn_shell(&client, NULL, GNUTLS_CLI_ALICE "--priority %s",
	    server.port, versions[_i]);
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
	spawn_shell(&client, NULL, GNUTLS_CLI "--priority %s", server.port,
	    _i == 0 ? TLSPEER_TLS13 : TLSPEER_TLS12);
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
	spawn_shell(&client, NULL,
	    GNUTLS_CLI_ALICE "--verify-hostname elsewhere.example",
	    server.port);
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
	spawn_shell(&client, NULL,
	    GNUTLS_CLI_ALICE "--resume --waitresumption --priority %s",
	    server.port, _i == 0 ? TLSPEER_TLS13 : TLSPEER_TLS12);
	AWAIT(server_total(&server, "handshakes_resumed") == 1);
	ck_assert_uint_eq(server_total(&server, "handshakes_completed"), 2);
	echo_through_client();
	spawn_close_input(&client);
	ck_assert_int_eq(spawn_wait(&client), 0);
	server_stop_clean(&server);
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
	spawn_shell(&client, NULL, OPENSSL_ALICE "%s", server.port,
	    _i == 0 ? "-tls1_3" : "-tls1_2");
	echo_through_client();
	end_openssl();
	server_stop(&server);
}
END_TEST

/* RFC 6066, 4: its largest record; a session ticket would not fit into one. */
START_TEST(openssl_with_small_records)
{
	if (!shell_has_program("openssl"))
		return;
	server_start(&server, NULL);
	spawn_shell(&client, NULL, OPENSSL_ALICE "-maxfraglen 512 %s",
	    server.port, _i == 0 ? "-tls1_3" : "-tls1_2");
	echo_through_client();
	end_openssl();
	ck_assert_uint_eq(
	    server_total(&server, "tickets_issued"), _i == 0 ? 2 : 0);
	server_stop(&server);
}
END_TEST

START_TEST(openssl_without_certificate)
{
	if (!shell_has_program("openssl"))
		return;
	server_start(&server, NULL);
	spawn_shell(&client, NULL, OPENSSL "%s", server.port,
	    _i == 0 ? "-tls1_3" : "-tls1_2");
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
	spawn_shell(&client, NULL, OPENSSL_ALICE, server.port);
	spawn_write(&client, bytes, sizeof bytes);
	spawn_expect_bytes(&client, bytes, sizeof bytes);
	end_openssl();
	server_stop(&server);
}
END_TEST

/* A line that comes back; n commands, each of which says these words. */
static void
echo_line(const char *line)
{
	spawn_write(&client, line, strlen(line));
	spawn_expect(&client, line);
}

static void
command(const char *line, const char *words, int n)
{
	for (int i = 0; i < n; i++) {
		spawn_write(&client, line, strlen(line));
		spawn_expect(&client, words);
	}
}

/* The client says goodbye after so many lines, and nothing else went wrong. */
static void
end_after_lines(uint64_t lines)
{
	spawn_close_input(&client);
	ck_assert_int_eq(spawn_wait(&client), 0);
	AWAIT(server_total(&server, "open") == 0);
	ck_assert_uint_eq(server_total(&server, "read_operations"), lines);
	ck_assert_uint_eq(server_total(&server, "ended_close_notify"), 1);
	server_stop_clean(&server);
}

/* It takes commands, and the end of its input: the last word on that counts. */
static void
start_openssl(const char *options)
{
	server_start(&server, NULL);
	spawn_shell(&client, NULL, OPENSSL_ALICE "-no_ign_eof %s", server.port,
	    options);
}

static void
start_gnutls_cli(const char *priority)
{
	server_start(&server, NULL);
	spawn_shell(&client, NULL,
	    GNUTLS_CLI_ALICE "--inline-commands --priority %s", server.port,
	    priority);
}

/*
 * With each cipher of TLS 1.3 the client changes its key (k), and asks for the
 * server's to be changed, too (K): RFC 8446, 4.6.3.
 */
START_TEST(openssl_changes_keys)
{
	static const char *const ciphers[] = {
		"-ciphersuites TLS_AES_128_GCM_SHA256",
		"-ciphersuites TLS_AES_256_GCM_SHA384",
		"-ciphersuites TLS_CHACHA20_POLY1305_SHA256"
	};

	if (!shell_has_program("openssl"))
		return;
	start_openssl(ciphers[_i]);
	echo_line("one\n");
	command("K\n", "KEYUPDATE", 1);
	echo_line("two\n");
	command("k\n", "KEYUPDATE", 1);
	echo_line("three\n");
	command("K\n", "KEYUPDATE", 30);
	echo_line("four\n");
	command("k\n", "KEYUPDATE", 30);
	echo_line("five\n");
	end_after_lines(5);
}
END_TEST

/*
 * GnuTLS itself ends a session in which more than 8 key updates a second come,
 * those it has asked for included: it asks for 5.
 */
START_TEST(gnutls_cli_changes_keys)
{
	if (!shell_has_program("gnutls-cli"))
		return;
	start_gnutls_cli(TLSPEER_TLS13);
	echo_line("one\n");
	command("^rekey1^\n", "Rekey was completed", 30);
	echo_line("two\n");
	command("^rekey^\n", "Rekey was completed", 5);
	echo_line("three\n");
	end_after_lines(3);
}
END_TEST

/* Under TLS 1.2: refused by a warning, and by a fatal alert. */
static void
expect_refused_renegotiation(const char *order, const char *words)
{
	echo_line("one\n");
	spawn_write(&client, order, strlen(order));
	ck_assert_int_ne(spawn_wait(&client), 0);
	ck_assert_msg(spawn_said(&client, words), "%s", client.text);
	AWAIT(server_total(&server, "open") == 0);
	ck_assert_uint_eq(server_total(&server, "ended_protocol"), 1);
	ck_assert_uint_eq(server_total(&server, "handshakes_completed"), 1);
	server_stop_clean(&server);
}

START_TEST(openssl_renegotiates)
{
	if (!shell_has_program("openssl"))
		return;
	start_openssl("-tls1_2");
	expect_refused_renegotiation("R\n", "no renegotiation");
}
END_TEST

START_TEST(gnutls_cli_renegotiates)
{
	if (!shell_has_program("gnutls-cli"))
		return;
	start_gnutls_cli(TLSPEER_TLS12);
	expect_refused_renegotiation(
	    "^renegotiate^\n", "ReHandshake has failed");
}
END_TEST

START_TEST(openssl_resumes)
{
	const char *version = _i == 0 ? "-tls1_3" : "-tls1_2";

	if (!shell_has_program("openssl"))
		return;
	server_start(&server, NULL);
	spawn_shell(&client, NULL, OPENSSL_ALICE "%s -sess_out session",
	    server.port, version);
	echo_through_client();
	end_openssl();
	spawn_shell(&client, NULL, OPENSSL_ALICE "%s -sess_in session",
	    server.port, version);
	spawn_write(&client, text, strlen(text));
	spawn_expect(&client, text);
	ck_assert_uint_eq(server_total(&server, "handshakes_resumed"), 1);
	end_openssl();
	server_stop_clean(&server);
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
	SUITE_ADD_LOOP(s, openssl_with_small_records, 2);
	SUITE_ADD_LOOP(s, openssl_without_certificate, 2);
	SUITE_ADD(s, openssl_large_input);
	SUITE_ADD_LOOP(s, openssl_changes_keys, 3);
	SUITE_ADD(s, gnutls_cli_changes_keys);
	SUITE_ADD(s, openssl_renegotiates);
	SUITE_ADD(s, gnutls_cli_renegotiates);
	SUITE_ADD_LOOP(s, openssl_resumes, 2);
	return fixture_run(s, argc, argv);
}
