/*
 * report_hdr: the latencies of a run, those of transactions with --handshakes
 * and else of round trips, in files for the tools of HdrHistogram.
 *
 * Errors:	-1 and a line that names the file.
 */
#ifndef CLIENT_REPORT_REPORT_HDR_H
#define CLIENT_REPORT_REPORT_HDR_H

#include "common/base/errmsg.h"

struct report;
struct report_file;

/* The table of percentiles, for plotting. */
int report_hgrm_write(const struct report_file *file,
    const struct report *report, struct errmsg *e);

/* The histogram log, version 1.3: an interval for each second. */
int report_hlog_write(const struct report_file *file,
    const struct report *report, struct errmsg *e);

#endif
