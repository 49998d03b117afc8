/*
 * pfx: a key and its certificates as PKCS #12 (RFC 7292).
 *
 * Key and certificates are encrypted with AES-256 (PBES2) and the whole is
 * authenticated with HMAC-SHA-256; OpenSSL 1.1, GnuTLS 3.6, NSS, macOS 15 and
 * Windows Server 2019 and their successors read that.
 *
 * Owns:	the caller owns the bytes.
 * Borrows:	everything in struct pfx.
 * Use:
 *	struct pfx pfx = { .key = key, .certs = certs, .count = 2, ... };
 *	if (pfx_make(&bytes, &pfx, &e) < 0) ...
 */
#ifndef CERTS_PFX_H
#define CERTS_PFX_H

#include <gnutls/x509.h>

#include "certs/pbe.h"
#include "common/base/errmsg.h"
#include "common/sys/file.h"

struct pfx {
	gnutls_x509_privkey_t key;
	const gnutls_x509_crt_t *certs; /* the key's own first */
	unsigned int count;
	const char *friendly_name;
	struct pbe pbe;
};

int pfx_make(struct file_bytes *out, const struct pfx *pfx, struct errmsg *e);

#endif
