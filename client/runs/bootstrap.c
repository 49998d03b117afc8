/* bootstrap: drawing, sorting, counting off; see the header. */
#include "client/runs/bootstrap.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/assertion.h"

static const uint64_t seed = 1;

/* SplitMix64 (Steele, Lea, Flood, 2014): small, and even in all its bits. */
static uint64_t
next_random(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
	return z ^ (z >> 31);
}

static int
compare_doubles(const void *a, const void *b)
{
	double x = *(const double *)a;
	double y = *(const double *)b;

	return x < y ? -1 : x > y;
}

static double
median_of_sorted(const double *values, size_t count)
{
	return (values[(count - 1) / 2] + values[count / 2]) / 2;
}

double
bootstrap_median(const double *values, size_t count)
{
	double sorted[BOOTSTRAP_MAX];

	ASSERT(count >= 1 && count <= BOOTSTRAP_MAX);
	memcpy(sorted, values, count * sizeof *values);
	qsort(sorted, count, sizeof *sorted, compare_doubles);
	return median_of_sorted(sorted, count);
}

double
bootstrap_quotient(double a, double b)
{
	if (a > 0)
		return b / a;
	return b > 0 ? HUGE_VAL : 1;
}

static double
resampled_median(const double *values, size_t count, uint64_t *state)
{
	double drawn[BOOTSTRAP_MAX];

	for (size_t i = 0; i < count; i++)
		drawn[i] = values[next_random(state) % count];
	qsort(drawn, count, sizeof *drawn, compare_doubles);
	return median_of_sorted(drawn, count);
}

struct bootstrap_interval
bootstrap_ratio(
    const double *a, size_t a_count, const double *b, size_t b_count)
{
	static double ratios[BOOTSTRAP_RESAMPLES];
	const size_t tail =
	    BOOTSTRAP_RESAMPLES * (100 - BOOTSTRAP_PERCENT) / 200;
	uint64_t state = seed;

	ASSERT(a_count >= BOOTSTRAP_MIN && a_count <= BOOTSTRAP_MAX);
	ASSERT(b_count >= BOOTSTRAP_MIN && b_count <= BOOTSTRAP_MAX);
	for (int i = 0; i < BOOTSTRAP_RESAMPLES; i++) {
		double of_a = resampled_median(a, a_count, &state);
		double of_b = resampled_median(b, b_count, &state);

		ratios[i] = bootstrap_quotient(of_a, of_b);
	}
	qsort(ratios, BOOTSTRAP_RESAMPLES, sizeof *ratios, compare_doubles);
	return (struct bootstrap_interval){ .low = ratios[tail],
		.high = ratios[BOOTSTRAP_RESAMPLES - 1 - tail] };
}
