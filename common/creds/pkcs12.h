/*
 * pkcs12: a key pair in PKCS#12 (RFC 7292), made PEM.
 *
 * Errors:	-1 and words that can follow the file's name.
 * Use:
 *	if (tls_pkcs12_read(&pair, &der, password, &e) < 0) ...
 */
#ifndef COMMON_CREDS_PKCS12_H
#define COMMON_CREDS_PKCS12_H

#include "common/base/errmsg.h"
#include "common/creds/bundle.h"

/*
 * Fills an empty pair: the leaf first, then its issuers, without a root. The
 * password is UTF-8.
 */
int tls_pkcs12_read(struct tls_key_pair *pair, const struct file_bytes *der,
    const char *password, struct errmsg *e);

#endif
