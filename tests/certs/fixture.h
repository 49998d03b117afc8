/*
 * fixture: an authority and a leaf in memory, for the tests of certs/.
 *
 * Use:
 *	struct fixture f;
 *	fixture_init(&f, "ed25519");
 *	... f.root, f.signer, f.leaf ...
 *	fixture_fini(&f);
 */
#ifndef TESTS_CERTS_FIXTURE_H
#define TESTS_CERTS_FIXTURE_H

#include <check.h>
#include <gnutls/abstract.h>
#include <gnutls/x509.h>
#include <time.h>

#include "certs/cert.h"
#include "certs/key.h"
#include "certs/name.h"
#include "certs/when.h"
#include "common/base/errmsg.h"

/* Each kind of key, and how it signs. */
static const struct {
	const char *key;
	int signature;
} fixture_keys[] = {
	{ "ecdsa-p256", GNUTLS_SIGN_ECDSA_SHA256 },
	{ "ecdsa-p384", GNUTLS_SIGN_ECDSA_SHA384 },
	{ "ed25519", GNUTLS_SIGN_EDDSA_ED25519 },
	{ "rsa-2048", GNUTLS_SIGN_RSA_SHA256 },
};

enum {
	FIXTURE_KEYS = sizeof fixture_keys / sizeof *fixture_keys
};

struct fixture {
	gnutls_x509_privkey_t root_key, leaf_key;
	gnutls_privkey_t signer;
	gnutls_x509_crt_t root, leaf;
};

/* Valid from an hour ago until in an hour. */
static inline struct when_validity
fixture_validity(void)
{
	time_t now = time(NULL);

	return (struct when_validity){ now - 3600, now + 3600 };
}

/*
 * The certificate as a peer reads it: not all that is set in a certificate can
 * be read before it has been encoded.
 */
static inline gnutls_x509_crt_t
fixture_read_again(gnutls_x509_crt_t cert)
{
	gnutls_datum_t der = { NULL, 0 };
	gnutls_x509_crt_t again;

	ck_assert_int_eq(
	    gnutls_x509_crt_export2(cert, GNUTLS_X509_FMT_DER, &der), 0);
	ck_assert_int_eq(gnutls_x509_crt_init(&again), 0);
	ck_assert_int_eq(
	    gnutls_x509_crt_import(again, &der, GNUTLS_X509_FMT_DER), 0);
	gnutls_free(der.data);
	gnutls_x509_crt_deinit(cert);
	return again;
}

/* One more leaf of these names, signed by the root. */
static inline gnutls_x509_crt_t
fixture_leaf(const struct fixture *f, const struct name *names, size_t count,
    enum cert_purpose purpose)
{
	struct errmsg e = { "" };
	struct cert_leaf leaf = { .key = f->leaf_key,
		.names = names,
		.names_count = count,
		.purpose = purpose,
		.validity = fixture_validity() };
	gnutls_x509_crt_t cert = NULL;

	ck_assert_msg(cert_make_leaf(&cert, &leaf, f->root, f->signer, &e) == 0,
	    "%s", e.text);
	return fixture_read_again(cert);
}

static inline void
fixture_init(struct fixture *f, const char *key)
{
	struct errmsg e = { "" };
	struct when_validity validity = fixture_validity();
	struct name name;

	ck_assert_int_eq(key_generate(&f->root_key, key_kind_find(key), &e), 0);
	ck_assert_int_eq(key_generate(&f->leaf_key, key_kind_find(key), &e), 0);
	ck_assert_int_eq(key_signer(&f->signer, f->root_key, &e), 0);
	ck_assert_msg(
	    cert_make_root(&f->root, f->root_key, "root", &validity, &e) == 0,
	    "%s", e.text);
	ck_assert_int_eq(name_parse_client(&name, "leaf", &e), 0);
	f->root = fixture_read_again(f->root);
	f->leaf = fixture_leaf(f, &name, 1, CERT_CLIENT);
}

static inline void
fixture_fini(struct fixture *f)
{
	gnutls_x509_crt_deinit(f->leaf);
	gnutls_x509_crt_deinit(f->root);
	gnutls_privkey_deinit(f->signer);
	gnutls_x509_privkey_deinit(f->leaf_key);
	gnutls_x509_privkey_deinit(f->root_key);
}

#endif
