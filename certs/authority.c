/* authority: an authority's directory, opened; see the header. */
#include "certs/authority.h"

#include <gnutls/gnutls.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/assertion.h"

struct authority {
	struct store *store;
	struct tls_chain chain;
	gnutls_privkey_t key; /* NULL with AUTHORITY_READ */
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
load_key(struct authority *a, struct errmsg *e)
{
	struct file_bytes pem = FILE_BYTES_INIT;
	gnutls_datum_t view;
	int error;

	if (store_read(a->store, AUTHORITY_KEY_FILE, &pem, e) < 0)
		return -1;
	view = tls_datum_of(&pem);
	error = gnutls_privkey_init(&a->key);
	if (error >= 0)
		error = gnutls_privkey_import_x509_raw(
		    a->key, &view, GNUTLS_X509_FMT_PEM, NULL, 0);
	file_bytes_free(&pem);
	return error < 0 ? x509_fail(e, error, AUTHORITY_KEY_FILE) : 0;
}

/* The public halves of key and certificate have the same identifier. */
static int
match_key(const struct authority *a, struct errmsg *e)
{
	unsigned char of_cert[X509_KEY_ID_SIZE];
	unsigned char of_key[X509_KEY_ID_SIZE];
	size_t size = sizeof of_cert;
	gnutls_pubkey_t public_key;
	int error = gnutls_pubkey_init(&public_key);

	if (error < 0)
		return x509_fail(e, error, AUTHORITY_KEY_FILE);
	if ((error = gnutls_x509_crt_get_key_id(authority_cert(a),
		 GNUTLS_KEYID_USE_SHA1, of_cert, &size)) >= 0 &&
	    (error = gnutls_pubkey_import_privkey(public_key, a->key, 0, 0)) >=
		0)
		error = gnutls_pubkey_get_key_id(
		    public_key, GNUTLS_KEYID_USE_SHA1, of_key, &size);
	gnutls_pubkey_deinit(public_key);
	if (error < 0)
		return x509_fail(e, error, AUTHORITY_KEY_FILE);
	if (memcmp(of_cert, of_key, sizeof of_cert) != 0)
		return errmsg_set(e,
		    AUTHORITY_KEY_FILE
		    ": does not belong to " AUTHORITY_CERT_FILE);
	return 0;
}

int
authority_open(struct authority **out, const char *dir, enum authority_use use,
    struct errmsg *e)
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
	    (use == AUTHORITY_SIGN &&
		(load_key(a, e) < 0 || match_key(a, e) < 0)))
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
	if ((*a)->key != NULL)
		gnutls_privkey_deinit((*a)->key);
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
	return a->chain.crts[0];
}

const struct tls_chain *
authority_chain(const struct authority *a)
{
	return &a->chain;
}

gnutls_privkey_t
authority_key(const struct authority *a)
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
