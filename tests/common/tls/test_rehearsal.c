/*
 * test_rehearsal: which credentials of a server let a handshake succeed.
 */
#include "common/tls/rehearsal.h"

#include <stdio.h>
#include <string.h>

#include "common/creds/private.h"
#include "common/tls/private.h"
#include "tests/support/mutual.h"
#include "tests/support/suite.h"
#include "tests/support/tls_pair.h"

enum {
	MANY = 900
};

static struct mutual m;
static struct tls_pair p;
static struct errmsg e;

TEST_LOOP(good_ones, MUTUAL_SUITES)
{
	for (int auth = TLS_CLIENT_AUTH_REQUIRED; auth <= TLS_CLIENT_AUTH_NONE;
	     auth++) {
		mutual_init_with_tickets(&m, mutual_priorities[_i]);
		m.server_creds->settings.client_auth =
		    (enum tls_client_auth)auth;
		ck_assert_msg(
		    tls_rehearse(m.server_creds, &e) == 0, "%s", e.text);
		ck_assert_int_eq(m.server_creds->references, 1);
		mutual_fini(&m);
	}
}

/* A key for which the priority has no signature. */
TEST(key_that_nobody_can_use)
{
	static const char priority[] =
	    "NORMAL:-VERS-ALL:+VERS-TLS1.3:-SIGN-ALL:+SIGN-RSA-PSS-RSAE-SHA256";
	struct tls_creds *creds;

	mutual_init(&m, MUTUAL_TLS13);
	creds = pki_creds(TLS_SERVER, &m.server, &m.root, priority);
	ck_assert_int_eq(tls_rehearse(creds, &e), -1);
	ck_assert_msg(
	    strncmp(e.text,
		"a handshake with these files, tried in TLS 1.3: ", 48) == 0,
	    "%s", e.text);
	tls_creds_unref(&creds);
	mutual_fini(&m);
}

static void
for_encryption(gnutls_x509_crt_t crt)
{
	ck_assert_int_eq(
	    gnutls_x509_crt_set_key_usage(crt, GNUTLS_KEY_KEY_ENCIPHERMENT), 0);
}

/* A certificate that is of use for the key exchange RSA alone, of TLS 1.2. */
TEST(one_version_of_two)
{
	struct pki_options options = PKI_SERVER("localhost");
	struct tls_creds *creds;
	struct pki leaf;

	mutual_init(&m, MUTUAL_TLS13);
	options.key = PKI_RSA_2048;
	options.adorn = for_encryption;
	pki_make(&leaf, &options, &m.root);
	creds = pki_creds(TLS_SERVER, &leaf, &m.root, "NORMAL:+RSA");
	ck_assert_int_eq(tls_rehearse(creds, &e), 1);
	ck_assert_msg(
	    strstr(e.text, "tried in TLS 1.3: ") != NULL, "%s", e.text);
	tls_creds_unref(&creds);
	pki_free(&leaf);
	mutual_fini(&m);
}

/* So many roots that their names do not fit. The key is the same: for speed. */
static struct tls_creds *
trust_many(const char *priority)
{
	struct tls_bundle bundle = TLS_BUNDLE_INIT;
	struct tls_creds *creds;
	char name[128];

	pki_bundle(&bundle, &m.server, &m.root);
	for (int i = 0; i < MANY; i++) {
		struct pki root;

		(void)snprintf(name, sizeof name, "%060d", i);
		memset(name, 'a', 10);
		pki_make(&root,
		    &(struct pki_options){ .name = name, .key_of = &m.root },
		    &m.root);
		pki_append_cert(&bundle.ca, &root);
		pki_free(&root);
	}
	creds = pki_creds_of(&bundle, TLS_SERVER, priority);
	tls_bundle_free(&bundle);
	return creds;
}

/* Without their names it goes well; with them it would not. */
TEST_WITH(too_many_roots, .loops = MUTUAL_VERSIONS, .limit_s = 60)
{
	struct tls_creds *creds;

	mutual_init(&m, mutual_priorities[_i]);
	creds = trust_many(mutual_priorities[_i]);
	ck_assert_uint_gt(creds->root_names, TLS_ROOT_NAMES_MAX);
	ck_assert_msg(tls_rehearse(creds, &e) == 0, "%s", e.text);
	tls_pair_open(&p, m.client_creds, creds, MUTUAL_NAME);
	tls_pair_handshake(&p, TLS_PAIR_SIZE);
	tls_pair_close(&p);
	creds->root_names = 0;
	ck_assert_int_eq(tls_rehearse(creds, &e), -1);
	tls_creds_unref(&creds);
	mutual_fini(&m);
}

SUITE("common/tls/rehearsal")
