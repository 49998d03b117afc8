/*
 * json_sparse: the bulk of the JSON report as text, a line for each histogram
 * and each second: an hour of them as objects of jansson would take hundreds of
 * megabytes. All of it is integers and keys of ours.
 */
#ifndef CLIENT_REPORT_JSON_SPARSE_H
#define CLIENT_REPORT_JSON_SPARSE_H

#include <stdio.h>

struct report;

/* The members histogram_layout, histograms and series, without a last comma. */
void json_sparse_print(FILE *out, const struct report *report);

#endif
