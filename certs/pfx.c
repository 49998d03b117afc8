/* pfx: a key and its certificates as PKCS #12; see the header. */
#include "certs/pfx.h"

#include <gnutls/gnutls.h>
#include <gnutls/pkcs12.h>

#include "certs/x509.h"
#include "common/base/assertion.h"

/* The key and its certificate are found by a common identifier. */
static int
label(gnutls_pkcs12_bag_t bag, unsigned int index, const struct pfx *pfx)
{
	unsigned char bytes[X509_KEY_ID_SIZE];
	gnutls_datum_t id = { .data = bytes, .size = sizeof bytes };
	size_t size = sizeof bytes;
	int error = gnutls_x509_privkey_get_key_id(
	    pfx->key, GNUTLS_KEYID_USE_SHA1, bytes, &size);

	if (error < 0 ||
	    (error = gnutls_pkcs12_bag_set_key_id(bag, index, &id)) < 0)
		return error;
	return gnutls_pkcs12_bag_set_friendly_name(
	    bag, index, pfx->friendly_name);
}

static int
fill_key(gnutls_pkcs12_bag_t bag, const struct pfx *pfx)
{
	gnutls_datum_t der = { NULL, 0 };
	int index;
	int error =
	    gnutls_x509_privkey_export2_pkcs8(pfx->key, GNUTLS_X509_FMT_DER,
		pfx->password, GNUTLS_PKCS_PBES2_AES_256, &der);

	if (error < 0)
		return error;
	index = gnutls_pkcs12_bag_set_data(
	    bag, GNUTLS_BAG_PKCS8_ENCRYPTED_KEY, &der);
	gnutls_free(der.data);
	return index < 0 ? index : label(bag, (unsigned int)index, pfx);
}

static int
fill_certs(gnutls_pkcs12_bag_t bag, const struct pfx *pfx)
{
	int error;

	for (unsigned int i = 0; i < pfx->count; i++) {
		int index = gnutls_pkcs12_bag_set_crt(bag, pfx->certs[i]);

		if (index < 0)
			return index;
		error = i == 0 ? label(bag, (unsigned int)index, pfx) : 0;
		if (error < 0)
			return error;
	}
	return gnutls_pkcs12_bag_encrypt(
	    bag, pfx->password, GNUTLS_PKCS_PBES2_AES_256);
}

static int
add_bag(gnutls_pkcs12_t p12, const struct pfx *pfx,
    int (*fill)(gnutls_pkcs12_bag_t, const struct pfx *))
{
	gnutls_pkcs12_bag_t bag;
	int error = gnutls_pkcs12_bag_init(&bag);

	if (error < 0)
		return error;
	error = fill(bag, pfx);
	if (error >= 0)
		error = gnutls_pkcs12_set_bag(p12, bag);
	gnutls_pkcs12_bag_deinit(bag);
	return error;
}

int
pfx_make(struct file_bytes *out, const struct pfx *pfx, struct errmsg *e)
{
	gnutls_datum_t der = { NULL, 0 };
	gnutls_pkcs12_t p12;
	int error = gnutls_pkcs12_init(&p12);

	ASSERT(pfx->count > 0 && pfx->password[0] != '\0');
	if (error < 0)
		return x509_fail(e, error, "PKCS #12");
	if ((error = add_bag(p12, pfx, fill_certs)) >= 0 &&
	    (error = add_bag(p12, pfx, fill_key)) >= 0 &&
	    (error = gnutls_pkcs12_generate_mac2(
		 p12, GNUTLS_MAC_SHA256, pfx->password)) >= 0)
		error = gnutls_pkcs12_export2(p12, GNUTLS_X509_FMT_DER, &der);
	gnutls_pkcs12_deinit(p12);
	if (error < 0)
		return x509_fail(e, error, "PKCS #12");
	return x509_take(out, &der, error, e);
}
