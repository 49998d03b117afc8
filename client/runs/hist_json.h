/*
 * hist_json: histograms in the JSON documents of runs, exact to the bucket.
 *
 *	{ "count": 3, "sum": 900, "max": 500,
 *	  "buckets": [[114, 2], [158, 1]] }
 *
 * Buckets are those of common/base/hist.h: index and count, ascending, none of
 * them empty. Values and sums are nanoseconds.
 *
 * Owns:	what the makers return is the caller's; NULL: out of memory.
 * Errors:	-1 and a line that begins with name, the key of the histogram.
 * Use:
 *	if (hist_json_read(&hist, object, "histograms.handshake", &e) < 0) ...
 */
#ifndef CLIENT_RUNS_HIST_JSON_H
#define CLIENT_RUNS_HIST_JSON_H

#include <jansson.h>
#include <stdbool.h>

#include "common/base/errmsg.h"
#include "common/base/hist.h"

/*
 * Whatever the value is; h is overwritten. That count, maximum and buckets
 * belong together is checked, too.
 */
int hist_json_read(
    struct hist *h, const json_t *value, const char *name, struct errmsg *e);

/*
 * -1 if the values in the buckets cannot have this sum. Not for those of one
 * second: they are samples, in which the sum may lag.
 */
int hist_json_check_sum(
    const struct hist *h, const char *name, struct errmsg *e);

/*
 * Adds the histogram of JSON, which hist_json_read takes, to into; NULL is an
 * empty one. -1 if a count or a sum would be larger than JSON's integers are
 * here, 2^63 - 1.
 */
int hist_json_add(
    struct hist *into, const json_t *value, const char *name, struct errmsg *e);

/*
 * Makes the list of buckets of a histogram that hist_json_read takes a string
 * that only these functions know: some bytes for each, not some hundred, since
 * a union may be of a thousand runs. -1: out of memory.
 */
int hist_json_pack(json_t *value, struct errmsg *e);

/* One that hist_json_read takes, packed or not. */
void hist_json_get(struct hist *h, const json_t *value);

json_t *hist_json_make(const struct hist *h);

/* The layout of the buckets, which both sides of a union must have. */
json_t *hist_json_make_layout(void);

#endif
