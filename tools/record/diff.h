/*
 * diff: what is different between two samples: each counter that has changed,
 * and what histograms got meanwhile.
 *
 * Use:
 *	if (diff_print(&diff, out) < 0) ...
 */
#ifndef TOOLS_RECORD_DIFF_H
#define TOOLS_RECORD_DIFF_H

#include <stdio.h>

#include "tools/sample/sample.h"

struct diff {
	const struct sample *a, *b; /* before, after */
	const char *a_name, *b_name;
	bool all; /* what has not changed, too */
};

/* Of one server, and b is later: then differences tell what happened. */
bool diff_is_one_server(const struct diff *d);

/*
 * A field of one or both samples, by its name: servers of two releases have not
 * all of them in common.
 */
struct diff_row {
	const struct stats_field *field;
	bool has_a, has_b;
	uint64_t a, b; /* totals, of histograms the counts */
	bool has_rate;
	double per_second;
	bool has_hist;
	struct hist hist; /* of what came between; of two servers: of b */
};

/* Row i, of those that are shown, into row; false: there are no more. Start
 * with *i = 0. */
bool diff_next(const struct diff *d, unsigned *i, struct diff_row *row);

/* As text, or as a JSON object on a line. 0, or -1: no memory. */
int diff_print(const struct diff *d, FILE *out);
int diff_print_json(const struct diff *d, FILE *out);

#endif
