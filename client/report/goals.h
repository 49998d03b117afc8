/*
 * goals: what became of the goals of a run (--goal).
 *
 * One is neither met nor missed if too few values were measured to say so: see
 * goal_values_needed. A search judges by what there is, and misses a goal about
 * what there is nothing of.
 *
 * Use:
 *	if (goals_count_missed(&report) > 0)
 *		goals_explain(&report, GOAL_MISSED, &why);
 */
#ifndef CLIENT_REPORT_GOALS_H
#define CLIENT_REPORT_GOALS_H

#include <stdbool.h>
#include <stdio.h>

#include "common/base/errmsg.h"

struct goal;
struct report;

enum goal_outcome {
	GOAL_MET,
	GOAL_MISSED,
	GOAL_UNKNOWN
};

/*
 * What the run made of the goal's metric, in the goal's unit: nanoseconds, a
 * count, one a second, or percent; false if it is not known.
 */
bool goals_measure(
    const struct report *report, const struct goal *goal, double *value);

enum goal_outcome goals_judge(
    const struct report *report, const struct goal *goal);
bool goals_is_met(const struct report *report, const struct goal *goal);

/* How many came out so. */
unsigned goals_count(const struct report *report, enum goal_outcome outcome);
unsigned goals_count_missed(const struct report *report);

/*
 * Whether errors are for the goals to judge: one of them is about errors, and
 * something was done all the same.
 */
bool goals_judge_errors(const struct report *report);

/* "2 of 3 goals missed: p99<2ms (3.10 ms), errors==0 (17)"; "1 of 3 goals not
 * measured: p99<2ms (40 of at least 100 values)". */
void goals_explain(
    const struct report *report, enum goal_outcome outcome, struct errmsg *why);

/* A line for each; none without goals. */
void goals_print(FILE *out, const struct report *report);

#endif
