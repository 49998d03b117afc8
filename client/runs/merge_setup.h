/*
 * merge_setup: what runs were told and where they ran, as one.
 *
 * What is the same in all stays; connections, workers, rates and round trips of
 * the configuration are summed; words of the environment, and targets, are put
 * in a list. Any other key that differs is left out, and named in
 * "merged.differing".
 *
 * Use:
 *	if (merge_setup(document, runs, count, &e) < 0) ...
 */
#ifndef CLIENT_RUNS_MERGE_SETUP_H
#define CLIENT_RUNS_MERGE_SETUP_H

#include <jansson.h>
#include <stddef.h>

#include "common/base/errmsg.h"

struct run;

/* into has "merged" already; the runs are sorted by their start. */
int merge_setup(
    json_t *into, const struct run *runs, size_t count, struct errmsg *e);

#endif
