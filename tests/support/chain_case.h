/*
 * chain_case: sessions of clients at a server with a cache of chains.
 *
 * Errors:	all fail the test.
 * Use:
 *	mutual_init(&m, MUTUAL_TLS13);
 *	chain_case_accept(&m, CHAIN_MISS);
 *	chain_case_accept(&m, CHAIN_HIT);
 */
#ifndef TESTS_SUPPORT_CHAIN_CASE_H
#define TESTS_SUPPORT_CHAIN_CASE_H

#include <stddef.h>

#include "common/base/close_reason.h"
#include "common/tls/session.h"
#include "tests/support/mutual.h"

/* What came of the lookup in the cache, if there was one. */
enum chain_case_use {
	CHAIN_NOT_ASKED,
	CHAIN_HIT,
	CHAIN_MISS
};

enum chain_case_use chain_case_use(const struct tls *tls);

/* Credentials of a client of this identity; of one of mutual_priorities. */
struct tls_creds *chain_case_client(
    const struct mutual *m, const struct pki *identity, int version);

/* Gives the server an empty cache for so many chains; 0: none. */
void chain_case_renew(struct mutual *m, size_t chains);

/* One session at the server: why it was refused, or REASON_NONE. */
enum close_reason chain_case_connect(
    struct mutual *m, struct tls_creds *client, enum chain_case_use expected);

/* The same of the client, which must be let in. */
void chain_case_accept(struct mutual *m, enum chain_case_use expected);

#endif
