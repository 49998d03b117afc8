/* private_key: reads and writes keys with GnuTLS; see the header. */
#include "common/x509/private_key.h"

#include <gnutls/gnutls.h>
#include <string.h>

#include "common/x509/datum.h"
#include "common/x509/der.h"
#include "common/x509/pbes2.h"

/* RFC 5915, 3: ECPrivateKey, of which the number is taken. */
static bool
take_number(struct tls_der der, struct tls_der *number)
{
	struct tls_der fields, version;

	return tls_der_take(&der, TLS_DER_SEQUENCE, &fields) &&
	    tls_der_take(&fields, TLS_DER_INTEGER, &version) &&
	    tls_der_take(&fields, TLS_DER_OCTET_STRING, number);
}

/* RFC 5480, 2.1.1: id-ecPublicKey, as an element. */
static const uint8_t ec_public_key[] = { TLS_DER_OBJECT_ID, 7, 0x2a, 0x86, 0x48,
	0xce, 0x3d, 0x02, 0x01 };

static bool
is_ec(const struct tls_der *algorithm)
{
	return algorithm->left >= sizeof ec_public_key &&
	    memcmp(algorithm->at, ec_public_key, sizeof ec_public_key) == 0;
}

/* RFC 5958, 2: OneAsymmetricKey, which holds an ECPrivateKey. */
static bool
take_wrapped_number(struct tls_der der, struct tls_der *number)
{
	struct tls_der fields, version, algorithm, wrapped;

	return tls_der_take(&der, TLS_DER_SEQUENCE, &fields) &&
	    tls_der_take(&fields, TLS_DER_INTEGER, &version) &&
	    tls_der_take(&fields, TLS_DER_SEQUENCE, &algorithm) &&
	    is_ec(&algorithm) &&
	    tls_der_take(&fields, TLS_DER_OCTET_STRING, &wrapped) &&
	    take_number(wrapped, number);
}

/*
 * The public half is believed only if it comes of the private one. -1 if the
 * certificate has no EC key, GNUTLS_E_CERTIFICATE_KEY_MISMATCH if it is that of
 * another.
 */
static int
join(gnutls_x509_privkey_t key, const struct tls_der *number,
    gnutls_x509_crt_t crt)
{
	gnutls_datum_t k = { (unsigned char *)(uintptr_t)number->at,
		(unsigned)number->left };
	gnutls_ecc_curve_t curve;
	gnutls_datum_t x, y;
	int error;

	if (gnutls_x509_crt_get_pk_ecc_raw(crt, &curve, &x, &y) < 0)
		return -1;
	error = gnutls_x509_privkey_import_ecc_raw(key, curve, &x, &y, &k);
	gnutls_free(x.data);
	gnutls_free(y.data);
	return error < 0 || gnutls_x509_privkey_verify_params(key) < 0
	    ? GNUTLS_E_CERTIFICATE_KEY_MISMATCH
	    : 0;
}

int
tls_private_key_join(gnutls_x509_privkey_t key, const gnutls_datum_t *pkcs8,
    gnutls_x509_crt_t crt)
{
	struct tls_der number;

	return take_wrapped_number(
		   (struct tls_der){ pkcs8->data, pkcs8->size }, &number) &&
		join(key, &number, crt) == 0
	    ? 0
	    : -1;
}

static int
complete_from(gnutls_x509_privkey_t key, const struct file_bytes *pem,
    gnutls_x509_crt_t crt, const char *label,
    bool (*take)(struct tls_der der, struct tls_der *number))
{
	gnutls_datum_t text = tls_datum_of(pem);
	gnutls_datum_t der = { NULL, 0 };
	struct tls_der number;
	int result = -1;

	if (gnutls_pem_base64_decode2(label, &text, &der) < 0)
		return -1;
	if (take((struct tls_der){ der.data, der.size }, &number))
		result = join(key, &number, crt);
	gnutls_memset(der.data, 0, der.size);
	gnutls_free(der.data);
	return result;
}

static int
complete_ec(gnutls_x509_privkey_t key, const struct file_bytes *pem,
    gnutls_x509_crt_t crt)
{
	int error = complete_from(key, pem, crt, "EC PRIVATE KEY", take_number);

	return error != -1
	    ? error
	    : complete_from(key, pem, crt, "PRIVATE KEY", take_wrapped_number);
}

/* Why there is no key that can be used: result is GnuTLS's error. */
static int
refuse(const struct file_bytes *pem, int result, struct errmsg *e)
{
	static const char end[] = "PRIVATE KEY-----";

	if (memmem(pem->data, pem->size, end, sizeof end - 1) == NULL)
		return errmsg_set(e, "no private key in PEM found");
	switch (result) {
	case GNUTLS_E_UNKNOWN_PK_ALGORITHM:
	case GNUTLS_E_UNIMPLEMENTED_FEATURE:
	case GNUTLS_E_UNSUPPORTED_SIGNATURE_ALGORITHM:
	case GNUTLS_E_ECC_UNSUPPORTED_CURVE:
		return errmsg_set(e,
		    "its kind of key is not supported by GnuTLS %s: %s",
		    gnutls_check_version(NULL), gnutls_strerror(result));
	default:
		return errmsg_set(e, "the private key is damaged: %s",
		    gnutls_strerror(result));
	}
}

/* GnuTLS has one error for all that a wrong password leads to. */
static int
refuse_password(int result, struct errmsg *e)
{
	if (result == GNUTLS_E_DECRYPTION_FAILED)
		return errmsg_set(
		    e, "wrong password in --password-file, or a damaged key");
	return errmsg_set(e,
	    "the key is damaged, or encrypted in a way that GnuTLS %s does not "
	    "know (%s): encrypt it by openssl pkcs8 -topk8 -v2 aes-256-cbc",
	    gnutls_check_version(NULL), gnutls_strerror(result));
}

static bool
has(const gnutls_datum_t *text, const char *words)
{
	return memmem(text->data, text->size, words, strlen(words)) != NULL;
}

bool
tls_private_key_is_encrypted(const gnutls_datum_t *pem)
{
	return has(pem, "-----BEGIN ENCRYPTED PRIVATE KEY-----") ||
	    has(pem, "Proc-Type: 4,ENCRYPTED");
}

/* What the library refuses: see pbes2.h. */
static int
decrypt_by_hand(gnutls_x509_privkey_t key, const gnutls_datum_t *pem,
    gnutls_x509_crt_t crt, const char *password)
{
	struct file_bytes plain = FILE_BYTES_INIT;
	gnutls_datum_t der, view;
	int result = -1;

	if (gnutls_pem_base64_decode2("ENCRYPTED PRIVATE KEY", pem, &der) < 0)
		return -1;
	if (tls_pbes2_open(&plain, &der, password) == 0) {
		view = tls_datum_of(&plain);
		result = gnutls_x509_privkey_import2(
		    key, &view, GNUTLS_X509_FMT_DER, NULL, GNUTLS_PKCS_PLAIN);
		if (result < 0 && crt != NULL)
			result = tls_private_key_join(key, &view, crt);
	}
	file_bytes_free(&plain);
	gnutls_free(der.data);
	return result;
}

int
tls_private_key_decrypt(gnutls_x509_privkey_t key, const gnutls_datum_t *pem,
    gnutls_x509_crt_t crt, const char *password)
{
	int result = gnutls_x509_privkey_import2(
	    key, pem, GNUTLS_X509_FMT_PEM, password, 0);

	/* GnuTLS 3.7.9 takes an empty structure for a key of no kind. */
	if (result >= 0 &&
	    gnutls_x509_privkey_get_pk_algorithm(key) == GNUTLS_PK_UNKNOWN)
		return GNUTLS_E_UNKNOWN_PK_ALGORITHM;
	if (result < 0 && decrypt_by_hand(key, pem, crt, password) >= 0)
		return 0;
	return result;
}

static int
replace(struct file_bytes *pem, gnutls_x509_privkey_t key, struct errmsg *e)
{
	file_bytes_free(pem);
	return tls_private_key_export(pem, key) == 0
	    ? 0
	    : errmsg_set(e, "out of memory");
}

static int
read_encrypted(gnutls_x509_privkey_t key, struct file_bytes *pem,
    gnutls_x509_crt_t crt, const char *password, struct errmsg *e)
{
	gnutls_datum_t datum = tls_datum_of(pem);
	int result;

	if (password == NULL)
		return errmsg_set(e,
		    "the key is encrypted: give --password-file, or decrypt "
		    "it");
	result = tls_private_key_decrypt(key, &datum, crt, password);
	return result < 0 ? refuse_password(result, e) : replace(pem, key, e);
}

int
tls_private_key_read(gnutls_x509_privkey_t key, struct file_bytes *pem,
    gnutls_x509_crt_t crt, const char *password, struct errmsg *e)
{
	gnutls_datum_t datum = tls_datum_of(pem);
	int result;

	if (tls_private_key_is_encrypted(&datum))
		return read_encrypted(key, pem, crt, password, e);
	result = gnutls_x509_privkey_import2(
	    key, &datum, GNUTLS_X509_FMT_PEM, NULL, GNUTLS_PKCS_PLAIN);
	if (result >= 0)
		return 0;
	switch (complete_ec(key, pem, crt)) {
	case 0:
		break;
	case GNUTLS_E_CERTIFICATE_KEY_MISMATCH:
		return errmsg_set(
		    e, "the private key does not belong to the certificate");
	default:
		return refuse(pem, result, e);
	}
	return replace(pem, key, e);
}

int
tls_private_key_export(struct file_bytes *out, gnutls_x509_privkey_t key)
{
	gnutls_datum_t pem;

	if (gnutls_x509_privkey_export2_pkcs8(
		key, GNUTLS_X509_FMT_PEM, NULL, 0, &pem) < 0)
		return -1;
	return tls_datum_move(out, &pem);
}
