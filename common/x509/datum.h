/*
 * datum: bytes as GnuTLS passes them, and as sys/file.h does.
 *
 * Use:
 *	gnutls_datum_t pem;
 *	if (gnutls_x509_crt_export2(crt, GNUTLS_X509_FMT_PEM, &pem) < 0 ||
 *	    tls_datum_move(&bytes, &pem) < 0) ...
 */
#ifndef COMMON_X509_DATUM_H
#define COMMON_X509_DATUM_H

#include <gnutls/gnutls.h>

#include "common/sys/file.h"

/* Borrows the bytes. */
static inline gnutls_datum_t
tls_datum_of(const struct file_bytes *bytes)
{
	return (gnutls_datum_t){ bytes->data, (unsigned)bytes->size };
}

/*
 * Appends what GnuTLS allocated to the bytes, clears and frees it: it may be a
 * key. 0, or -1 when there is no memory.
 */
int tls_datum_move(struct file_bytes *to, gnutls_datum_t *from);

#endif
