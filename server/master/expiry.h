/*
 * expiry: dates that an operator must not miss, as gauges and warnings.
 *
 * Certificates: a warning 30 days before the end, and after it. CRLs: one day
 * before the next update of one is due, and after that.
 *
 * Use:
 *	expiry_set(&expiry, &credentials, shard);
 *	... in each turn: wait_ns = expiry_turn(&expiry, clock_now_ns());
 */
#ifndef SERVER_MASTER_EXPIRY_H
#define SERVER_MASTER_EXPIRY_H

#include <stdint.h>

#include "server/master/credentials.h"

struct stats_shard;

#define EXPIRY_CHECK_NS (60 * INT64_C(1000000000))

/* How far a date has come; each is warned of once. */
enum expiry_stage {
	EXPIRY_FAR,
	EXPIRY_NEAR,
	EXPIRY_PAST
};

struct expiry {
	struct credentials_dates dates;
	enum expiry_stage certificates[TLS_KEY_PAIRS_MAX];
	enum expiry_stage crl;
	int64_t check_ns; /* when the next check is due */
};

/* New dates: sets the gauges of the shard, warns anew. */
void expiry_set(struct expiry *expiry, const struct credentials *credentials,
    struct stats_shard *shard);

/* Warns where a stage has been reached since it was last called. */
void expiry_check(struct expiry *expiry, int64_t now_s);

/* The same each EXPIRY_CHECK_NS; how long until the next time. */
int64_t expiry_turn(struct expiry *expiry, int64_t now_ns);

#endif
