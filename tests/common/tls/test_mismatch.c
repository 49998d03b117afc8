/* test_mismatch: hellos that have nothing in common with a server. */
#include "common/tls/mismatch.h"

#include <gnutls/gnutls.h>
#include <string.h>

#include "common/tls/private.h"
#include "tests/support/mutual.h"
#include "tests/support/suite.h"
#include "tests/support/tls_pair.h"

static struct tls_pair p;
static struct mutual m;

/* A client with this priority string meets the server of m. */
static void
meet(const char *client_priority, const char *protocol)
{
	struct tls_creds *client =
	    pki_creds(TLS_CLIENT, &m.client, &m.root, client_priority);
	const gnutls_datum_t alpn = { (unsigned char *)(uintptr_t)protocol,
		protocol != NULL ? (unsigned)strlen(protocol) : 0 };

	tls_pair_open(&p, client, m.server_creds, MUTUAL_NAME);
	if (protocol != NULL)
		ck_assert_int_eq(
		    gnutls_alpn_set_protocols(
			p.client.tls->gnutls->session, &alpn, 1, 0),
		    0);
	tls_pair_run(&p, TLS_PAIR_SIZE);
	tls_creds_unref(&client);
}

static void
has(const char *text, const char *words)
{
	ck_assert_msg(strstr(text, words) != NULL, "'%s' in '%s'", words, text);
}

static void
refused(enum close_reason reason, int alert, const char *client_words,
    const char *server_words)
{
	struct tls_mismatch mismatch;

	ck_assert_int_eq(p.server.result, TLS_FAIL);
	ck_assert_str_eq(close_reason_text(tls_reason(p.server.tls)),
	    close_reason_text(reason));
	ck_assert_int_eq(tls_reason(p.client.tls), REASON_PEER_ALERT);
	ck_assert_int_eq(tls_peer_alert(p.client.tls), alert);
	ck_assert(tls_mismatch_read(&mismatch, p.server.tls));
	has(mismatch.client, client_words);
	has(mismatch.server, server_words);
	ck_assert(!tls_mismatch_read(&mismatch, p.client.tls));
}

#define GROUP(name) ":-GROUP-ALL:+GROUP-" name
#define SIGN(name)  ":-SIGN-ALL:+SIGN-" name

static const struct {
	const char *client, *server;
	enum close_reason reason;
	int alert;
	const char *client_words, *server_words;
} rows[] = {
	{ "NORMAL:-VERS-ALL:+VERS-TLS1.1", TLS_PRIORITY_DEFAULT,
	    REASON_NO_VERSION, GNUTLS_A_PROTOCOL_VERSION, "TLS1.1",
	    "TLS1.3,TLS1.2" },
	{ MUTUAL_TLS12, MUTUAL_TLS13, REASON_NO_VERSION,
	    GNUTLS_A_PROTOCOL_VERSION, "TLS1.2", "TLS1.3" },
	{ MUTUAL_TLS13, MUTUAL_TLS12, REASON_NO_VERSION,
	    GNUTLS_A_PROTOCOL_VERSION, "TLS1.3", "TLS1.2" },
	{ MUTUAL_TLS13 ":-CIPHER-ALL:+AES-128-CCM",
	    MUTUAL_TLS13 ":-CIPHER-ALL:+AES-256-GCM", REASON_NO_CIPHER,
	    GNUTLS_A_HANDSHAKE_FAILURE, "CCM", "AES_256_GCM" },
	{ MUTUAL_TLS12 ":-CIPHER-ALL:+AES-128-CCM",
	    MUTUAL_TLS12 ":-CIPHER-ALL:+AES-256-GCM", REASON_NO_CIPHER,
	    GNUTLS_A_HANDSHAKE_FAILURE, "CCM", "AES_256_GCM" },
	{ MUTUAL_TLS12 ":-KX-ALL:+ECDHE-RSA",
	    MUTUAL_TLS12 ":-KX-ALL:+ECDHE-ECDSA", REASON_NO_CIPHER,
	    GNUTLS_A_HANDSHAKE_FAILURE, "ECDHE_RSA", "ECDHE_ECDSA" },
	{ MUTUAL_TLS13 GROUP("X25519"), MUTUAL_TLS13 GROUP("SECP256R1"),
	    REASON_NO_GROUP, GNUTLS_A_HANDSHAKE_FAILURE, "x25519",
	    "secp256r1" },
	{ MUTUAL_TLS12 ":-KX-ALL:+ECDHE-ECDSA" GROUP("X25519"),
	    MUTUAL_TLS12 GROUP("SECP256R1"), REASON_NO_GROUP,
	    GNUTLS_A_HANDSHAKE_FAILURE, "x25519", "secp256r1" },
	/* The server's key is of ECDSA. */
	{ MUTUAL_TLS13 SIGN("EDDSA-ED25519"), MUTUAL_TLS13, REASON_NO_SIGNATURE,
	    GNUTLS_A_HANDSHAKE_FAILURE, "ed25519", "ecdsa_secp256r1_sha256" },
	{ MUTUAL_TLS12 SIGN("RSA-SHA256"), MUTUAL_TLS12, REASON_NO_SIGNATURE,
	    GNUTLS_A_HANDSHAKE_FAILURE, "rsa_pkcs1_sha256",
	    "ecdsa_secp256r1_sha256" },
};

TEST_EACH(nothing_in_common, rows)
{
	mutual_init(&m, rows[_i].server);
	meet(rows[_i].client, NULL);
	refused(rows[_i].reason, rows[_i].alert, rows[_i].client_words,
	    rows[_i].server_words);
	tls_pair_close(&p);
	mutual_fini(&m);
}

/* What the client chose must not break the line that it stands in. */
TEST_LOOP(no_protocol, MUTUAL_VERSIONS)
{
	mutual_init(&m, mutual_priorities[_i]);
	m.server_creds->settings.alpn[0] = "echo/1";
	m.server_creds->settings.alpn[1] = "echo/2";
	meet(mutual_priorities[_i], "h\"2\\\n");
	refused(REASON_NO_ALPN, GNUTLS_A_NO_APPLICATION_PROTOCOL, "h?2??",
	    "echo/1,echo/2");
	tls_pair_close(&p);
	mutual_fini(&m);
}

/* Whoever asks for "my_host", which GnuTLS refuses. */
TEST_LOOP(underscore, MUTUAL_VERSIONS)
{
	uint8_t *name;

	mutual_init(&m, mutual_priorities[_i]);
	tls_pair_open(&p, m.client_creds, m.server_creds, MUTUAL_NAME);
	tls_pair_step(&p.client, 0);
	name = memmem(
	    p.server.inbox, p.server.end, MUTUAL_NAME, strlen(MUTUAL_NAME));
	ck_assert_ptr_nonnull(name);
	name[2] = '_';
	tls_pair_step(&p.server, TLS_PAIR_SIZE);
	tls_pair_step(&p.client, TLS_PAIR_SIZE);
	refused(
	    REASON_SERVER_NAME, GNUTLS_A_UNRECOGNIZED_NAME, "lo_alhost", "");
	tls_pair_close(&p);
	mutual_fini(&m);
}

/* Whatever else goes wrong has nothing to do with what was offered. */
TEST(other_failures)
{
	struct tls_mismatch mismatch;

	mutual_init(&m, MUTUAL_TLS13);
	tls_pair_open(&p, m.client_creds, m.server_creds, MUTUAL_NAME);
	ck_assert(!tls_mismatch_read(&mismatch, p.server.tls));
	tls_pair_step(&p.client, 0);
	tls_pair_step(&p.server, 100);
	tls_pair_hang_up(&p.client);
	ck_assert(!tls_mismatch_read(&mismatch, p.server.tls));
	tls_pair_close(&p);
	mutual_fini(&m);
}

SUITE("common/tls/mismatch")
