/*
 * compare: whether runs B are better or worse than runs A, metric by metric, as
 * a document:
 *
 *	{ "format": "tlsecho-client comparison", "format_version": 1,
 *	  "threshold_percent": 5, "confidence_percent": 95, "resamples": 10000,
 *	  "a": { "files": [...] }, "b": { "files": [...] },
 *	  "differing": ["size_max"], "incomplete": [{ "file", "why" }],
 *	  "missed": [{ "file", "why" }],
 *	  "metrics": [{ "metric": "p99_ns", "better": "lower",
 *	    "a": 1000, "b": 1200, "a_runs": 5, "b_runs": 5, "ratio": 1.2,
 *	    "low": 1.1, "high": 1.3, "verdict": "worse", "is_missed": true }],
 *	  "valid": true, "is_missed": true }
 *
 * a and b are medians, ratio is b / a, low and high its interval (bootstrap.h);
 * null where there is none. A metric is missed if B is worse by more than the
 * threshold, and chance does not explain it: the interval is all on one side of
 * 1. valid is false if one of the runs is invalid.
 *
 * Owns:	the document is the caller's.
 * Errors:	NULL and a line that names the file and the key.
 * Use:
 *	json_t *document = compare_runs("before/", "after/", 5, &e);
 *	compare_print(stdout, document);
 */
#ifndef CLIENT_RUNS_COMPARE_H
#define CLIENT_RUNS_COMPARE_H

#include <jansson.h>
#include <stdio.h>

#include "common/base/errmsg.h"

/* See side_open for what a and b may be. Runs of different kinds, and one run
 * twice on one side, are refused. */
json_t *compare_runs(
    const char *a, const char *b, double threshold_percent, struct errmsg *e);

/* A table for people, and a line for what differs or is incomplete. */
void compare_print(FILE *out, const json_t *document);

#endif
