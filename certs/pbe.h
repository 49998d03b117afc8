/*
 * pbe: encryption and authentication with a password (RFC 8018, RFC 7292).
 *
 * PBES2 with AES-256 in CBC mode, whose key PBKDF2 makes of the password with
 * HMAC-SHA-256; and for PKCS #12 an HMAC-SHA-256, whose key that standard's own
 * function makes (RFC 7292, appendix B). GnuTLS has these too, but not with a
 * number of rounds of the caller's.
 *
 * Borrows:	the password.
 * Errors:	-1 and a line.
 * Use:
 *	struct pbe pbe = { .password = "secret", .rounds = PBE_ROUNDS };
 *	der_open(&d, DER_SEQUENCE);
 *	if (pbe_put_encrypted(&d, DER_OCTET_STRING, &pbe, &key, &e) < 0) ...
 *	der_close(&d);
 */
#ifndef CERTS_PBE_H
#define CERTS_PBE_H

#include "certs/der.h"
#include "common/base/errmsg.h"
#include "common/sys/file.h"

enum {
	/* What OpenSSL 1.1 to 3.5 take for PKCS #12 and PKCS #8. */
	PBE_ROUNDS = 2048,
	/* The least that RFC 8018, section 4.2, recommends. */
	PBE_ROUNDS_MIN = 1000,
	/* Java refuses to read more. */
	PBE_ROUNDS_MAX = 5000000
};

struct pbe {
	const char *password; /* UTF-8, not empty */
	unsigned int rounds;
};

/*
 * Appends two elements: the algorithm's identifier, and the encrypted bytes as
 * a string of this tag.
 */
int pbe_put_encrypted(struct der *d, enum der_tag tag, const struct pbe *pbe,
    const struct file_bytes *plain, struct errmsg *e);

/*
 * Puts what an EncryptedPrivateKeyInfo holds into empty bytes (RFC
 * 5958, section 3). Only for what this module and GnuTLS write, PBES2 with
 * AES: -1 for all others, and for a wrong password.
 */
int pbe_decrypt(struct file_bytes *out, const struct der_view *encrypted,
    const char *password);

/* Appends the MacData of PKCS #12 for these contents. */
int pbe_put_mac(struct der *d, const struct pbe *pbe,
    const struct file_bytes *contents, struct errmsg *e);

#endif
