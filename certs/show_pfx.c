/* show_pfx: what a PKCS #12 file holds; see the header. */
#include "certs/show_pfx.h"

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <gnutls/pkcs12.h>
#include <stdio.h>

struct contents {
	const struct show_source *source;
	struct tls_chain chain;
	unsigned int keys, others;
};

static int
check_mac(
    gnutls_pkcs12_t p12, const struct show_source *source, struct errmsg *e)
{
	int error;

	if (source->password == NULL)
		return errmsg_set(e,
		    "%s: is PKCS #12, which is encrypted: give "
		    "--password-file",
		    source->path);
	error = gnutls_pkcs12_mac_info(p12, NULL, NULL, NULL, NULL, NULL);
	if (error == GNUTLS_E_INVALID_REQUEST)
		return 0; /* it has none: what can be decrypted is shown */
	if (error >= 0)
		error = gnutls_pkcs12_verify_mac(p12, source->password);
	if (error == GNUTLS_E_MAC_VERIFY_FAILED)
		return errmsg_set(
		    e, "%s: wrong password, or damaged", source->path);
	if (error < 0)
		return errmsg_set(e,
		    "%s: is PKCS #12 with a check of the password that GnuTLS "
		    "%s does not know",
		    source->path, gnutls_check_version(NULL));
	return 0;
}

static int
add_cert(struct contents *c, const gnutls_datum_t *der, struct errmsg *e)
{
	struct tls_chain *chain = &c->chain;
	gnutls_x509_crt_t *longer =
	    gnutls_realloc(chain->crts, (chain->count + 1) * sizeof *longer);
	gnutls_x509_crt_t cert;

	if (longer == NULL)
		return errmsg_set(e, "out of memory");
	chain->crts = longer;
	if (gnutls_x509_crt_init(&cert) < 0)
		return errmsg_set(e, "out of memory");
	chain->crts[chain->count++] = cert;
	if (gnutls_x509_crt_import(cert, der, GNUTLS_X509_FMT_DER) < 0)
		return errmsg_set(
		    e, "%s: a certificate in it is damaged", c->source->path);
	return 0;
}

/* Keys are shown as they come, certificates when all are known. */
static int
show_element(struct contents *c, gnutls_pkcs12_bag_t bag, unsigned int i,
    struct errmsg *e)
{
	gnutls_datum_t data;

	if (gnutls_pkcs12_bag_get_data(bag, i, &data) < 0)
		return errmsg_set(e, "%s: is damaged", c->source->path);
	switch (gnutls_pkcs12_bag_get_type(bag, i)) {
	case GNUTLS_BAG_CERTIFICATE:
		return add_cert(c, &data, e);
	case GNUTLS_BAG_PKCS8_KEY:
	case GNUTLS_BAG_PKCS8_ENCRYPTED_KEY:
		c->keys++;
		return show_key(c->source, &data, GNUTLS_X509_FMT_DER, e);
	default:
		c->others++;
		return 0;
	}
}

static int
show_bag(struct contents *c, gnutls_pkcs12_bag_t bag, struct errmsg *e)
{
	int count;

	if (gnutls_pkcs12_bag_get_type(bag, 0) == GNUTLS_BAG_ENCRYPTED &&
	    gnutls_pkcs12_bag_decrypt(bag, c->source->password) < 0)
		return errmsg_set(e,
		    "%s: a part of it cannot be decrypted: another password, "
		    "or a cipher that GnuTLS does not know",
		    c->source->path);
	count = gnutls_pkcs12_bag_get_count(bag);
	for (int i = 0; i < count; i++)
		if (show_element(c, bag, (unsigned int)i, e) < 0)
			return -1;
	return 0;
}

/* 1 if there was a bag of this index, 0 if not, -1 for an error. */
static int
show_bag_at(struct contents *c, gnutls_pkcs12_t p12, int i, struct errmsg *e)
{
	gnutls_pkcs12_bag_t bag;
	int result = 0;
	int error;

	if (gnutls_pkcs12_bag_init(&bag) < 0)
		return errmsg_set(e, "out of memory");
	error = gnutls_pkcs12_get_bag(p12, i, bag);
	if (error >= 0)
		result = show_bag(c, bag, e) < 0 ? -1 : 1;
	else if (error != GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE)
		result = errmsg_set(e, "%s: is damaged", c->source->path);
	gnutls_pkcs12_bag_deinit(bag);
	return result;
}

static int
show_all(
    gnutls_pkcs12_t p12, const struct show_source *source, struct errmsg *e)
{
	struct contents c = { .source = source };
	int result = 1;

	for (int i = 0; result > 0; i++)
		result = show_bag_at(&c, p12, i, e);
	if (result == 0) {
		if (c.keys == 0)
			printf("%s: PKCS #12 without a private key\n",
			    source->path);
		show_chain(source->path, &c.chain);
		if (c.others > 0)
			printf("%s: %u other things, which are not shown\n",
			    source->path, c.others);
	}
	tls_chain_free(&c.chain);
	return result;
}

int
show_pfx(const struct show_source *source, bool *is_pfx, struct errmsg *e)
{
	gnutls_datum_t view = tls_datum_of(&source->bytes);
	gnutls_pkcs12_t p12;
	int result = 0;

	if (gnutls_pkcs12_init(&p12) < 0)
		return errmsg_set(e, "out of memory");
	*is_pfx = gnutls_pkcs12_import(p12, &view, GNUTLS_X509_FMT_DER, 0) >= 0;
	if (*is_pfx && ((result = check_mac(p12, source, e)) == 0))
		result = show_all(p12, source, e);
	gnutls_pkcs12_deinit(p12);
	return result;
}
