/* private_key: reads and writes keys with GnuTLS; see the header. */
#include "common/x509/private_key.h"

#include <gnutls/gnutls.h>
#include <string.h>

#include "common/x509/datum.h"
#include "common/x509/der.h"

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
	case GNUTLS_E_DECRYPTION_FAILED:
		return errmsg_set(
		    e, "the key is encrypted: decrypt it, or use --pkcs12");
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

int
tls_private_key_read(gnutls_x509_privkey_t key, struct file_bytes *pem,
    gnutls_x509_crt_t crt, struct errmsg *e)
{
	gnutls_datum_t datum = tls_datum_of(pem);
	int result = gnutls_x509_privkey_import2(
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
	file_bytes_free(pem);
	return tls_private_key_export(pem, key) == 0
	    ? 0
	    : errmsg_set(e, "out of memory");
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
