/*
 * bootstrap: medians of a few numbers each, their quotient, and how far chance
 * may have moved it.
 *
 * The interval is the percentile bootstrap (Efron and Tibshirani, An
 * Introduction to the Bootstrap, 1993, 13.3): both samples are drawn anew with
 * replacement 10,000 times, and of the quotients of their medians the middle 95
 * percent are taken. The random numbers are the same each time, so the same
 * input gives the same interval.
 *
 * Use:
 *	interval = bootstrap_ratio(a, a_count, b, b_count);
 *	if (interval.low > 1) ... B is larger
 */
#ifndef CLIENT_RUNS_BOOTSTRAP_H
#define CLIENT_RUNS_BOOTSTRAP_H

#include <stdbool.h>
#include <stddef.h>

enum {
	BOOTSTRAP_RESAMPLES = 10000,
	BOOTSTRAP_PERCENT = 95,
	BOOTSTRAP_MIN = 3,  /* with fewer numbers there is no interval */
	BOOTSTRAP_MAX = 200 /* numbers a sample has at most */
};

struct bootstrap_interval {
	double low, high;
};

/* At least one number; of an even count the mean of both in the middle. */
double bootstrap_median(const double *values, size_t count);

/* b / a for numbers from 0 on: 1 if both are 0, infinite if only a is. */
double bootstrap_quotient(double a, double b);

/* Of median(b) / median(a); from BOOTSTRAP_MIN to BOOTSTRAP_MAX numbers. */
struct bootstrap_interval bootstrap_ratio(
    const double *a, size_t a_count, const double *b, size_t b_count);

#endif
