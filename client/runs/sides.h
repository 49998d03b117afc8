/*
 * sides: one side of a comparison: which files it has, and what is compared of
 * the run in each.
 *
 * Owns:	the names, from side_open, even if that fails, to side_close.
 * Errors:	-1 and a line that names the file.
 * Use:
 *	struct side side = SIDE_NONE;
 *	if (side_open(&side, "before/", &e) < 0 ||
 *	    side_read(&side, on_run, context, &e) < 0) ...
 *	median = bootstrap_median(side.values[METRIC_P99],
 *	    side.counts[METRIC_P99]);
 *	side_close(&side);
 */
#ifndef CLIENT_RUNS_SIDES_H
#define CLIENT_RUNS_SIDES_H

#include <stdbool.h>
#include <stddef.h>

#include "client/runs/bootstrap.h"
#include "common/base/errmsg.h"

struct run;

enum metric {
	METRIC_RATE,       /* round trips a second, or transactions */
	METRIC_HANDSHAKES, /* a second; where connections are made anew */
	METRIC_P50,        /* of what the rate counts, in ns */
	METRIC_P99,
	METRIC_P999,
	METRIC_CPU,    /* of the client, for each of what the rate counts, ns */
	METRIC_ERRORS, /* connections that failed, and workers that died */
	METRICS
};

struct side {
	char *files[BOOTSTRAP_MAX];
	size_t file_count;
	/* A run that lacks a metric, such as the CPU time, is left out. */
	double values[METRICS][BOOTSTRAP_MAX];
	size_t counts[METRICS];
};

#define SIDE_NONE               \
	{                       \
		.file_count = 0 \
	}

/* "p99_ns": a key for JSON; and whether a larger value is the better one. */
const char *metric_key(enum metric metric);
bool metric_is_better_up(enum metric metric);

/*
 * A file; a directory: all *.json in it; a pattern as glob(7); or several of
 * these, separated by commas. What exists under the name as it stands is taken
 * for that.
 */
int side_open(struct side *side, const char *spec, struct errmsg *e);

/* Reads each file, calls on_run, which may refuse it, and notes its metrics. */
int side_read(struct side *side,
    int (*on_run)(void *context, const struct run *run, struct errmsg *e),
    void *context, struct errmsg *e);

void side_close(struct side *side);

#endif
