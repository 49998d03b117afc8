/* test_info: what is said of a session. */
#include "common/tls/info.h"

#include <gnutls/crypto.h>
#include <stdio.h>
#include <string.h>

#include "common/base/hex.h"
#include "common/creds/identity.h"
#include "common/tls/private.h"
#include "common/tls/session.h"
#include "tests/support/cert_subject.h"
#include "tests/support/mutual.h"
#include "tests/support/suite.h"
#include "tests/support/tls_pair.h"

static struct tls_pair p;
static struct mutual m;
static struct tls_info server, client;

static void
setup(int version)
{
	mutual_init(&m, mutual_priorities[version]);
	tls_pair_open(&p, m.client_creds, m.server_creds, MUTUAL_NAME);
	tls_pair_handshake(&p, TLS_PAIR_SIZE);
	tls_info_read(&server, p.server.tls);
	tls_info_read(&client, p.client.tls);
}

static void
teardown(void)
{
	tls_pair_close(&p);
	mutual_fini(&m);
}

TEST_LOOP(both_sides_agree, MUTUAL_VERSIONS)
{
	setup(_i);
	ck_assert_str_eq(server.protocol, _i == 0 ? "TLS1.3" : "TLS1.2");
	ck_assert_str_eq(server.protocol, client.protocol);
	ck_assert_str_eq(server.cipher, client.cipher);
	ck_assert_str_eq(server.cipher, "AES-128-GCM");
	ck_assert_int_eq(server.cipher_bits, 128);
	ck_assert_str_eq(server.hash, "SHA256");
	ck_assert_str_eq(server.key_exchange, client.key_exchange);
	ck_assert_int_eq(strncmp(server.key_exchange, "ECDHE", 5), 0);
	ck_assert(server.is_server && !client.is_server);
	ck_assert(server.is_mutual && client.is_mutual);
	ck_assert(!server.is_resumed && !client.is_resumed);
	ck_assert_str_eq(server.remote.subject, "CN=client-0001");
	ck_assert_str_eq(server.remote.issuer, "CN=root");
	ck_assert_str_eq(server.local.subject, "CN=" MUTUAL_NAME);
	ck_assert_int_eq(
	    memcmp(&server.remote, &client.local, sizeof server.remote), 0);
	ck_assert_int_eq(
	    memcmp(&server.local, &client.remote, sizeof server.local), 0);
	ck_assert_uint_eq(strlen(server.remote.sha1), 40);
	ck_assert_uint_eq(strlen(server.remote.sha256), 64);
	ck_assert_uint_eq(strspn(server.remote.sha256, "0123456789ABCDEF"), 64);
	teardown();
}

TEST_LOOP(name_is_the_subject, MUTUAL_VERSIONS)
{
	char name[TLS_NAME_TEXT];

	setup(_i);
	ck_assert_str_eq(tls_info_name(p.server.tls, name), "CN=client-0001");
	teardown();
}

/* Without a subject the first of the alternative names. */
TEST_LOOP(name_is_a_name_without_a_subject, 2)
{
	static const struct cert_subject_san sans[] = {
		{ GNUTLS_SAN_DNSNAME, "alice.example", 13 },
		{ GNUTLS_SAN_DNSNAME, "bob.example", 11 },
	};
	struct tls tls = { .peer = NULL };
	char name[TLS_NAME_TEXT];
	gnutls_datum_t der;
	struct pki pki;

	ck_assert_str_eq(tls_info_name(&tls, name), "");
	cert_subject_begin(&pki);
	if (_i > 0)
		cert_subject_set_sans(&pki, sans, 2);
	cert_subject_end(&pki);
	ck_assert_int_eq(
	    gnutls_x509_crt_export2(pki.crt, GNUTLS_X509_FMT_DER, &der), 0);
	tls.peer = tls_identity_new(&der, 1);
	ck_assert_str_eq(
	    tls_info_name(&tls, name), _i > 0 ? "DNS:alice.example" : "");
	tls_identity_unref(&tls.peer);
	gnutls_free(der.data);
	pki_free(&pki);
}

TEST(fingerprint_is_that_of_the_der)
{
	gnutls_datum_t der;
	uint8_t digest[32];
	char hex[65];

	setup(0);
	ck_assert_int_eq(
	    gnutls_x509_crt_export2(m.client.crt, GNUTLS_X509_FMT_DER, &der),
	    0);
	ck_assert_int_eq(
	    gnutls_hash_fast(GNUTLS_DIG_SHA256, der.data, der.size, digest), 0);
	(void)hex_put(hex, digest, sizeof digest, HEX_UPPER);
	ck_assert_str_eq(server.remote.sha256, hex);
	gnutls_free(der.data);
	teardown();
}

TEST(as_lines_and_as_logfmt)
{
	char text[TLS_INFO_TEXT];
	const char *again;

	setup(0);
	again = tls_info_format(&server, FACTS_LINES, text, sizeof text);
	ck_assert_ptr_eq(again, text);
	ck_assert_ptr_nonnull(strstr(text, "CipherStrength: 128\n"));
	ck_assert_ptr_nonnull(strstr(text, "IsMutuallyAuthenticated: true\n"));
	ck_assert_ptr_nonnull(
	    strstr(text, "RemoteCertificate.Subject: CN=client-0001\n"));
	(void)tls_info_format(&client, FACTS_LOGFMT, text, sizeof text);
	ck_assert_ptr_null(strchr(text, '\n'));
	ck_assert_ptr_nonnull(strstr(text, " CipherStrength=128 "));
	ck_assert_ptr_nonnull(strstr(text, " IsServer=false "));
	ck_assert_ptr_nonnull(
	    strstr(text, " NegotiatedApplicationProtocol=none "));
	/* It holds a '='. */
	ck_assert_ptr_nonnull(
	    strstr(text, " LocalCertificate.Subject=\"CN=client-0001\" "));
	teardown();
}

TEST(text_that_does_not_fit_is_cut)
{
	char text[TLS_INFO_TEXT + 1], whole[TLS_INFO_TEXT];

	setup(0);
	(void)tls_info_format(&server, FACTS_LOGFMT, whole, sizeof whole);
	for (size_t size = 1; size < 600; size++) {
		memset(text, '!', sizeof text);
		(void)tls_info_format(&server, FACTS_LOGFMT, text, size);
		ck_assert_uint_eq(strlen(text), size - 1);
		ck_assert_mem_eq(text, whole, size - 1);
		ck_assert_int_eq(text[size], '!');
	}
	teardown();
}

/*
 * A name with all that could break a line of a log or forge a fact: logfmt must
 * stay one line, and what is quoted must end where it began.
 */
TEST(name_with_quotes_and_line_breaks)
{
	static const char evil[] = "a\" IsServer=true b=\"\n\x1b[2Jc";
	static const char subject[] = "RemoteCertificate.Subject=\"";
	char text[TLS_INFO_TEXT], decoded[TLS_NAME_TEXT];
	struct tls_creds *creds;
	const char *end;
	struct pki leaf;
	size_t n = 0;

	mutual_init(&m, MUTUAL_TLS13);
	pki_make(&leaf, &PKI_CLIENT(evil), &m.root);
	creds = pki_creds(TLS_CLIENT, &leaf, &m.root, MUTUAL_TLS13);
	tls_pair_open(&p, creds, m.server_creds, MUTUAL_NAME);
	tls_pair_handshake(&p, TLS_PAIR_SIZE);
	tls_info_read(&server, p.server.tls);
	(void)tls_info_format(&server, FACTS_LOGFMT, text, sizeof text);
	ck_assert_ptr_null(strchr(text, '\n'));
	ck_assert_ptr_null(strchr(text, '\x1b'));
	end = strstr(text, subject);
	ck_assert_ptr_nonnull(end);
	for (end += strlen(subject); *end != '"'; end++) {
		if (*end == '\\')
			end++;
		ck_assert_uint_lt(n, sizeof decoded - 1);
		decoded[n++] = *end;
	}
	decoded[n] = '\0';
	ck_assert_str_eq(decoded, server.remote.subject);
	ck_assert_int_eq(strncmp(end, "\" RemoteCertificate.Names=", 26), 0);
	pki_free(&leaf);
	tls_creds_unref(&creds);
	teardown();
}

SUITE("common/tls/info")
