/*
 * report_server: what --server-stats found, as a table for people, and as a
 * reason why a run is invalid.
 *
 * Use:
 *	report_print_server(out, &report);
 */
#ifndef CLIENT_REPORT_REPORT_SERVER_H
#define CLIENT_REPORT_REPORT_SERVER_H

#include <stdio.h>

#include "client/server_stats.h"

struct report;

/* What the two sides of this run may count differently. */
struct server_loss report_server_loss(const struct report *report);

/* -1 and a sentence when the server's counters are lost, or not the client's;
 * 0 without --server-stats. */
int report_check_server(const struct report *report, struct errmsg *why);

/* Nothing without --server-stats. */
void report_print_server(FILE *out, const struct report *report);

#endif
