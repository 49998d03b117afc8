/*
 * generators: of the parts of one load (--part I/N of tlsecho-client): which
 * are there, which are not, and which files cannot be counted.
 *
 * A part is counted if it is whole, valid, of the same version, target and
 * settings as most others, and the first of its number. Settings that a host
 * may have of its own do not matter: workers, addresses, paths of files.
 *
 * Owns:	the list, from generators_init to generators_free.
 * Errors:	-1 and a line: no memory.
 * Use:
 *	generators_init(&g);
 *	... generators_set_aside(&g, path, why, &e) of what cannot be read ...
 *	if (generators_choose(&g, runs, &count, &e) < 0) ...
 *	root = merge_runs(runs, count, &e);
 *	generators_finish(&g, root, allow_missing, &e);
 *	generators_free(&g);
 */
#ifndef CLIENT_RUNS_GENERATORS_H
#define CLIENT_RUNS_GENERATORS_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "common/base/errmsg.h"

struct run;

struct generators {
	json_int_t parts;  /* N; 0: these are no parts of a load */
	double rate;       /* of all of them; 0: of a closed loop */
	size_t present;    /* that are counted */
	json_t *set_aside; /* of { file, why } */
};

void generators_init(struct generators *g);
void generators_free(struct generators *g);

/* Notes a file, which may be named in any bytes. */
int generators_set_aside(
    struct generators *g, const char *path, const char *why, struct errmsg *e);

/*
 * Frees the runs that are not counted; those that are come first, and count
 * becomes their number, which may be 0. Leaves all as they are if none is a
 * part of a load.
 */
int generators_choose(
    struct generators *g, struct run *runs, size_t *count, struct errmsg *e);

#endif
