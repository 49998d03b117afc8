/* test_hist: buckets, quantiles against sorted values, merging. */
#include "common/base/hist.h"

#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/suite.h"

enum {
	VALUES_MAX = 20000
};

static struct hist h;

TEST(every_bucket_has_its_values)
{
	ck_assert_uint_eq(hist_bucket_low(0), 0);
	for (unsigned b = 0; b < HIST_BUCKETS; b++) {
		uint64_t low = hist_bucket_low(b);
		uint64_t next = hist_bucket_low(b + 1);

		ck_assert_uint_lt(low, next);
		ck_assert_uint_eq(hist_bucket(low), b);
		ck_assert_uint_eq(hist_bucket(next - 1), b);
	}
	ck_assert_uint_eq(hist_bucket_low(HIST_BUCKETS), HIST_MAX + 1);
}

TEST(beyond_the_largest)
{
	ck_assert_uint_eq(hist_bucket(HIST_MAX), HIST_BUCKETS - 1);
	ck_assert_uint_eq(hist_bucket(HIST_MAX + 1), HIST_BUCKETS - 1);
	ck_assert_uint_eq(hist_bucket(UINT64_MAX), HIST_BUCKETS - 1);
	hist_add(&h, INT64_MAX, 1);
	ck_assert_uint_eq(hist_max(&h), INT64_MAX);
	ck_assert_uint_eq(hist_bucket(hist_quantile(&h, 1)), HIST_BUCKETS - 1);
}

TEST(empty)
{
	ck_assert_uint_eq(hist_count(&h), 0);
	ck_assert_uint_eq(hist_max(&h), 0);
	ck_assert_uint_eq(hist_quantile(&h, 0), 0);
	ck_assert_uint_eq(hist_quantile(&h, 1), 0);
	ck_assert_double_eq(hist_mean(&h), 0);
	hist_add(&h, 5, 0);
	ck_assert_uint_eq(hist_count(&h), 0);
	ck_assert_uint_eq(hist_max(&h), 0);
}

TEST_LOOP(one_value, 9)
{
	static const int64_t values[] = { 0, 1, 31, 32, 63, 64, 65, 1000000,
		(INT64_C(1) << 40) - 1 };
	int64_t value = values[_i];

	hist_add(&h, value, 1);
	ck_assert_double_eq(hist_mean(&h), (double)value);
	hist_add(&h, value, 2);
	ck_assert_uint_eq(hist_count(&h), 3);
	ck_assert_uint_eq(hist_max(&h), (uint64_t)value);
	ck_assert_double_eq(hist_mean(&h), (double)value);
	ck_assert_uint_le(hist_quantile(&h, 1), (uint64_t)value);
	ck_assert_uint_eq(
	    hist_bucket(hist_quantile(&h, 0)), hist_bucket((uint64_t)value));
}

TEST(negative_counts_as_zero)
{
	hist_add(&h, -1, 1);
	hist_add(&h, INT64_MIN, 2);
	ck_assert_uint_eq(hist_count(&h), 3);
	ck_assert_uint_eq(hist_max(&h), 0);
	ck_assert_uint_eq(hist_quantile(&h, 1), 0);
	ck_assert_double_eq(hist_mean(&h), 0);
}

/* What quantile makes of one value, when the maximum does not cap it. */
static double
error_percent(uint64_t value)
{
	double shown;

	memset(&h, 0, sizeof h);
	hist_add(&h, (int64_t)value, 1);
	hist_add(&h, INT64_MAX, 1);
	shown = (double)hist_quantile(&h, 0.5);
	return value == 0 ? shown
			  : fabs(shown - (double)value) * 100 / (double)value;
}

/* The error is largest at a bucket's ends; the bound is met, and is tight. */
TEST(error_is_as_stated)
{
	double worst = 0;

	for (unsigned b = 0; b < HIST_BUCKETS; b++) {
		double low = error_percent(hist_bucket_low(b));
		double high = error_percent(hist_bucket_low(b + 1) - 1);

		worst = fmax(worst, fmax(low, high));
		if (b < 2 * HIST_SUB)
			ck_assert_double_eq(worst, 0);
	}
	ck_assert_double_le(worst, HIST_ERROR_PERCENT);
	ck_assert_double_gt(worst, 0.99 * HIST_ERROR_PERCENT);
}

/* Small ones, a wide range, microseconds with a tail, one value only. */
static int64_t
draw(int distribution)
{
	switch (distribution) {
	case 0:
		return random() % 100;
	case 1:
		return (int64_t)exp2(drand48() * 40);
	case 2:
		return 50000 + random() % 1000 +
		    (random() % 100 == 0 ? random() % 30000000 : 0);
	default:
		return 123456789;
	}
}

static int
compare(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a;
	int64_t y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static const int sizes[] = { 1, 2, 3, 10, 99, 100, 1000, VALUES_MAX };

/*
 * Every per mille of every distribution, at every size, is within the error of
 * the value of that rank among the sorted ones.
 */
TEST_LOOP(quantiles_of_sorted_values, 4 * TEST_ROWS(sizes))
{
	static int64_t values[VALUES_MAX];
	int size = sizes[_i / 4];

	srandom(1);
	for (int i = 0; i < size; i++) {
		values[i] = draw(_i % 4);
		hist_add(&h, values[i], 1);
	}
	qsort(values, (size_t)size, sizeof *values, compare);
	for (int mille = 0; mille <= 1000; mille++) {
		int rank = (mille * size + 999) / 1000;
		double exact = (double)values[rank > 0 ? rank - 1 : 0];
		double shown = (double)hist_quantile(&h, mille / 1000.0);

		ck_assert_double_le(
		    fabs(shown - exact), exact * HIST_ERROR_PERCENT / 100);
	}
	ck_assert_uint_eq(hist_count(&h), (unsigned)size);
	ck_assert_uint_eq(hist_max(&h), (uint64_t)values[size - 1]);
}

TEST(quantile_beyond_0_and_1)
{
	hist_add(&h, 1, 1);
	hist_add(&h, 2, 1);
	ck_assert_uint_eq(hist_quantile(&h, -1), 1);
	ck_assert_uint_eq(hist_quantile(&h, (double)NAN), 1);
	ck_assert_uint_eq(hist_quantile(&h, 2), 2);
	ck_assert_uint_eq(hist_quantile(&h, (double)INFINITY), 2);
}

static const struct {
	double q;
	uint64_t values;
} needs[] = { { -1, 1 }, { 0, 1 }, { 0.5, 1 }, { 0.75, 4 }, { 0.9, 10 },
	{ 0.99, 100 }, { 0.995, 200 }, { 0.999, 1000 }, { 0.9999, 10000 },
	{ 0.999999, 1000000 }, { 1, 1 }, { 2, 1 } };

TEST_EACH(values_that_a_quantile_needs, needs)
{
	uint64_t values = needs[_i].values;

	ck_assert_uint_eq(hist_quantile_needs(needs[_i].q), values);
	ck_assert(!hist_has_quantile(&h, needs[_i].q));
	hist_add(&h, 5, values - 1);
	ck_assert(!hist_has_quantile(&h, needs[_i].q));
	hist_add(&h, 5, 1);
	ck_assert(hist_has_quantile(&h, needs[_i].q));
}

TEST(standard_deviation)
{
	ck_assert_double_eq(hist_stdev(&h), 0);
	hist_add(&h, 10, 4);
	ck_assert_double_eq(hist_stdev(&h), 0);
	hist_add(&h, 30, 4);
	ck_assert_double_eq(hist_stdev(&h), 10);
	hist_add(&h, 1000000, 8);
	/* Half of them each way, but for the width of a bucket. */
	ck_assert_double_eq_tol(hist_stdev(&h), 500000, 0.016 * 500000);
}

/* Counts that a double cannot hold exactly. */
TEST(huge_counts)
{
	hist_add(&h, 0, UINT64_MAX - 1);
	hist_add(&h, 7, 1);
	ck_assert_uint_eq(hist_count(&h), UINT64_MAX);
	ck_assert_uint_eq(hist_quantile(&h, 0.5), 0);
	ck_assert_uint_eq(hist_quantile(&h, 1), 7);
}

TEST(merge_equals_adding_all)
{
	static struct hist parts[3];
	static struct hist merged;
	static struct hist none;

	srandom(2);
	for (int i = 0; i < 10000; i++) {
		int64_t value = draw(i % 3);
		uint64_t n = (uint64_t)random() % 4;

		hist_add(&h, value, n);
		hist_add(&parts[random() % 3], value, n);
	}
	for (int i = 0; i < 3; i++)
		hist_merge(&merged, &parts[i]);
	ck_assert_mem_eq(&merged, &h, sizeof h);
	hist_merge(&merged, &none);
	ck_assert_mem_eq(&merged, &h, sizeof h);
}

TEST(subtract_leaves_what_came_since)
{
	static struct hist earlier;
	static struct hist since;

	srandom(3);
	for (int i = 0; i < 1000; i++)
		hist_add(&earlier, draw(i % 3), 2);
	hist_merge(&h, &earlier);
	hist_add(&h, 100, 3);
	hist_add(&since, 100, 3);
	hist_subtract(&h, &earlier);
	ck_assert_uint_eq(hist_count(&h), 3);
	ck_assert_double_eq(hist_mean(&h), 100);
	ck_assert_mem_eq(h.buckets, since.buckets, sizeof h.buckets);
	ck_assert_uint_eq(hist_max(&h), hist_max(&earlier));
}

static _Atomic int is_done;

static void *
add_many(void *arg)
{
	for (int i = 0; i < 1000000; i++)
		hist_add(arg, 1000 + i % 24, 1);
	is_done = 1;
	return NULL;
}

/* A reader beside the writer sees what was there at some time, or nothing. */
TEST(reader_beside_writer)
{
	pthread_t writer;
	uint64_t last = 0;

	ck_assert_int_eq(pthread_create(&writer, NULL, add_many, &h), 0);
	while (!is_done) {
		uint64_t median = hist_quantile(&h, 0.5);
		uint64_t count = hist_count(&h);

		ck_assert(median == 0 || (median >= 1000 && median < 1024));
		ck_assert_uint_ge(count, last);
		last = count;
	}
	ck_assert_int_eq(pthread_join(writer, NULL), 0);
	ck_assert_uint_eq(hist_count(&h), 1000000);
}

static void *
add_ever_more(void *arg)
{
	for (int64_t value = 1; value < 1000000; value++)
		hist_add(arg, 1000 * value, 1);
	is_done = 1;
	return NULL;
}

static unsigned
highest_bucket(const struct hist *of)
{
	unsigned highest = 0;

	for (unsigned i = 0; i < HIST_BUCKETS; i++)
		if (of->buckets[i] > 0)
			highest = i;
	return highest;
}

TEST(merged_beside_writer)
{
	static struct hist merged;
	pthread_t writer;

	ck_assert_int_eq(pthread_create(&writer, NULL, add_ever_more, &h), 0);
	while (!is_done) {
		memset(&merged, 0, sizeof merged);
		hist_merge(&merged, &h);
		ck_assert_uint_le(
		    highest_bucket(&merged), hist_bucket(hist_max(&merged)));
	}
	ck_assert_int_eq(pthread_join(writer, NULL), 0);
}

SUITE("common/base/hist")
