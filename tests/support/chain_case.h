/*
 * chain_case: sessions of clients at a server that may know them.
 *
 * Errors:	all fail the test.
 * Use:
 *	mutual_init(&m, MUTUAL_TLS13);
 *	known_welcome(&m, KNOWN_MISS);
 *	known_welcome(&m, KNOWN_HIT);
 */
#ifndef TESTS_SUPPORT_CHAIN_CASE_H
#define TESTS_SUPPORT_CHAIN_CASE_H

#include <stddef.h>

#include "common/base/close_reason.h"
#include "common/tls/session.h"
#include "tests/support/mutual.h"

/* What became of the question whether the chain is known. */
enum known_use {
	KNOWN_NOT_ASKED,
	KNOWN_HIT,
	KNOWN_MISS
};

enum known_use known_use(const struct tls *tls);

/* Credentials of a client of this identity; of one of mutual_versions. */
struct tls_creds *known_client(
    const struct mutual *m, const struct pki *identity, int version);

/* From now on the server knows nobody, and may know so many: 0 for none. */
void known_renew(struct mutual *m, size_t chains);

/* One session at the server: why it was refused, or END_COUNT. */
enum end known_visit(
    struct mutual *m, struct tls_creds *client, enum known_use expected);

/* The same of the client, which must be let in. */
void known_welcome(struct mutual *m, enum known_use expected);

#endif
