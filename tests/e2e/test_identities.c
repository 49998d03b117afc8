/*
 * Which certificate a client sees, which protocol is agreed on, and what of TLS
 * 1.2 is not done.
 */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "tests/support/await.h"
#include "tests/support/fixture.h"
#include "tests/support/resume.h"
#include "tests/support/server.h"
#include "tests/support/shell.h"
#include "tests/support/suite.h"
#include "tests/support/tlspeer.h"

#define ONLY(version) "NORMAL:-VERS-ALL:+VERS-TLS" version ":-SIGN-ALL:"

static struct server server;
static struct tlspeer peer;

/* Of each kind of key one for localhost, one for other.example; once. */
static void
make_identities(void)
{
	shell_expect(0, "",
	    "if [ -e ca/other-ed25519.pem ]; then exit; fi;"
	    " for k in rsa-2048 ecdsa-p256 ed25519; do"
	    " tlsecho-certs server ca $k localhost --key $k"
	    " && tlsecho-certs server ca other-$k"
	    " other.example --key $k || exit 1; done");
}

/* Clients' own keys must not matter here: none is asked for. */
static void
start_with_all(void)
{
	make_identities();
	server_start(&server, "--client-auth", "none", "--cert",
	    "ca/rsa-2048.pem", "--key", "ca/rsa-2048.key", "--cert",
	    "ca/ecdsa-p256.pem", "--key", "ca/ecdsa-p256.key", "--cert",
	    "ca/ed25519.pem", "--key", "ca/ed25519.key", NULL);
}

static const struct {
	const char *priority, *identity;
} kinds[] = {
	{ ONLY("1.3") "+SIGN-RSA-PSS-RSAE-SHA256", "ca/rsa-2048" },
	{ ONLY("1.3") "+SIGN-ECDSA-SECP256R1-SHA256", "ca/ecdsa-p256" },
	{ ONLY("1.3") "+SIGN-EDDSA-ED25519", "ca/ed25519" },
	{ ONLY("1.2") "+SIGN-RSA-SHA256:+SIGN-RSA-PSS-RSAE-SHA256",
	    "ca/rsa-2048" },
	{ ONLY("1.2") "+SIGN-ECDSA-SHA256", "ca/ecdsa-p256" },
	{ ONLY("1.2") "+SIGN-EDDSA-ED25519", "ca/ed25519" },
};

START_TEST(by_kind_of_key)
{
	start_with_all();
	tlspeer_open(&peer, server.port,
	    &(struct tlspeer_options){ .priority = kinds[_i].priority });
	ck_assert_int_eq(tlspeer_handshake(&peer), 0);
	tlspeer_echo(&peer, "hello", 5);
	ck_assert(tlspeer_was_shown(&peer, kinds[_i].identity));
	tlspeer_finish(&peer);
	server_stop_idle(&server);
}
END_TEST

/* The same choice, but of those for the name that is asked for. */
static const struct {
	const char *name, *signature, *identity;
} names[] = {
	{ "localhost", "+SIGN-ECDSA-SECP256R1-SHA256", "ca/ecdsa-p256" },
	{ "localhost", "+SIGN-EDDSA-ED25519", "ca/ed25519" },
	{ "other.example", "+SIGN-EDDSA-ED25519", "ca/other-ed25519" },
	/* None for this name and kind, none for this name: the kind counts. */
	{ "other.example", "+SIGN-ECDSA-SECP256R1-SHA256", "ca/ecdsa-p256" },
	{ "third.example", "+SIGN-EDDSA-ED25519", "ca/ed25519" },
};

START_TEST(by_name)
{
	char priority[128];

	make_identities();
	server_start(&server, "--client-auth", "none", "--cert",
	    "ca/ecdsa-p256.pem", "--key", "ca/ecdsa-p256.key", "--cert",
	    "ca/ed25519.pem", "--key", "ca/ed25519.key", "--cert",
	    "ca/other-ed25519.pem", "--key", "ca/other-ed25519.key", NULL);
	(void)snprintf(priority, sizeof priority, "%s%s", ONLY("1.3"),
	    names[_i].signature);
	tlspeer_open(&peer, server.port,
	    &(struct tlspeer_options){ .priority = priority });
	(void)gnutls_server_name_set(peer.session, GNUTLS_NAME_DNS,
	    names[_i].name, strlen(names[_i].name));
	ck_assert_int_eq(tlspeer_handshake(&peer), 0);
	tlspeer_echo(&peer, "hello", 5);
	ck_assert(tlspeer_was_shown(&peer, names[_i].identity));
	tlspeer_finish(&peer);
	server_stop_idle(&server);
}
END_TEST

/* Of the client's protocols, NULL ends them; agreed on NULL: refused. */
static const struct {
	const char *offered[3];
	const char *agreed;
} protocols[] = {
	{ { "echo/1" }, "echo/1" },
	{ { "echo/2" }, "echo/2" },
	{ { "echo/2", "echo/1" }, "echo/1" }, /* the server prefers it */
	{ { "h2", "echo/2" }, "echo/2" },
	{ { NULL }, "" },
	{ { "h2" }, NULL },
	{ { "ECHO/1", "echo/10" }, NULL },
};

static void
offer(const char *const *offered)
{
	gnutls_datum_t list[3];
	unsigned n = 0;

	for (; n < 3 && offered[n] != NULL; n++)
		list[n] =
		    (gnutls_datum_t){ (unsigned char *)(uintptr_t)offered[n],
			    (unsigned)strlen(offered[n]) };
	if (n > 0)
		ck_assert_int_eq(
		    gnutls_alpn_set_protocols(peer.session, list, n, 0), 0);
}

static void
expect_agreed(const char *wanted)
{
	gnutls_datum_t agreed = { NULL, 0 };

	ck_assert_int_eq(tlspeer_handshake(&peer), 0);
	(void)gnutls_alpn_get_selected_protocol(peer.session, &agreed);
	ck_assert_uint_eq(agreed.size, strlen(wanted));
	ck_assert(
	    agreed.size == 0 || memcmp(agreed.data, wanted, agreed.size) == 0);
	tlspeer_echo(&peer, "hello", 5);
	ck_assert_uint_eq(
	    server_total(&server, "handshakes_alpn"), agreed.size > 0);
	server_expect_failures(&server, NULL, 0);
	tlspeer_finish(&peer);
}

START_TEST(alpn)
{
	int i = _i / RESUME_VERSIONS;

	server_start(&server, "--alpn", "echo/1,echo/2", NULL);
	resume_open(&peer, NULL, server.port, "ca/alice", _i % RESUME_VERSIONS);
	offer(protocols[i].offered);
	if (protocols[i].agreed != NULL) {
		expect_agreed(protocols[i].agreed);
	} else {
		ck_assert_int_eq(
		    tlspeer_refusal(&peer), GNUTLS_A_NO_APPLICATION_PROTOCOL);
		server_expect_failures(&server, "handshake_no_alpn", 1);
	}
	server_stop_idle(&server);
}
END_TEST

/* A server without --alpn does not mind. */
START_TEST(alpn_unasked)
{
	server_start(&server, NULL);
	resume_open(&peer, NULL, server.port, "ca/alice", _i);
	offer((const char *const[3]){ "h2" });
	expect_agreed("");
	server_stop_idle(&server);
}
END_TEST

/* GnuTLS would not show it, so that it takes another client. */
START_TEST(key_not_for_signing)
{
	if (!shell_has_program("openssl"))
		return;
	shell_expect(0, "",
	    "cd ca && printf 'extendedKeyUsage=clientAuth\\nkeyUsage="
	    "critical,keyEncipherment\\n' >enc.ext && openssl req -newkey"
	    " rsa:2048 -nodes -subj /CN=enc -keyout enc.key -out enc.csr &&"
	    " openssl x509 -req -in enc.csr -CA ca.pem -CAkey ca.key"
	    " -set_serial 4713 -days 2 -extfile enc.ext -out enc.pem");
	server_start(&server, NULL);
	shell_expect(0, "SSL alert number 43",
	    "cd ca && echo hello | openssl s_client -quiet"
	    " -cert enc.pem -key enc.key -CAfile ca.pem -connect 127.0.0.1:%d"
	    " %s; true",
	    server.port, _i == 0 ? "-tls1_3" : "-tls1_2");
	server_expect_failures(&server, "handshake_wrong_purpose", 1);
	ck_assert_uint_eq(server_total(&server, "bytes_sent"), 0);
	server_stop_idle(&server);
}
END_TEST

static void
open_tls12(void)
{
	server_start(&server, NULL);
	resume_open(&peer, NULL, server.port, "ca/alice", 1);
	ck_assert_int_eq(tlspeer_handshake(&peer), 0);
	tlspeer_echo(&peer, "hello", 5);
}

static void
expect_protocol_error(void)
{
	tlspeer_close(&peer);
	AWAIT(server_total(&server, "ended") == 1);
	ck_assert_uint_eq(server_total(&server, "ended_protocol"), 1);
	ck_assert_uint_eq(server_total(&server, "handshakes_completed"), 1);
	server_stop_clean(&server);
}

/* No, the client is told, and then the session is over. */
START_TEST(renegotiation)
{
	open_tls12();
	ck_assert_int_eq(
	    gnutls_handshake(peer.session), GNUTLS_E_WARNING_ALERT_RECEIVED);
	ck_assert_int_eq(
	    (int)gnutls_alert_get(peer.session), GNUTLS_A_NO_RENEGOTIATION);
	ck_assert_int_eq(
	    gnutls_handshake(peer.session), GNUTLS_E_FATAL_ALERT_RECEIVED);
	ck_assert_int_eq(
	    (int)gnutls_alert_get(peer.session), GNUTLS_A_UNEXPECTED_MESSAGE);
	expect_protocol_error();
}
END_TEST

/* Eight are passed over. */
START_TEST(too_many_warnings)
{
	uint8_t byte;

	open_tls12();
	for (int i = 0; i < 8; i++)
		ck_assert_int_eq(gnutls_alert_send(peer.session,
				     GNUTLS_AL_WARNING, GNUTLS_A_USER_CANCELED),
		    0);
	tlspeer_echo(&peer, "hello", 5);
	ck_assert_int_eq(gnutls_alert_send(peer.session, GNUTLS_AL_WARNING,
			     GNUTLS_A_USER_CANCELED),
	    0);
	ck_assert_int_lt(tlspeer_receive(&peer, &byte, 1), 0);
	expect_protocol_error();
}
END_TEST

int
main(int argc, char **argv)
{
	struct suite *s = suite_new("e2e/identities");
	const int count = sizeof protocols / sizeof *protocols;

	SUITE_ADD_LOOP(s, by_kind_of_key, sizeof kinds / sizeof *kinds);
	SUITE_ADD_LOOP(s, by_name, sizeof names / sizeof *names);
	SUITE_ADD_LOOP(s, alpn, count * RESUME_VERSIONS);
	SUITE_ADD_LOOP(s, alpn_unasked, RESUME_VERSIONS);
	SUITE_ADD_LOOP(s, key_not_for_signing, RESUME_VERSIONS);
	SUITE_ADD(s, renegotiation);
	SUITE_ADD(s, too_many_warnings);
	return fixture_run(s, argc, argv);
}
