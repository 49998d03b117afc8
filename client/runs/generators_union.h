/*
 * generators_union: which parts of a load a union lacks, and whether it is
 * valid all the same.
 *
 * Errors:	-1 and a line: no memory.
 * Use:
 *	generators_finish(&generators, root, allow_missing, &e);
 */
#ifndef CLIENT_RUNS_GENERATORS_UNION_H
#define CLIENT_RUNS_GENERATORS_UNION_H

#include <jansson.h>
#include <stdbool.h>

#include "common/base/errmsg.h"

struct generators;

/*
 * Puts merged.generators into the union of those that are counted. The union is
 * invalid if one is missing or set aside, unless that is allowed, and if all
 * ran in less than MERGE_OVERLAP_MIN percent of the time.
 */
int generators_finish(const struct generators *g, json_t *root,
    bool allow_missing, struct errmsg *e);

/* "3 of 4 generators: part 2 is missing, a.json is not counted"; root has
 * merged.generators. */
void generators_describe(const json_t *generators, struct errmsg *line);

#endif
