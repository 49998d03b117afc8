/* test_schedule: what is due, and how late it is noticed. */
#include "client/load/schedule.h"

#include "client/options.h"
#include "client/tally.h"
#include "common/base/clock.h"
#include "tests/support/suite.h"

static struct options o = { .workers = 2, .rate = 1000 };
static struct tally tally;
static struct schedule s;

/* Worker 0 has an event every 2 ms, from 1 s on. */
static const int64_t begin_ns = CLOCK_NS_PER_S;

static int64_t
ms(int64_t n)
{
	return begin_ns + n * CLOCK_NS_PER_MS;
}

START_TEST(for_a_duration)
{
	schedule_init(&s, &o, 0, begin_ns, ms(10));
	ck_assert_uint_eq(s.events, 5); /* at 0, 2, 4, 6 and 8 ms */
	schedule_init(&s, &o, 1, begin_ns, ms(10));
	ck_assert_uint_eq(s.events, 5); /* at 1, 3, 5, 7 and 9 ms */
	schedule_init(&s, &o, 1, begin_ns, ms(9));
	ck_assert_uint_eq(s.events, 4);
}
END_TEST

START_TEST(for_a_number)
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
END_TEST

START_TEST(notices_what_is_due)
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
	ck_assert_uint_eq(hist_count(&tally.lateness), 5);
	ck_assert_uint_eq(
	    hist_max(&tally.lateness), (uint64_t)(994 * CLOCK_NS_PER_MS));
}
END_TEST

/* Nearly two billion events at once: neither one by one, nor less exactly. */
START_TEST(notices_a_backlog)
{
	o.rate = 100000000;
	o.workers = 1;
	schedule_init(&s, &o, 0, begin_ns, begin_ns + 18 * CLOCK_NS_PER_S);
	schedule_notice(&s, &tally, begin_ns + 18 * CLOCK_NS_PER_S);
	ck_assert(schedule_is_done(&s));
	ck_assert_uint_eq(tally_get(&tally, TALLY_DUE), 1800000000);
	ck_assert_uint_eq(hist_count(&tally.lateness), 1800000000);
	ck_assert_uint_eq(
	    hist_max(&tally.lateness), (uint64_t)(18 * CLOCK_NS_PER_S));
	ck_assert_double_eq_tol(hist_mean(&tally.lateness), 9e9 + 5, 1);
	ck_assert_double_eq_tol(
	    (double)hist_quantile(&tally.lateness, 0.5), 9e9, 0.016 * 9e9);
}
END_TEST

int
main(int argc, char **argv)
{
	struct suite *suite = suite_new("client/load/schedule");

	SUITE_ADD(suite, for_a_duration);
	SUITE_ADD(suite, for_a_number);
	SUITE_ADD(suite, notices_what_is_due);
	SUITE_ADD(suite, notices_a_backlog);
	return suite_run(suite, argc, argv);
}
