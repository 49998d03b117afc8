/* test_series: points add up to the totals, whenever they were taken. */
#include "client/report/series.h"

#include <stdlib.h>

#include "client/job.h"
#include "client/options.h"
#include "client/tally.h"
#include "common/base/clock.h"
#include "tests/support/suite.h"

enum {
	WORKERS = 2
};

static const int64_t start_ns = 1000 * CLOCK_NS_PER_S;

static struct options o = { .workers = WORKERS };
static struct tally *tallies;
static struct job job = { .options = &o };
static struct series *s;

static void
open_series(void)
{
	struct errmsg e;

	tallies = tally_map(WORKERS + 1, &e);
	ck_assert_ptr_nonnull(tallies);
	job.tallies = tallies;
	job.totals = &tallies[WORKERS];
	s = series_new(&job);
	ck_assert_ptr_nonnull(s);
}

static void
close_series(void)
{
	series_free(&s);
	ck_assert_ptr_null(s);
	tally_unmap(&tallies, WORKERS + 1);
}

static void
finish(int64_t elapsed_ns)
{
	for (int i = 0; i < WORKERS; i++)
		tally_merge(job.totals, &tallies[i]);
	ck_assert_int_eq(series_finish(s, job.totals, elapsed_ns, 0), 0);
}

static void
count(unsigned worker, int64_t latency_ns, uint64_t n)
{
	struct tally *t = &tallies[worker];

	tally_add(t, TALLY_ROUND_TRIPS, n);
	hist_add(&t->hists[TALLY_HIST_ROUND_TRIP], latency_ns, n);
	stats_add(&t->shard, STATS_BYTES_SENT, 7 * n);
	stats_add(&t->shard, STATS_BYTES_RECEIVED, 6 * n);
}

static void
lose(unsigned worker)
{
	const struct tally_failure failure = { .time_ns = 1,
		.reason = REASON_RESET };

	tally_fail(&tallies[worker], &failure, true);
}

static void
count_at_random(unsigned *seed)
{
	unsigned worker = (unsigned)rand_r(seed) % WORKERS;
	int64_t ns = (int64_t)rand_r(seed) << rand_r(seed) % 12;

	count(worker, ns, 1 + (uint64_t)rand_r(seed) % 3);
	if (rand_r(seed) % 8 == 0)
		lose(worker);
}

static void
expect_histogram(const struct hist *is, const struct hist *wanted)
{
	ck_assert_uint_eq(hist_count(is), hist_count(wanted));
	ck_assert_uint_eq(counter_get(&is->sum), counter_get(&wanted->sum));
	ck_assert_uint_eq(hist_max(is), hist_max(wanted));
	for (unsigned i = 0; i < HIST_BUCKETS; i++)
		ck_assert_uint_eq(counter_get(&is->buckets[i]),
		    counter_get(&wanted->buckets[i]));
}

static void
expect_point(const struct series_point *p, const struct series_point *before)
{
	uint64_t sum = 0;

	for (unsigned i = 0; i < p->used; i++) {
		ck_assert_uint_gt(p->buckets[i].count, 0);
		ck_assert(
		    i == 0 || p->buckets[i].index > p->buckets[i - 1].index);
		sum += p->buckets[i].count;
	}
	ck_assert_uint_eq(p->latency_count, sum);
	ck_assert(before == NULL || p->second > before->second);
	ck_assert(before == NULL || p->end_ns > before->end_ns);
}

/* Of all points, and of the totals. */
static void
expect_sums(void)
{
	const struct tally *t = job.totals;
	const struct series_point *before = NULL;
	uint64_t counts[SERIES_COUNTS] = { 0 };
	struct hist latency = { 0 };

	for (unsigned i = 0; i < series_count(s); i++) {
		const struct series_point *p = series_nth(s, i);

		expect_point(p, before);
		for (int j = 0; j < SERIES_COUNTS; j++)
			counts[j] += p->counts[j];
		series_point_add_latency(p, &latency);
		before = p;
	}
	ck_assert_uint_eq(
	    counts[SERIES_ROUND_TRIPS], tally_get(t, TALLY_ROUND_TRIPS));
	ck_assert_uint_eq(counts[SERIES_ERRORS], tally_all_errors(t));
	ck_assert_uint_eq(
	    counts[SERIES_BYTES_SENT], tally_stat(t, STATS_BYTES_SENT));
	ck_assert_uint_eq(
	    counts[SERIES_BYTES_RECEIVED], tally_stat(t, STATS_BYTES_RECEIVED));
	expect_histogram(&latency, &t->hists[TALLY_HIST_ROUND_TRIP]);
}

/* Samples that are late by up to two seconds; some runs are joined, twice. */
static const unsigned lengths_s[] = { 0, 1, 2, 9, 100, 3599, 3600, 3601, 9000 };

TEST_EACH(sums_are_exact, lengths_s)
{
	unsigned seed = lengths_s[_i];
	int64_t end_ns = start_ns + seed * CLOCK_NS_PER_S;
	int64_t now_ns = start_ns;

	open_series();
	count_at_random(&seed);
	series_start(s, start_ns);
	while (now_ns + series_wait_ns(s, now_ns) <= end_ns) {
		for (int i = rand_r(&seed) % 3; i > 0; i--)
			count_at_random(&seed);
		now_ns += series_wait_ns(s, now_ns);
		if (rand_r(&seed) % 50 == 0)
			now_ns += rand_r(&seed);
		series_sample(s, now_ns, 0);
	}
	count_at_random(&seed);
	series_stop(s, now_ns + rand_r(&seed) / 10, 0);
	count_at_random(&seed);
	finish(now_ns - start_ns);
	ck_assert_uint_ge(series_count(s), 1);
	ck_assert_uint_le(series_count(s), SERIES_POINTS_MAX);
	expect_sums();
	close_series();
}

TEST(a_second_each)
{
	const struct series_point *p;

	open_series();
	ck_assert_int_eq(series_wait_ns(s, start_ns), -1);
	series_start(s, start_ns);
	ck_assert_int_eq(series_wait_ns(s, start_ns), CLOCK_NS_PER_S);
	tally_add(&tallies[0], TALLY_OPENED, 3);
	count(0, 1000, 2);
	series_sample(s, start_ns + CLOCK_NS_PER_S + 5, 70);
	ck_assert_int_eq(series_wait_ns(s, start_ns + CLOCK_NS_PER_S + 5),
	    CLOCK_NS_PER_S - 5);
	count(1, 20, 1);
	series_stop(s, start_ns + 3 * CLOCK_NS_PER_S / 2, 100);
	ck_assert_int_eq(series_wait_ns(s, start_ns), -1);
	finish(3 * CLOCK_NS_PER_S / 2);
	ck_assert_uint_eq(series_count(s), 2);
	p = series_nth(s, 0);
	ck_assert_uint_eq(p->second, 1);
	ck_assert_int_eq(p->end_ns, CLOCK_NS_PER_S + 5);
	ck_assert_uint_eq(p->open, 3);
	ck_assert_int_eq(p->cpu_ns, 70);
	ck_assert_uint_eq(p->counts[SERIES_ROUND_TRIPS], 2);
	ck_assert_uint_eq(p->latency_max, 1000);
	p = series_nth(s, 1);
	ck_assert_uint_eq(p->second, 2);
	ck_assert_int_eq(p->end_ns, 3 * CLOCK_NS_PER_S / 2);
	ck_assert_int_eq(p->cpu_ns, 30);
	ck_assert_uint_eq(p->counts[SERIES_ROUND_TRIPS], 1);
	ck_assert_uint_eq(p->latency_sum, 20);
	ck_assert_uint_eq(p->latency_max, 20);
	close_series();
}

/* The bucket of 1000 goes to 1007, that of 100 is 100 to 101. */
TEST(maximum_of_a_point)
{
	open_series();
	series_start(s, start_ns);
	count(0, 1001, 1);
	series_sample(s, start_ns + CLOCK_NS_PER_S, 0);
	count(0, 1000, 1);
	series_sample(s, start_ns + 2 * CLOCK_NS_PER_S, 0);
	count(0, 100, 1);
	series_sample(s, start_ns + 3 * CLOCK_NS_PER_S, 0);
	ck_assert_uint_eq(series_nth(s, 0)->latency_max, 1001);
	ck_assert_uint_eq(series_nth(s, 1)->latency_max, 1001);
	ck_assert_uint_eq(series_nth(s, 2)->latency_max, 101);
	close_series();
}

/* What comes within a tenth of a second, as the last echoes of a run do. */
TEST(short_end_is_joined)
{
	open_series();
	series_start(s, start_ns);
	count(0, 1000, 2);
	series_sample(s, start_ns + CLOCK_NS_PER_S, 0);
	count(0, 5000, 1);
	series_stop(s, start_ns + CLOCK_NS_PER_S + 99 * CLOCK_NS_PER_MS, 0);
	finish(CLOCK_NS_PER_S + 99 * CLOCK_NS_PER_MS);
	ck_assert_uint_eq(series_count(s), 1);
	ck_assert_uint_eq(series_nth(s, 0)->second, 1);
	ck_assert_int_eq(
	    series_nth(s, 0)->end_ns, CLOCK_NS_PER_S + 99 * CLOCK_NS_PER_MS);
	expect_sums();
	close_series();
}

/* Nothing was measured; a connection that failed is there all the same. */
TEST(never_started)
{
	open_series();
	finish(0);
	ck_assert_uint_eq(series_count(s), 0);
	lose(1);
	tally_merge(job.totals, &tallies[1]);
	ck_assert_int_eq(series_finish(s, job.totals, 0, 0), 0);
	ck_assert_uint_eq(series_count(s), 1);
	ck_assert_int_eq(series_nth(s, 0)->end_ns, 0);
	expect_sums();
	close_series();
}

TEST(unknown_cpu_time)
{
	open_series();
	series_start(s, start_ns);
	series_sample(s, start_ns + CLOCK_NS_PER_S, 5);
	series_sample(s, start_ns + 2 * CLOCK_NS_PER_S, -1);
	ck_assert_int_eq(series_nth(s, 0)->cpu_ns, 5);
	ck_assert_int_eq(series_nth(s, 1)->cpu_ns, -1);
	close_series();
}

TEST(transactions)
{
	open_series();
	o.handshakes = true;
	series_start(s, start_ns);
	tally_add(&tallies[0], TALLY_TRANSACTIONS, 1);
	hist_add(&tallies[0].hists[TALLY_HIST_TRANSACTION], 9, 1);
	count(0, 5, 1);
	series_sample(s, start_ns + CLOCK_NS_PER_S, 0);
	ck_assert_uint_eq(series_nth(s, 0)->latency_sum, 9);
	ck_assert_uint_eq(series_nth(s, 0)->counts[SERIES_TRANSACTIONS], 1);
	close_series();
}

TEST(without_memory)
{
	s = NULL;
	series_start(s, start_ns);
	series_sample(s, start_ns, 0);
	series_stop(s, start_ns, 0);
	ck_assert_int_eq(series_wait_ns(s, start_ns), -1);
	ck_assert_int_eq(series_finish(s, NULL, 0, 0), 0);
	ck_assert_uint_eq(series_count(s), 0);
	series_free(&s);
}

SUITE("client/report/series")
