/*
 * merge_series: what was done in each second by all runs together, or in each
 * two of them, and so forth, as in the longest run.
 *
 * Use:
 *	json_t *series = merge_series(runs, count, from_unix_ns, &e);
 */
#ifndef CLIENT_RUNS_MERGE_SERIES_H
#define CLIENT_RUNS_MERGE_SERIES_H

#include <jansson.h>
#include <stddef.h>

#include "common/base/errmsg.h"

struct run;

/*
 * The value of "series", whose first second begins at from_unix_ns. It has the
 * largest step of all runs, in seconds, and each run's own is shifted by whole
 * steps, so it is off by half of one at most. Steps in which no run was under
 * way are left out. NULL and a line on error.
 */
json_t *merge_series(const struct run *runs, size_t count,
    json_int_t from_unix_ns, struct errmsg *e);

#endif
