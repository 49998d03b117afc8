/*
 * merge_text: a union for people: a report's figures, the runs that it is made
 * of, and what is wrong with them.
 *
 * Use:
 *	merge_print(stdout, &all);
 */
#ifndef CLIENT_RUNS_MERGE_TEXT_H
#define CLIENT_RUNS_MERGE_TEXT_H

#include <stdio.h>

struct run;

void merge_print(FILE *out, const struct run *all);

#endif
