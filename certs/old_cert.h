/*
 * old_cert: a certificate in an authority's directory that another one is to
 * replace.
 *
 * Owns:	everything in it; old_cert_free takes one that was not loaded.
 * Use:
 *	struct old_cert old = OLD_CERT_INIT;
 *	if (old_cert_load(&old, authority, "alice", &e) < 0 ||
 *	    old_cert_read_names(&old, &e) < 0) ...
 *	old_cert_free(&old);
 */
#ifndef CERTS_OLD_CERT_H
#define CERTS_OLD_CERT_H

#include <gnutls/x509.h>
#include <stddef.h>

#include "certs/authority.h"
#include "certs/cert.h"
#include "certs/name.h"
#include "certs/serial.h"
#include "certs/x509.h"
#include "common/base/errmsg.h"

struct old_cert {
	struct tls_chain chain; /* the certificate, and its issuers' */
	struct serial serial;
	/* With old_cert_read_names. */
	enum cert_purpose purpose;
	struct name *names;
	char **texts; /* of the names */
	size_t names_count;
};

#define OLD_CERT_INIT                   \
	{                               \
		.chain = TLS_CHAIN_INIT \
	}

/* Of STEM.pem, which this authority must have issued. */
int old_cert_load(struct old_cert *out, const struct authority *a,
    const char *stem, struct errmsg *e);

/* Fails for what the commands server and client do not make. */
int old_cert_read_names(struct old_cert *old, struct errmsg *e);

/* The certificate's key, from STEM.key: there, and not encrypted. */
int old_cert_load_key(gnutls_x509_privkey_t *out, const struct old_cert *old,
    const struct authority *a, const char *stem, struct errmsg *e);

void old_cert_free(struct old_cert *old);

#endif
