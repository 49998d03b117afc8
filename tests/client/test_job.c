/* test_job: what is shown while workers count, whether they warm up or not. */
#include "client/job.h"

#include "client/options.h"
#include "client/tally.h"
#include "tests/support/suite.h"

static struct options options = { .workers = 2, .warmup_ns = 1 };
static struct tally tallies[4], totals;
static struct tally *const warmups = &tallies[2];
static struct job job = { .options = &options,
	.tallies = tallies,
	.totals = &totals };

/* Opened before the warm-up, closed within it, and failed in both. */
static void
count_some(void)
{
	tally_add(&tallies[0], TALLY_ASKED, 4);
	tally_add(&tallies[0], TALLY_OPENED, 3);
	tally_add(&tallies[0], TALLY_FAILED, 1);
	tally_add(&tallies[0], TALLY_OVER, 1);
	tally_add(&warmups[0], TALLY_CLOSED, 2);
	tally_add(&warmups[0], TALLY_BROKEN, 2);
	tally_add(&warmups[0], TALLY_OVER, 2);
	tally_add(&warmups[1], TALLY_ASKED, 5);
	tally_add(&warmups[1], TALLY_OPENED, 5);
	counter_add(&warmups[1].unanswered[1], 6);
	counter_add(&tallies[0].unanswered[1], 1);
}

TEST(of_both)
{
	count_some();
	ck_assert_uint_eq(job_open(&job), 6);
	ck_assert_uint_eq(job_errors(&job), 3);
	ck_assert_uint_eq(job_unanswered(&job, 0), 0);
	ck_assert_uint_eq(job_unanswered(&job, 1), 7);
	ck_assert_uint_eq(job_not_over(&job, 0), 1);
	ck_assert_uint_eq(job_not_over(&job, 1), 5);
}

TEST(without_warmup)
{
	count_some();
	options.warmup_ns = 0;
	ck_assert_uint_eq(job_open(&job), 3);
	ck_assert_uint_eq(job_errors(&job), 1);
	ck_assert_uint_eq(job_unanswered(&job, 1), 1);
	ck_assert_uint_eq(job_not_over(&job, 0), 3);
}

TEST(open_never_below_zero)
{
	tally_add(tallies, TALLY_CLOSED, 2);
	ck_assert_uint_eq(job_open(&job), 0);
}

TEST(added_up)
{
	count_some();
	tally_add(&warmups[0], TALLY_ROUND_TRIPS, 100);
	tally_add(&tallies[0], TALLY_ROUND_TRIPS, 7);
	job_add_up(&job);
	ck_assert_uint_eq(tally_all_errors(&totals), 3);
	ck_assert_uint_eq(tally_get(&totals, TALLY_ASKED), 9);
	ck_assert_uint_eq(tally_get(&totals, TALLY_ROUND_TRIPS), 7);
}

SUITE("client/job")
