/*
 * identity: a key and its certificate, made and written as files.
 *
 * Use:
 *	struct identity_maker maker = { .authority = authority, ... };
 *	struct identity_request request = { .names = &name, .count = 1, ... };
 *	if (identity_check(&maker, &request, &e) < 0 ||
 *	    identity_make(&maker, &request, &e) < 0) ...
 */
#ifndef CERTS_IDENTITY_H
#define CERTS_IDENTITY_H

#include <stdbool.h>
#include <stddef.h>

#include "certs/authority.h"
#include "certs/cert.h"
#include "certs/key.h"
#include "certs/name.h"
#include "certs/pbe.h"
#include "certs/when.h"
#include "common/base/errmsg.h"

/* What all identities of one command have in common; borrows its pointers. */
struct identity_maker {
	struct authority *authority; /* AUTHORITY_SIGN */
	const struct pbe *pbe;       /* of NAME.pfx; NULL: no such file */
	struct when_validity validity;
	bool overwrite;
	bool revoke_old; /* revoke what is overwritten */
};

/* Borrows its pointers, too. */
struct identity_request {
	const struct name *names;
	size_t count;
	const char *stem; /* of the files' names; NULL: the first name's */
	enum cert_purpose purpose;
	const struct key_kind *key_kind; /* of a new key; not used with: */
	gnutls_x509_privkey_t key;       /* NULL: a new one is made */
};

/*
 * Whether identity_make would find its files free (or may overwrite them), and
 * its names permitted, as far as can be told without a certificate.
 */
int identity_check(const struct identity_maker *maker,
    const struct identity_request *request, struct errmsg *e);

/*
 * Makes a key and a certificate, writes NAME.pem, NAME.key and NAME.pfx, all or
 * none, and prints one line with their paths. A NAME.pfx that is overwritten by
 * an identity without one is removed, since its key is no longer NAME's. Of a
 * certificate that is overwritten the serial number is said, since it is valid
 * still, unless it is revoked in the same step.
 */
int identity_make(const struct identity_maker *maker,
    const struct identity_request *request, struct errmsg *e);

#endif
