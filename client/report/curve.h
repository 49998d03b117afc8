/*
 * curve: the steps of a search for the highest rate (--find-rate), as a table
 * for people, and what the search came to.
 *
 * Use:
 *	curve_print_head(out);
 *	step = curve_add(&curve, &report, CURVE_HELD, false, "");
 *	curve_print_step(out, step);
 */
#ifndef CLIENT_REPORT_CURVE_H
#define CLIENT_REPORT_CURVE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "common/base/errmsg.h"

struct report;

enum curve_verdict {
	CURVE_HELD,   /* every goal was met */
	CURVE_MISSED, /* one was not, or what was due could not begin */
	CURVE_CLIENT  /* this client was late or saturated itself */
};

enum {
	CURVE_STEPS = 64,
	CURVE_WHY = 96
};

struct curve_step {
	double asked, made; /* a second */
	int64_t p50_ns, p99_ns, service_p99_ns;
	double cpu_ns; /* of this client, for each that was made */
	enum curve_verdict verdict;
	bool confirms;       /* a longer one, at the end */
	char why[CURVE_WHY]; /* why not; or "" */
};

/* Why the search ended. */
enum curve_end {
	CURVE_FOUND,       /* found > 0 */
	CURVE_NONE,        /* no rate meets the goals */
	CURVE_INTERRUPTED, /* by a signal */
	CURVE_FAILED       /* for what is no matter of the rate */
};

struct curve {
	struct curve_step steps[CURVE_STEPS];
	unsigned count;
	enum curve_end end;
	double found; /* the highest rate that was confirmed, a second; or 0 */
};

/* Of the run that made the step. NULL if there are CURVE_STEPS. */
const struct curve_step *curve_add(struct curve *curve,
    const struct report *report, enum curve_verdict verdict, bool confirms,
    const char *why);

/*
 * Whether a passing disturbance may be the cause, so that the step is worth
 * another try: the client was late itself, or missed a goal though its rate was
 * kept. One that confirms and misses a goal says that the one before had luck.
 */
bool curve_is_doubtful(const struct curve_step *step);

void curve_print_head(FILE *out);
void curve_print_step(FILE *out, const struct curve_step *step);

/* What was found, and what keeps the next higher rate from being held. */
void curve_print_result(FILE *out, const struct curve *curve);

/* The lowest rate above what was found that was not held; NULL: none was. */
const struct curve_step *curve_limit(const struct curve *curve);

/* Why there is no result about the server, for a line on standard error. */
void curve_explain(const struct curve *curve, struct errmsg *why);

#endif
