/* test_schedule: when events start, what is due, how late it is noticed. */
#include "client/load/schedule.h"

#include "client/options.h"
#include "client/tally.h"
#include "common/base/clock.h"
#include "tests/support/suite.h"

static struct options o = { .workers = 2, .rate = 1000 };
static struct tally tally;
static struct schedule s;

static const uint64_t rates[] = { 1, 3, 7, 1000, 20000, 999999, 1000003,
	OPTIONS_RATE_MAX };

enum {
	WORKERS = 3,
	RATES = sizeof rates / sizeof *rates
};

/* With the defaults worker 0 has an event every 2 ms, from 1 s on. */
static const int64_t begin_ns = CLOCK_NS_PER_S;

static int64_t
ms(int64_t n)
{
	return begin_ns + n * CLOCK_NS_PER_MS;
}

static void
init(uint64_t rate, unsigned workers, unsigned worker, int64_t stop_ns)
{
	o.rate = rate;
	o.workers = workers;
	schedule_init(&s, &o, worker, begin_ns, stop_ns);
}

TEST_LOOP(uniform, RATES)
{
	const int64_t gap_ns = (int64_t)(CLOCK_NS_PER_S / rates[_i]);

	init(rates[_i], 1, 0, begin_ns);
	ck_assert_int_eq(schedule_time(&s, 0), begin_ns);
	for (uint64_t i = 0; i < 1000; i++) {
		int64_t at = schedule_time(&s, i);

		ck_assert_int_ge(schedule_time(&s, i + 1), at + gap_ns);
		ck_assert_int_le(schedule_time(&s, i + 1), at + gap_ns + 1);
	}
	/* No error adds up: a day of it ends when the day does. */
	ck_assert_int_eq(schedule_time(&s, 86400 * rates[_i]),
	    begin_ns + 86400 * CLOCK_NS_PER_S);
}

/* Together they have the events of one, and each its own. */
TEST_LOOP(workers_take_turns, RATES)
{
	for (uint64_t i = 0; i < 300; i++) {
		int64_t at;

		init(rates[_i], 1, 0, begin_ns);
		at = schedule_time(&s, i);
		init(rates[_i], WORKERS, (unsigned)(i % WORKERS), begin_ns);
		ck_assert_int_eq(schedule_time(&s, i / WORKERS), at);
	}
}

/* A run has the events that start before its end, and no others. */
TEST_LOOP(events_until_the_end, RATES)
{
	for (unsigned w = 0; w < WORKERS; w++) {
		init(rates[_i], WORKERS, w, begin_ns);
		ck_assert_uint_eq(s.events, 0);
		for (uint64_t n = 0; n < 500; n++) {
			int64_t at = schedule_time(&s, n);

			init(rates[_i], WORKERS, w, at + 1);
			ck_assert_uint_ge(s.events, n + 1);
			ck_assert_int_gt(schedule_time(&s, s.events), at);
			init(rates[_i], WORKERS, w, at);
			if (at > schedule_time(&s, 0))
				ck_assert_uint_le(s.events, n);
		}
	}
}

/* A run of 10 s has exactly rate * 10 events. */
TEST_LOOP(whole_runs, RATES)
{
	uint64_t sum = 0;

	for (unsigned w = 0; w < WORKERS; w++) {
		init(rates[_i], WORKERS, w, begin_ns + 10 * CLOCK_NS_PER_S);
		sum += s.events;
	}
	ck_assert_uint_eq(sum, 10 * rates[_i]);
}

/* With as many decimals as there may be, at the smallest and largest rate. */
TEST(slower_than_one_a_second)
{
	o.rate_decimals = OPTIONS_RATE_DECIMALS;
	init(1, 1, 0, begin_ns + 3500 * CLOCK_NS_PER_S);
	ck_assert_uint_eq(s.events, 4); /* at 0, 1000, 2000 and 3000 s */
	ck_assert_int_eq(
	    schedule_time(&s, 3), begin_ns + 3000 * CLOCK_NS_PER_S);
	init(OPTIONS_RATE_DECIMALS_MAX * 1000 - 1, 1, 0,
	    begin_ns + 1000 * CLOCK_NS_PER_S);
	ck_assert_uint_eq(s.events, OPTIONS_RATE_DECIMALS_MAX * 1000 - 1);
	ck_assert_int_eq(
	    schedule_time(&s, s.events), begin_ns + 1000 * CLOCK_NS_PER_S);
}

/* The longest of all runs, 73 years, at the highest rate. */
TEST(no_overflow)
{
	const int64_t run_ns = INT64_MAX / 4;

	init(OPTIONS_RATE_MAX, 1, 0, begin_ns + run_ns);
	ck_assert_uint_eq(s.events - 1,
	    (uint64_t)run_ns / (CLOCK_NS_PER_S / OPTIONS_RATE_MAX));
	ck_assert_int_lt(schedule_time(&s, s.events - 1), begin_ns + run_ns);
	ck_assert_int_ge(schedule_time(&s, s.events), begin_ns + run_ns);
}

TEST(for_a_duration)
{
	schedule_init(&s, &o, 0, begin_ns, ms(10));
	ck_assert_uint_eq(s.events, 5); /* at 0, 2, 4, 6 and 8 ms */
	schedule_init(&s, &o, 1, begin_ns, ms(10));
	ck_assert_uint_eq(s.events, 5); /* at 1, 3, 5, 7 and 9 ms */
	schedule_init(&s, &o, 1, begin_ns, ms(9));
	ck_assert_uint_eq(s.events, 4);
}

TEST(for_a_number)
{
	o.round_trips = 7;
	schedule_init(&s, &o, 0, begin_ns, INT64_MAX);
	ck_assert_uint_eq(s.events, 4);
	schedule_init(&s, &o, 1, begin_ns, INT64_MAX);
	ck_assert_uint_eq(s.events, 3);
	o.round_trips = 1;
	schedule_init(&s, &o, 1, begin_ns, INT64_MAX);
	ck_assert_uint_eq(s.events, 0);
	ck_assert(schedule_is_done(&s));
	ck_assert_int_eq(schedule_wait_ns(&s, begin_ns), -1);
}

TEST(notices_what_is_due)
{
	schedule_init(&s, &o, 0, begin_ns, ms(10));
	ck_assert_int_eq(schedule_wait_ns(&s, begin_ns - 7), 7);
	schedule_notice(&s, &tally, begin_ns - 1);
	ck_assert_uint_eq(s.noticed, 0);
	schedule_notice(&s, &tally, begin_ns);
	ck_assert_uint_eq(s.noticed, 1);
	ck_assert_int_eq(schedule_wait_ns(&s, begin_ns), 2 * CLOCK_NS_PER_MS);
	schedule_notice(&s, &tally, ms(5));
	ck_assert_uint_eq(s.noticed, 3);
	ck_assert_int_eq(schedule_wait_ns(&s, ms(7)), 0);
	schedule_notice(&s, &tally, ms(1000));
	ck_assert(schedule_is_done(&s));
	ck_assert_uint_eq(tally_get(&tally, TALLY_DUE), 5);
	ck_assert_uint_eq(hist_count(&tally.hists[TALLY_HIST_LATENESS]), 5);
	ck_assert_uint_eq(hist_max(&tally.hists[TALLY_HIST_LATENESS]),
	    (uint64_t)(994 * CLOCK_NS_PER_MS));
}

/* Nearly two billion events at once: neither one by one, nor less exactly. */
TEST(notices_a_backlog)
{
	init(OPTIONS_RATE_MAX, 1, 0, begin_ns + 18 * CLOCK_NS_PER_S);
	schedule_notice(&s, &tally, begin_ns + 18 * CLOCK_NS_PER_S);
	ck_assert(schedule_is_done(&s));
	ck_assert_uint_eq(tally_get(&tally, TALLY_DUE), 1800000000);
	ck_assert_uint_eq(
	    hist_count(&tally.hists[TALLY_HIST_LATENESS]), 1800000000);
	ck_assert_uint_eq(hist_max(&tally.hists[TALLY_HIST_LATENESS]),
	    (uint64_t)(18 * CLOCK_NS_PER_S));
	ck_assert_double_eq_tol(
	    hist_mean(&tally.hists[TALLY_HIST_LATENESS]), 9e9 + 5, 1);
	ck_assert_double_eq_tol(
	    (double)hist_quantile(&tally.hists[TALLY_HIST_LATENESS], 0.5), 9e9,
	    0.016 * 9e9);
}

SUITE("client/load/schedule")
