/*
 * pkcs8: private keys as PKCS #8 (RFC 5958), in DER.
 *
 * GnuTLS up to 3.8.12 writes the scalar of an EC key with a zero in front where
 * its high bit is set, as if it was an INTEGER, and so 33 bytes where RFC 5915,
 * section 3, has exactly 32. It reads that itself, as OpenSSL does; ring (and
 * with it rustls), python3-cryptography 48 and Botan refuse it. So EC keys are
 * written here.
 *
 * Use:
 *	struct file_bytes der = FILE_BYTES_INIT;
 *	if (pkcs8_encode(&der, key, &e) < 0) ...
 *	file_bytes_free(&der);
 */
#ifndef CERTS_PKCS8_H
#define CERTS_PKCS8_H

#include <gnutls/x509.h>
#include <stdbool.h>

#include "common/base/errmsg.h"
#include "common/sys/file.h"

/* Not encrypted; out is empty before, and the caller's afterwards. */
int pkcs8_encode(
    struct file_bytes *out, gnutls_x509_privkey_t key, struct errmsg *e);

/*
 * Whether a key, PKCS #8 or RFC 5915's own form in DER, is an EC key with a
 * scalar of another size than the key's curve has; that is *wanted then, and
 * *size what was found.
 */
bool pkcs8_has_wrong_scalar(const gnutls_datum_t *der,
    gnutls_x509_privkey_t key, size_t *size, size_t *wanted);

#endif
