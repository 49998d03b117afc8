/* test_key: every kind of key, made and written. */
#include "certs/key.h"

#include <gnutls/gnutls.h>
#include <stdio.h>
#include <string.h>

#include "certs/x509.h"
#include "tests/support/suite.h"

static const struct {
	const char *name;
	int algorithm;
	unsigned int bits;
} kinds[] = {
	{ "ecdsa-p256", GNUTLS_PK_ECDSA, 256 },
	{ "ecdsa-p384", GNUTLS_PK_ECDSA, 384 },
	{ "ed25519", GNUTLS_PK_EDDSA_ED25519, 256 },
	{ "rsa-2048", GNUTLS_PK_RSA, 2048 },
	{ "rsa-3072", GNUTLS_PK_RSA, 3072 },
	{ "rsa-4096", GNUTLS_PK_RSA, 4096 },
};

TEST_WITH(generate_and_export, .limit_s = 60, .loops = TEST_ROWS(kinds))
{
	struct file_bytes pem = FILE_BYTES_INIT;
	gnutls_x509_privkey_t key;
	gnutls_x509_privkey_t again;
	gnutls_datum_t view;
	struct errmsg e = { "" };
	unsigned int bits;

	ck_assert_int_eq(
	    key_generate(&key, key_kind_find(kinds[_i].name), &e), 0);
	ck_assert_int_eq(gnutls_x509_privkey_get_pk_algorithm2(key, &bits),
	    kinds[_i].algorithm);
	ck_assert_uint_eq(bits, kinds[_i].bits);
	ck_assert_int_eq(key_export_pem(&pem, key, NULL, &e), 0);
	ck_assert(x509_has_pem(&pem, "-----BEGIN PRIVATE KEY-----"));
	view = tls_datum_of(&pem);
	ck_assert_int_eq(gnutls_x509_privkey_init(&again), 0);
	ck_assert_int_eq(
	    gnutls_x509_privkey_import(again, &view, GNUTLS_X509_FMT_PEM), 0);
	gnutls_x509_privkey_deinit(again);
	gnutls_x509_privkey_deinit(key);
	file_bytes_free(&pem);
}

TEST(names)
{
	ck_assert_ptr_eq(key_kind_find(NULL), key_kind_find("ecdsa-p256"));
	ck_assert_ptr_null(key_kind_find("rsa-1024"));
	ck_assert_ptr_null(key_kind_find(""));
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		ck_assert_ptr_nonnull(strstr(key_kind_names(), kinds[i].name));
}

/* The handle works for signatures. */
TEST(signer)
{
	gnutls_datum_t data = { .data = (unsigned char[]){ "x" }, .size = 1 };
	gnutls_datum_t signature = { NULL, 0 };
	gnutls_x509_privkey_t key;
	gnutls_privkey_t handle;
	struct errmsg e = { "" };

	ck_assert_int_eq(key_generate(&key, key_kind_find(NULL), &e), 0);
	ck_assert_int_eq(key_signer(&handle, key, &e), 0);
	ck_assert_int_eq(gnutls_privkey_sign_data(
			     handle, GNUTLS_DIG_SHA256, 0, &data, &signature),
	    0);
	gnutls_free(signature.data);
	gnutls_privkey_deinit(handle);
	gnutls_x509_privkey_deinit(key);
}

SUITE("certs/key")
