/* test_pkcs8: EC keys have scalars of one size, whatever their first bits. */
#include "certs/pkcs8.h"

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <stdio.h>
#include <string.h>

#include "certs/der.h"
#include "certs/key.h"
#include "certs/x509.h"
#include "tests/support/suite.h"

enum {
	KEYS = 64, /* each has the high bit, or one zero byte, often enough */
	LIMIT_S = 30
};

static struct errmsg e;

static const struct {
	gnutls_ecc_curve_t curve;
	size_t scalar, whole;
} curves[] = {
	{ GNUTLS_ECC_CURVE_SECP256R1, 32, 150 },
	{ GNUTLS_ECC_CURVE_SECP384R1, 48, 194 },
	{ GNUTLS_ECC_CURVE_SECP521R1, 66, 250 },
};

static gnutls_x509_privkey_t
generate(gnutls_ecc_curve_t curve)
{
	gnutls_x509_privkey_t key;

	ck_assert_int_eq(gnutls_x509_privkey_init(&key), 0);
	ck_assert_int_eq(gnutls_x509_privkey_generate(key, GNUTLS_PK_ECDSA,
			     GNUTLS_CURVE_TO_BITS(curve), 0),
	    0);
	return key;
}

/* What another program would sign with is the key that was written. */
static void
expect_same_key(const struct file_bytes *der, gnutls_x509_privkey_t key)
{
	gnutls_datum_t view = tls_datum_of(der);
	unsigned char ids[2][32];
	size_t size = sizeof ids[0];
	gnutls_x509_privkey_t again;

	ck_assert_int_eq(gnutls_x509_privkey_init(&again), 0);
	ck_assert_int_eq(
	    gnutls_x509_privkey_import(again, &view, GNUTLS_X509_FMT_DER), 0);
	ck_assert_int_eq(gnutls_x509_privkey_verify_params(again), 0);
	ck_assert_int_eq(gnutls_x509_privkey_get_key_id(
			     again, GNUTLS_KEYID_USE_SHA256, ids[0], &size),
	    0);
	ck_assert_int_eq(gnutls_x509_privkey_get_key_id(
			     key, GNUTLS_KEYID_USE_SHA256, ids[1], &size),
	    0);
	ck_assert_int_eq(memcmp(ids[0], ids[1], sizeof ids[0]), 0);
	gnutls_x509_privkey_deinit(again);
}

TEST_WITH(scalars, .limit_s = LIMIT_S, .loops = TEST_ROWS(curves))
{
	for (int i = 0; i < KEYS; i++) {
		gnutls_x509_privkey_t key = generate(curves[_i].curve);
		struct file_bytes der = FILE_BYTES_INIT;
		gnutls_datum_t view;
		size_t size;
		size_t wanted;

		ck_assert_msg(pkcs8_encode(&der, key, &e) == 0, "%s", e.text);
		ck_assert_uint_eq(der.size, curves[_i].whole);
		view = tls_datum_of(&der);
		ck_assert(!pkcs8_has_wrong_scalar(&view, key, &size, &wanted));
		expect_same_key(&der, key);
		file_bytes_free(&der);
		gnutls_x509_privkey_deinit(key);
	}
}

/*
 * A key whose scalar begins with this byte: by hand, since only one in 256 is
 * so short, and the scalar is a field of its own.
 */
static gnutls_x509_privkey_t
import_scalar(uint8_t first)
{
	uint8_t k[32] = { first, 1 };
	gnutls_x509_privkey_t key;
	gnutls_datum_t x;
	gnutls_datum_t y;
	gnutls_datum_t view = { k, sizeof k };
	gnutls_x509_privkey_t any = generate(GNUTLS_ECC_CURVE_SECP256R1);

	ck_assert_int_eq(
	    gnutls_x509_privkey_export_ecc_raw(any, NULL, &x, &y, NULL), 0);
	ck_assert_int_eq(gnutls_x509_privkey_init(&key), 0);
	ck_assert_int_eq(gnutls_x509_privkey_import_ecc_raw(
			     key, GNUTLS_ECC_CURVE_SECP256R1, &x, &y, &view),
	    0);
	gnutls_free(x.data);
	gnutls_free(y.data);
	gnutls_x509_privkey_deinit(any);
	return key;
}

/* Where the scalar begins in what is written: after two heads of 29 and 7. */
TEST_LOOP(first_byte, 3)
{
	static const uint8_t firsts[] = { 0x00, 0x7f, 0x80 };
	gnutls_x509_privkey_t key = import_scalar(firsts[_i]);
	struct file_bytes der = FILE_BYTES_INIT;

	ck_assert_int_eq(pkcs8_encode(&der, key, &e), 0);
	ck_assert_uint_eq(der.size, 150);
	ck_assert_int_eq(memcmp(der.data + 34, "\4\x20", 2), 0);
	ck_assert_uint_eq(der.data[36], firsts[_i]);
	ck_assert_uint_eq(der.data[37], 1);
	file_bytes_free(&der);
	gnutls_x509_privkey_deinit(key);
}

static const struct {
	size_t size;
	bool is_pkcs8, is_wrong;
} written[] = {
	{ 32, true, false },
	{ 33, true, true },
	{ 31, true, true },
	{ 32, false, false },
	{ 33, false, true },
	{ 0, false, true },
};

static void
put_key(struct der *d, size_t size)
{
	static const uint8_t k[33];

	der_open(d, DER_SEQUENCE);
	der_put_uint(d, 1);
	der_put(d, DER_OCTET_STRING, k, size);
	der_close(d);
}

TEST_EACH(recognized, written)
{
	gnutls_x509_privkey_t key = generate(GNUTLS_ECC_CURVE_SECP256R1);
	struct der d = DER_INIT;
	gnutls_datum_t view;
	size_t size;
	size_t wanted;

	if (written[_i].is_pkcs8) {
		der_open(&d, DER_SEQUENCE);
		der_put_uint(&d, 0);
		der_put(&d, DER_SEQUENCE, NULL, 0);
		der_open(&d, DER_OCTET_STRING);
	}
	put_key(&d, written[_i].size);
	if (written[_i].is_pkcs8)
		der_close_many(&d, 2);
	view = tls_datum_of(&d.bytes);
	ck_assert_int_eq(pkcs8_has_wrong_scalar(&view, key, &size, &wanted),
	    written[_i].is_wrong);
	if (written[_i].is_wrong) {
		ck_assert_uint_eq(size, written[_i].size);
		ck_assert_uint_eq(wanted, 32);
	}
	file_bytes_free(&d.bytes);
	gnutls_x509_privkey_deinit(key);
}

/* What has no scalar has none of a wrong size. */
TEST_LOOP(other_kinds, 2)
{
	static const char *const kinds[] = { "ed25519", "rsa-2048" };
	struct file_bytes der = FILE_BYTES_INIT;
	gnutls_x509_privkey_t key;
	gnutls_datum_t view;
	size_t size;
	size_t wanted;

	ck_assert_int_eq(key_generate(&key, key_kind_find(kinds[_i]), &e), 0);
	ck_assert_int_eq(pkcs8_encode(&der, key, &e), 0);
	expect_same_key(&der, key);
	view = tls_datum_of(&der);
	ck_assert(!pkcs8_has_wrong_scalar(&view, key, &size, &wanted));
	file_bytes_free(&der);
	gnutls_x509_privkey_deinit(key);
}

SUITE("certs/pkcs8")
