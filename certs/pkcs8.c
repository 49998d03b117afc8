/* pkcs8: private keys as PKCS #8; see the header. */
#include "certs/pkcs8.h"

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>

#include "certs/der.h"
#include "certs/x509.h"
#include "common/base/assertion.h"

#define OID_EC_KEY "\x2a\x86\x48\xce\x3d\x02\x01"

enum {
	OID_MAX = 8,
	SCALAR_MAX = 66 /* of P-521 */
};

struct curve {
	gnutls_ecc_curve_t id;
	size_t oid_size;
	char oid[OID_MAX + 1];
};

static const struct curve curves[] = {
	{ GNUTLS_ECC_CURVE_SECP256R1, 8, "\x2a\x86\x48\xce\x3d\x03\x01\x07" },
	{ GNUTLS_ECC_CURVE_SECP384R1, 5, "\x2b\x81\x04\x00\x22" },
	{ GNUTLS_ECC_CURVE_SECP521R1, 5, "\x2b\x81\x04\x00\x23" },
};

struct ec_key {
	const struct curve *curve;
	size_t width; /* in bytes, of each of these numbers */
	gnutls_datum_t x, y, k;
};

static const struct curve *
find_curve(gnutls_ecc_curve_t id)
{
	for (size_t i = 0; i < sizeof curves / sizeof *curves; i++)
		if (curves[i].id == id)
			return &curves[i];
	return NULL;
}

/* Whatever zeros GnuTLS puts in front, there are as many as fill the width. */
static void
append_number(struct der *d, const gnutls_datum_t *number, size_t width)
{
	static const uint8_t zeros[SCALAR_MAX];
	const uint8_t *digits = number->data;
	size_t size = number->size;

	while (size > 0 && *digits == 0) {
		digits++;
		size--;
	}
	ASSERT(size <= width && width <= sizeof zeros);
	der_append(d, zeros, width - size);
	der_append(d, digits, size);
}

/* RFC 5915, section 3. */
static void
put_ec_private_key(struct der *d, const struct ec_key *key)
{
	der_open(d, DER_SEQUENCE);
	der_put_uint(d, 1);
	der_open(d, DER_OCTET_STRING);
	append_number(d, &key->k, key->width);
	der_close(d);
	der_open(d, DER_EXPLICIT_0);
	der_put(d, DER_OID, key->curve->oid, key->curve->oid_size);
	der_close(d);
	der_open(d, DER_EXPLICIT_1);
	der_open(d, DER_BIT_STRING);
	der_append(d, "\0\4", 2); /* no unused bits; not compressed */
	append_number(d, &key->x, key->width);
	append_number(d, &key->y, key->width);
	der_close_many(d, 3);
}

static void
put_ec(struct der *d, const struct ec_key *key)
{
	der_open(d, DER_SEQUENCE);
	der_put_uint(d, 0);
	der_open(d, DER_SEQUENCE);
	DER_PUT_OID(d, OID_EC_KEY);
	der_put(d, DER_OID, key->curve->oid, key->curve->oid_size);
	der_close(d);
	der_open(d, DER_OCTET_STRING);
	put_ec_private_key(d, key);
	der_close_many(d, 2);
}

static void
clear_number(gnutls_datum_t *number)
{
	if (number->data != NULL)
		gnutls_memset(number->data, 0, number->size);
	gnutls_free(number->data);
}

static int
encode_ec(struct file_bytes *out, gnutls_x509_privkey_t key, struct errmsg *e)
{
	struct ec_key ec = { .curve = NULL };
	struct der d = DER_INIT;
	gnutls_ecc_curve_t id;
	int error =
	    gnutls_x509_privkey_export_ecc_raw(key, &id, &ec.x, &ec.y, &ec.k);

	if (error < 0)
		return x509_fail(e, error, "key");
	ec.curve = find_curve(id);
	ec.width = (size_t)gnutls_ecc_curve_get_size(id);
	if (ec.curve != NULL)
		put_ec(&d, &ec);
	clear_number(&ec.x);
	clear_number(&ec.y);
	clear_number(&ec.k);
	if (ec.curve == NULL)
		return errmsg_set(e, "key: %s is no curve for TLS",
		    gnutls_ecc_curve_get_name(id));
	if (d.is_failed) {
		file_bytes_free(&d.bytes);
		return errmsg_set(e, "key: out of memory");
	}
	*out = d.bytes;
	return 0;
}

int
pkcs8_encode(
    struct file_bytes *out, gnutls_x509_privkey_t key, struct errmsg *e)
{
	gnutls_datum_t der = { NULL, 0 };
	int error;

	if (gnutls_x509_privkey_get_pk_algorithm(key) == GNUTLS_PK_ECDSA)
		return encode_ec(out, key, e);
	error = gnutls_x509_privkey_export2_pkcs8(
	    key, GNUTLS_X509_FMT_DER, NULL, GNUTLS_PKCS_PLAIN, &der);
	return x509_take(out, &der, error, e);
}

/* The key in RFC 5915's form, whether PKCS #8 is around it or not. */
static bool
find_scalar(struct der_view der, struct der_view *scalar)
{
	struct der_view key;
	struct der_view part;

	if (!der_take(&der, DER_SEQUENCE, &key) ||
	    !der_take(&key, DER_INTEGER, &part))
		return false;
	if (der_take(&key, DER_SEQUENCE, &part))
		return der_take(&key, DER_OCTET_STRING, &part) &&
		    der_take(&part, DER_SEQUENCE, &key) &&
		    der_take(&key, DER_INTEGER, &part) &&
		    der_take(&key, DER_OCTET_STRING, scalar);
	return der_take(&key, DER_OCTET_STRING, scalar);
}

bool
pkcs8_has_wrong_scalar(const gnutls_datum_t *der, gnutls_x509_privkey_t key,
    size_t *size, size_t *wanted)
{
	struct der_view view = { der->data, der->size };
	struct der_view scalar;
	unsigned int bits;

	if (gnutls_x509_privkey_get_pk_algorithm2(key, &bits) !=
		GNUTLS_PK_ECDSA ||
	    !find_scalar(view, &scalar))
		return false;
	*size = scalar.size;
	*wanted = (bits + 7) / 8;
	return *size != *wanted;
}
