/*
 * authority: a directory with ca.pem and ca.key, opened.
 *
 * ca.pem may also be an intermediate authority's, made elsewhere: its own
 * certificate first, then those of its issuers.
 *
 * Owns:	the store, the certificates and the key.
 * Borrows:	the directory's name.
 * Errors:	-1 and a line that names the file.
 * Use:
 *	struct authority *authority;
 *	if (authority_open(&authority, "pki", AUTHORITY_SIGN, NULL, &e) < 0) ...
 *	authority_close(&authority);
 */
#ifndef CERTS_AUTHORITY_H
#define CERTS_AUTHORITY_H

#include <gnutls/abstract.h>
#include <gnutls/x509.h>
#include <stdbool.h>

#include "certs/store.h"
#include "certs/x509.h"
#include "common/base/errmsg.h"
#include "common/sys/file.h"

#define AUTHORITY_CERT_FILE "ca.pem"
#define AUTHORITY_KEY_FILE  "ca.key"
#define AUTHORITY_CRL_FILE  "crl.pem"

enum authority_use {
	AUTHORITY_READ, /* needs no key, takes no lock */
	AUTHORITY_SIGN
};

struct authority;

/*
 * Fails unless the certificate is an authority's and the key belongs to it. The
 * password is the key's; NULL: none.
 */
int authority_open(struct authority **out, const char *dir,
    enum authority_use use, const char *password, struct errmsg *e);
void authority_close(struct authority **a);

struct store *authority_store(const struct authority *a);
gnutls_x509_crt_t authority_cert(const struct authority *a);

/* All of ca.pem: the authority's certificate and its issuers'. */
const struct tls_chain *authority_chain(const struct authority *a);

/*
 * Fails if the certificate's key usage lacks a bit, GNUTLS_KEY_KEY_CERT_SIGN or
 * GNUTLS_KEY_CRL_SIGN: peers would refuse what it signs (RFC 5280, 4.2.1.3).
 */
int authority_check_usage(
    const struct authority *a, unsigned int bit, struct errmsg *e);

/*
 * Appends a certificate that this authority issued and the authority's own
 * chain in PEM, in that order, but not a root: peers must have that already.
 */
int authority_export_chain(struct file_bytes *out, const struct authority *a,
    gnutls_x509_crt_t cert, struct errmsg *e);

/* With AUTHORITY_SIGN only. */
gnutls_privkey_t authority_key(const struct authority *a);
gnutls_x509_privkey_t authority_private_key(const struct authority *a);

/* Whether this authority's key signed the certificate, of whatever date. */
bool authority_issued(const struct authority *a, gnutls_x509_crt_t cert);

#endif
