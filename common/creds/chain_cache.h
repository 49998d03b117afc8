/*
 * chain_cache: clients' chains that are known to be good, so that a client that
 * comes again costs no signature checks of its chain.
 *
 * The invariant: a chain that is known would be found good if it were verified
 * now. It holds because
 *
 * - a chain is known by the SHA-256 of all that the peer has sent of it, so
 *   nothing but the very same bytes is known;
 * - only good verdicts are remembered, and of these only such as depend on the
 *   chain, the credentials and time. With an OCSP response beside the chain
 *   (RFC 8446, 4.4.2.1), or a certificate in it that names TLS features (RFC
 *   7633: good only in a session that has not asked for such responses), a
 *   verdict is true of its session alone;
 * - it belongs to one set of credentials: roots, revocation lists and rules
 *   never change beside it, and other credentials know nobody at first;
 * - a verdict is remembered for the time between two dates: that before and
 *   that after it at which something begins or ends that it may have relied on,
 *   a certificate of the chain, a root or a revocation list. In between it
 *   cannot change, whichever way the clock is set; outside, the chain is
 *   unknown.
 *
 * A chain is forgotten when many others have come since (creds/chain_table.h),
 * or with the credentials. That the client has the key of its certificate is
 * not part of the verdict: GnuTLS checks that in each full handshake.
 *
 * Owns:	hashes and dates.
 * Borrows:	sessions and chains, for a call.
 * Threads:	any number.
 * Errors:	without memory nobody is known.
 * Use:
 *	result = tls_chain_cache_lookup(cache, session, &query);
 *	if (result == TLS_CHAIN_CACHE_MISS && ... verified and good ...)
 *		tls_chain_cache_insert(cache, &query, &chain);
 */
#ifndef COMMON_CREDS_CHAIN_CACHE_H
#define COMMON_CREDS_CHAIN_CACHE_H

#include <gnutls/gnutls.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/creds/chain_table.h"

struct tls_chain;
struct tls_crl;
struct tls_chain_cache;

enum tls_chain_cache_result {
	TLS_CHAIN_CACHE_HIT,        /* good; not to be verified again */
	TLS_CHAIN_CACHE_MISS,       /* may be remembered, if it is good */
	TLS_CHAIN_CACHE_UNCACHEABLE /* must be verified each time */
};

/* Which chain was asked about, and when: seconds since 1970. */
struct tls_chain_cache_query {
	uint8_t key[TLS_CHAIN_KEY];
	int64_t asked_s;
};

/*
 * For at most so many chains (at least one), judged with these roots and these
 * lists, or NULL. NULL when there is no memory.
 */
struct tls_chain_cache *tls_chain_cache_new(size_t chains,
    gnutls_certificate_credentials_t roots, const struct tls_crl *crl);
void tls_chain_cache_free(struct tls_chain_cache **known);

/*
 * Whether the chain of a session's peer is known; NEVER, too, if known is NULL
 * or the peer has no certificate. The question is to be kept if it is NO.
 */
enum tls_chain_cache_result tls_chain_cache_lookup(
    struct tls_chain_cache *known, gnutls_session_t session,
    struct tls_chain_cache_query *question);

/*
 * The chain that was asked about was verified since then, and is good. Returns
 * whether another one was forgotten for it.
 */
bool tls_chain_cache_insert(struct tls_chain_cache *known,
    const struct tls_chain_cache_query *question,
    const struct tls_chain *chain);

/*
 * What a chain is known by: SHA-256 of its certificates and of their lengths.
 * False without memory.
 */
bool tls_chain_cache_key(const gnutls_datum_t *ders, unsigned count,
    uint8_t key[static TLS_CHAIN_KEY]);

#endif
