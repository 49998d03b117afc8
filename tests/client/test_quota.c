/* test_quota: what falls to the workers adds up. */
#include "client/quota.h"

#include "client/options.h"
#include "tests/support/suite.h"

static const struct {
	uint64_t connections, workers, round_trips;
} splits[] = { { 1, 1, 1 }, { 64, 2, 10 }, { 64, 3, 64 }, { 7, 3, 1000 },
	{ 5, 5, 4 }, { 1000000, 256, UINT64_MAX / 4 }, { 3, 2, 3000000001 } };

TEST_EACH(shares_add_up, splits)
{
	struct options o = { .connections = splits[_i].connections,
		.workers = splits[_i].workers,
		.round_trips = splits[_i].round_trips };
	uint64_t connections = 0;
	uint64_t round_trips = 0;

	for (unsigned w = 0; w < o.workers; w++) {
		uint64_t share = quota_of(o.connections, o.workers, w);

		ck_assert_uint_ge(share, o.connections / o.workers);
		ck_assert_uint_le(share, o.connections / o.workers + 1);
		connections += share;
		round_trips += quota_round_trips(&o, w);
	}
	ck_assert_uint_eq(connections, o.connections);
	ck_assert_uint_eq(round_trips, o.round_trips);
}

TEST(no_limit_without_round_trips)
{
	struct options o = { .connections = 5, .workers = 2 };

	ck_assert_uint_eq(quota_round_trips(&o, 0), UINT64_MAX);
	ck_assert_uint_eq(quota_round_trips(&o, 1), UINT64_MAX);
}

SUITE("client/quota")
