/*
 * filter: which fields are shown, by globs (glob(7)) over their names: those
 * that match one, or all if none is given, less those that match the rest of
 * a glob that begins with "^". The order does not matter.
 *
 * Owns:	nothing. The list ends with NULL; NULL itself is an empty list.
 * Use:
 *	if ((wrong = filter_unmatched(globs, sample)) != NULL) ...
 *	if (filter_picks(globs, "accepted")) ...
 */
#ifndef TOOLS_PRINT_FILTER_H
#define TOOLS_PRINT_FILTER_H

#include <stdbool.h>

#include "tools/sample/sample.h"

bool filter_picks(const char *const *globs, const char *name);

/* Whether a glob, with or without "^", has a name in it. */
bool filter_matches(const char *glob, const char *name);

/* The first glob that matches no field of a sample, or NULL. */
const char *filter_unmatched(
    const char *const *globs, const struct sample *sample);

#endif
