/* pkcs12: certificate and key in PEM of what a file holds; see the header. */
#include "common/creds/pkcs12.h"

#include <gnutls/gnutls.h>
#include <gnutls/pkcs12.h>
#include <gnutls/x509.h>
#include <stdbool.h>

#include "common/x509/chain.h"
#include "common/x509/datum.h"
#include "common/x509/private_key.h"

/* Appends a certificate in PEM to out. */
static int
append_pem(struct file_bytes *out, gnutls_x509_crt_t crt)
{
	gnutls_datum_t pem;

	if (gnutls_x509_crt_export2(crt, GNUTLS_X509_FMT_PEM, &pem) < 0)
		return -1;
	return tls_datum_move(out, &pem);
}

/* What fails for want of the right password, and what for other reasons. */
static int
refuse(const char *what, int error, struct errmsg *e)
{
	if (error == GNUTLS_E_MAC_VERIFY_FAILED ||
	    error == GNUTLS_E_DECRYPTION_FAILED)
		return errmsg_set(e, "wrong password, or damaged");
	return errmsg_set(e, "%s by GnuTLS %s: %s", what,
	    gnutls_check_version(NULL), gnutls_strerror(error));
}

static int
convert_pkcs12(struct tls_key_pair *pair, gnutls_pkcs12_t p12,
    const char *password, struct errmsg *e)
{
	gnutls_x509_privkey_t key = NULL;
	struct tls_chain chain = TLS_CHAIN_INIT;
	int result = gnutls_pkcs12_simple_parse(p12, password, &key,
	    &chain.crts, &chain.count, NULL, NULL, NULL, 0);

	if (result == GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE)
		return errmsg_set(
		    e, "no private key with its certificate found");
	if (result < 0)
		return refuse("cannot be read", result, e);
	for (unsigned i = 0; i < chain.count && result == 0; i++)
		result = append_pem(&pair->cert, chain.crts[i]);
	if (result == 0)
		result = tls_private_key_export(&pair->key, key);
	tls_chain_free(&chain);
	gnutls_x509_privkey_deinit(key);
	if (result < 0)
		return errmsg_set(e, "cannot be converted to PEM");
	return 0;
}

/* How many private keys are in a bag, which may be encrypted; -1: an error. */
static int
count_keys_in(gnutls_pkcs12_bag_t bag, const char *password)
{
	int keys = 0;
	int error = 0;

	if (gnutls_pkcs12_bag_get_type(bag, 0) == GNUTLS_BAG_ENCRYPTED)
		error = gnutls_pkcs12_bag_decrypt(bag, password);
	for (int i = 0; error >= 0 && i < gnutls_pkcs12_bag_get_count(bag);
	     i++) {
		int type = gnutls_pkcs12_bag_get_type(bag, (unsigned)i);

		keys += type == GNUTLS_BAG_PKCS8_KEY ||
		    type == GNUTLS_BAG_PKCS8_ENCRYPTED_KEY;
	}
	return error < 0 ? error : keys;
}

/* GnuTLS takes the first one, and passes over the others. */
static int
check_one_key(gnutls_pkcs12_t p12, const char *password, struct errmsg *e)
{
	int keys = 0, error = 0;

	for (int i = 0; error >= 0; i++) {
		gnutls_pkcs12_bag_t bag;

		if (gnutls_pkcs12_bag_init(&bag) < 0)
			return errmsg_set(e, "out of memory");
		error = gnutls_pkcs12_get_bag(p12, i, bag);
		if (error >= 0)
			error = count_keys_in(bag, password);
		keys += error > 0 ? error : 0;
		gnutls_pkcs12_bag_deinit(bag);
	}
	if (error != GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE)
		return refuse("cannot be read", error, e);
	if (keys > 1)
		return errmsg_set(e,
		    "%d private keys in it: export the one to be used to a "
		    "file of its own",
		    keys);
	return 0;
}

static bool
has_mac(gnutls_pkcs12_t p12)
{
	int error = gnutls_pkcs12_mac_info(p12, NULL, NULL, NULL, NULL, NULL);

	return error != GNUTLS_E_INVALID_REQUEST &&
	    error != GNUTLS_E_ASN1_ELEMENT_NOT_FOUND &&
	    error != GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE;
}

/* A file without a MAC is no worse than PEM, which has none. */
static int
check_mac(gnutls_pkcs12_t p12, const char *password, struct errmsg *e)
{
	int error = gnutls_pkcs12_verify_mac(p12, password);

	if (error >= 0 || !has_mac(p12))
		return 0;
	return refuse("its MAC cannot be checked", error, e);
}

int
tls_pkcs12_read(struct tls_key_pair *pair, const struct file_bytes *der,
    const char *password, struct errmsg *e)
{
	gnutls_datum_t datum = tls_datum_of(der);
	gnutls_pkcs12_t p12;
	int result;

	if (gnutls_pkcs12_init(&p12) < 0)
		return errmsg_set(e, "out of memory");
	if (gnutls_pkcs12_import(p12, &datum, GNUTLS_X509_FMT_DER, 0) < 0)
		result = errmsg_set(e, "is not PKCS#12");
	else if (check_mac(p12, password, e) < 0 ||
	    check_one_key(p12, password, e) < 0)
		result = -1;
	else
		result = convert_pkcs12(pair, p12, password, e);
	gnutls_pkcs12_deinit(p12);
	return result;
}
