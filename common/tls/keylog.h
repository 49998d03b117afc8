/*
 * keylog: secrets for a protocol analyzer, in lines of NSS's format: "LABEL
 * client-random secret" (draft-ietf-tls-keylogfile). An analyzer finds a
 * session by its client random.
 */
#ifndef COMMON_TLS_KEYLOG_H
#define COMMON_TLS_KEYLOG_H

#include <gnutls/gnutls.h>

struct tls;
struct tls_gnutls;

/* A line, if the settings of the credentials have a descriptor for it. */
void tls_log_secret(const struct tls_gnutls *g, const char *label,
    const gnutls_datum_t *secret);

/* The line that a session of TLS 1.2 would lack which is resumed. */
void tls_log_resumed(const struct tls *tls);

#endif
