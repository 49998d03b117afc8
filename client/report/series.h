/*
 * series: what was done in each second of the measured part of a run.
 *
 * The master samples the tallies each second. A point is what has been added
 * since the point before it, so the sums over all points are the totals of the
 * run, bucket for bucket; what was counted before the start is in the first
 * one, and what is counted after the last sample, such as connections that fail
 * while they close, in the last one. Memory is bounded: when there are
 * SERIES_POINTS_MAX points, each two are joined, and from then on a point
 * stands for twice as many seconds.
 *
 * Owns:	the points.
 * Borrows:	the job.
 * Threads:	tallies are read while workers write them: relaxed atomics.
 * Errors:	without memory for a point, what it would hold goes to the next;
 *		series_finish says so if that was the last.
 * Use:
 *	series = series_new(job);
 *	series_start(series, start_ns);
 *	... wait series_wait_ns(series, now_ns) ...
 *	if (series_wait_ns(series, now_ns) == 0)
 *		series_sample(series, now_ns, cpu_ns);
 *	series_stop(series, now_ns, cpu_ns);
 *	series_finish(series, totals, elapsed_ns, cpu_ns);
 *	for (unsigned i = 0; i < series_count(series); i++)
 *		... series_nth(series, i) ...
 */
#ifndef CLIENT_REPORT_SERIES_H
#define CLIENT_REPORT_SERIES_H

#include <stdint.h>

#include "client/report/series_point.h"

struct job;
struct series;
struct tally;

enum {
	SERIES_POINTS_MAX = 3600
};

/* NULL if out of memory; the functions below accept that and do nothing. */
struct series *series_new(const struct job *job);

/* Frees the points, too, and sets *series to NULL. */
void series_free(struct series **series);

/* The measured part begins at this time of clock_now_ns. */
void series_start(struct series *series, int64_t start_ns);

/* Until the next sample is due: 0 or more; -1: before the start, or stopped. */
int64_t series_wait_ns(const struct series *series, int64_t now_ns);

/*
 * Takes a point, due or not. cpu_ns: what all workers have used since the
 * start; -1 if that is not known.
 */
void series_sample(struct series *series, int64_t now_ns, int64_t cpu_ns);

/*
 * The measured part is over: takes the last point. One of less than a tenth of
 * a second is joined to the one before it.
 */
void series_stop(struct series *series, int64_t now_ns, int64_t cpu_ns);

/*
 * Adds to the last point what the totals have beyond the sum of all points.
 * -1: out of memory.
 */
int series_finish(struct series *series, const struct tally *totals,
    int64_t elapsed_ns, int64_t cpu_ns);

/* How many there are; 0 if nothing was started and nothing counted. */
unsigned series_count(const struct series *series);
const struct series_point *series_nth(const struct series *series, unsigned i);

#endif
