/*
 * A client that must not be served gets no byte back, is told why, and is
 * counted once, under the right name.
 */
#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/sys/file.h"
#include "tests/support/await.h"
#include "tests/support/fixture.h"
#include "tests/support/resume.h"
#include "tests/support/server.h"
#include "tests/support/shell.h"
#include "tests/support/suite.h"
#include "tests/support/tlspeer.h"

struct stranger {
	const char *identity;
	const char *counter;
	int alerts[RESUME_VERSIONS];
	const char *words; /* of the line in the log */
};

static struct server server;
static struct tlspeer peer;

/* An honest client is served all the same; nothing else was. */
static void
stop_after_one_good_client(void)
{
	ck_assert_uint_eq(server_total(&server, "handshakes_completed"), 0);
	ck_assert_uint_eq(server_total(&server, "read_operations"), 0);
	ck_assert_uint_eq(server_total(&server, "bytes_sent"), 0);
	tlspeer_join(&peer, server.port);
	ck_assert_uint_eq(server_total(&server, "handshakes_completed"), 1);
	ck_assert_uint_eq(server_total(&server, "bytes_sent"), 5);
	tlspeer_finish(&peer);
	server_stop_idle(&server);
}

static void
expect_refusal(const struct stranger *who, int version)
{
	int alert;

	server_start(&server, NULL);
	alert = resume_refusal(NULL, server.port, who->identity, version);
	ck_assert_msg(alert == who->alerts[version], "%s: alert %d, not %d",
	    who->counter, alert, who->alerts[version]);
	server_expect_failures(&server, who->counter, 1);
	stop_after_one_good_client();
	ck_assert_msg(spawn_said(&server.process, who->words),
	    "no '%s' in:\n%s", who->words, server.process.text);
}

static const struct stranger strangers[] = {
	{ NULL, "handshake_no_certificate",
	    { GNUTLS_A_CERTIFICATE_REQUIRED, GNUTLS_A_HANDSHAKE_FAILURE },
	    " refused=no_certificate because=\"the client has none, or" },
	{ "other/mallory", "handshake_unknown_issuer",
	    { GNUTLS_A_UNKNOWN_CA, GNUTLS_A_UNKNOWN_CA },
	    " because=\"CN=tlsecho root is in --ca, but with another key" },
	{ "ca/expired", "handshake_expired",
	    { GNUTLS_A_CERTIFICATE_EXPIRED, GNUTLS_A_CERTIFICATE_EXPIRED },
	    " because=\"CN=expired expired on 2" },
	{ "ca/future", "handshake_not_yet_valid",
	    { GNUTLS_A_CERTIFICATE_EXPIRED, GNUTLS_A_CERTIFICATE_EXPIRED },
	    " because=\"CN=future is not valid before 2" },
	{ "ca/server", "handshake_wrong_purpose",
	    { GNUTLS_A_UNSUPPORTED_CERTIFICATE,
		GNUTLS_A_UNSUPPORTED_CERTIFICATE },
	    " because=\"it is for: server; issue it for clients, or accept any "
	    "with --client-purpose any\" sha256=" },
};

enum {
	STRANGERS = sizeof strangers / sizeof *strangers
};

START_TEST(stranger)
{
	expect_refusal(&strangers[_i / RESUME_VERSIONS], _i % RESUME_VERSIONS);
}
END_TEST

/* Alice's certificate with one bit of its signature changed. */
static void
forge_certificate(void)
{
	struct file_bytes pem = FILE_BYTES_INIT;
	gnutls_datum_t der;
	gnutls_datum_t forged;
	struct errmsg e;

	ck_assert_int_eq(file_read(&pem, "ca/alice.pem", 1 << 16, &e), 0);
	ck_assert_int_eq(
	    gnutls_pem_base64_decode2(
		NULL, &(gnutls_datum_t){ pem.data, (unsigned)pem.size }, &der),
	    0);
	der.data[der.size - 1] ^= 1;
	ck_assert_int_eq(
	    gnutls_pem_base64_encode2("CERTIFICATE", &der, &forged), 0);
	ck_assert_int_eq(file_write_atomically("ca/forged.pem", forged.data,
			     forged.size, 0644, true, &e),
	    0);
	gnutls_free(der.data);
	gnutls_free(forged.data);
	file_bytes_free(&pem);
	shell_expect(0, "", "cp ca/alice.key ca/forged.key");
}

START_TEST(forged_signature)
{
	const struct stranger forger = { "ca/forged", "handshake_bad_signature",
		{ GNUTLS_A_BAD_CERTIFICATE, GNUTLS_A_BAD_CERTIFICATE },
		" subject=\"CN=alice\" issuer=\"CN=tlsecho root\" names=DNS:" };

	forge_certificate();
	expect_refusal(&forger, _i);
}
END_TEST

/* 1,024 bits of RSA, rightly signed. */
START_TEST(weak_key)
{
	const struct stranger weak = { "ca/weak", "handshake_weak",
		{ GNUTLS_A_BAD_CERTIFICATE, GNUTLS_A_BAD_CERTIFICATE },
		" because=\"CN=weak has RSA, 1024 bits, signed with " };

	if (!shell_has_program("openssl"))
		return;
	shell_expect(0, "",
	    "cd ca && openssl req -newkey rsa:1024 -nodes -subj /CN=weak"
	    " -keyout weak.key -out weak.csr && echo"
	    " extendedKeyUsage=clientAuth >weak.ext && openssl x509 -req"
	    " -in weak.csr -CA ca.pem -CAkey ca.key -set_serial 4711 -days 2"
	    " -extfile weak.ext -out weak.pem");
	expect_refusal(&weak, _i);
}
END_TEST

START_TEST(old_version_only)
{
	server_start(&server, NULL);
	tlspeer_open(&peer, server.port,
	    &(struct tlspeer_options){ .identity = "ca/alice",
		.priority = "NORMAL:-VERS-ALL:+VERS-TLS1.1" });
	ck_assert_int_eq(tlspeer_refusal(&peer), GNUTLS_A_PROTOCOL_VERSION);
	server_expect_failures(&server, "handshake_no_version", 1);
	stop_after_one_good_client();
}
END_TEST

/* Everything there is to read, up to the end; what was sent back is no echo. */
static void
expect_end_of_tcp(int fd, const char *sent, size_t n)
{
	char answer[4096];
	size_t size = 0;
	ssize_t got;

	while ((got = recv(fd, answer + size, sizeof answer - size, 0)) > 0)
		size += (size_t)got;
	ck_assert_msg(got == 0 || errno == ECONNRESET, "the connection stays");
	ck_assert_ptr_null(memmem(answer, size, sent, n));
	(void)close(fd);
}

static const struct {
	const char *bytes;
	size_t n;
} garbage[] = {
#define GARBAGE(text)                  \
	{                              \
		text, sizeof(text) - 1 \
	}
	GARBAGE("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"),
	GARBAGE("SSH-2.0-OpenSSH_9.2\r\n"),
	GARBAGE("\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"),
	GARBAGE("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"),
	/* A record of 65,535 bytes. */
	GARBAGE("\x16\x03\x01\xff\xff\x01\0\xff\xff\x03\x03"),
	/* A ServerHello, an alert record that is none, application data. */
	GARBAGE("\x16\x03\x01\0\x04\x02\0\0\0"),
	GARBAGE("\x15\x03\x01\0\x05hello"),
	GARBAGE("\x17\x03\x03\0\x05hello"),
#undef GARBAGE
};

enum {
	GARBAGES = sizeof garbage / sizeof *garbage
};

START_TEST(garbage_for_tls)
{
	int fd;

	server_start(&server, NULL);
	fd = tlspeer_tcp("127.0.0.1", server.port);
	ck_assert_int_eq(send(fd, garbage[_i].bytes, garbage[_i].n, 0),
	    (ssize_t)garbage[_i].n);
	expect_end_of_tcp(fd, garbage[_i].bytes, garbage[_i].n);
	server_expect_failures(&server, "handshake_protocol", 1);
	stop_after_one_good_client();
}
END_TEST

START_TEST(connect_and_close)
{
	int fd;

	server_start(&server, NULL);
	fd = tlspeer_tcp("127.0.0.1", server.port);
	AWAIT(server_total(&server, "accepted") == 1);
	(void)close(fd);
	server_expect_failures(&server, "handshake_peer_closed", 1);
	stop_after_one_good_client();
}
END_TEST

START_TEST(connect_and_reset)
{
	const struct linger at_once = { .l_onoff = 1 };
	int fd;

	server_start(&server, NULL);
	fd = tlspeer_tcp("127.0.0.1", server.port);
	ck_assert_int_eq(send(fd, "\x16\x03\x01", 3, 0), 3);
	AWAIT(server_total(&server, "wire_bytes_received") == 3);
	(void)setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
	(void)close(fd);
	server_expect_failures(&server, "handshake_peer_reset", 1);
	stop_after_one_good_client();
}
END_TEST

/* Silent from the start, or in the middle of a ClientHello. */
START_TEST(connect_and_stay_silent)
{
	int fd;

	server_start(&server, "--handshake-timeout", SUITE_LIMIT, NULL);
	fd = tlspeer_tcp("127.0.0.1", server.port);
	ck_assert_int_eq(send(fd, "\x16\x03\x01\x01", (size_t)_i, 0), _i);
	expect_end_of_tcp(fd, "\x16\x03\x01\x01", 4);
	server_expect_failures(&server, "handshake_timeout", 1);
	stop_after_one_good_client();
}
END_TEST

/* Silent after the server's flight; bytes do not put the deadline off. */
START_TEST(handshake_never_finished)
{
	char byte;

	server_start(&server, "--handshake-timeout", SUITE_LIMIT, NULL);
	tlspeer_open(&peer, server.port,
	    &(struct tlspeer_options){
		.identity = "ca/alice", .holds_last_flight = true });
	ck_assert_int_eq(tlspeer_handshake(&peer), 0);
	for (int i = 0; i < 3; i++)
		tlspeer_release(&peer, 1);
	while (recv(peer.fd, &byte, 1, 0) > 0)
		continue;
	server_expect_failures(&server, "handshake_timeout", 1);
	tlspeer_close(&peer);
	stop_after_one_good_client();
}
END_TEST

int
main(int argc, char **argv)
{
	struct suite *s = suite_new("e2e/refusals");

	SUITE_ADD_LOOP(s, stranger, STRANGERS * RESUME_VERSIONS);
	SUITE_ADD_LOOP(s, forged_signature, RESUME_VERSIONS);
	SUITE_ADD_LOOP(s, weak_key, RESUME_VERSIONS);
	SUITE_ADD(s, old_version_only);
	SUITE_ADD_LOOP(s, garbage_for_tls, GARBAGES);
	SUITE_ADD(s, connect_and_close);
	SUITE_ADD(s, connect_and_reset);
	SUITE_ADD_LOOP(s, connect_and_stay_silent, 5);
	SUITE_ADD(s, handshake_never_finished);
	return fixture_run(s, argc, argv);
}
