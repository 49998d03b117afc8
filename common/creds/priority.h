/*
 * priority: GnuTLS priority strings, checked and explained (GnuTLS manual,
 * "Priority strings").
 *
 * Use:
 *	if (tls_priority_describe(priority, text, &e) < 0) ...
 */
#ifndef COMMON_CREDS_PRIORITY_H
#define COMMON_CREDS_PRIORITY_H

#include <stddef.h>

#include "common/base/errmsg.h"

/*
 * TLS 1.3 and 1.2 only; at least 128 bits of security, so neither RSA below
 * 2048 bits nor P-192 nor SHA-1. What is of that strength and costs less comes
 * first: X25519 saves a server 7 % of a full handshake's instructions against
 * P-256; and SHA-256, which AES-128-GCM goes with, where the processor has
 * instructions for it, 10 % of the time of a full handshake and 28 % of that of
 * a resumed one against SHA-384, which AES-256-GCM goes with.
 */
#define TLS_PRIORITY_DEFAULT \
	TLS_PRIORITY_VERSIONS TLS_PRIORITY_CIPHERS TLS_PRIORITY_GROUPS

/* In parts, for lines of text. */
#define TLS_PRIORITY_VERSIONS "SECURE128:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:"

#define TLS_PRIORITY_CIPHERS "-CIPHER-ALL:+AES-128-GCM:+CIPHER-ALL:"

#define TLS_PRIORITY_GROUPS \
	"-GROUP-ALL:+GROUP-X25519:+GROUP-ALL:%PROFILE_MEDIUM"

enum {
	TLS_PRIORITY_TEXT = 4096
};

/* -1 when GnuTLS does not understand the string. */
int tls_priority_check(const char *priority, struct errmsg *e);

/*
 * What it comes to, in lines "protocols: ...", "ciphers: ...", "groups: ..."
 * and "signatures: ...", each in order of preference.
 */
int tls_priority_describe(const char *priority,
    char text[static TLS_PRIORITY_TEXT], struct errmsg *e);

#endif
