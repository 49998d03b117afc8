/* test_private_key: EC keys without their public half, and kinds unknown. */
#include "common/x509/private_key.h"

#include <gnutls/abstract.h>
#include <string.h>

#include "tests/support/pki.h"
#include "tests/support/suite.h"

static struct pki pki, other;
static struct errmsg e;

/* An ECPrivateKey of version 1 with the number alone (RFC 5915, 3). */
static size_t
put_bare(uint8_t *der, const struct pki *of)
{
	gnutls_datum_t k;
	gnutls_ecc_curve_t curve;
	size_t skipped;

	ck_assert_int_eq(
	    gnutls_x509_privkey_export_ecc_raw(of->key, &curve, NULL, NULL, &k),
	    0);
	skipped = k.size - 32; /* a zero in front of it */
	memcpy(der, "\x30\x25\x02\x01\x01\x04\x20", 7);
	memcpy(der + 7, k.data + skipped, 32);
	gnutls_free(k.data);
	return 7 + 32;
}

/* The same within a OneAsymmetricKey (RFC 5958, 2), as Java writes it. */
static size_t
put_wrapped(uint8_t *der, const struct pki *of)
{
	static const uint8_t head[] = { 0x30, 0x41, 0x02, 0x01, 0x00, 0x30,
		0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01,
		0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07,
		0x04, 0x27 };

	memcpy(der, head, sizeof head);
	return sizeof head + put_bare(der + sizeof head, of);
}

static void
append_pem(
    struct file_bytes *pem, const char *label, const uint8_t *der, size_t size)
{
	gnutls_datum_t in = { (uint8_t *)(uintptr_t)der, (unsigned)size };
	gnutls_datum_t out;

	ck_assert_int_eq(gnutls_pem_base64_encode2(label, &in, &out), 0);
	ck_assert_int_eq(file_bytes_append(pem, out.data, out.size), 0);
	gnutls_free(out.data);
}

static int
read_key(struct file_bytes *pem, const struct pki *of)
{
	gnutls_x509_privkey_t key;
	int result;

	ck_assert_int_eq(gnutls_x509_privkey_init(&key), 0);
	result = tls_private_key_read(key, pem, of->crt, &e);
	if (result == 0)
		ck_assert_int_eq(gnutls_x509_privkey_verify_params(key), 0);
	gnutls_x509_privkey_deinit(key);
	return result;
}

/* Bare and wrapped; openssl ecparam puts parameters in front of the first. */
TEST_LOOP(without_the_public_half, 3)
{
	struct file_bytes pem = FILE_BYTES_INIT;
	uint8_t der[128];
	const char *label = _i == 1 ? "PRIVATE KEY" : "EC PRIVATE KEY";
	size_t size;

	pki_make(&pki, &PKI_SERVER("localhost"), NULL);
	pki_make(&other, &PKI_SERVER("localhost"), NULL);
	size = _i == 1 ? put_wrapped(der, &pki) : put_bare(der, &pki);
	if (_i == 2)
		append_pem(&pem, "EC PARAMETERS", der, 8);
	append_pem(&pem, label, der, size);
	ck_assert_int_eq(read_key(&pem, &other), -1);
	ck_assert_str_eq(
	    e.text, "the private key does not belong to the certificate");
	ck_assert_msg(read_key(&pem, &pki) == 0, "%s", e.text);
	/* By now its text is whole. */
	ck_assert_msg(read_key(&pem, &other) == 0, "%s", e.text);
	file_bytes_free(&pem);
	pki_free(&pki);
	pki_free(&other);
}

/* An algorithm that nobody knows; no DER; no key; in each case the reason. */
TEST(that_cannot_be_read)
{
	struct file_bytes pem = FILE_BYTES_INIT;
	uint8_t der[128];
	size_t size;

	pki_make(&pki, &PKI_SERVER("localhost"), NULL);
	size = put_wrapped(der, &pki);
	der[15] = 0x7f;
	append_pem(&pem, "PRIVATE KEY", der, size);
	ck_assert_int_eq(read_key(&pem, &pki), -1);
	ck_assert_msg(strncmp(e.text,
			  "its kind of key is not supported by "
			  "GnuTLS 3.",
			  45) == 0,
	    "%s", e.text);
	file_bytes_free(&pem);
	append_pem(&pem, "PRIVATE KEY", der, 20);
	ck_assert_int_eq(read_key(&pem, &pki), -1);
	ck_assert_msg(
	    strstr(e.text, "private key is damaged") != NULL, "%s", e.text);
	file_bytes_free(&pem);
	append_pem(&pem, "SOMETHING", der, size);
	ck_assert_int_eq(read_key(&pem, &pki), -1);
	ck_assert_str_eq(e.text, "no private key in PEM found");
	file_bytes_free(&pem);
	pki_free(&pki);
}

SUITE("common/x509/private_key")
