/*
 * private_key: private keys in PEM.
 *
 * An EC key may lack its public half, which is optional (RFC 5915, 3): Java
 * writes all of its keys so, and openssl ec -no_public. GnuTLS 3.7 and 3.8
 * refuse these; the certificate has what is missing.
 *
 * Errors:	-1 and words that can follow the file's name.
 * Use:
 *	gnutls_x509_privkey_init(&key);
 *	if (tls_private_key_read(key, &pem, leaf, NULL, &e) < 0) ...
 */
#ifndef COMMON_X509_PRIVATE_KEY_H
#define COMMON_X509_PRIVATE_KEY_H

#include <gnutls/x509.h>
#include <stdbool.h>

#include "common/base/errmsg.h"
#include "common/sys/file.h"

/*
 * Fills a key that was just made. An EC key without its public half becomes
 * whole, if it is that of the certificate, and one that the password (NULL:
 * none) opens is decrypted; so is its text. A password that is not needed does
 * no harm.
 */
int tls_private_key_read(gnutls_x509_privkey_t key, struct file_bytes *pem,
    gnutls_x509_crt_t crt, const char *password, struct errmsg *e);

/*
 * PEM of PKCS#8 (RFC 5958, 3) or of OpenSSL's older form (RFC 1421, 4.6.1.1),
 * encrypted in whatever way.
 */
bool tls_private_key_is_encrypted(const gnutls_datum_t *pem);

/*
 * Fills a key that was just made from PEM that is encrypted. crt: of an EC key
 * that may lack its public half; NULL: of none. 0, or GnuTLS's error.
 */
int tls_private_key_decrypt(gnutls_x509_privkey_t key,
    const gnutls_datum_t *pem, gnutls_x509_crt_t crt, const char *password);

/*
 * Fills a key that was just made from an EC key in PKCS#8 (RFC 5958) without
 * its public half. -1, unless it is that of the certificate.
 */
int tls_private_key_join(gnutls_x509_privkey_t key, const gnutls_datum_t *pkcs8,
    gnutls_x509_crt_t crt);

/* Appends it in PEM. 0, or -1 without memory. */
int tls_private_key_export(struct file_bytes *out, gnutls_x509_privkey_t key);

#endif
