/*
 * commands: "tlsecho-client merge" and "tlsecho-client compare".
 *
 * Errors:	-1 and a line; else the exit status, and what is wrong with the
 *		runs on standard error.
 */
#ifndef CLIENT_RUNS_COMMANDS_H
#define CLIENT_RUNS_COMMANDS_H

#include <stdio.h>

#include "common/base/errmsg.h"

struct options;
struct outputs;

/* text: for people. */
int command_merge(const struct options *options, FILE *text,
    const struct outputs *outputs, struct errmsg *e);

int command_compare(const struct options *options, FILE *text,
    const struct outputs *outputs, struct errmsg *e);

#endif
