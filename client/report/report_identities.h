/*
 * report_identities: how the identities of a run came out, and what was
 * expected of them: for people, and in one line.
 *
 * Use:
 *	report_print_identities(out, &report);
 */
#ifndef CLIENT_REPORT_REPORT_IDENTITIES_H
#define CLIENT_REPORT_REPORT_IDENTITIES_H

#include <stdio.h>

#include "common/base/errmsg.h"

struct report;

enum {
	REPORT_ROWS = 20 /* of the table of what differed, for people */
};

/* Nothing without --identities. */
void report_print_identities(FILE *out, const struct report *report);

/* One that differed stands for all. There is one. */
void report_explain_difference(const struct report *report, struct errmsg *why);

#endif
