/*
 * pbes2: opens a private key that is encrypted by a password (RFC 8018, A.4;
 * RFC 5958, 3). GnuTLS opens one only to read it as a key at once, and does not
 * hand out what it cannot read, such as an EC key without its public half.
 *
 * Owns:	the caller has the bytes, for file_bytes_free.
 * Use:
 *	if (tls_pbes2_open(&plain, &encrypted, password) < 0) ...
 */
#ifndef COMMON_X509_PBES2_H
#define COMMON_X509_PBES2_H

#include <gnutls/gnutls.h>

#include "common/sys/file.h"

/*
 * EncryptedPrivateKeyInfo in DER, by PBKDF2 and AES or triple DES in CBC mode.
 * -1: it is none, or encrypted otherwise, or by another password.
 */
int tls_pbes2_open(struct file_bytes *plain, const gnutls_datum_t *encrypted,
    const char *password);

#endif
