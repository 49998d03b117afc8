/*
 * crl_scope: which certificates of its issuer a revocation list is about, as
 * its issuing distribution point says (RFC 5280, 5.2.5).
 *
 * Lists of user certificates only, of authorities only, and those that name
 * where they are published are of use, each for what it covers. Those of some
 * reasons only, indirect ones and those of attribute certificates are not: they
 * would leave gaps, or need what others have said.
 *
 * A list that names where it is published covers a certificate that names one
 * of the same places (4.2.1.13), or none at all: large authorities publish a
 * part of their list at each place.
 *
 * Errors:	-1 and words that can follow "list of X: ".
 * Use:
 *	scope = (struct tls_crl_scope)TLS_CRL_SCOPE_ALL;
 *	if (tls_crl_scope_read(&scope, &extension, &e) < 0) ...
 *	if (tls_crl_scope_covers(&scope, crt)) ...
 */
#ifndef COMMON_X509_CRL_SCOPE_H
#define COMMON_X509_CRL_SCOPE_H

#include <gnutls/x509.h>
#include <stdbool.h>
#include <stdint.h>

#include "common/base/errmsg.h"

enum {
	TLS_CRL_PLACES = 8,
	TLS_CRL_PLACE = 16 /* bytes of a hash: no one gains by a collision */
};

/* Without padding: two are the same if their bytes are, and whatever the bytes
 * are, it can be used. */
struct tls_crl_scope {
	uint8_t users, authorities; /* 0: not about them */
	uint8_t place_count;        /* 0: all certificates */
	uint8_t places[TLS_CRL_PLACES][TLS_CRL_PLACE];
};

#define TLS_CRL_SCOPE_ALL                    \
	{                                    \
		.users = 1, .authorities = 1 \
	}

/* The content of the extension 2.5.29.28. Of further places 8 are kept. */
int tls_crl_scope_read(struct tls_crl_scope *scope,
    const gnutls_datum_t *extension, struct errmsg *e);

bool tls_crl_scope_covers(
    const struct tls_crl_scope *scope, gnutls_x509_crt_t crt);

#endif
