/*
 * hist: a log-linear histogram that lives in shared memory.
 *
 * Values up to HIST_SUB are counted one by one; above, each power of two is cut
 * into HIST_SUB equal buckets, so a bucket is at most 1/HIST_SUB of its value
 * wide, and its middle, which quantiles report, is off by at most
 * HIST_ERROR_PERCENT. Values above HIST_MAX are counted in the last bucket; max
 * is exact. There are no pointers: histograms are merged by addition.
 *
 * Rule:	one writer; any number of readers in other processes, who see
 *		sums that may lag each other by what is being added.
 * Use:
 *	hist_add(&shard->hists[STATS_ECHO_TIME], now_ns - then_ns, 1);
 *	p99_ns = hist_quantile(&merged, 0.99);
 */
#ifndef COMMON_BASE_HIST_H
#define COMMON_BASE_HIST_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

enum {
	HIST_SUB_BITS = 5,
	HIST_SUB = 1 << HIST_SUB_BITS,
	HIST_VALUE_BITS = 40, /* 2^40 ns: 18 minutes */
	HIST_BUCKETS = (HIST_VALUE_BITS - HIST_SUB_BITS + 1) * HIST_SUB,
};

#define HIST_MAX           ((UINT64_C(1) << HIST_VALUE_BITS) - 1)
#define HIST_ERROR_PERCENT (100.0 / 2 / (double)HIST_SUB)

struct hist {
	_Atomic uint64_t count;
	_Atomic uint64_t sum;
	_Atomic uint64_t max;
	_Atomic uint64_t buckets[HIST_BUCKETS];
};

/* Counts n occurrences of a value; negative values count as 0. */
void hist_add(struct hist *h, int64_t value, uint64_t n);

/* Adds what from holds to into, which has no other user. */
void hist_merge(struct hist *into, const struct hist *from);

/*
 * Takes away what an earlier copy of the same histogram held, which leaves what
 * has been added since; the maximum stays that of all.
 */
void hist_subtract(struct hist *from, const struct hist *earlier);

/*
 * Smallest value that at least the share q of all is not above, as the middle
 * of its bucket, never above the maximum; 0 when it is empty. A q below 0 is
 * taken as 0, one above 1 as 1.
 */
uint64_t hist_quantile(const struct hist *h, double q);

/*
 * How many values a quantile needs to be known: of fewer it is their maximum,
 * since not even one of them is expected to be above it. 100 for 0.99; 1 up to
 * the median, and for the maximum.
 */
uint64_t hist_quantile_needs(double q);
bool hist_has_quantile(const struct hist *h, double q);

uint64_t hist_count(const struct hist *h);
uint64_t hist_max(const struct hist *h);
double hist_mean(const struct hist *h);

/* Standard deviation, from the middles of buckets: exact to their width. */
double hist_stdev(const struct hist *h);

/* The bucket of a value; the smallest value of a bucket, and its middle. */
unsigned hist_bucket(uint64_t value);
uint64_t hist_bucket_low(unsigned bucket);
uint64_t hist_bucket_middle(unsigned bucket);

#endif
