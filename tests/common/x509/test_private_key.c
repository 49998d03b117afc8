/* test_private_key: EC keys without their public half, and kinds unknown. */
#include "common/x509/private_key.h"

#include <gnutls/abstract.h>
#include <string.h>

#include "tests/support/pki.h"
#include "tests/support/scratch.h"
#include "tests/support/shell.h"
#include "tests/support/suite.h"

static struct pki pki, other;
static struct errmsg e;
static const char *password; /* NULL: none */

/* An ECPrivateKey of version 1 with the number alone (RFC 5915, 3). */
static size_t
put_bare(uint8_t *der, const struct pki *of)
{
	gnutls_datum_t k;
	gnutls_ecc_curve_t curve;
	size_t size;

	ck_assert_int_eq(
	    gnutls_x509_privkey_export_ecc_raw(of->key, &curve, NULL, NULL, &k),
	    0);
	/* There may be a zero in front of it, and one in 256 is shorter. */
	size = k.size < 32 ? k.size : 32;
	memcpy(der, "\x30\x25\x02\x01\x01\x04\x20", 7);
	memset(der + 7, 0, 32);
	memcpy(der + 7 + 32 - size, k.data + k.size - size, size);
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
	result = tls_private_key_read(key, pem, of->crt, password, &e);
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

/* As openssl writes it; of an EC key without its public half, too, and with a
 * password that GnuTLS would normalize. */
static const struct {
	const char *command, *password;
} encryptions[] = {
	{ "openssl pkcs8 -topk8 -in key -v2 aes-256-cbc", "secret" },
	{ "openssl pkcs8 -topk8 -in key -v2 des3", "secret" },
	{ "openssl pkcs8 -topk8 -in key -v1 PBE-SHA1-3DES", "secret" },
	{ "openssl pkcs8 -topk8 -in bare -v2 aes-128-cbc", "secret" },
	{ "openssl pkcs8 -topk8 -in key -v2 aes-256-cbc", "pa\xcc\x88ss" },
	{ "openssl ec -in key -aes128", "secret" },
	{ "openssl ec -in key -des3", "p\xc3\xa4ss" },
};

static void
encrypt(struct file_bytes *pem, int i)
{
	pki_make(&pki, &PKI_SERVER("localhost"), NULL);
	ck_assert_int_eq(tls_private_key_export(pem, pki.key), 0);
	ck_assert_int_eq(
	    file_write_atomically("key", pem->data, pem->size, 0600, true, &e),
	    0);
	file_bytes_free(pem);
	shell_expect(0, "", "openssl ec -in key -no_public -out bare");
	shell_expect(0, "", "%s -passout 'pass:%s' -out encrypted",
	    encryptions[i].command, encryptions[i].password);
	ck_assert_int_eq(file_read(pem, "encrypted", FILE_MAX, &e), 0);
}

TEST_EACH(that_is_encrypted, encryptions)
{
	struct file_bytes pem = FILE_BYTES_INIT;

	if (!shell_has_program("openssl"))
		return;
	scratch_enter();
	encrypt(&pem, _i);
	ck_assert_int_eq(read_key(&pem, &pki), -1);
	ck_assert_str_eq(e.text,
	    "the key is encrypted: give --password-file, or decrypt it");
	password = "another";
	ck_assert_int_eq(read_key(&pem, &pki), -1);
	ck_assert_str_eq(
	    e.text, "wrong password in --password-file, or a damaged key");
	password = encryptions[_i].password;
	ck_assert_msg(read_key(&pem, &pki) == 0, "%s", e.text);
	/* By now its text is not encrypted, and the password does no harm. */
	ck_assert_msg(read_key(&pem, &pki) == 0, "%s", e.text);
	password = NULL;
	ck_assert_msg(read_key(&pem, &pki) == 0, "%s", e.text);
	file_bytes_free(&pem);
	pki_free(&pki);
	scratch_leave();
}

TEST(that_is_encrypted_in_an_unknown_way)
{
	struct file_bytes pem = FILE_BYTES_INIT;
	gnutls_datum_t nothing = { (uint8_t *)(uintptr_t) "\x30\x00", 2 };

	pki_make(&pki, &PKI_SERVER("localhost"), NULL);
	append_pem(&pem, "ENCRYPTED PRIVATE KEY", nothing.data, nothing.size);
	password = "secret";
	ck_assert_int_eq(read_key(&pem, &pki), -1);
	ck_assert_msg(strncmp(e.text,
			  "the key is damaged, or encrypted in a way that "
			  "GnuTLS 3.",
			  54) == 0,
	    "%s", e.text);
	file_bytes_free(&pem);
	pki_free(&pki);
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
