/* test_pace: intended starts without a clock. */
#include "client/load/pace.h"

#include "common/base/clock.h"
#include "tests/support/suite.h"

enum {
	WORKERS = 3
};

static const uint64_t rates[] = { 1, 3, 7, 1000, 20000, 999999, 1000003,
	PACE_RATE_MAX };

START_TEST(uniform)
{
	const uint64_t rate = rates[_i];
	const struct pace p = { .start_ns = 5, .rate = rate, .workers = 1 };

	ck_assert_int_eq(pace_time(&p, 0), 5);
	for (uint64_t i = 0; i < 1000; i++) {
		int64_t gap_ns = pace_time(&p, i + 1) - pace_time(&p, i);

		ck_assert_int_ge(gap_ns, (int64_t)(CLOCK_NS_PER_S / rate));
		ck_assert_int_le(gap_ns, (int64_t)(CLOCK_NS_PER_S / rate) + 1);
	}
	/* No error adds up: a day of it ends when the day does. */
	ck_assert_int_eq(
	    pace_time(&p, 86400 * rate), 5 + 86400 * CLOCK_NS_PER_S);
}
END_TEST

/* Together they have the events of one, and each its own. */
START_TEST(workers_take_turns)
{
	const struct pace one = {
		.start_ns = 5, .rate = rates[_i], .workers = 1
	};

	for (uint64_t i = 0; i < 300; i++) {
		const struct pace p = { .start_ns = 5,
			.rate = rates[_i],
			.worker = (unsigned)(i % WORKERS),
			.workers = WORKERS };

		ck_assert_int_eq(
		    pace_time(&p, i / WORKERS), pace_time(&one, i));
	}
}
END_TEST

START_TEST(due_agrees_with_time)
{
	for (unsigned w = 0; w < WORKERS; w++) {
		const struct pace p = { .start_ns = 1000,
			.rate = rates[_i],
			.worker = w,
			.workers = WORKERS };

		ck_assert_uint_eq(pace_due(&p, 999), 0);
		for (uint64_t n = 0; n < 500; n++) {
			int64_t at = pace_time(&p, n);

			ck_assert_uint_ge(pace_due(&p, at), n + 1);
			ck_assert_int_gt(pace_time(&p, pace_due(&p, at)), at);
			if (at > pace_time(&p, 0))
				ck_assert_uint_le(pace_due(&p, at - 1), n);
		}
	}
}
END_TEST

/* A run of 10 s has exactly rate * 10 events. */
START_TEST(whole_runs)
{
	uint64_t sum = 0;

	for (unsigned w = 0; w < WORKERS; w++) {
		const struct pace p = { .start_ns = 77,
			.rate = rates[_i],
			.worker = w,
			.workers = WORKERS };

		sum += pace_due(&p, 77 + 10 * CLOCK_NS_PER_S - 1);
	}
	ck_assert_uint_eq(sum, 10 * rates[_i]);
}
END_TEST

/* The longest of all runs, 73 years, at the highest rate. */
START_TEST(no_overflow)
{
	const struct pace p = { .rate = PACE_RATE_MAX, .workers = 1 };
	const int64_t end_ns = INT64_MAX / 4;

	uint64_t last = pace_due(&p, end_ns) - 1;

	ck_assert_uint_eq(
	    last, (uint64_t)end_ns / (CLOCK_NS_PER_S / PACE_RATE_MAX));
	ck_assert_int_le(pace_time(&p, last), end_ns);
	ck_assert_int_gt(pace_time(&p, last + 1), end_ns);
}
END_TEST

int
main(int argc, char **argv)
{
	const int n = sizeof rates / sizeof *rates;
	struct suite *s = suite_new("client/load/pace");

	SUITE_ADD_LOOP(s, uniform, n);
	SUITE_ADD_LOOP(s, workers_take_turns, n);
	SUITE_ADD_LOOP(s, due_agrees_with_time, n);
	SUITE_ADD_LOOP(s, whole_runs, n);
	SUITE_ADD(s, no_overflow);
	return suite_run(s, argc, argv);
}
