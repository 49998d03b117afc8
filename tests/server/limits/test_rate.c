/* test_rate: token buckets. */
#include "server/limits/rate.h"

#include "tests/support/suite.h"

/* Two at once, then one in 10 ns; a pause fills the bucket, and not more. */
static const struct {
	int64_t now_ns;
	bool allowed;
} rows[] = {
	{ 1000, true },
	{ 1000, true },
	{ 1000, false },
	{ 1009, false },
	{ 1010, true },
	{ 1010, false },
	{ 1020, true },
	{ 9000, true },
	{ 9000, true },
	{ 9000, false },
};

TEST(bucket_of_two)
{
	const struct config_rate rate = { .interval_ns = 10, .burst = 2 };
	int64_t full_ns = 0;

	for (size_t i = 0; i < TEST_ROWS(rows); i++) {
		bool allowed = rate_allows(&rate, full_ns, rows[i].now_ns);

		ck_assert_msg(allowed == rows[i].allowed, "row %zu", i);
		if (allowed)
			full_ns = rate_take(&rate, full_ns, rows[i].now_ns);
	}
}

TEST(no_rate_allows_all)
{
	const struct config_rate none = { .interval_ns = 0 };

	ck_assert(rate_allows(&none, 5, 1));
	ck_assert_int_eq(rate_take(&none, 0, 7), 7);
}

SUITE("server/limits/rate")
