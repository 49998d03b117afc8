/* hist: log-linear buckets of counters; see the header. */
#include "common/base/hist.h"

#include <float.h>
#include <math.h>

#include "common/base/assertion.h"
#include "common/base/counter.h"

unsigned
hist_bucket(uint64_t value)
{
	unsigned shift;

	if (value < HIST_SUB)
		return (unsigned)value;
	if (value > HIST_MAX)
		return HIST_BUCKETS - 1;
	shift = 63 - HIST_SUB_BITS - (unsigned)__builtin_clzll(value);
	return shift * HIST_SUB + (unsigned)(value >> shift);
}

uint64_t
hist_bucket_low(unsigned bucket)
{
	unsigned shift;

	ASSERT(bucket <= HIST_BUCKETS);
	if (bucket < 2 * HIST_SUB)
		return bucket;
	shift = bucket / HIST_SUB - 1;
	return (uint64_t)(bucket - shift * HIST_SUB) << shift;
}

uint64_t
hist_bucket_middle(unsigned bucket)
{
	uint64_t low = hist_bucket_low(bucket);

	return low + (hist_bucket_low(bucket + 1) - low) / 2;
}

void
hist_add(struct hist *h, int64_t value, uint64_t n)
{
	uint64_t v = value > 0 ? (uint64_t)value : 0;

	if (n == 0)
		return;
	/* The maximum first: readers never report a quantile above it. */
	if (v > counter_get(&h->max))
		counter_set(&h->max, v);
	counter_add(&h->buckets[hist_bucket(v)], n);
	counter_add(&h->sum, v * n);
	counter_add(&h->count, n);
}

void
hist_merge(struct hist *into, const struct hist *from)
{
	uint64_t max;

	counter_add(&into->count, counter_get(&from->count));
	counter_add(&into->sum, counter_get(&from->sum));
	for (unsigned i = 0; i < HIST_BUCKETS; i++)
		counter_add(&into->buckets[i], counter_get(&from->buckets[i]));
	/* The maximum last: the writer raises it before it counts the value. */
	max = counter_get(&from->max);
	if (max > counter_get(&into->max))
		counter_set(&into->max, max);
}

static void
subtract(_Atomic uint64_t *from, const _Atomic uint64_t *earlier)
{
	counter_set(from, counter_get(from) - counter_get(earlier));
}

void
hist_subtract(struct hist *from, const struct hist *earlier)
{
	subtract(&from->count, &earlier->count);
	subtract(&from->sum, &earlier->sum);
	for (unsigned i = 0; i < HIST_BUCKETS; i++)
		subtract(&from->buckets[i], &earlier->buckets[i]);
}

/*
 * How many of total values are at or below the quantile, at least 1. The
 * product is taken down by its rounding error: 0.07 of 100 are 7, not 8,
 * though 0.07 * 100 is 7.000000000000001.
 */
static uint64_t
rank_of(double q, uint64_t total)
{
	double rank = ceil(q * (double)total * (1 - 4 * DBL_EPSILON));

	if (q >= 1)
		return total;
	return rank > 1 ? (uint64_t)rank : 1; /* 1, too, for a NaN */
}

uint64_t
hist_quantile(const struct hist *h, double q)
{
	uint64_t total = 0;
	uint64_t seen = 0;
	uint64_t middle;
	uint64_t rank;
	unsigned i = 0;

	/* Not h->count: it may lag the buckets while the writer is at work. */
	for (unsigned b = 0; b < HIST_BUCKETS; b++)
		total += counter_get(&h->buckets[b]);
	if (total == 0)
		return 0;
	rank = rank_of(q, total);
	for (;; i++) {
		seen += counter_get(&h->buckets[i]);
		if (seen >= rank || i == HIST_BUCKETS - 1)
			break;
	}
	middle = hist_bucket_middle(i);
	return middle < hist_max(h) ? middle : hist_max(h);
}

/* As above: 0.9 needs 10, though 1 / (1 - 0.9) is 10.000000000000002. */
uint64_t
hist_quantile_needs(double q)
{
	if (q <= 0.5 || q >= 1)
		return 1;
	return (uint64_t)ceil(1 / (1 - q) * (1 - 1e-9));
}

bool
hist_has_quantile(const struct hist *h, double q)
{
	return hist_count(h) >= hist_quantile_needs(q);
}

uint64_t
hist_count(const struct hist *h)
{
	return counter_get(&h->count);
}

uint64_t
hist_max(const struct hist *h)
{
	return counter_get(&h->max);
}

double
hist_mean(const struct hist *h)
{
	uint64_t count = counter_get(&h->count);

	return count > 0 ? (double)counter_get(&h->sum) / (double)count : 0;
}

double
hist_stdev(const struct hist *h)
{
	double mean = hist_mean(h);
	double squares = 0;
	uint64_t total = 0;

	for (unsigned i = 0; i < HIST_BUCKETS; i++) {
		uint64_t n = counter_get(&h->buckets[i]);
		double off = (double)hist_bucket_middle(i) - mean;

		squares += (double)n * off * off;
		total += n;
	}
	return total > 1 ? sqrt(squares / (double)total) : 0;
}
