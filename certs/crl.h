/*
 * crl: certificate revocation lists (RFC 5280, section 5).
 *
 * An authority's crl.pem is the only record of what it revoked: a list is
 * loaded, gets entries, and is issued again with the next number.
 *
 * Owns:	the caller owns a list (gnutls_x509_crl_deinit).
 * Use:
 *	if (crl_load(&crl, store, "crl.pem", issuer, &e) < 0 ||
 *	    crl_add(crl, &serial, now, &e) < 0 ||
 *	    crl_issue(crl, issuer, key, now, CRL_DAYS, &e) < 0 ||
 *	    crl_export_pem(&pem, crl, &e) < 0) ...
 */
#ifndef CERTS_CRL_H
#define CERTS_CRL_H

#include <gnutls/abstract.h>
#include <gnutls/x509.h>
#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include "certs/serial.h"
#include "certs/store.h"
#include "common/base/errmsg.h"
#include "common/sys/file.h"

/* How long a list is good for, unless --days says otherwise. */
enum {
	CRL_DAYS = 30
};

/* An empty list; the first one issued has the number after last_number. */
int crl_new(gnutls_x509_crl_t *out, uint64_t last_number, struct errmsg *e);

/* Fails unless the issuer signed it. */
int crl_load(gnutls_x509_crl_t *out, const struct store *store,
    const char *name, gnutls_x509_crt_t issuer, struct errmsg *e);

/* 1 and the time if the list has the serial number, 0 if not, or -1. */
int crl_find(gnutls_x509_crl_t crl, const struct serial *serial, time_t *when,
    struct errmsg *e);

int crl_add(gnutls_x509_crl_t crl, const struct serial *serial, time_t when,
    struct errmsg *e);

/* Counts the number up, dates and signs the list. */
int crl_issue(gnutls_x509_crl_t crl, gnutls_x509_crt_t issuer,
    gnutls_privkey_t key, time_t now, int days, struct errmsg *e);

int crl_export_pem(
    struct file_bytes *out, gnutls_x509_crl_t crl, struct errmsg *e);

#endif
