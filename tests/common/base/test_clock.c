/* test_clock: the clocks run, in the unit that they claim. */
#include "common/base/clock.h"

#include <time.h>

#include "tests/support/suite.h"

TEST(monotonic_never_goes_back)
{
	int64_t last_ns = clock_now_ns();

	ck_assert_int_gt(last_ns, 0);
	for (int i = 0; i < 100000; i++) {
		int64_t now_ns = clock_now_ns();

		ck_assert_int_ge(now_ns, last_ns);
		last_ns = now_ns;
	}
}

/* Read between two readings of the kernel's clock, so it lies between. */
TEST(monotonic_is_the_kernels)
{
	struct timespec before;
	struct timespec after;
	int64_t now_ns;

	(void)clock_gettime(CLOCK_MONOTONIC, &before);
	now_ns = clock_now_ns();
	(void)clock_gettime(CLOCK_MONOTONIC, &after);
	ck_assert_int_ge(
	    now_ns, before.tv_sec * CLOCK_NS_PER_S + before.tv_nsec);
	ck_assert_int_le(now_ns, after.tv_sec * CLOCK_NS_PER_S + after.tv_nsec);
}

TEST(wall_agrees_with_time)
{
	int64_t before = time(NULL);
	int64_t wall_s = clock_wall_ns() / CLOCK_NS_PER_S;

	/* time(2) may be a tick behind clock_gettime(2). */
	ck_assert_int_ge(wall_s, before);
	ck_assert_int_le(wall_s, time(NULL) + 1);
}

TEST(units_agree)
{
	ck_assert_int_eq(CLOCK_NS_PER_S, 1000 * CLOCK_NS_PER_MS);
	ck_assert_int_eq(CLOCK_NS_PER_MS, 1000 * CLOCK_NS_PER_US);
	ck_assert_int_eq(CLOCK_NS_PER_US, 1000);
}

SUITE("common/base/clock")
