/*
 * x509: what the files that use GnuTLS's X.509 interface share: errors, secrets
 * and certificate files.
 *
 * Use:
 *	struct tls_chain chain = TLS_CHAIN_INIT;
 *	if (x509_chain_load(&chain, "ca.pem", &e) < 0) ...
 *	tls_chain_free(&chain);
 */
#ifndef CERTS_X509_H
#define CERTS_X509_H

#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <stdbool.h>
#include <stdint.h>

#include "common/base/errmsg.h"
#include "common/sys/file.h"
#include "common/x509/chain.h"
#include "common/x509/datum.h"

enum {
	X509_KEY_ID_SIZE = 20,
	/* Flags, and an answer, to ask who signed something, and only that. */
	X509_ANY_DATE = GNUTLS_VERIFY_DISABLE_TIME_CHECKS |
	    GNUTLS_VERIFY_DISABLE_TRUSTED_TIME_CHECKS,
	X509_NOT_SIGNED =
	    GNUTLS_CERT_SIGNER_NOT_FOUND | GNUTLS_CERT_SIGNATURE_FAILURE
};

/* Sets "what: <GnuTLS's words for error>"; returns -1. */
static inline int
x509_fail(struct errmsg *e, int error, const char *what)
{
	return errmsg_set(e, "%s: %s", what, gnutls_strerror(error));
}

/*
 * Moves what GnuTLS exported into out and clears GnuTLS's copy. error is the
 * export's result, so that a failed export is reported here.
 */
int x509_take(struct file_bytes *out, gnutls_datum_t *exported, int error,
    struct errmsg *e);

/* Whether the bytes hold a PEM line; "-----BEGIN " is in all of them. */
bool x509_has_pem(const struct file_bytes *bytes, const char *line);

/* All certificates of the bytes, PEM or DER, in their order; at least one. */
int x509_chain_parse(struct tls_chain *out, const struct file_bytes *bytes,
    const char *path, struct errmsg *e);
int x509_chain_load(struct tls_chain *out, const char *path, struct errmsg *e);

#endif
