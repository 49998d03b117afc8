/*
 * goal: what a run is to reach, as --goal says it: METRIC OPERATOR VALUE, such
 * as "p99<2ms", "handshake_p99.9 <= 10ms", "errors==0", "rate>=20k".
 *
 * A latency is pN (a quantile: N percent, above 0, up to 100), min, mean or
 * max: of the response time, or behind "handshake_" or the key of a histogram
 * (client/tally_hist.h) and "_" of that. The other metrics stand in goal.c.
 *
 * Borrows:	the text, which a goal keeps.
 * Errors:	-1 and words that can follow "--goal: ".
 * Use:
 *	if (goals_add(&goals, "p99<2ms", &e) < 0) ...
 */
#ifndef CLIENT_GOAL_H
#define CLIENT_GOAL_H

#include <stdbool.h>
#include <stdint.h>

#include "client/tally_hist.h"
#include "common/base/errmsg.h"

enum goal_metric {
	GOAL_QUANTILE, /* of a histogram, as are the next three */
	GOAL_MIN,
	GOAL_MEAN,
	GOAL_MAX,
	GOAL_RATE,       /* round trips or transactions a second */
	GOAL_KEPT,       /* that, as a share of what --rate asked for */
	GOAL_ERRORS,     /* connections or transactions that failed */
	GOAL_ERROR_RATE, /* the same, as a share of all */
	GOAL_CPU,        /* of this client, for one of them */
	GOAL_RESUMED     /* handshakes, as a share of all */
};

enum goal_unit {
	GOAL_NS,
	GOAL_COUNT,
	GOAL_PER_SECOND,
	GOAL_PERCENT
};

enum goal_operator {
	GOAL_BELOW,
	GOAL_AT_MOST,
	GOAL_EQUAL,
	GOAL_AT_LEAST,
	GOAL_ABOVE
};

/* Besides those of enum tally_hist. */
enum {
	GOAL_HIST_RESPONSE = TALLY_HISTS, /* of the run's round trips */
	GOAL_HIST_HANDSHAKE               /* of stats, not of tally */
};

struct goal {
	const char *text; /* as given */
	enum goal_metric metric;
	unsigned hist;   /* of a latency */
	double quantile; /* of GOAL_QUANTILE, above 0, up to 1 */
	enum goal_operator operator;
	enum goal_unit unit; /* of the bound */
	double bound;
};

enum {
	GOALS_MAX = 16
};

struct goals {
	struct goal of[GOALS_MAX];
	unsigned count;
};

int goals_add(struct goals *goals, const char *text, struct errmsg *e);

/* Whether one of them is about this. */
bool goals_have(const struct goals *goals, enum goal_metric metric);

/*
 * How many values its metric needs to be known: of a quantile as many as
 * hist_quantile_needs says, of another figure of a histogram 1, else 0.
 */
uint64_t goal_values_needed(const struct goal *goal);

bool goal_is_met(const struct goal *goal, double value);

#endif
