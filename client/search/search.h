/*
 * search: the highest rate that meets the goals (--find-rate), found by runs
 * of an open loop. Each of them is a step, whose connections are opened anew
 * and closed again, so that no queue of an earlier step is left.
 *
 * Owns:	the options of the step and the curve; the report borrows both.
 * Errors:	-1 and a line when a step cannot be started. What else ends the
 *		search is in the curve.
 * Use:
 *	struct search search;
 *	if (search_run(&search, &job, stdout, &report, &e) < 0) ...
 *	series_free(&report.series);
 */
#ifndef CLIENT_SEARCH_SEARCH_H
#define CLIENT_SEARCH_SEARCH_H

#include <stdio.h>

#include "client/options.h"
#include "client/report/curve.h"

struct job;
struct report;

struct search {
	struct options step; /* as asked for, but the rate and the duration */
	struct curve curve;
};

/* Prints each step; the report is that of the last one, and of the search. */
int search_run(struct search *search, const struct job *job, FILE *out,
    struct report *report, struct errmsg *e);

#endif
