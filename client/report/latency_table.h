/*
 * latency_table: the histograms of a run for people, with the quantiles that
 * their counts support.
 */
#ifndef CLIENT_REPORT_LATENCY_TABLE_H
#define CLIENT_REPORT_LATENCY_TABLE_H

#include <stdio.h>

struct hist;
struct tally;

/* Nothing if there was no handshake. */
void latency_table_print(FILE *out, const struct tally *totals);

/* The lines above the table; and one in it, unless h is empty. */
void latency_table_head(FILE *out);
void latency_table_row(FILE *out, const char *name, const struct hist *h);

#endif
