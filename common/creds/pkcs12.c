/* pkcs12: certificate and key in PEM of what a file holds; see the header. */
#include "common/creds/pkcs12.h"

#include <gnutls/gnutls.h>
#include <gnutls/pkcs12.h>
#include <gnutls/x509.h>
#include <stdbool.h>

#include "common/x509/chain.h"
#include "common/x509/datum.h"
#include "common/x509/pbes2.h"
#include "common/x509/private_key.h"

/* What is in the bags. */
struct contents {
	struct tls_chain certs;
	struct file_bytes key; /* PKCS#8 of the first; empty: not opened */
	unsigned keys;
	bool is_authentic; /* a MAC has confirmed the password */
};

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
keep_certificate(struct contents *c, gnutls_pkcs12_bag_t bag, unsigned i)
{
	gnutls_datum_t der;
	int error = gnutls_pkcs12_bag_get_data(bag, i, &der); /* the bag's */

	return error < 0 ? error
			 : tls_chain_add(&c->certs, &der, GNUTLS_X509_FMT_DER);
}

static void
keep_key(struct contents *c, gnutls_pkcs12_bag_t bag, unsigned i,
    bool is_encrypted, const char *password)
{
	gnutls_datum_t der;

	if (c->keys++ > 0 || gnutls_pkcs12_bag_get_data(bag, i, &der) < 0)
		return;
	/* Without the bytes, it is left to GnuTLS to read it. */
	if (is_encrypted)
		(void)tls_pbes2_open(&c->key, &der, password);
	else
		(void)file_bytes_append(&c->key, der.data, der.size);
}

static int
read_bag(struct contents *c, gnutls_pkcs12_bag_t bag, const char *password)
{
	int error = 0;

	if (gnutls_pkcs12_bag_get_type(bag, 0) == GNUTLS_BAG_ENCRYPTED)
		error = gnutls_pkcs12_bag_decrypt(bag, password);
	for (unsigned i = 0;
	     error >= 0 && i < (unsigned)gnutls_pkcs12_bag_get_count(bag);
	     i++) {
		int type = gnutls_pkcs12_bag_get_type(bag, i);

		if (type == GNUTLS_BAG_CERTIFICATE)
			error = keep_certificate(c, bag, i);
		else if (type == GNUTLS_BAG_PKCS8_KEY ||
		    type == GNUTLS_BAG_PKCS8_ENCRYPTED_KEY)
			keep_key(c, bag, i,
			    type == GNUTLS_BAG_PKCS8_ENCRYPTED_KEY, password);
	}
	return error;
}

static int
read_bags(struct contents *c, gnutls_pkcs12_t p12, const char *password)
{
	gnutls_pkcs12_bag_t bag;
	bool is_end = false;
	int error = 0;

	for (int i = 0; error >= 0 && !is_end; i++) {
		error = gnutls_pkcs12_bag_init(&bag);
		if (error < 0)
			break;
		error = gnutls_pkcs12_get_bag(p12, i, bag);
		is_end = error == GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE;
		if (error >= 0)
			error = read_bag(c, bag, password);
		gnutls_pkcs12_bag_deinit(bag);
	}
	return is_end ? 0 : error;
}

/* GnuTLS takes the first key, and passes over the others. */
static int
read_contents(struct contents *c, gnutls_pkcs12_t p12, const char *password,
    struct errmsg *e)
{
	int error = read_bags(c, p12, password);

	if (error < 0)
		return refuse("cannot be read", error, e);
	if (c->keys > 1)
		return errmsg_set(e,
		    "%u private keys in it: export the one to be used to a "
		    "file of its own",
		    c->keys);
	return 0;
}

/* The leaf and its issuers, in this order, without a root. */
static int
append_path(struct file_bytes *out, const struct tls_chain *certs,
    gnutls_x509_crt_t leaf)
{
	gnutls_x509_crt_t crt = leaf;

	for (unsigned i = 0; i < certs->count && crt != NULL; i++) {
		if (crt != leaf && gnutls_x509_crt_check_issuer(crt, crt) != 0)
			break;
		if (tls_chain_append_pem(out, crt) < 0)
			return -1;
		crt = tls_chain_issuer_of(certs, crt);
	}
	return 0;
}

/* A key of which GnuTLS would have wanted the public half, too. */
static int
join(struct tls_key_pair *pair, const struct contents *c)
{
	gnutls_datum_t pkcs8 = tls_datum_of(&c->key);
	gnutls_x509_privkey_t key;
	int result = -1;

	if (c->key.size == 0 || gnutls_x509_privkey_init(&key) < 0)
		return -1;
	for (unsigned i = 0; i < c->certs.count && result < 0; i++)
		if (tls_private_key_join(key, &pkcs8, c->certs.crts[i]) == 0 &&
		    append_path(&pair->cert, &c->certs, c->certs.crts[i]) == 0)
			result = tls_private_key_export(&pair->key, key);
	gnutls_x509_privkey_deinit(key);
	return result;
}

static int
convert_pkcs12(struct tls_key_pair *pair, gnutls_pkcs12_t p12,
    const char *password, const struct contents *contents, struct errmsg *e)
{
	gnutls_x509_privkey_t key = NULL;
	struct tls_chain chain = TLS_CHAIN_INIT;
	int result = gnutls_pkcs12_simple_parse(p12, password, &key,
	    &chain.crts, &chain.count, NULL, NULL, NULL, 0);

	if (result == GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE)
		return errmsg_set(
		    e, "no private key with its certificate found");
	if (result < 0 && join(pair, contents) == 0)
		return 0;
	/* The bags have been opened by the same password. */
	if (result == GNUTLS_E_DECRYPTION_FAILED && contents->is_authentic)
		return errmsg_set(e,
		    "its private key cannot be read by GnuTLS %s: make PEM of "
		    "it by openssl pkcs12 -nodes, for --cert and --key",
		    gnutls_check_version(NULL));
	if (result < 0)
		return refuse("cannot be read", result, e);
	for (unsigned i = 0; i < chain.count && result == 0; i++)
		result = tls_chain_append_pem(&pair->cert, chain.crts[i]);
	if (result == 0)
		result = tls_private_key_export(&pair->key, key);
	tls_chain_free(&chain);
	gnutls_x509_privkey_deinit(key);
	if (result < 0)
		return errmsg_set(e, "cannot be converted to PEM");
	return 0;
}

static bool
has_mac(gnutls_pkcs12_t p12)
{
	char *oid = NULL; /* without it GnuTLS would lose memory */
	int error = gnutls_pkcs12_mac_info(p12, NULL, NULL, NULL, NULL, &oid);

	gnutls_free(oid);
	return error != GNUTLS_E_INVALID_REQUEST &&
	    error != GNUTLS_E_ASN1_ELEMENT_NOT_FOUND &&
	    error != GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE;
}

/* A file without a MAC is no worse than PEM, which has none. */
static int
check_mac(gnutls_pkcs12_t p12, const char *password, bool *is_authentic,
    struct errmsg *e)
{
	int error = gnutls_pkcs12_verify_mac(p12, password);

	*is_authentic = error >= 0;
	if (error >= 0 || !has_mac(p12))
		return 0;
	return refuse("its MAC cannot be checked", error, e);
}

int
tls_pkcs12_read(struct tls_key_pair *pair, const struct file_bytes *der,
    const char *password, struct errmsg *e)
{
	gnutls_datum_t datum = tls_datum_of(der);
	struct contents c = { .certs = TLS_CHAIN_INIT };
	gnutls_pkcs12_t p12;
	int result;

	if (gnutls_pkcs12_init(&p12) < 0)
		return errmsg_set(e, "out of memory");
	if (gnutls_pkcs12_import(p12, &datum, GNUTLS_X509_FMT_DER, 0) < 0)
		result = errmsg_set(e, "is not PKCS#12");
	else if (check_mac(p12, password, &c.is_authentic, e) < 0 ||
	    read_contents(&c, p12, password, e) < 0)
		result = -1;
	else
		result = convert_pkcs12(pair, p12, password, &c, e);
	gnutls_pkcs12_deinit(p12);
	tls_chain_free(&c.certs);
	file_bytes_free(&c.key);
	return result;
}
