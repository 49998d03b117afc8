/*
 * merge: the union of runs as a document of the same format: what one client
 * would have written that did what all of them did.
 *
 * Histograms are added bucket by bucket, counts are summed, and rates are of
 * the union's window: from the first start to the last end. Series are added
 * second by second, each shifted by whole seconds to where it began. The order
 * of the runs does not matter. What cannot be put together, such as goals and
 * the server's counters, is left out.
 *
 * Borrows:	the runs, which it sorts by their start.
 * Owns:	the document is the caller's.
 * Errors:	NULL and a line that names the file and the key.
 * Use:
 *	json_t *document = merge_runs(runs, count, &e);
 */
#ifndef CLIENT_RUNS_MERGE_H
#define CLIENT_RUNS_MERGE_H

#include <jansson.h>
#include <stddef.h>

#include "common/base/errmsg.h"

struct run;

enum {
	MERGE_OVERLAP_MIN = 95 /* percent; below, rates say little */
};

/* At least one. Runs of different kinds, and one run twice, are refused. */
json_t *merge_runs(struct run *runs, size_t count, struct errmsg *e);

#endif
