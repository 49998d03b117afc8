/*
 * series: the last minutes of a field, a number for each column of a graph.
 *
 * Columns stand for spans of wall-clock time, so that a graph moves by whole
 * columns and does not flicker. NAN where nothing is known.
 *
 * Use:
 *	series_get(history, &(struct series){ field, SERIES_RATE, span_ns,
 *	    interval_ns }, out, 20);
 */
#ifndef TOOLS_TERM_SERIES_H
#define TOOLS_TERM_SERIES_H

#include <stdint.h>

#include "common/base/clock.h"
#include "tools/sample/history.h"

enum series_kind {
	SERIES_RATE,
	SERIES_VALUE,
	SERIES_P50,
	SERIES_P99
};

enum {
	SERIES_MAX = 512 /* columns */
};

struct series {
	unsigned field;
	enum series_kind kind;
	int64_t span_ns;     /* of all columns together */
	int64_t interval_ns; /* of a column, at least */
};

#define SERIES_SPAN_NS (2 * 60 * CLOCK_NS_PER_S)
#define SERIES_LONG_NS (10 * 60 * CLOCK_NS_PER_S)

/*
 * The means of what fell into each column, width of them. Returns the time that
 * a column stands for.
 */
int64_t series_get(const struct history *history, const struct series *s,
    double *out, unsigned width);

/* The largest, or 0. */
double series_max(const double *values, unsigned width);

#endif
