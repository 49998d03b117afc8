/*
 * generators_text: the parts of a load, one a line, and which are not there.
 *
 * Use:
 *	generators_print(stdout, &all);
 */
#ifndef CLIENT_RUNS_GENERATORS_TEXT_H
#define CLIENT_RUNS_GENERATORS_TEXT_H

#include <stdio.h>

struct run;

/* Of a union that has merged.generators. */
void generators_print(FILE *out, const struct run *all);

#endif
