/*
 * revocations: the revocation list in an authority's directory.
 *
 * Owns:	the caller owns a list (gnutls_x509_crl_deinit).
 * Use:
 *	struct file_bytes pem = FILE_BYTES_INIT;
 *	if (revocations_load(&crl, authority, &e) < 0 ||
 *	    crl_add(crl, &serial, time(NULL), &e) < 0 ||
 *	    revocations_issue(&pem, crl, authority, CRL_DAYS, &e) < 0) ...
 */
#ifndef CERTS_REVOCATIONS_H
#define CERTS_REVOCATIONS_H

#include <gnutls/x509.h>

#include "certs/authority.h"
#include "common/base/errmsg.h"
#include "common/sys/file.h"

/* Fails if there is none, since it is the only record of what is revoked. */
int revocations_load(
    gnutls_x509_crl_t *out, const struct authority *a, struct errmsg *e);

/* Counts the number up, dates and signs the list; gives it as PEM. */
int revocations_issue(struct file_bytes *out, gnutls_x509_crl_t crl,
    const struct authority *a, int days, struct errmsg *e);

#endif
