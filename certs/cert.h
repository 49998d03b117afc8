/*
 * cert: making certificates: a root, authorities below it, and leaves.
 *
 * They follow RFC 5280: version 3, a random serial of 128 bits, key
 * identifiers, basicConstraints, keyUsage; a leaf has one key purpose, server
 * or client, and its names as subject alternative names. The hash of the
 * signature is the one that suits the issuer's key: SHA-256, SHA-384 for P-384,
 * and Ed25519's own.
 *
 * Owns:	the caller owns what the makers return.
 * Use:
 *	struct cert_leaf leaf = { .key = key, .names = &name, .names_count = 1,
 *		.purpose = CERT_SERVER, .validity = validity };
 *	if (cert_make_leaf(&cert, &leaf, issuer, issuer_key, &e) < 0) ...
 */
#ifndef CERTS_CERT_H
#define CERTS_CERT_H

#include <gnutls/abstract.h>
#include <gnutls/x509.h>
#include <stdbool.h>
#include <stddef.h>

#include "certs/name.h"
#include "certs/when.h"
#include "common/base/errmsg.h"
#include "common/sys/file.h"

enum cert_purpose {
	CERT_SERVER,
	CERT_CLIENT
};

enum {
	CERT_KEY_ID_MAX = 64
};

struct cert_leaf {
	gnutls_x509_privkey_t key;
	const struct name *names; /* the first is the common name, */
	size_t names_count;
	bool lacks_common_name; /* unless it must not be there */
	enum cert_purpose purpose;
	struct when_validity validity;
};

int cert_make_root(gnutls_x509_crt_t *out, gnutls_x509_privkey_t key,
    const char *common_name, const struct when_validity *validity,
    struct errmsg *e);

struct cert_authority {
	gnutls_x509_privkey_t key;
	const char *common_name;
	struct when_validity validity;
	int path_length; /* of authorities below it; -1: any number */
	gnutls_x509_name_constraints_t constraints; /* NULL: any name */
};

/* An authority below the issuer. */
int cert_make_authority(gnutls_x509_crt_t *out,
    const struct cert_authority *authority, gnutls_x509_crt_t issuer,
    gnutls_privkey_t issuer_key, struct errmsg *e);

int cert_make_leaf(gnutls_x509_crt_t *out, const struct cert_leaf *leaf,
    gnutls_x509_crt_t issuer, gnutls_privkey_t issuer_key, struct errmsg *e);

/* What an issuer's signatures use and name. */
struct cert_issuer {
	gnutls_digest_algorithm_t digest;
	/* The subject key identifier, or the key's own where there is none. */
	unsigned char key_id[CERT_KEY_ID_MAX];
	size_t key_id_size;
};

int cert_issuer_read(
    struct cert_issuer *out, gnutls_x509_crt_t issuer, struct errmsg *e);

/* Appends one PEM block. */
int cert_export_pem(
    struct file_bytes *out, gnutls_x509_crt_t cert, struct errmsg *e);

#endif
