/*
 * chain_cache: clients' chains that were verified and found good, so that a
 * client that comes again costs no signature checks of its chain.
 *
 * The invariant: a chain in the cache would be found good if it were verified
 * now. It holds because
 *
 * - the key of a chain is the SHA-256 of all that the peer has sent of it, so
 *   nothing but the very same bytes is a hit;
 * - only good verdicts are cached, and of these only such as depend on nothing
 *   but the chain, the credentials and time. With an OCSP response beside the
 *   chain (RFC 8446, 4.4.2.1), or a certificate in it that names TLS features
 *   (RFC 7633: good only in a session that has not asked for such responses), a
 *   verdict is true of its session alone;
 * - a cache belongs to one set of credentials, whose roots, revocation lists
 *   and rules never change; other credentials have an empty one at first;
 * - a verdict is cached for the time between two dates: the last one before it
 *   and the first one after it at which something begins or ends that it may
 *   depend on: a certificate of the chain, a root or a revocation list. Between
 *   them it cannot change, whichever way the clock is set; outside, the lookup
 *   is a miss.
 *
 * A chain is dropped when many others have come since (creds/chain_table.h), or
 * with the credentials. That the client has the key of its certificate is not
 * part of the verdict: GnuTLS checks that in each full handshake.
 *
 * Owns:	hashes and dates.
 * Borrows:	sessions and chains, for a call.
 * Threads:	any number.
 * Errors:	without memory each lookup is a miss.
 * Use:
 *	result = tls_chain_cache_lookup(cache, session, id, &query);
 *	if (result == TLS_CHAIN_CACHE_MISS && ... verified and good ...)
 *		evicted = tls_chain_cache_insert(cache, &query, &chain);
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
struct tls_identity;

enum tls_chain_cache_result {
	TLS_CHAIN_CACHE_HIT,        /* good; not to be verified again */
	TLS_CHAIN_CACHE_MISS,       /* may be inserted, if it is good */
	TLS_CHAIN_CACHE_UNCACHEABLE /* must be verified each time */
};

/* Which chain was looked up, and when: seconds since 1970. */
struct tls_chain_cache_query {
	const struct tls_identity *id;
	int64_t asked_s;
};

/*
 * A cache of at most chains chains (at least 1), for verdicts that use these
 * roots and lists; crl may be NULL. NULL when there is no memory.
 */
struct tls_chain_cache *tls_chain_cache_new(size_t chains,
    gnutls_certificate_credentials_t roots, const struct tls_crl *crl);
void tls_chain_cache_free(struct tls_chain_cache **cache);

/*
 * Looks up the chain of a session's peer, which is id. UNCACHEABLE, too, if
 * there is no cache (NULL) or the peer has no certificate. After a MISS, keep
 * the query, and id with it.
 */
enum tls_chain_cache_result tls_chain_cache_lookup(
    struct tls_chain_cache *cache, gnutls_session_t session,
    const struct tls_identity *id, struct tls_chain_cache_query *query);

/*
 * The chain of a lookup that was a MISS; it was verified since then, and is
 * good. Returns whether another one was evicted for it.
 */
bool tls_chain_cache_insert(struct tls_chain_cache *cache,
    const struct tls_chain_cache_query *query, const struct tls_chain *chain);

#endif
