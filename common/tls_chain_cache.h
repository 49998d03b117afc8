/*
 * tls_chain_cache: which peers' chains have been found good, and for how long.
 *
 * A chain is known by the SHA-256 of all that the peer sent of it, so nothing
 * but the very same bytes is found again. Only good verdicts are kept. Between
 * two dates that matter (of certificates, roots and revocation lists) a verdict
 * cannot change, so it holds from the one to the other, whichever way the clock
 * is set, and not beyond. The cache belongs to one set of credentials: others
 * have another.
 *
 * Memory is fixed: 48 bytes an entry, in sets of eight, in which the entry that
 * was used longest ago gives way. The first entry allocates it, and the system
 * backs what is touched: a server without clients has none.
 *
 * Owns:	the entries.
 * Threads:	any number; a lock is held for the search of a set.
 * Errors:	without memory nothing is found.
 * Use:
 *	cache = tls_chain_cache_new(4096);
 *	if (tls_chain_cache_find(cache, key, time(NULL))) ...
 *	tls_span_cut(&span, not_after + 1, now);
 *	tls_chain_cache_add(cache, key, &span);
 */
#ifndef COMMON_TLS_CHAIN_CACHE_H
#define COMMON_TLS_CHAIN_CACHE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Seconds since 1970 in which a verdict holds: from_s <= now < until_s. */
struct tls_span {
	int64_t from_s, until_s;
};

#define TLS_SPAN_ALWAYS                                    \
	{                                                  \
		.from_s = INT64_MIN, .until_s = INT64_MAX, \
	}

/* A verdict that is true now_s may be another one from at_s on. */
void tls_span_cut(struct tls_span *span, int64_t at_s, int64_t now_s);

bool tls_span_holds(const struct tls_span *span, int64_t now_s);

enum {
	TLS_CHAIN_KEY = 32
};

struct tls_chain_cache;

/* For at most so many chains, at least one. NULL when there is no memory. */
struct tls_chain_cache *tls_chain_cache_new(size_t entries);
void tls_chain_cache_free(struct tls_chain_cache **cache);

/* Whether the chain was found good, and that holds now_s. */
bool tls_chain_cache_find(struct tls_chain_cache *cache,
    const uint8_t key[static TLS_CHAIN_KEY], int64_t now_s);

/* Whether another chain has had to make way. */
bool tls_chain_cache_add(struct tls_chain_cache *cache,
    const uint8_t key[static TLS_CHAIN_KEY], const struct tls_span *span);

#endif
