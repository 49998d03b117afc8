/*
 * chain_table: the table of tls_chain_cache: keys, and for each the time in
 * which it is a hit.
 *
 * Memory is fixed: 48 bytes an entry, in sets of eight, in which the entry that
 * was used longest ago is evicted. The first insert allocates all of it, and
 * the system backs what is touched: a server without clients has none.
 *
 * Owns:	the entries.
 * Threads:	any number; a lock is held for the search of a set.
 * Errors:	without memory each lookup is a miss.
 * Use:
 *	table = tls_chain_table_new(4096);
 *	if (tls_chain_table_lookup(table, key, time(NULL))) ...
 *	tls_span_cut(&span, not_after + 1, now);
 *	tls_chain_table_insert(table, key, &span);
 */
#ifndef COMMON_CREDS_CHAIN_TABLE_H
#define COMMON_CREDS_CHAIN_TABLE_H

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

/* A verdict that holds at now_s may change at at_s: the span ends there. */
void tls_span_cut(struct tls_span *span, int64_t at_s, int64_t now_s);

bool tls_span_holds(const struct tls_span *span, int64_t now_s);

enum {
	TLS_CHAIN_KEY = 32
};

struct tls_chain_table;

/* For at most entries keys, at least 1. NULL when there is no memory. */
struct tls_chain_table *tls_chain_table_new(size_t entries);
void tls_chain_table_free(struct tls_chain_table **table);

/* Whether the key is there, and its span holds now_s: a hit. */
bool tls_chain_table_lookup(struct tls_chain_table *table,
    const uint8_t key[static TLS_CHAIN_KEY], int64_t now_s);

/* The same key is replaced. Returns whether another one was evicted for it. */
bool tls_chain_table_insert(struct tls_chain_table *table,
    const uint8_t key[static TLS_CHAIN_KEY], const struct tls_span *span);

#endif
