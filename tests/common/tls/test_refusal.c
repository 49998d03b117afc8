/* test_refusal: whom a session has refused, and why, in both roles. */
#include "common/tls/refusal.h"

#include <gnutls/crypto.h>
#include <stdio.h>
#include <string.h>

#include "common/tls/private.h"
#include "tests/support/mutual.h"
#include "tests/support/suite.h"
#include "tests/support/tls_pair.h"

static struct mutual m;
static struct tls_pair p;
static char text[TLS_REFUSAL_CHAIN];

static void
expect(const char *words)
{
	ck_assert_msg(
	    strstr(text, words) != NULL, "no '%s' in '%s'", words, text);
}

/* The client's chain, at a server that trusts m.root. */
static void
refuse_client(const struct pki *leaf, const struct pki *issuer)
{
	struct tls_bundle bundle = TLS_BUNDLE_INIT;
	struct tls_creds *creds;

	pki_bundle(&bundle, leaf, &m.root);
	if (issuer != NULL)
		pki_append_cert(&bundle.key_pairs[0].cert, issuer);
	creds = pki_creds_of(&bundle, TLS_CLIENT, "NORMAL");
	tls_bundle_free(&bundle);
	tls_pair_open(&p, creds, m.server_creds, MUTUAL_NAME);
	tls_pair_run(&p, TLS_PAIR_SIZE);
	ck_assert_int_eq(p.server.result, TLS_FAIL);
	(void)tls_refusal_format(p.server.tls, text);
	tls_pair_close(&p);
	tls_creds_unref(&creds);
}

TEST(all_that_tells_it_apart)
{
	struct pki leaf;
	char expected[128];
	gnutls_datum_t der;
	uint8_t hash[32];

	mutual_init(&m, MUTUAL_TLS13);
	pki_make(&leaf, &PKI_SERVER("web"), &m.root);
	refuse_client(&leaf, NULL);
	ck_assert_int_eq(strncmp(text,
			     "refused=wrong_purpose "
			     "because=\"it is for: server; issue it",
			     57),
	    0);
	expect(" serial=0");
	expect(" not_before=20");
	expect(" not_after=20");
	expect(" purposes=server subject=\"CN=web\" issuer=\"CN=root\" "
	       "names=DNS:web");
	ck_assert_int_eq(
	    gnutls_x509_crt_export2(leaf.crt, GNUTLS_X509_FMT_DER, &der), 0);
	ck_assert_int_eq(
	    gnutls_hash_fast(GNUTLS_DIG_SHA256, der.data, der.size, hash), 0);
	(void)snprintf(expected, sizeof expected, " sha256=%02X%02X%02X",
	    hash[0], hash[1], hash[2]);
	expect(expected);
	gnutls_free(der.data);
	pki_free(&leaf);
	mutual_fini(&m);
}

/* The issuer that is missing: of what was shown, it is the last one's. */
TEST(which_issuer_is_unknown)
{
	struct pki other, middle, leaf, namesake;

	mutual_init(&m, MUTUAL_TLS13);
	pki_make(&other, &(struct pki_options){ .name = "other" }, NULL);
	pki_make(&middle, &(struct pki_options){ .name = "middle" }, &other);
	pki_make(&leaf, &PKI_CLIENT("alice"), &middle);
	refuse_client(&leaf, &middle);
	expect("because=\"CN=other has issued it, and is neither shown nor in");
	refuse_client(&leaf, NULL);
	expect("because=\"CN=middle has issued it, and is neither shown nor");
	pki_free(&leaf);
	pki_make(&leaf, &PKI_CLIENT("alice"), NULL);
	refuse_client(&leaf, NULL);
	expect("because=\"CN=alice is a root of its own that is not in --ca");
	pki_make(&namesake, &(struct pki_options){ .name = "root" }, NULL);
	pki_free(&leaf);
	pki_make(&leaf, &PKI_CLIENT("alice"), &namesake);
	refuse_client(&leaf, NULL);
	expect("because=\"CN=root is in --ca, but with another key");
	pki_free(&namesake);
	pki_free(&leaf);
	pki_free(&middle);
	pki_free(&other);
	mutual_fini(&m);
}

static const struct {
	struct pki_options middle;
	const char *words;
} middles[] = {
	{ { .name = "middle", .from_s = -2 * PKI_DAY_S, .until_s = -PKI_DAY_S },
	    "because=\"CN=middle expired on 20" },
	{ { .name = "middle", .from_s = PKI_DAY_S, .until_s = 2 * PKI_DAY_S },
	    "because=\"CN=middle is not valid before 20" },
	{ { .name = "middle", .key = PKI_RSA_1024 },
	    "because=\"CN=middle has RSA, 1024 bits, signed with ECDSA" },
};

TEST_EACH(which_certificate_it_is, middles)
{
	struct pki middle, leaf;

	mutual_init(&m, MUTUAL_TLS13);
	pki_make(&middle, &middles[_i].middle, &m.root);
	pki_make(&leaf, &PKI_CLIENT("alice"), &middle);
	refuse_client(&leaf, &middle);
	expect(middles[_i].words);
	pki_free(&leaf);
	pki_free(&middle);
	mutual_fini(&m);
}

/* A good certificate, shown by somebody who has not its key. */
TEST_LOOP(key_of_another, MUTUAL_VERSIONS)
{
	struct tls_creds *creds;
	struct pki own;

	mutual_init(&m, mutual_priorities[_i]);
	pki_make(&own, &PKI_CLIENT("thief"), &m.root);
	creds =
	    pki_creds_impostor(&m.client, &own, &m.root, mutual_priorities[_i]);
	tls_pair_open(&p, creds, m.server_creds, MUTUAL_NAME);
	tls_pair_run(&p, TLS_PAIR_SIZE);
	(void)tls_refusal_format(p.server.tls, text);
	expect("refused=bad_signature because=\"what it has signed in the "
	       "handshake does not match: it lacks the certificate's key\"");
	expect(" subject=\"CN=client-0001\" ");
	tls_pair_close(&p);
	tls_creds_unref(&creds);
	pki_free(&own);
	mutual_fini(&m);
}

TEST_LOOP(none_at_all, MUTUAL_VERSIONS)
{
	struct tls_creds *creds;

	mutual_init(&m, mutual_priorities[_i]);
	creds = pki_creds_anonymous(&m.root);
	tls_pair_open(&p, creds, m.server_creds, MUTUAL_NAME);
	tls_pair_run(&p, TLS_PAIR_SIZE);
	(void)tls_refusal_format(p.server.tls, text);
	ck_assert_str_eq(text,
	    "refused=no_certificate because=\"the client has none, or its "
	    "library keeps back one that is not for clients, or not of the "
	    "issuers asked for\"");
	tls_pair_close(&p);
	tls_creds_unref(&creds);
	mutual_fini(&m);
}

/* A client prints all that the server has shown. */
TEST(chain_of_a_server)
{
	struct tls_bundle bundle = TLS_BUNDLE_INIT;
	struct pki middle, leaf;
	struct tls_creds *creds;

	mutual_init(&m, MUTUAL_TLS13);
	pki_make(&middle, &(struct pki_options){ .name = "middle" }, &m.root);
	pki_make(&leaf, &PKI_SERVER("here"), &middle);
	pki_bundle(&bundle, &leaf, &m.root);
	pki_append_cert(&bundle.key_pairs[0].cert, &middle);
	creds = pki_creds_of(&bundle, TLS_SERVER, MUTUAL_TLS13);
	tls_bundle_free(&bundle);
	tls_pair_open(&p, m.client_creds, creds, "there");
	tls_pair_run(&p, TLS_PAIR_SIZE);
	ck_assert_int_eq(p.client.result, TLS_FAIL);
	(void)tls_refusal_format_chain(p.client.tls, text);
	expect("certificate for another name: it does not bear there\n"
	       "  certificate 1 of 2: sha256=");
	expect(" subject=\"CN=here\" issuer=\"CN=middle\" names=DNS:here\n"
	       "  certificate 2 of 2: sha256=");
	expect(" subject=\"CN=middle\" issuer=\"CN=root\" names=DNS:middle\n");
	tls_pair_close(&p);
	tls_creds_unref(&creds);
	pki_free(&leaf);
	pki_free(&middle);
	mutual_fini(&m);
}

SUITE("common/tls/refusal")
