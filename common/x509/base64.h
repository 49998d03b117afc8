/*
 * base64: bytes as text (RFC 4648, 4), by GnuTLS.
 */
#ifndef COMMON_X509_BASE64_H
#define COMMON_X509_BASE64_H

#include <stddef.h>

/* On one line; free it. NULL: out of memory. */
char *tls_base64_encode(const void *bytes, size_t n);

#endif
