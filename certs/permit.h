/*
 * permit: the names that an authority may certify (RFC 5280, 4.2.1.10).
 *
 * A permitted name is one of these:
 *	example.org		the DNS name, and all below it
 *	10.0.0.0/8, 10.0.0.1	addresses, IPv6 too
 *	@example.org		e-mail addresses at that host; or a whole one
 *	uri:web.example.org	URIs of any scheme with that host
 *	uri:.example.org	URIs with a host below that domain
 * Kinds of names of which nothing is permitted are forbidden: constraints that
 * do not name a kind would leave it free.
 *
 * Owns:	the caller owns the constraints
 *		(gnutls_x509_name_constraints_deinit).
 * Use:
 *	if (permit_parse(&constraints, options->permit, count, &e) < 0) ...
 */
#ifndef CERTS_PERMIT_H
#define CERTS_PERMIT_H

#include <gnutls/x509.h>
#include <stdbool.h>
#include <stddef.h>

#include "certs/name.h"
#include "certs/x509.h"
#include "common/base/errmsg.h"

/* Of the extension. */
#define PERMIT_OID "2.5.29.30"

/* At most count texts, which a NULL may end; *out is NULL for none. */
int permit_parse(gnutls_x509_name_constraints_t *out, const char *const *texts,
    size_t count, struct errmsg *e);

/* Whether one of the authorities may certify some names only. */
bool permit_is_limited(const struct tls_chain *authorities);

/*
 * Fails if one of the authorities does not permit a name of a leaf, which has
 * been read as peers read it. Without a leaf (NULL), URIs are not judged.
 */
int permit_check(const struct tls_chain *authorities, gnutls_x509_crt_t leaf,
    const struct name *names, size_t count, struct errmsg *e);

#endif
