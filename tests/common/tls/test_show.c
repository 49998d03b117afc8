/* test_show: sessions of the same credentials that show different things. */
#include "common/tls/show.h"

#include <string.h>

#include "common/creds/certified_key.h"
#include "common/creds/identity.h"
#include "common/tls/private.h"
#include "common/x509/chain.h"
#include "tests/support/mutual.h"
#include "tests/support/suite.h"
#include "tests/support/tls_pair.h"

static struct tls_pair p;
static struct mutual m;

static struct tls_creds *
creds_by_session(const char *priority)
{
	const struct tls_settings settings = { .role = TLS_CLIENT,
		.shows_by_session = true,
		.priority = priority,
		.keylog_fd = -1 };
	struct tls_bundle bundle = TLS_BUNDLE_INIT;
	struct tls_creds *creds = NULL;
	struct errmsg e = { "" };

	pki_append_cert(&bundle.ca, &m.root);
	ck_assert_msg(
	    tls_creds_new(&creds, &bundle, &settings, &e) == 0, "%s", e.text);
	tls_bundle_free(&bundle);
	return creds;
}

static void
certify(struct tls_certified_key *own, const struct pki *pki)
{
	gnutls_x509_crt_t crt = pki->crt;
	gnutls_x509_privkey_t key;

	ck_assert_int_eq(gnutls_x509_privkey_init(&key), 0);
	ck_assert_int_eq(gnutls_x509_privkey_cpy(key, pki->key), 0);
	ck_assert_int_eq(tls_certified_key_init(
			     own, &(struct tls_chain){ &crt, 1 }, key, NULL),
	    0);
}

static void
expect_leaf(const struct tls_identity *id, const struct tls_certified_key *own)
{
	const gnutls_datum_t *der = tls_identity_chain(id, NULL);

	ck_assert_ptr_nonnull(der);
	ck_assert_uint_eq(der->size, own->chain[0].cert.size);
	ck_assert_mem_eq(der->data, own->chain[0].cert.data, der->size);
}

TEST_LOOP(each_its_own, MUTUAL_VERSIONS)
{
	struct tls_certified_key own[2];
	struct tls_creds *creds;
	struct pki other;

	mutual_init(&m, mutual_priorities[_i]);
	pki_make(&other, &PKI_CLIENT("other"), &m.root);
	creds = creds_by_session(mutual_priorities[_i]);
	certify(&own[0], &m.client);
	certify(&own[1], &other);
	for (int i = 0; i < 4; i++) {
		tls_pair_open(&p, creds, m.server_creds, MUTUAL_NAME);
		tls_show(p.client.tls, &own[i % 2]);
		tls_pair_handshake(&p, TLS_PAIR_SIZE);
		expect_leaf(p.server.tls->peer, &own[i % 2]);
		expect_leaf(p.client.tls->own, &own[i % 2]);
		tls_pair_close(&p);
	}
	tls_creds_unref(&creds);
	tls_certified_key_free(&own[0]);
	tls_certified_key_free(&own[1]);
	pki_free(&other);
	mutual_fini(&m);
}

SUITE("common/tls/show")
