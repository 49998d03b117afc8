/* test_bootstrap: medians, and intervals that are as they should be. */
#include "client/runs/bootstrap.h"

#include <math.h>

#include "tests/support/suite.h"

TEST(medians)
{
	ck_assert_double_eq(bootstrap_median((double[]){ 7 }, 1), 7);
	ck_assert_double_eq(bootstrap_median((double[]){ 9, 1, 5 }, 3), 5);
	ck_assert_double_eq(bootstrap_median((double[]){ 9, 1, 5, 2 }, 4), 3.5);
}

TEST(quotients)
{
	ck_assert_double_eq(bootstrap_quotient(2, 3), 1.5);
	ck_assert_double_eq(bootstrap_quotient(2, 0), 0);
	ck_assert_double_eq(bootstrap_quotient(0, 0), 1);
	ck_assert(isinf(bootstrap_quotient(0, 1)));
}

static const double near[] = { 98, 99, 100, 101, 102 };
static const double far[] = { 196, 198, 200, 202, 204 };

/* The same numbers each time; and never beyond the quotients that there are. */
TEST(interval)
{
	struct bootstrap_interval i = bootstrap_ratio(near, 5, far, 5);
	struct bootstrap_interval again = bootstrap_ratio(near, 5, far, 5);

	ck_assert(i.low < 2 && i.low >= 196.0 / 102);
	ck_assert(i.high > 2 && i.high <= 204.0 / 98);
	ck_assert(i.low == again.low && i.high == again.high);
}

TEST(the_same_on_both_sides)
{
	struct bootstrap_interval i = bootstrap_ratio(near, 5, near, 5);

	ck_assert(i.low < 1 && i.high > 1);
}

/*
 * Of samples from one distribution, few intervals leave out 1: of medians of
 * nine, the percentile bootstrap leaves it out in less than 5 percent.
 */
TEST(chance_alone)
{
	uint64_t state = 1;
	int wrong = 0;

	for (int round = 0; round < 200; round++) {
		struct bootstrap_interval i;
		double v[18];

		for (int n = 0; n < 18; n++) {
			state =
			    state * 6364136223846793005 + 1442695040888963407;
			v[n] = 100 + (double)(state >> 40) / (1 << 24);
		}
		i = bootstrap_ratio(v, 9, v + 9, 9);
		wrong += i.low > 1 || i.high < 1;
	}
	ck_assert_int_le(wrong, 10);
}

/* Whoever had no errors before has a quotient without end now. */
TEST(from_nothing)
{
	const double none[] = { 0, 0, 0 };
	const double some[] = { 3, 4, 5 };
	struct bootstrap_interval i = bootstrap_ratio(none, 3, some, 3);

	ck_assert(isinf(i.low) && isinf(i.high));
	i = bootstrap_ratio(some, 3, none, 3);
	ck_assert(i.low == 0 && i.high == 0);
}

SUITE("client/runs/bootstrap")
