/*
 * priority: GnuTLS priority strings, checked and explained (GnuTLS manual,
 * "Priority strings").
 *
 * Use:
 *	char text[TLS_PRIORITY_TEXT];
 *	if (tls_priority_describe(tls_priority_default(), text, &e) < 0) ...
 */
#ifndef COMMON_CREDS_PRIORITY_H
#define COMMON_CREDS_PRIORITY_H

#include <stdbool.h>
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

/*
 * The same with X25519MLKEM768 first, for builds of GnuTLS that have it: 3.8.8
 * and newer with a library for ML-KEM, which Debian's are not. GnuTLS sends key
 * shares of two groups, and none of X25519 beside this one: a server on GnuTLS
 * that lacks the first group costs a round trip more if X25519 is the second.
 * Servers with 3.8.8 to 3.8.13 choose a hybrid only where both sides list an
 * FFDHE group, too: GROUP-ALL has them.
 */
#define TLS_PRIORITY_HYBRID \
	TLS_PRIORITY_VERSIONS TLS_PRIORITY_CIPHERS TLS_PRIORITY_HYBRID_GROUPS

#define TLS_PRIORITY_HYBRID_GROUPS                           \
	"-GROUP-ALL:+GROUP-X25519-MLKEM768:+GROUP-SECP256R1" \
	":+GROUP-X25519:+GROUP-ALL:%PROFILE_MEDIUM"

enum {
	TLS_PRIORITY_TEXT = 4096
};

/* One of the two above, by what the GnuTLS that runs has. */
const char *tls_priority_default(void);

/* The same by an answer to whether a library has the group of this name. */
const char *tls_priority_default_of(bool (*has_group)(const char *name));

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
