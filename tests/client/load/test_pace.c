/* test_pace: even gaps over all workers, and no bursts. */
#include "client/load/pace.h"

#include "common/base/clock.h"
#include "tests/support/suite.h"

enum {
	WORKERS = 3
};

static const int64_t begin_ns = 1234567890123456789;

static const uint64_t rates[] = { 1, 3, 7, 1000, 999999, 1000000000 };

TEST(no_limit)
{
	struct pace p;

	pace_init(&p, 0, 0, 1, begin_ns);
	ck_assert_int_eq(pace_wait_ns(&p, begin_ns), 0);
	ck_assert(pace_take(&p, begin_ns));
	ck_assert(pace_take(&p, begin_ns));
}

/* Taken together, those of the workers are one rate apart, but for rounding. */
TEST_EACH(workers_take_turns, rates)
{
	const int64_t gap_ns =
	    (int64_t)((CLOCK_NS_PER_S + (int64_t)rates[_i] - 1) /
		(int64_t)rates[_i]);
	struct pace of[WORKERS];
	int64_t last_ns = 0;

	for (unsigned w = 0; w < WORKERS; w++)
		pace_init(&of[w], rates[_i], w, WORKERS, begin_ns);
	for (int i = 0; i < 10 * WORKERS; i++) {
		struct pace *next = &of[0];

		for (unsigned w = 1; w < WORKERS; w++)
			if (of[w].next_ns < next->next_ns)
				next = &of[w];
		ck_assert_int_gt(next->next_ns, begin_ns);
		if (last_ns > 0)
			ck_assert_int_le(gap_ns - (next->next_ns - last_ns), 1);
		last_ns = next->next_ns;
		ck_assert(!pace_take(next, last_ns - 1));
		ck_assert(pace_take(next, last_ns));
	}
}

/* Processes that start at different times are in step all the same. */
TEST_EACH(same_grid_at_any_start, rates)
{
	struct pace early;
	struct pace late;

	pace_init(&early, rates[_i], 1, WORKERS, begin_ns);
	pace_init(&late, rates[_i], 1, WORKERS, begin_ns + CLOCK_NS_PER_S);
	ck_assert_int_eq((late.next_ns - early.next_ns) % early.gap_ns, 0);
}

TEST_EACH(what_was_missed_is_lost, rates)
{
	struct pace p;
	int64_t first_ns;
	int64_t now_ns;

	pace_init(&p, rates[_i], 0, 1, begin_ns);
	first_ns = p.next_ns;
	now_ns = first_ns + 10 * p.gap_ns + p.gap_ns / 2;
	ck_assert(pace_take(&p, now_ns));
	ck_assert(!pace_take(&p, now_ns));
	ck_assert_int_eq(
	    pace_wait_ns(&p, now_ns), first_ns + 11 * p.gap_ns - now_ns);
}

SUITE("client/load/pace")
