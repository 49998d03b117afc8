/* pfx: a key and its certificates as PKCS #12; see the header. */
#include "certs/pfx.h"

#include <gnutls/gnutls.h>

#include "certs/der.h"
#include "certs/pkcs8.h"
#include "certs/utf16.h"
#include "certs/x509.h"
#include "common/base/assertion.h"

/* RFC 5652, RFC 2985, and RFC 7292 with appendix D. */
#define OID_DATA             "\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01"
#define OID_ENCRYPTED_DATA   "\x2a\x86\x48\x86\xf7\x0d\x01\x07\x06"
#define OID_FRIENDLY_NAME    "\x2a\x86\x48\x86\xf7\x0d\x01\x09\x14"
#define OID_LOCAL_KEY_ID     "\x2a\x86\x48\x86\xf7\x0d\x01\x09\x15"
#define OID_X509_CERTIFICATE "\x2a\x86\x48\x86\xf7\x0d\x01\x09\x16\x01"
#define OID_SHROUDED_KEY_BAG "\x2a\x86\x48\x86\xf7\x0d\x01\x0c\x0a\x01\x02"
#define OID_CERT_BAG         "\x2a\x86\x48\x86\xf7\x0d\x01\x0c\x0a\x01\x03"

enum {
	VERSION = 3
};

static int
put_name(struct der *d, const char *name, struct errmsg *e)
{
	struct file_bytes wide = FILE_BYTES_INIT;
	int result = utf16_append(&wide, name);

	der_open(d, DER_SEQUENCE);
	DER_PUT_OID(d, OID_FRIENDLY_NAME);
	der_open(d, DER_SET);
	der_put(d, DER_BMP_STRING, wide.data, wide.size);
	der_close_many(d, 2);
	file_bytes_free(&wide);
	return result < 0 ? errmsg_set(e, "%s: is not UTF-8", name) : 0;
}

/* The key and its certificate are found by a common identifier. */
static int
put_attributes(struct der *d, const struct pfx *pfx, struct errmsg *e)
{
	unsigned char id[X509_KEY_ID_SIZE];
	size_t size = sizeof id;
	int error = gnutls_x509_privkey_get_key_id(
	    pfx->key, GNUTLS_KEYID_USE_SHA1, id, &size);

	if (error < 0)
		return x509_fail(e, error, "key identifier");
	der_open(d, DER_SET);
	der_open(d, DER_SEQUENCE);
	DER_PUT_OID(d, OID_LOCAL_KEY_ID);
	der_open(d, DER_SET);
	der_put(d, DER_OCTET_STRING, id, size);
	der_close_many(d, 2);
	if (put_name(d, pfx->friendly_name, e) < 0)
		return -1;
	der_close(d);
	return 0;
}

static int
put_cert_bag(
    struct der *d, const struct pfx *pfx, unsigned int i, struct errmsg *e)
{
	gnutls_datum_t cert = { NULL, 0 };
	int error =
	    gnutls_x509_crt_export2(pfx->certs[i], GNUTLS_X509_FMT_DER, &cert);
	int result = 0;

	if (error < 0)
		return x509_fail(e, error, "certificate");
	der_open(d, DER_SEQUENCE);
	DER_PUT_OID(d, OID_CERT_BAG);
	der_open(d, DER_EXPLICIT_0);
	der_open(d, DER_SEQUENCE);
	DER_PUT_OID(d, OID_X509_CERTIFICATE);
	der_open(d, DER_EXPLICIT_0);
	der_put(d, DER_OCTET_STRING, cert.data, cert.size);
	der_close_many(d, 3);
	if (i == 0)
		result = put_attributes(d, pfx, e);
	der_close(d);
	gnutls_free(cert.data);
	return result;
}

static int
put_cert_bags(struct der *d, const struct pfx *pfx, struct errmsg *e)
{
	der_open(d, DER_SEQUENCE);
	for (unsigned int i = 0; i < pfx->count; i++)
		if (put_cert_bag(d, pfx, i, e) < 0)
			return -1;
	der_close(d);
	return 0;
}

static int
put_certs(struct der *d, const struct pfx *pfx, struct errmsg *e)
{
	struct der bags = DER_INIT;
	int result = put_cert_bags(&bags, pfx, e);

	der_open(d, DER_SEQUENCE);
	DER_PUT_OID(d, OID_ENCRYPTED_DATA);
	der_open(d, DER_EXPLICIT_0);
	der_open(d, DER_SEQUENCE);
	der_put_uint(d, 0);
	der_open(d, DER_SEQUENCE);
	DER_PUT_OID(d, OID_DATA);
	if (result == 0)
		result = pbe_put_encrypted(
		    d, DER_IMPLICIT_0, &pfx->pbe, &bags.bytes, e);
	der_close_many(d, 4);
	d->is_failed |= bags.is_failed;
	file_bytes_free(&bags.bytes);
	return result;
}

static int
put_key_bag(struct der *d, const struct pfx *pfx, struct errmsg *e)
{
	struct file_bytes key = FILE_BYTES_INIT;
	int result = pkcs8_encode(&key, pfx->key, e);

	der_open(d, DER_SEQUENCE);
	DER_PUT_OID(d, OID_SHROUDED_KEY_BAG);
	der_open(d, DER_EXPLICIT_0);
	der_open(d, DER_SEQUENCE);
	if (result == 0)
		result =
		    pbe_put_encrypted(d, DER_OCTET_STRING, &pfx->pbe, &key, e);
	der_close_many(d, 2);
	if (result == 0)
		result = put_attributes(d, pfx, e);
	der_close(d);
	file_bytes_free(&key);
	return result;
}

static int
put_key(struct der *d, const struct pfx *pfx, struct errmsg *e)
{
	int result;

	der_open(d, DER_SEQUENCE);
	DER_PUT_OID(d, OID_DATA);
	der_open(d, DER_EXPLICIT_0);
	der_open(d, DER_OCTET_STRING);
	der_open(d, DER_SEQUENCE);
	result = put_key_bag(d, pfx, e);
	der_close_many(d, 4);
	return result;
}

static int
put_all(struct der *d, const struct file_bytes *safe, const struct pfx *pfx,
    struct errmsg *e)
{
	int result;

	der_open(d, DER_SEQUENCE);
	der_put_uint(d, VERSION);
	der_open(d, DER_SEQUENCE);
	DER_PUT_OID(d, OID_DATA);
	der_open(d, DER_EXPLICIT_0);
	der_put(d, DER_OCTET_STRING, safe->data, safe->size);
	der_close_many(d, 2);
	result = pbe_put_mac(d, &pfx->pbe, safe, e);
	der_close(d);
	return result;
}

int
pfx_make(struct file_bytes *out, const struct pfx *pfx, struct errmsg *e)
{
	struct der safe = DER_INIT;
	struct der whole = DER_INIT;
	int result = -1;

	ASSERT(pfx->count > 0);
	der_open(&safe, DER_SEQUENCE);
	if (put_certs(&safe, pfx, e) == 0 && put_key(&safe, pfx, e) == 0) {
		der_close(&safe);
		result = put_all(&whole, &safe.bytes, pfx, e);
	}
	if (result == 0 && (safe.is_failed || whole.is_failed))
		result = errmsg_set(e, "PKCS #12: out of memory");
	file_bytes_free(&safe.bytes);
	if (result < 0)
		file_bytes_free(&whole.bytes);
	else
		*out = whole.bytes;
	return result;
}
