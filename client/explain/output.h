/*
 * output: what was found, as text for people and as JSON for programs
 * (client/schemas/explain.json).
 */
#ifndef CLIENT_EXPLAIN_OUTPUT_H
#define CLIENT_EXPLAIN_OUTPUT_H

#include <stdio.h>

#include "common/base/errmsg.h"

struct explain;
struct report_file;

void output_text(FILE *to, const struct explain *x);

/* 0, or -1 and a line. */
int output_json(
    const struct report_file *file, const struct explain *x, struct errmsg *e);

#endif
