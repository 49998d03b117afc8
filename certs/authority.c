/* authority: an authority's directory, opened; see the header. */
#include "certs/authority.h"

#include <gnutls/gnutls.h>
#include <stdlib.h>

#include "certs/cert.h"
#include "certs/key.h"
#include "common/base/assertion.h"

struct authority {
	struct store *store;
	struct tls_chain chain;
	gnutls_x509_privkey_t key; /* these two: NULL with AUTHORITY_READ */
	gnutls_privkey_t signer;
};

static int
load_chain(struct authority *a, struct errmsg *e)
{
	struct file_bytes pem = FILE_BYTES_INIT;
	int result;

	if (store_read(a->store, AUTHORITY_CERT_FILE, &pem, e) < 0)
		return -1;
	result = x509_chain_parse(&a->chain, &pem, AUTHORITY_CERT_FILE, e);
	file_bytes_free(&pem);
	if (result < 0)
		return -1;
	if (gnutls_x509_crt_get_ca_status(a->chain.crts[0], NULL) <= 0)
		return errmsg_set(e,
		    AUTHORITY_CERT_FILE ": its first certificate is not an "
					"authority's");
	return 0;
}

static int
load_key(struct authority *a, const char *password, struct errmsg *e)
{
	struct file_bytes pem = FILE_BYTES_INIT;
	struct key_source source = { .file = AUTHORITY_KEY_FILE,
		.format = GNUTLS_X509_FMT_PEM,
		.password = password,
		.when_encrypted = "give --ca-password-file" };
	int result;

	if (store_read(a->store, AUTHORITY_KEY_FILE, &pem, e) < 0)
		return -1;
	source.bytes = tls_datum_of(&pem);
	result = key_import(&a->key, &source, e);
	file_bytes_free(&pem);
	if (result < 0)
		return -1;
	if (!tls_chain_has_key(&a->chain, a->key))
		return errmsg_set(e,
		    AUTHORITY_KEY_FILE
		    ": does not belong to " AUTHORITY_CERT_FILE);
	return key_signer(&a->signer, a->key, e);
}

int
authority_open(struct authority **out, const char *dir, enum authority_use use,
    const char *password, struct errmsg *e)
{
	struct authority *a = calloc(1, sizeof *a);
	enum store_use store_use =
	    use == AUTHORITY_SIGN ? STORE_WRITE : STORE_READ;

	*out = NULL;
	if (a == NULL)
		return errmsg_set(e, "%s: out of memory", dir);
	if (store_open(&a->store, dir, store_use, e) < 0)
		goto fail;
	if (!store_has(a->store, AUTHORITY_CERT_FILE)) {
		(void)errmsg_set(e,
		    "%s: no " AUTHORITY_CERT_FILE
		    " in it: make an authority with 'tlsecho-certs init'",
		    dir);
		goto fail;
	}
	if (load_chain(a, e) < 0 ||
	    (use == AUTHORITY_SIGN && load_key(a, password, e) < 0))
		goto fail;
	*out = a;
	return 0;
fail:
	authority_close(&a);
	return -1;
}

void
authority_close(struct authority **a)
{
	if (*a == NULL)
		return;
	if ((*a)->signer != NULL)
		gnutls_privkey_deinit((*a)->signer);
	if ((*a)->key != NULL)
		gnutls_x509_privkey_deinit((*a)->key);
	tls_chain_free(&(*a)->chain);
	store_close(&(*a)->store);
	free(*a);
	*a = NULL;
}

struct store *
authority_store(const struct authority *a)
{
	return a->store;
}

gnutls_x509_crt_t
authority_cert(const struct authority *a)
{
	ASSERT(a->chain.count > 0);
	return a->chain.crts[0];
}

const struct tls_chain *
authority_chain(const struct authority *a)
{
	return &a->chain;
}

int
authority_check_usage(
    const struct authority *a, unsigned int bit, struct errmsg *e)
{
	bool is_crl = bit == GNUTLS_KEY_CRL_SIGN;
	unsigned int usage;

	if (gnutls_x509_crt_get_key_usage(authority_cert(a), &usage, NULL) <
		0 ||
	    (usage & bit) != 0)
		return 0;
	return errmsg_set(e,
	    "%s/" AUTHORITY_CERT_FILE
	    ": its key usage lacks %s, so peers would refuse %s",
	    store_dir(a->store), is_crl ? "cRLSign" : "keyCertSign",
	    is_crl ? "the revocation list" : "the certificate");
}

int
authority_export_chain(struct file_bytes *out, const struct authority *a,
    gnutls_x509_crt_t cert, struct errmsg *e)
{
	if (cert_export_pem(out, cert, e) < 0)
		return -1;
	for (unsigned int i = 0; i < a->chain.count; i++) {
		gnutls_x509_crt_t issuer = a->chain.crts[i];

		if (gnutls_x509_crt_check_issuer(issuer, issuer) == 0 &&
		    cert_export_pem(out, issuer, e) < 0)
			return -1;
	}
	return 0;
}

gnutls_privkey_t
authority_key(const struct authority *a)
{
	ASSERT(a->signer != NULL);
	return a->signer;
}

gnutls_x509_privkey_t
authority_private_key(const struct authority *a)
{
	ASSERT(a->key != NULL);
	return a->key;
}

bool
authority_issued(const struct authority *a, gnutls_x509_crt_t cert)
{
	gnutls_x509_crt_t issuer = authority_cert(a);
	unsigned int status = 0;
	int error;

	error =
	    gnutls_x509_crt_verify(cert, &issuer, 1, X509_ANY_DATE, &status);
	return error >= 0 && (status & X509_NOT_SIGNED) == 0;
}
