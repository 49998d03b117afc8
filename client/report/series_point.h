/*
 * series_point: what was done in one second of a run, or in several that follow
 * each other: counts, and the histogram of latencies without its zeros.
 *
 * Owns:	the buckets, until series_point_fini.
 * Use:
 *	struct hist latency = { 0 };
 *	series_point_add_latency(point, &latency);
 *	p99_ns = hist_quantile(&latency, 0.99);
 */
#ifndef CLIENT_REPORT_SERIES_POINT_H
#define CLIENT_REPORT_SERIES_POINT_H

#include <stdint.h>

#include "common/base/hist.h"

enum series_count {
	SERIES_ROUND_TRIPS,
	SERIES_TRANSACTIONS,
	SERIES_ERRORS, /* connections that ended by an error */
	SERIES_BYTES_RECEIVED,
	SERIES_BYTES_SENT,
	SERIES_COUNTS
};

struct series_bucket {
	unsigned index; /* of hist.h */
	uint64_t count;
};

struct series_point {
	uint64_t second; /* from 1; the last of those that it stands for */
	int64_t end_ns;  /* since the start; where the next one begins */
	uint64_t open;   /* connections, at the end */
	uint64_t counts[SERIES_COUNTS];
	int64_t cpu_ns; /* of all workers; -1: not known */
	/* Of round trips, or with --handshakes of transactions, in ns. */
	uint64_t latency_count; /* the sum of the buckets */
	uint64_t latency_sum;
	/* Exact if the run's maximum was raised, else that of its bucket. */
	uint64_t latency_max;
	struct series_bucket *buckets; /* those that are not 0, ascending */
	unsigned used;                 /* how many */
};

/*
 * Adds from, which comes next, and leaves it without buckets; -1: out of
 * memory, and nothing was done.
 */
int series_point_join(struct series_point *into, struct series_point *from);

/* Frees the buckets. */
void series_point_fini(struct series_point *point);

/* Adds the latencies to a histogram that has no other user. */
void series_point_add_latency(
    const struct series_point *point, struct hist *into);

#endif
