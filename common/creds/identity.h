/*
 * identity: what somebody has shown in a handshake: a chain of certificates,
 * kept once in the process however many connections have shown it.
 *
 * Connections hold references, so that those that are open can be judged again
 * when the credentials change: each identity once, not each connection. Whoever
 * was asked for a certificate and showed none is the identity without one.
 *
 * Owns:	the DER of the certificates; a table of all identities, from
 *		which each is dropped with its last reference.
 * Threads:	any number; tls_identities_judge in one at a time.
 * Errors:	NULL without memory.
 * Use:
 *	peer = tls_identity_new(ders, count);
 *	...
 *	tls_identities_judge(creds);	// new ones, by reload
 *	if (tls_identity_refusal(peer) != REASON_NONE) ...
 *	tls_identity_unref(&peer);
 */
#ifndef COMMON_CREDS_IDENTITY_H
#define COMMON_CREDS_IDENTITY_H

#include <gnutls/gnutls.h>
#include <stdint.h>

#include "common/base/close_reason.h"

struct tls_creds;
struct tls_identity;

/* One reference to the identity of this chain, leaf first; it is copied. */
struct tls_identity *tls_identity_new(
    const gnutls_datum_t *ders, unsigned count);
struct tls_identity *tls_identity_ref(struct tls_identity *id);
/* NULL may be passed; it becomes NULL. */
void tls_identity_unref(struct tls_identity **id);

/*
 * Its DERs, leaf first, valid as long as the reference; *count, if not NULL, is
 * how many. NULL: id is NULL, or the identity without a certificate.
 */
const gnutls_datum_t *tls_identity_chain(
    const struct tls_identity *id, unsigned *count);

/* SHA-256 of the certificates and of their lengths: TLS_CHAIN_KEY bytes. */
const uint8_t *tls_identity_key(const struct tls_identity *id);

/*
 * Asks the policy of a server's credentials (revocation lists, constraints,
 * rules) about an identity whose signatures and dates were verified when it was
 * shown. NONE, or why it is refused. Any thread.
 */
enum close_reason tls_identity_judge(
    const struct tls_identity *id, const struct tls_creds *creds);

/* Judges all that are referenced, and keeps the verdicts. How many these are.
 */
unsigned tls_identities_judge(const struct tls_creds *creds);

/* The last of these verdicts; NONE before the first, and if id is NULL. */
enum close_reason tls_identity_refusal(const struct tls_identity *id);

#endif
