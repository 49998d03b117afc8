/*
 * hdr: a histogram of ours as HdrHistogram writes it: its V2 encoding, deflated
 * and in base64, as in a line of a histogram log; and its table of percentiles.
 *
 * HdrHistogram with two significant digits has four buckets, or more, for each
 * of ours, so all values of a bucket are told as one: just below the middle of
 * the bucket, where its tools then see the quantiles that we report. One of
 * the largest is told as the maximum, which its tools round up, to within 1 %.
 *
 * Errors:	NULL or -1: out of memory.
 */
#ifndef CLIENT_REPORT_HDR_H
#define CLIENT_REPORT_HDR_H

#include <stdio.h>

#include "common/base/hist.h"

/* Of values in nanoseconds; free it. */
char *hdr_encode(const struct hist *h);

/*
 * "Value Percentile TotalCount 1/(1-Percentile)", five lines for each halving
 * of the distance to 100 %, and mean, standard deviation and maximum below, in
 * milliseconds.
 */
void hdr_print_percentiles(FILE *out, const struct hist *h);

#endif
