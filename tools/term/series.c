/* series: see the header. */
#include "tools/term/series.h"

#include <math.h>
#include <stdlib.h>

/* Values of the last points, and the number of points that they are of. */
static unsigned
read_points(const struct history *h, unsigned field, enum series_kind kind,
    double *values, unsigned n)
{
	switch (kind) {
	case SERIES_VALUE:
		return history_values(h, field, values, n);
	case SERIES_P50:
		return history_quantiles(h, field, HISTORY_P50, values, n);
	case SERIES_P99:
		return history_quantiles(h, field, HISTORY_P99, values, n);
	case SERIES_RATE:
		break;
	}
	return history_rates(h, field, values, n);
}

/* How many of the last points are not older than a time. */
static unsigned
points_since(const struct history *h, int64_t wall_ns)
{
	unsigned count = history_count(h);
	unsigned n = 0;

	while (n < count && history_wall_ns(h, count - 1 - n) >= wall_ns)
		n++;
	return n;
}

/* A sample that came a little late leaves a column of one step empty. */
static void
close_gaps(double *out, unsigned width)
{
	for (unsigned i = 1; i + 1 < width; i++)
		if (isnan(out[i]) && !isnan(out[i - 1]) && !isnan(out[i + 1]))
			out[i] = out[i - 1];
}

static void
spread(const struct history *h, const double *values, unsigned n,
    int64_t step_ns, double *out, unsigned width)
{
	unsigned count = history_count(h);
	int64_t end = history_wall_ns(h, count - 1) / step_ns;
	unsigned in_column = 0;
	int64_t last = -1;

	for (unsigned i = 0; i < n; i++) {
		int64_t back =
		    end - history_wall_ns(h, count - n + i) / step_ns;
		double *at = &out[(int64_t)width - 1 - back];

		if (back < 0 || back >= (int64_t)width)
			continue;
		in_column = back == last ? in_column + 1 : 1;
		last = back;
		*at = in_column == 1
		    ? values[i]
		    : *at + (values[i] - *at) / (double)in_column;
	}
	close_gaps(out, width);
}

int64_t
series_get(const struct history *h, const struct series *s, double *out,
    unsigned width)
{
	int64_t step_ns = width > 0 ? s->span_ns / width : s->span_ns;
	unsigned count = history_count(h);
	double *values;
	unsigned n;

	if (step_ns < s->interval_ns)
		step_ns = s->interval_ns;
	for (unsigned i = 0; i < width; i++)
		out[i] = (double)NAN;
	if (count == 0)
		return step_ns;
	n = points_since(
	    h, history_wall_ns(h, count - 1) - step_ns * (int64_t)width);
	values = calloc(n + 1, sizeof *values);
	if (values != NULL) {
		n = read_points(h, s->field, s->kind, values, n);
		spread(h, values, n, step_ns, out, width);
	}
	free(values);
	return step_ns;
}

double
series_max(const double *values, unsigned width)
{
	double max = 0;

	for (unsigned i = 0; i < width; i++)
		if (values[i] > max) /* false for NAN */
			max = values[i];
	return max;
}
