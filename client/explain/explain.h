/*
 * explain: makes one connection, and tells step by step how it goes, for
 * --explain.
 *
 * Use:
 *	status = explain(&options, stdout, &json, &e);
 */
#ifndef CLIENT_EXPLAIN_EXPLAIN_H
#define CLIENT_EXPLAIN_EXPLAIN_H

#include <stdio.h>

#include "common/base/errmsg.h"

struct options;
struct report_file;

/*
 * Writes what it finds to text, and to json if that has a path. The exit
 * status: 0, or 10 and more for the first step that failed; -1 and a line in e
 * if there was nothing to explain, such as for a file that cannot be read.
 */
int explain(const struct options *options, FILE *text,
    const struct report_file *json, struct errmsg *e);

#endif
