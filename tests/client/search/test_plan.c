/* test_plan: which rates are tried, for servers that hold so many. */
#include "client/search/plan.h"

#include <math.h>

#include "tests/support/suite.h"

static struct plan plan;
static unsigned tried;

/* Runs it against a server that holds this rate; the highest rate tried. */
static double
run(double holds)
{
	double highest = 0;
	double rate;

	for (tried = 0; (rate = plan_next(&plan)) > 0; tried++) {
		ck_assert_uint_lt(tried, 40);
		highest = fmax(highest, rate);
		plan_tell(&plan, rate <= holds, fmin(rate, holds));
	}
	return highest;
}

static const double capacities[] = { 5.1, 9.9, 37, 200, 999.9, 1000, 1999, 2000,
	4998, 5000, 123456, 7654321 };

/* In at most 24 steps: with those of two seconds that is under a minute. */
TEST_EACH(found_within_2_percent, capacities)
{
	double holds = capacities[_i];

	plan_init(&plan, 1000, 1e8, 5);
	(void)run(holds);
	ck_assert(plan.found > 0 && plan.found <= holds);
	ck_assert_double_ge(plan.found, holds * 0.97 - 0.1);
	ck_assert_uint_le(tried, 24);
}

/* It begins at the highest, and what was made of that leads near the answer. */
TEST(from_the_highest_down)
{
	plan_init(&plan, 8000, 8000, 5);
	ck_assert_double_eq(plan_next(&plan), 8000);
	plan_tell(&plan, false, 3000);
	ck_assert_double_eq(plan_next(&plan), 3000);
	plan_tell(&plan, true, 3000);
	ck_assert_double_eq(plan_next(&plan), 5500);
	ck_assert_double_eq(run(5000), 5500);
	ck_assert_double_ge(plan.found, 4900);
}

TEST(never_above_the_highest)
{
	plan_init(&plan, 8000, 8000, 5);
	ck_assert_double_eq(run(1e9), 8000);
	ck_assert_double_eq(plan.found, 8000);
	ck_assert_uint_eq(tried, 2);
	plan_init(&plan, 1000, 3000, 5);
	ck_assert_double_eq(run(1e9), 3000);
	ck_assert_double_eq(plan.found, 3000);
}

/* Which are no multiples of what other rates are rounded to. */
static const double odd[] = { 1234.5, 0.04, 0.004, 60.55 };

TEST_EACH(begins_at_the_highest, odd)
{
	plan_init(&plan, odd[_i], odd[_i], odd[_i] / 2);
	ck_assert_double_eq(plan_next(&plan), odd[_i]);
	ck_assert_double_eq(run(1e9), odd[_i]);
	ck_assert_double_eq(plan.found, odd[_i]);
}

/* Latencies that are too long at any rate: what was made says nothing. */
TEST(none)
{
	double rate;

	plan_init(&plan, 1000, 1e8, 5);
	for (tried = 0; (rate = plan_next(&plan)) > 0; tried++) {
		ck_assert_double_ge(rate, 5);
		plan_tell(&plan, false, rate);
	}
	ck_assert_double_eq(plan.found, 0);
	ck_assert_uint_le(tried, 10);
}

/* 1,000 held by luck: each confirmation that fails leads further down. */
TEST(not_confirmed)
{
	static const double expected[] = { 1000, 970, 911.8, 802.4, 609.8 };

	plan_init(&plan, 1000, 1000, 5);
	plan_tell(&plan, true, 1000);
	for (int i = 0; i < 5; i++) {
		ck_assert(plan.confirms);
		ck_assert_double_eq_tol(plan_next(&plan), expected[i], 0.06);
		plan_tell(&plan, false, 0);
	}
	ck_assert_double_eq(plan_next(&plan), 0);
	ck_assert_double_eq(plan.found, 0);
}

TEST(confirmed_lower)
{
	plan_init(&plan, 1000, 1000, 5);
	plan_tell(&plan, true, 1000);
	plan_tell(&plan, false, 0);
	plan_tell(&plan, true, 0);
	ck_assert_double_eq(plan_next(&plan), 0);
	ck_assert_double_eq(plan.found, 970);
}

SUITE("client/search/plan")
